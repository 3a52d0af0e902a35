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

from newsletter.web.public.guard import HostAndBodyMiddleware
from tests.web.conftest import HOST, World


class Door:
    """A guarded page that notes when it is in a hurry."""

    def __init__(self) -> None:
        self.hurried = 0
        self.seen: list[int] = []
        self.guard = HostAndBodyMiddleware(
            self._page,
            host=HOST,
            base="",
            render_error=lambda trouble: PlainTextResponse("", trouble.status),
            priority=self._hurry,
        )

    @contextmanager
    def _hurry(self) -> Iterator[None]:
        self.hurried += 1
        yield
        self.hurried -= 1

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen.append(self.hurried)
        await PlainTextResponse("ok")(scope, receive, send)

    def ask(self, host: str, method: str = "POST") -> list[int]:
        """Ask, the body in two parts.

        Returns how many were in a hurry when each part was asked for.
        """
        parts = [b"a=", b"b"]
        between: list[int] = []

        async def receive() -> Message:
            between.append(self.hurried)
            return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

        async def send(_message: Message) -> None:
            pass

        scope = {
            "type": "http",
            "path": "/u",
            "method": method,
            "headers": [(b"host", host.encode())],
        }
        asyncio.run(self.guard(scope, receive, send))
        return between


def test_a_request_hurries_from_its_last_byte_to_its_answer() -> None:
    """While its body comes, which may take seconds, nobody waits for it."""
    door = Door()
    assert door.ask(HOST) == [0, 0]
    assert (door.seen, door.hurried) == ([1], 0)


def test_a_request_that_isnt_for_us_hurries_nobody() -> None:
    """It gets its answer without the page being asked."""
    door = Door()
    assert door.ask("elsewhere.example.org") == []
    assert (door.seen, door.hurried) == ([], 0)


def test_who_looks_hurries_nobody() -> None:
    """A long page may be read as slowly as a client likes."""
    door = Door()
    door.ask(HOST, "GET")
    assert door.seen == [0]


def test_a_send_knows_of_a_reader_who_waits(world: World) -> None:
    """Her POST waits for the database.

    Meanwhile the database tells that somebody is in a hurry, and no longer.
    """
    reader = world.join("anna@example.org")
    turns, answers = world.database.priority_gate, []
    with world.client() as client:
        leaving = threading.Thread(
            target=lambda: answers.append(client.post(f"/u/{world.token(reader)}"))
        )
        with world.database.begin():
            leaving.start()
            assert _comes_true(lambda: turns.priority_count == 1)
        leaving.join(5)
    assert answers[0].status_code == 200
    assert _comes_true(lambda: turns.priority_count == 0)  # the answer is there a moment before


def _comes_true(question: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while not (answer := question()) and time.monotonic() < until:
        time.sleep(0.001)
    return answer
