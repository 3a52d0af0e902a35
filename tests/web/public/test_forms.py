"""What a form says: bounded, printable, and nothing but urlencoded."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from newsletter.web.public.forms import (
    MAX_FIELDS,
    MAX_VALUE_CHARS,
    FormData,
    get_client_network,
    read_form,
)

URLENCODED = "application/x-www-form-urlencoded"


def make_request(
    body: bytes = b"", content_type: str = URLENCODED, client: str | None = "192.0.2.1"
) -> Request:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "headers": [(b"content-type", content_type.encode())],
        "client": (client, 1234) if client is not None else None,
    }
    return Request(scope, receive)


def read(body: bytes, content_type: str = URLENCODED) -> FormData:
    return asyncio.run(read_form(make_request(body, content_type)))


def test_names_and_values() -> None:
    """As HTML forms send them."""
    form = read(b"email=anna%40example.org&name=Anna+Ask&tag=a&tag=b&empty=")
    assert form.get("email") == "anna@example.org"
    assert form.get("name") == "Anna Ask"
    assert form.getlist("tag") == ("a", "b")
    assert form.get("tag") == "a"
    assert form.get("empty") == ""
    assert form.get("missing") == ""
    assert form.getlist("missing") == ()


@pytest.mark.parametrize(
    "content_type",
    [URLENCODED, f"{URLENCODED}; charset=UTF-8", URLENCODED.upper(), f" {URLENCODED} ;x"],
    ids=["plain", "charset", "case", "space"],
)
def test_the_ways_a_form_is_declared(content_type: str) -> None:
    """Mail programs write it their own way (RFC 8058 doesn't say which)."""
    assert read(b"a=1", content_type).get("a") == "1"


@pytest.mark.parametrize("content_type", ["", "application/json", "multipart/form-data", "text/x"])
def test_what_isnt_urlencoded_says_nothing(content_type: str) -> None:
    """The POST itself still counts: the token is enough."""
    assert read(b"a=1", content_type) == FormData(())


def test_a_value_is_one_line() -> None:
    """A name with line breaks would be a header injection where it is written into a mail."""
    assert read(b"name=Anna%0d%0aBcc:+x%09y").get("name") == "Anna Bcc: x y"


def test_what_cant_be_seen_is_left_out() -> None:
    """Control characters, and marks that turn text around."""
    assert read("name=An\x00na\u202e".encode()).get("name") == "Anna"


def test_bytes_that_are_no_text_are_replaced() -> None:
    """And raise nothing."""
    assert read(b"name=%ff%fe").get("name") == "\ufffd\ufffd"


def test_values_have_a_length() -> None:
    """What is longer is cut."""
    assert len(read(b"name=" + b"x" * 5000).get("name")) == MAX_VALUE_CHARS
    assert len(read(b"tag=" + b"x" * 5000).getlist("tag")[0]) == MAX_VALUE_CHARS


@pytest.mark.parametrize(("count", "is_read"), [(MAX_FIELDS, True), (MAX_FIELDS + 1, False)])
def test_a_form_has_an_end(count: int, is_read: bool) -> None:
    """Too many fields: none are read."""
    form = read("&".join(f"f{n}=x" for n in range(count)).encode())
    assert (form.get("f0") == "x") is is_read


@given(st.binary(max_size=200))
def test_any_body_is_a_form(body: bytes) -> None:
    """Nothing raises, and every value is one printable line."""
    form = read(body)
    for name, _ in form.pairs:
        value = form.get(name)
        assert value.isprintable()
        assert value == value.strip()


@pytest.mark.parametrize(
    ("client", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unix", "unix"),
        (None, ""),
    ],
    ids=["v4", "v6", "v6-same-home", "v6-other-home", "v4-mapped", "no-address", "no-client"],
)
def test_who_asks(client: str | None, network: str) -> None:
    """A home has 2**64 addresses of IPv6: they are one client."""
    assert get_client_network(make_request(client=client)) == network
