"""Leaving the list: everybody who wants out is out, nobody else, and no scanner does it for her."""

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from newsletter.domain.subscriber import (
    SubscriberId,
    SubscriberStatus,
    Suppression,
    SuppressionReason,
)
from newsletter.mail.tokens import Purpose
from newsletter.store import subscribers, suppressions
from newsletter.subscribers import suppression
from tests.web.conftest import HOST, ServedSite

ONE_CLICK = "List-Unsubscribe=One-Click"


def _build_multipart(boundary: str) -> bytes:
    return (
        f"--{boundary}\r\nContent-Disposition: form-data;"
        f' name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--{boundary}--\r\n'
    ).encode()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", ONE_CLICK.encode()),
        ("multipart/form-data; boundary=abc123", _build_multipart("abc123")),
        ('multipart/form-data; boundary="a b:c"', _build_multipart("a b:c")),
        ("multipart/form-data", b"broken"),
        ("", b""),
        ("application/json", b"{}"),
    ],
)
def test_one_click_works_in_whatever_form(served_site: ServedSite, kind: str, body: bytes) -> None:
    """RFC 8058, 3.2: both encodings, quoted and bare boundary.

    And those that providers get wrong.
    """
    reader = served_site.add_subscriber("anna@example.org")
    with served_site.open_client(
        **({"content-type": kind} if kind else {}), **{"user-agent": ""}
    ) as client:
        answer = client.post(f"/u/{served_site.sign_token(reader)}", content=body)
    assert answer.status_code == 200
    assert "location" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert served_site.read_status(reader) is SubscriberStatus.unsubscribed
    with served_site.database.read() as connection:
        assert suppressions.find_suppression(connection, "anna@example.org") == Suppression(
            key="anna@example.org", reason=SuppressionReason.unsubscribed, at=served_site.clock.now
        )


def test_one_click_over_http_1_0_without_any_header(served_site: ServedSite) -> None:
    """A provider's oldest proxy names no host, no agent, and closes the connection."""
    reader = served_site.add_subscriber("anna@example.org")
    with socket.create_connection(("127.0.0.1", served_site.port)) as line:
        line.sendall(
            f"POST /u/{served_site.sign_token(reader)} HTTP/1.0\r\nContent-Length:"
            f" {len(ONE_CLICK)}\r\n\r\n{ONE_CLICK}".encode()
        )
        answer = b"".join(iter(lambda: line.recv(4096), b""))
    assert answer.split(b"\r\n")[0].split()[1] == b"200"
    assert served_site.read_status(reader) is SubscriberStatus.unsubscribed


def test_a_get_or_head_changes_nothing(served_site: ServedSite) -> None:
    """Safe Links, Proofpoint and others open every link in a mail, and some do it often."""
    token = served_site.sign_token(served_site.add_subscriber("anna@example.org"))
    before = served_site.dump_database()
    with served_site.open_client() as client:
        for path in (
            f"/u/{token}",
            f"/u/{token}/",
            f"/u/{token}/undo",
            f"/u/{token}?{ONE_CLICK}",
            "/u",
        ):
            assert client.get(path).status_code == 200
            assert client.head(path).status_code == 200
        assert client.options(f"/u/{token}").status_code == 405
        assert client.put(f"/u/{token}", content=ONE_CLICK).status_code == 405
        assert client.delete(f"/u/{token}").status_code == 405
    assert served_site.dump_database() == before


def test_two_hundred_posts_from_one_client_are_all_answered(served_site: ServedSite) -> None:
    """A provider posts for all of its readers from few addresses.

    The second time is the same as the first.
    """
    readers = [served_site.add_subscriber(f"r{number}@example.org") for number in range(20)]
    tokens = [served_site.sign_token(reader) for reader in readers] * 10
    with served_site.open_client() as client, ThreadPoolExecutor(8) as pool:
        codes = list(
            pool.map(
                lambda token: (
                    client.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"}).status_code
                ),
                tokens,
            )
        )
    assert codes == [200] * 200
    assert {served_site.read_status(reader) for reader in readers} == {
        SubscriberStatus.unsubscribed
    }


def test_the_second_time_keeps_the_first_ones_time(served_site: ServedSite) -> None:
    """When she left is a fact."""
    reader = served_site.add_subscriber("anna@example.org")
    with served_site.open_client() as client:
        client.post(f"/u/{served_site.sign_token(reader)}")
        before = served_site.dump_database()
        served_site.clock.move(hours=5)
        assert client.post(f"/u/{served_site.sign_token(reader)}").status_code == 200
    assert served_site.dump_database() == before


