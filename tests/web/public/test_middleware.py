"""Which requests reach a page, how whole, and that whoever waits goes before letters."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from newsletter.web.public.middleware import (
    HEALTH_PATH,
    MAX_BODY_BYTES,
    HostAndBodyMiddleware,
)
from tests.waiting import HANG_SECONDS
from tests.web.conftest import HOST, ServedSite


class GuardedPage:
    """A guarded page that notes when it is in a hurry."""

    def __init__(self) -> None:
        self.priority_count = 0
        self.priority_counts_seen: list[int] = []
        self.middleware = HostAndBodyMiddleware(
            self._serve_page,
            host=HOST,
            base="",
            render_error=lambda trouble: PlainTextResponse("", trouble.status),
            priority=self._enter_priority,
        )

    @contextmanager
    def _enter_priority(self) -> Iterator[None]:
        self.priority_count += 1
        yield
        self.priority_count -= 1

    async def _serve_page(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.priority_counts_seen.append(self.priority_count)
        await PlainTextResponse("ok")(scope, receive, send)

    def ask(self, host: str, method: str = "POST") -> list[int]:
        """Ask, the body in two parts.

        Returns how many were in a hurry when each part was asked for.
        """
        parts = [b"a=", b"b"]
        between: list[int] = []

        async def receive() -> Message:
            between.append(self.priority_count)
            return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

        async def send(_message: Message) -> None:
            pass

        scope = {
            "type": "http",
            "path": "/u",
            "method": method,
            "headers": [(b"host", host.encode())],
        }
        asyncio.run(self.middleware(scope, receive, send))
        return between


def test_a_request_hurries_from_its_last_byte_to_its_answer() -> None:
    """While its body comes, which may take seconds, nobody waits for it."""
    door = GuardedPage()
    assert door.ask(HOST) == [0, 0]
    assert (door.priority_counts_seen, door.priority_count) == ([1], 0)


def test_a_request_that_isnt_for_us_hurries_nobody() -> None:
    """It gets its answer without the page being asked."""
    door = GuardedPage()
    assert door.ask("elsewhere.example.org") == []
    assert (door.priority_counts_seen, door.priority_count) == ([], 0)


def test_who_looks_hurries_nobody() -> None:
    """A long page may be read as slowly as a client likes."""
    door = GuardedPage()
    door.ask(HOST, "GET")
    assert door.priority_counts_seen == [0]


def test_a_send_knows_of_a_reader_who_waits(served_site: ServedSite) -> None:
    """Her POST waits for the database.

    Meanwhile the database tells that somebody is in a hurry, and no longer.
    """
    reader = served_site.add_subscriber("anna@example.org")
    turns, answers = served_site.database.priority_gate, []
    with served_site.open_client() as client:
        leaving = threading.Thread(
            target=lambda: answers.append(client.post(f"/u/{served_site.sign_token(reader)}"))
        )
        with served_site.database.begin():
            leaving.start()
            assert _wait_until_true(lambda: turns.priority_count == 1)
        leaving.join(HANG_SECONDS)
    assert answers[0].status_code == 200
    assert _wait_until_true(
        lambda: turns.priority_count == 0
    )  # the answer is there a moment before


def _wait_until_true(question: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while not (answer := question()) and time.monotonic() < until:
        time.sleep(0.001)
    return answer


class GuardedEcho:
    """A guarded page that says what it was asked for; scopes are made by hand."""

    def __init__(self, base: str = "") -> None:
        self.scopes: list[Scope] = []
        self.bodies: list[bytes] = []
        self.middleware = HostAndBodyMiddleware(
            self._serve_page,
            host=HOST,
            base=base,
            render_error=lambda page: PlainTextResponse(page.title.text, page.status),
        )

    async def _serve_page(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        if scope["type"] == "http":
            self.bodies.append((await receive())["body"])
            await PlainTextResponse("ok")(scope, receive, send)

    def ask(
        self,
        path: str = "/u",
        headers: Sequence[tuple[bytes, bytes]] = ((b"host", HOST.encode()),),
        chunks: Sequence[bytes | None] = (b"",),
        kind: str = "http",
    ) -> list[Message]:
        """Ask; a chunk that is None is a client that hangs up."""
        waiting, sent = list(chunks), []

        async def receive() -> Message:
            body = waiting.pop(0)
            if body is None:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": body, "more_body": bool(waiting)}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {"type": kind, "method": "POST", "path": path, "headers": list(headers)}
        asyncio.run(self.middleware(scope, receive, send))
        return sent


def name_host(value: str, *more: tuple[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    return [(b"host", value.encode()), *more]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (HOST, 200),
        (HOST.upper(), 200),
        (f"{HOST}:443", 200),
        (f"{HOST}.", 200),
        ("", 421),
        ("127.0.0.1", 421),
        (f"{HOST}.evil.example", 421),
        (f"evil.example#{HOST}", 421),
        ("[::1]:8025", 421),
        ("[::1", 421),
        ("\xff", 421),
    ],
    ids=repr,
)
def test_which_host_is_ours(host: str, status: int) -> None:
    """With or without a port, or the root's dot (RFC 9110, 7.2)."""
    page = GuardedEcho()
    assert page.ask(headers=name_host(host))[0]["status"] == status
    assert len(page.scopes) == (status == 200)


