"""The ledger keeps every post, and what became of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from newsletter.domain.post import FetchedPost, Picture, Post, PostId, PostIdentity, PostState
from newsletter.errors import SourceError
from newsletter.store import audit_log, http_validators, ledger
from newsletter.store.database import Database, open_database

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


def build_seen(number: int, **more: object) -> FetchedPost:
    values: dict[str, object] = {
        "id": PostId(f"{number:012x}"),
        "source": "s",
        "guid": f"g{number}",
        "url": f"https://blogg.example.org/{number}/",
        "title": f"Titel {number}",
        "published": NOW - timedelta(days=number),
        "excerpt": "<p>Kort.</p>",
        "body": "<p>Lång.</p>",
        "categories": ("a", "b"),
        "authors": ("Eva",),
        "picture": Picture(url="https://blogg.example.org/x.jpg", alt=None),
        "language": "sv",
    } | more
    return FetchedPost(
        post=Post(**values),
        url_key=f"blogg.example.org/{number}",
        content_hash=str(values["title"]),
    )  # type: ignore[arg-type]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    yield opened
    opened.close()


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    with database.begin() as lent:
        ledger.add(lent, [build_seen(1), build_seen(2), build_seen(3)], NOW)
        yield lent


def read_states(connection: sa.Connection) -> dict[str, tuple[str, str | None]]:
    return {
        entry.post.title[-1]: (entry.state.value, entry.issue_name)
        for entry in ledger.list_entries(connection)
    }


def test_a_post_comes_back_whole(connection: sa.Connection) -> None:
    """Text, picture, lists and times are as they were."""
    found = ledger.list_entries(connection)
    assert [entry.post for entry in found] == [
        build_seen(1).post,
        build_seen(2).post,
        build_seen(3).post,
    ]
    assert found[0].first_seen == NOW
    assert ledger.list_known_posts(connection)[0] == PostIdentity.from_fetched(build_seen(1))


def test_a_thousand_posts_are_written_at_once(connection: sa.Connection) -> None:
    """A first reading may be long."""
    ledger.add(connection, [build_seen(number) for number in range(10, 1210)], NOW)
    ledger.mark_picked(connection, "i", [build_seen(number).post.id for number in range(10, 1210)])
    assert sum(entry.state is PostState.picked for entry in ledger.list_entries(connection)) == 1200


def test_picked_then_sent_and_what_was_deleted_is_skipped(connection: sa.Connection) -> None:
    """When sending begins, posts in the file are sent.

    Others that were picked for it are skipped.
    """
    ledger.mark_picked(connection, "i", [build_seen(1).post.id, build_seen(2).post.id])
    assert read_states(connection) == {
        "1": ("picked", "i"),
        "2": ("picked", "i"),
        "3": ("new", None),
    }
    ledger.mark_sent(connection, "i", [build_seen(1).post.id, build_seen(3).post.id])
    assert read_states(connection) == {
        "1": ("sent", "i"),
        "2": ("skipped", "i"),
        "3": ("sent", "i"),
    }


def test_sent_is_for_ever(connection: sa.Connection) -> None:
    """No later issue, draft or give-back changes it."""
    one = [build_seen(1).post.id]
    ledger.mark_sent(connection, "i", one)
    ledger.mark_picked(connection, "j", one)
    ledger.mark_sent(connection, "j", one)
    ledger.release_picked(connection, "i")
    ledger.mark_new_as_picked(connection, "j", one)
    assert read_states(connection)["1"] == ("sent", "i")


def test_a_draft_gives_its_posts_back(connection: sa.Connection) -> None:
    """And only its own."""
    ledger.mark_picked(connection, "i", [build_seen(1).post.id])
    ledger.mark_picked(connection, "j", [build_seen(2).post.id])
    assert ledger.list_drafts(connection) == {
        "i": {build_seen(1).post.id},
        "j": {build_seen(2).post.id},
    }
    assert ledger.release_picked(connection, "i") == 1
    assert read_states(connection) == {"1": ("new", None), "2": ("picked", "j"), "3": ("new", None)}


def test_a_picked_post_that_changes_is_marked(connection: sa.Connection) -> None:
    """A new one just changes; its date isn't lost where the source stops saying it."""
    ledger.mark_picked(connection, "i", [build_seen(1).post.id])
    ledger.update_from_source(
        connection, build_seen(1).post.id, build_seen(1, title="Ny 1", published=None)
    )
    ledger.update_from_source(connection, build_seen(2).post.id, build_seen(2, title="Ny 2"))
    first, second, _third = ledger.list_entries(connection)
    assert (first.post.title, first.changed, first.post.published) == (
        "Ny 1",
        True,
        NOW - timedelta(days=1),
    )
    assert (second.post.title, second.changed) == ("Ny 2", False)


@pytest.mark.parametrize(
    "address", ["https://blogg.example.org/1/", "blogg.example.org/1", "000000000001"]
)
def test_a_person_holds_and_releases(connection: sa.Connection, address: str) -> None:
    """By address, key or id; who did it is written down."""
    assert ledger.set_state(connection, address, PostState.held, NOW).state is PostState.new
    assert read_states(connection)["1"] == ("held", None)
    ledger.set_state(connection, address, PostState.new, NOW)
    assert read_states(connection)["1"] == ("new", None)
    assert [row["event"] for row in audit_log.list_entries(connection)] == [
        "post.released",
        "post.held",
    ]


def test_an_unknown_or_announced_post_cannot_be_held(connection: sa.Connection) -> None:
    """One sentence with the cure."""
    with pytest.raises(SourceError, match="No post with the address x has been seen"):
        ledger.set_state(connection, "x", PostState.held, NOW)
    ledger.mark_picked(connection, "i", [build_seen(1).post.id])
    with pytest.raises(SourceError, match="is in the draft i"):
        ledger.set_state(connection, "blogg.example.org/1", PostState.held, NOW)
    ledger.mark_sent(connection, "i", [build_seen(1).post.id])
    with pytest.raises(SourceError, match="has been sent already, in i"):
        ledger.set_state(connection, "blogg.example.org/1", PostState.held, NOW)


def test_validators_are_kept_per_address(connection: sa.Connection) -> None:
    """The newest win; forgetting asks for everything."""
    assert http_validators.find_validators(connection, "u") is None
    http_validators.save_validators(connection, "u", '"a"', "", NOW)
    http_validators.save_validators(connection, "u", '"b"', "Tue", NOW)
    assert http_validators.find_validators(connection, "u") == ('"b"', "Tue")
    http_validators.delete_validators(connection, "u")
    assert http_validators.find_validators(connection, "u") is None


def test_nothing_is_kept_of_a_transaction_that_fails(database: Database) -> None:
    """Posts and validators stand or fall together."""
    with (  # noqa: PT012
        pytest.raises(ZeroDivisionError),
        database.begin() as connection,
    ):  # the point is what is left
        ledger.add(connection, [build_seen(1)], NOW)
        http_validators.save_validators(connection, "u", "x", "", NOW)
        raise ZeroDivisionError
    with database.read() as connection:
        assert ledger.list_entries(connection) == []
        assert http_validators.find_validators(connection, "u") is None