def test_old_keys_and_a_slash_at_the_end_still_work(served_site: ServedSite) -> None:
    """A letter is read years after it was sent; some programs add a slash to a link.

    No redirect: it would lose the POST.
    """
    from newsletter.mail.tokens import TokenKeys

    first, second = (
        served_site.add_subscriber("anna@example.org"),
        served_site.add_subscriber("bo@example.org"),
    )
    old = TokenKeys(HOST, {1: b"1" * 32}).sign(Purpose.unsubscribe, first)
    with served_site.open_client() as client:
        assert client.post(f"/u/{old}").status_code == 200
        assert client.post(f"/u/{served_site.sign_token(second)}/").status_code == 200
    assert (
        served_site.read_status(first)
        is served_site.read_status(second)
        is SubscriberStatus.unsubscribed
    )


def test_an_altered_token_is_refused_and_tells_nothing(served_site: ServedSite) -> None:
    """Every character counts; the page is the same for any of them, known readers or not."""
    reader = served_site.add_subscriber("anna@example.org")
    token = served_site.sign_token(reader)
    wrong = [
        token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        for at in range(len(token))
    ]
    wrong += [
        token[:-1],
        token + "A",
        "x",
        served_site.sign_token(reader, Purpose.confirm),
        served_site.sign_token(reader, Purpose.preferences),
        str(reader),
    ]
    before = served_site.dump_database()
    with served_site.open_client() as client:
        for path in (f"/u/{text}" for text in wrong):
            assert (
                client.get(path).status_code
                == client.post(path).status_code
                == client.post(f"{path}/undo").status_code
                == 404
            )
        pages = {client.get(f"/u/{text}").text for text in wrong} | {
            client.post(f"/u/{text}").text for text in wrong
        }
    assert len(pages) == 1
    assert token not in pages.pop()
    assert served_site.dump_database() == before


def test_an_erased_reader_is_told_that_she_gets_nothing(served_site: ServedSite) -> None:
    """A good link of somebody who isn't there any more is no error: she is off the list."""
    with served_site.open_client() as client:
        answer = client.post(f"/u/{served_site.sign_token(SubscriberId(4711))}")
        assert (
            answer.status_code
            == client.get(f"/u/{served_site.sign_token(SubscriberId(4711))}").status_code
            == 200
        )
    assert "<form" not in answer.text


def test_undo_works_for_a_day(served_site: ServedSite) -> None:
    """A slip of the finger is mended by one press, with a proof of consent.

    Weeks later it isn't consent any more.
    """
    first, second = (
        served_site.add_subscriber("anna@example.org"),
        served_site.add_subscriber("bo@example.org"),
    )
    with served_site.open_client() as client:
        page = client.post(f"/u/{served_site.sign_token(first)}").text
        client.post(f"/u/{served_site.sign_token(second)}")
        assert f'action="/u/{served_site.sign_token(first)}/undo"' in page
        served_site.clock.move(hours=23)
        assert client.post(f"/u/{served_site.sign_token(first)}/undo").status_code == 200
        served_site.clock.move(hours=2)
        late = client.post(f"/u/{served_site.sign_token(second)}/undo")
        assert (late.status_code, "<form" in late.text) == (200, False)
        assert "<form" not in client.get(f"/u/{served_site.sign_token(second)}").text
    assert (served_site.read_status(first), served_site.read_status(second)) == (
        SubscriberStatus.active,
        SubscriberStatus.unsubscribed,
    )
    with served_site.database.read() as connection:
        assert suppressions.find_suppression(connection, "anna@example.org") is None
        assert [proof.source for proof in subscribers.list_consents(connection, first)] == [
            "form",
            "undo",
        ]


def test_undo_lifts_nothing_but_her_own_leaving(served_site: ServedSite) -> None:
    """Who was blocked by staff, or complained, doesn't come back by a button."""
    reader = served_site.add_subscriber("anna@example.org")
    with served_site.database.begin() as connection:
        suppression.suppress(
            connection, "anna@example.org", SuppressionReason.manual, served_site.clock.now
        )
    with served_site.open_client() as client:
        client.post(f"/u/{served_site.sign_token(reader)}")
        client.post(f"/u/{served_site.sign_token(reader)}/undo")
    assert served_site.read_status(reader) is SubscriberStatus.manual


def test_a_database_that_is_locked_is_told_and_nothing_is_claimed(served_site: ServedSite) -> None:
    """She must not read "you have left" before it is on disk."""
    reader = served_site.add_subscriber("anna@example.org")
    engine = served_site.database.engine
    sa.event.listen(
        engine, "connect", lambda connection, _record: connection.execute("PRAGMA busy_timeout=0")
    )
    engine.dispose()
    with engine.connect() as other, other.begin(), served_site.open_client() as client:
        answer = client.post(f"/u/{served_site.sign_token(reader)}")
    assert answer.status_code == 503
    assert "newsletter.db" not in answer.text
    assert served_site.read_status(reader) is SubscriberStatus.active