def test_a_request_without_a_host_is_answered() -> None:
    """HTTP/1.0 needn't name one; two names are one too many."""
    page = GuardedEcho()
    assert page.ask(headers=[])[0]["status"] == 200
    both = name_host(HOST, (b"host", HOST.encode()))
    assert page.ask(headers=both)[0]["status"] == 421


def test_a_monitor_may_name_any_host() -> None:
    """It learns whether we are well, and nothing else."""
    page = GuardedEcho()
    assert page.ask(HEALTH_PATH, name_host("10.0.0.1"))[0]["status"] == 200
    assert page.ask("/u", name_host("10.0.0.1"))[0]["status"] == 421


@pytest.mark.parametrize(
    ("length", "status"),
    [
        ("0", 200),
        (str(MAX_BODY_BYTES), 200),
        (str(MAX_BODY_BYTES + 1), 413),
        ("9" * 10, 413),
        ("9" * 5000, 413),
        ("-1", 413),
        ("+1", 413),
        ("1_0", 413),
        ("", 413),
        ("0x10", 413),
    ],
    ids=["none", "most", "more", "long", "digits", "minus", "plus", "underscore", "empty", "hex"],
)
def test_a_content_length_is_a_number_of_bytes(length: str, status: int) -> None:
    """Request smuggling begins with numbers that two servers read differently."""
    page = GuardedEcho()
    headers = name_host(HOST, (b"content-length", length.encode()))
    assert page.ask(headers=headers)[0]["status"] == status


def test_each_content_length_counts() -> None:
    """Two of them, one small."""
    lengths = ((b"content-length", b"1"), (b"content-length", str(MAX_BODY_BYTES * 2).encode()))
    assert GuardedEcho().ask(headers=name_host(HOST, *lengths))[0]["status"] == 413


@pytest.mark.parametrize(
    ("chunks", "status"),
    [
        ([b"a", b"b", b""], 200),
        ([b"x" * MAX_BODY_BYTES], 200),
        ([b"x" * MAX_BODY_BYTES, b"x"], 413),
        ([b"x" * (MAX_BODY_BYTES + 1)], 413),
        ([b"a", None], 408),
    ],
    ids=["parts", "most", "one-more", "at-once", "hangs-up"],
)
def test_a_body_is_read_whole(chunks: list[bytes | None], status: int) -> None:
    """The page gets it in one piece, or isn't asked."""
    page = GuardedEcho()
    assert page.ask(chunks=chunks)[0]["status"] == status
    if status == 200:
        assert page.bodies == [b"".join(chunk for chunk in chunks if chunk)]
    else:
        assert page.bodies == []


def test_who_sends_too_slowly_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The body has an end in time, too."""
    monkeypatch.setattr("newsletter.web.public.middleware.BODY_TIMEOUT_SECONDS", 0.01)
    page = GuardedEcho()
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/u", "headers": name_host(HOST)}
    asyncio.run(page.middleware(scope, receive, send))
    assert sent[0]["status"] == 408
    assert page.scopes == []


@pytest.mark.parametrize(
    ("base", "asked", "path"),
    [
        ("", "/u/x", "/u/x"),
        ("/brev", "/brev/u/x", "/u/x"),
        ("/brev", "/u/x", "/u/x"),
        ("/brev", "/brevet", "/brevet"),
        ("/brev", "/brev", "/brev"),
    ],
    ids=["none", "with", "stripped-by-a-proxy", "longer-name", "without-slash"],
)
def test_the_path_of_the_public_url_is_taken_off(base: str, asked: str, path: str) -> None:
    """Some reverse proxies leave it on, some don't."""
    page = GuardedEcho(base)
    page.ask(asked)
    (scope,) = page.scopes
    assert (scope["path"], scope["raw_path"], scope["root_path"]) == (path, path.encode(), "")


@pytest.mark.parametrize(
    ("target", "host", "path"),
    [
        (f"http://{HOST}/u/x", "elsewhere.example", "/u/x"),
        (f"HTTPS://{HOST.upper()}:443/u", HOST, "/u"),
        (f"https://{HOST}", HOST, "/"),
    ],
    ids=["host-ignored", "case-and-port", "no-path"],
)
def test_a_target_in_absolute_form_names_the_host(target: str, host: str, path: str) -> None:
    """RFC 9112, 3.2.2: what Host says is ignored then."""
    page = GuardedEcho()
    assert page.ask(target, name_host(host))[0]["status"] == 200
    assert page.scopes[0]["path"] == path


def test_a_target_of_another_host_is_refused() -> None:
    """Though Host is ours."""
    assert GuardedEcho().ask("http://evil.example/u")[0]["status"] == 421


@pytest.mark.parametrize("path", ["/u/\x00", "/u/\r\nX: 1", "/u/\u202e", "/u/\x7f"], ids=repr)
def test_a_path_that_cant_be_printed_is_no_page(path: str) -> None:
    """It would stand in logs."""
    assert GuardedEcho().ask(path)[0]["status"] == 404


def test_a_websocket_is_closed() -> None:
    """There is none here."""
    page = GuardedEcho()
    assert page.ask(kind="websocket") == [{"type": "websocket.close", "code": 1008}]
    assert page.scopes == []


def test_the_server_starts_and_ends_the_page() -> None:
    """ASGI's lifespan names no host."""
    page = GuardedEcho()
    page.ask(kind="lifespan")
    assert [scope["type"] for scope in page.scopes] == ["lifespan"]
