"""Tables of few columns: what is put is got, what is there stays or is replaced, what is old goes.

instance · http_validators · idempotency_keys · summary_cache · unsubscribe_reasons · source_states
"""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.i18n import Phrase
from newsletter.store import (
    http_validators,
    idempotency_keys,
    instance,
    source_states,
    summary_cache,
    unsubscribe_reasons,
)
from newsletter.store.database import Database
from newsletter.store.idempotency_keys import IdempotentResponse

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
FEED = "https://blogg.example.org/feed/"


def test_the_first_value_of_an_instance_stays(empty_database: Database) -> None:
    """A List-Id never changes."""
    with empty_database.begin() as connection:
        assert instance.find(connection, "list_id") is None
        assert instance.get_or_set(connection, "list_id", "one.example.org") == "one.example.org"
        assert instance.get_or_set(connection, "list_id", "two.example.org") == "one.example.org"
        assert instance.find(connection, "list_id") == "one.example.org"


def test_a_key_of_a_number_is_added_once(empty_database: Database) -> None:
    """Of two processes that add it at a time the first one's stays."""
    with empty_database.begin() as connection:
        assert instance.get_token_keys(connection) == {}
        instance.add_token_key(connection, 1, b"a" * 32, NOW)
        instance.add_token_key(connection, 1, b"b" * 32, NOW)
        instance.add_token_key(connection, 2, b"c" * 32, NOW)
        assert instance.get_token_keys(connection) == {1: b"a" * 32, 2: b"c" * 32}


def test_validators_are_those_of_the_last_answer(empty_database: Database) -> None:
    """RFC 9110, 13.1: both are sent back as they came."""
    with empty_database.begin() as connection:
        assert http_validators.find_validators(connection, FEED) is None
        http_validators.save_validators(connection, FEED, '"one"', "", NOW)
        http_validators.save_validators(connection, FEED, 'W/"two"', "Tue, 01 Dec 2026", NOW)
        assert http_validators.find_validators(connection, FEED) == ('W/"two"', "Tue, 01 Dec 2026")
        assert http_validators.find_validators(connection, FEED + "x") is None


def test_forgotten_validators_ask_for_everything(empty_database: Database) -> None:
    """And it can be done where nothing is kept."""
    with empty_database.begin() as connection:
        http_validators.delete_validators(connection, FEED)
        http_validators.save_validators(connection, FEED, '"one"', "", NOW)
        http_validators.delete_validators(connection, FEED)
        assert http_validators.find_validators(connection, FEED) is None


def test_the_first_answer_under_a_key_stays(empty_database: Database) -> None:
    """Whoever asks again gets it, whatever was meant the second time."""
    first = IdempotentResponse("hash", 202, '{"status": "asked"}')
    with empty_database.begin() as connection:
        assert idempotency_keys.find_response(connection, "key") is None
        idempotency_keys.save_response(connection, "key", first, NOW)
        idempotency_keys.save_response(connection, "key", first._replace(status=500), NOW)
        assert idempotency_keys.find_response(connection, "key") == first


@pytest.mark.parametrize(
    ("age", "is_kept"),
    [(timedelta(seconds=1), False), (timedelta(0), True), (timedelta(seconds=-1), True)],
    ids=["older", "of that moment", "newer"],
)
def test_old_answers_are_taken_away(
    empty_database: Database, age: timedelta, is_kept: bool
) -> None:
    """What was answered before a moment."""
    response = IdempotentResponse("hash", 202, "{}")
    with empty_database.begin() as connection:
        idempotency_keys.save_response(connection, "key", response, NOW - age)
        idempotency_keys.delete_before(connection, NOW)
        found = idempotency_keys.find_response(connection, "key")
    assert (found is not None) is is_kept


def test_a_summary_is_kept_under_its_key(empty_database: Database) -> None:
    """A later one replaces it; "" is one that the guard refused, which isn't asked for again."""
    with empty_database.begin() as connection:
        assert summary_cache.get(connection, "key") is None
        summary_cache.put(connection, "key", "Kort.", NOW)
        summary_cache.put(connection, "key", "Kortare.", NOW)
        summary_cache.put(connection, "refused", "", NOW)
        assert summary_cache.get(connection, "key") == "Kortare."
        assert summary_cache.get(connection, "refused") == ""
        assert summary_cache.list_model_summaries(connection) == frozenset({"Kortare."})


def test_reasons_are_counted_over_all_months(empty_database: Database) -> None:
    """By month on disk, so that no single reader is seen in them."""
    with empty_database.begin() as connection:
        assert unsubscribe_reasons.count_by_reason(connection) == {}
        for month, reason in (
            ("2026-11", "often"),
            ("2026-12", "often"),
            ("2026-12", "often"),
            ("2026-12", "other"),
        ):
            unsubscribe_reasons.increment(connection, month, reason)
        assert unsubscribe_reasons.count_by_reason(connection) == {"often": 3, "other": 1}


def test_a_source_that_fails_keeps_when_it_was_read_last(empty_database: Database) -> None:
    """And says why it failed; read again, it is well."""
    good = (Phrase("{count} posts came.", count=3),)
    bad = (Phrase("{url} can't be reached.", url=FEED),)
    with empty_database.begin() as connection:
        assert source_states.list_states(connection) == {}
        source_states.save(connection, FEED, good, NOW, failed=False)
        later = NOW + timedelta(hours=1)
        source_states.save(connection, FEED, bad, later, failed=True)
        failed = source_states.list_states(connection)[FEED]
        source_states.save(connection, FEED, good, later, failed=False)
        well = source_states.list_states(connection)[FEED]
    assert (failed.read_at, failed.last_success_at, failed.has_failed) == (later, NOW, True)
    assert [str(note) for note in failed.notes] == [f"{FEED} can't be reached."]
    assert (well.last_success_at, well.has_failed) == (later, False)
    assert [str(note) for note in well.notes] == ["3 posts came."]


def test_a_source_that_never_could_be_read(empty_database: Database) -> None:
    """It has a state, and no moment at which it was well."""
    with empty_database.begin() as connection:
        source_states.save(connection, FEED, (Phrase("No."),), NOW, failed=True)
        found = source_states.list_states(connection)[FEED]
        assert source_states.count_posts_by_source(connection) == {}
    assert found.last_success_at is None
    assert found.has_failed
