"""Readers whose request is there go before letters.

Who is slow to ask, or asks for another host, holds nothing up.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from newsletter.web.public.middleware import HostAndBodyMiddleware
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
        leaving.join(5)
    assert answers[0].status_code == 200
    assert _wait_until_true(
        lambda: turns.priority_count == 0
    )  # the answer is there a moment before


def _wait_until_true(question: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while not (answer := question()) and time.monotonic() < until:
        time.sleep(0.001)
    return answer
