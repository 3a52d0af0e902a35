"""The connection pool: as many connections as there is work for, each message reported once."""

import asyncio
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from newsletter.delivery import connection_pool
from newsletter.delivery.connection_pool import ConnectionPool
from newsletter.delivery.relays import RelaySelector
from newsletter.delivery.smtp_relay import SmtpRelay
from newsletter.domain.delivery import OutcomeKind
from tests.delivery.recorded_events import RecordedEvents, build_message
from tests.delivery.scripted_server import Action, ScriptedServer
from tests.delivery.send_harness import build_send_options
from tests.waiting import HANG_SECONDS

Scenario = Callable[[ConnectionPool, RecordedEvents], Awaitable[None]]


def build_relay(port: int, **values: int) -> SmtpRelay:
    return build_send_options(port, **values).relay  # type: ignore[arg-type]


def run_pool(
    relays: list[SmtpRelay],
    scenario: Scenario,
    *,
    messages: int = 0,
    outage_timeout: timedelta = timedelta(minutes=1),
) -> RecordedEvents:
    """Run a pool with so many messages ready, do what a test wants, and end it."""

    async def run() -> RecordedEvents:
        events = RecordedEvents(unsent=messages)
        pool = ConnectionPool(RelaySelector(relays), events, outage_timeout)
        for number in range(messages):
            pool.ready.put_nowait(build_message(number))
        tasks = pool.start()
        try:
            await scenario(pool, events)
        finally:
            pool.stop()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await pool.close()
        return events

    return asyncio.run(run())


async def wait_for_all(pool: ConnectionPool, events: RecordedEvents) -> None:
    """Wait until every message has a result."""
    await events.wait_for("results", events.unsent + len(events.results))


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelining", "one by one"])
@pytest.mark.parametrize("count", [1, 2, 37])
def test_each_message_is_sent_and_reported_once(count: int, pipelining: bool) -> None:
    """Whichever connection it goes over."""
    with ScriptedServer(extensions=("PIPELINING",) if pipelining else ()) as server:
        events = run_pool([build_relay(server.port)], wait_for_all, messages=count)
        expected = Counter(f"reader{number}@example.org" for number in range(count))
        assert Counter(server.recipients) == expected
    assert Counter(email for email, _ in events.results) == expected
    assert {outcome.kind for _, outcome in events.results} == {OutcomeKind.accepted}


@pytest.mark.parametrize(("messages", "connections", "opened"), [(1, 8, 1), (3, 8, 3), (20, 2, 2)])
def test_no_more_connections_are_opened_than_there_are_messages(
    messages: int, connections: int, opened: int
) -> None:
    """And never more than the relay is to have."""

    async def wait_until_open(pool: ConnectionPool, events: RecordedEvents) -> None:
        await events.wait_for("opened", opened)
        await wait_for_all(pool, events)

    with ScriptedServer() as server:
        run_pool(
            [build_relay(server.port, connections=connections)], wait_until_open, messages=messages
        )
        assert 1 <= server.seen.connections <= opened


def test_without_messages_nothing_is_opened() -> None:
    """A run that finds nothing to send knocks at no door."""

    async def look(pool: ConnectionPool, events: RecordedEvents) -> None:
        pool.notify()
        for _ in range(20):
            await asyncio.sleep(0)
        assert (pool.open_count, events.opened) == (0, 0)

    with ScriptedServer() as server:
        run_pool([build_relay(server.port)], look)
        assert server.seen.connections == 0


def test_a_connection_carries_so_many_messages_and_another_the_rest() -> None:
    """`messages_per_connection`: some servers hang up after a few."""
    with ScriptedServer() as server:
        run_pool(
            [build_relay(server.port, connections=1, per_connection=3)], wait_for_all, messages=8
        )
        assert len(server.recipients) == 8
        assert server.seen.connections == 3
        assert server.seen.commands.count("quit") >= 2


def test_an_idle_connection_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a QUIT; the next message opens another one."""
    monkeypatch.setattr(connection_pool, "IDLE_TIMEOUT_SECONDS", 0.05)

    has_quit = threading.Event()

    def note_quit(phase: str, argument: str, taken: int) -> None:
        if phase == "quit":
            has_quit.set()

    async def send_two(pool: ConnectionPool, events: RecordedEvents) -> None:
        await wait_for_all(pool, events)
        assert await asyncio.to_thread(has_quit.wait, HANG_SECONDS)
        assert pool.open_count == 0
        pool.ready.put_nowait(build_message(99))
        events.unsent += 1
        pool.notify()
        await events.wait_for("results", 2)

    with ScriptedServer(note_quit) as server:
        events = run_pool([build_relay(server.port, connections=1)], send_two, messages=1)
        assert server.seen.connections == 2
    assert events.opened == 2


def test_a_server_that_says_goodbye_after_a_message_gets_the_next_over_another_connection() -> None:
    """Nothing of it had been sent over the first: nobody is deferred."""

    def hang_up(phase: str, argument: str, taken: int) -> object:
        return b"250 2.0.0 taken\r\n421 4.3.2 going down\r\n" if phase == "dot" else None

    with ScriptedServer(hang_up, extensions=()) as server:
        events = run_pool([build_relay(server.port, connections=1)], wait_for_all, messages=3)
        assert Counter(server.recipients) == Counter(f"reader{n}@example.org" for n in range(3))
        assert server.seen.connections == 3
    assert {outcome.kind for _, outcome in events.results} == {OutcomeKind.accepted}


def test_stopping_takes_no_more_messages() -> None:
    """What is under way is finished; the rest stays in `ready`."""

    async def stop_at_once(pool: ConnectionPool, events: RecordedEvents) -> None:
        await events.wait_for("results", 1)
        pool.stop()
        assert pool.take_next() is None
        left.append(pool.ready.qsize())

    left: list[int] = []
    with ScriptedServer() as server:
        events = run_pool([build_relay(server.port, connections=1)], stop_at_once, messages=200)
        assert 0 < len(server.recipients) < 200
    assert left[0] + len(events.results) >= 190


def test_take_next_gives_what_is_ready_and_then_nothing() -> None:
    """A session asks it while it waits for a reply: it never waits itself."""

    async def take(pool: ConnectionPool, events: RecordedEvents) -> None:
        pool.ready.put_nowait(build_message(1))
        first, second = pool.take_next(), pool.take_next()
        assert first is not None
        assert first.delivery.email == "reader1@example.org"
        assert second is None

    run_pool([build_relay(1)], take)


@pytest.mark.parametrize(
    ("greeting", "is_transient"),
    [("554 5.7.1 not you", False), ("421 4.3.2 not now", True)],
    ids=["for good", "for too long"],
)
def test_where_no_relay_can_be_reached_the_run_is_told(greeting: str, is_transient: bool) -> None:
    """A refusal for good at once, one that may pass after the outage timeout; nothing is sent."""

    async def wait_for_outage(_: ConnectionPool, events: RecordedEvents) -> None:
        await events.wait_for("outages", 1)

    with ScriptedServer(lambda phase, *_: greeting if phase == "connect" else None) as server:
        events = run_pool(
            [build_relay(server.port, connections=1)],
            wait_for_outage,
            messages=1,
            outage_timeout=timedelta(0) if is_transient else timedelta(hours=1),
        )
        assert server.recipients == []
    assert events.outages[0].is_transient is is_transient
    assert str(server.port) in str(events.outages[0])
    assert events.results == []


def test_a_relay_that_cannot_be_reached_for_a_moment_is_tried_again() -> None:
    """No outage is told, and the message goes."""
    greetings = iter(["421 4.3.2 not now"])

    def greet(phase: str, argument: str, taken: int) -> object:
        return next(greetings, None) if phase == "connect" else None

    with ScriptedServer(greet) as server:
        events = run_pool([build_relay(server.port, connections=1)], wait_for_all, messages=1)
        assert server.seen.connections == 2
    assert events.outages == []


def test_of_two_relays_one_that_sends_us_away_is_left_alone() -> None:
    """The other one takes all the rest."""
    sent_away = threading.Event()

    def send_away(phase: str, argument: str, taken: int) -> object:
        if phase != "mail" or not taken:
            return None
        sent_away.set()
        return "421 4.7.0 too much mail from you"

    def wait_for_the_other(phase: str, argument: str, taken: int) -> None:
        if phase == "mail":
            assert sent_away.wait(HANG_SECONDS)

    with ScriptedServer(send_away) as busy, ScriptedServer(wait_for_the_other) as free:
        relays = [build_relay(port, connections=1) for port in (busy.port, free.port)]
        events = run_pool(relays, wait_for_all, messages=20)
        assert busy.seen.connections == 1
        assert len(busy.recipients) == 1
        assert len(free.recipients) >= 17
    kinds = Counter(outcome.kind for _, outcome in events.results)
    assert kinds[OutcomeKind.deferred] in (1, 2)
    assert kinds[OutcomeKind.accepted] + kinds[OutcomeKind.deferred] == 20


@pytest.mark.parametrize("action", [Action.CLOSE, Action.RESET], ids=["closed", "reset"])
def test_a_line_that_is_cut_before_the_dot_defers_and_reconnects(action: object) -> None:
    """The one message waits, the others go over the next connection."""

    def cut(phase: str, argument: str, taken: int) -> object:
        return action if phase == "rcpt" and "reader0@" in argument else None

    with ScriptedServer(cut, extensions=()) as server:
        events = run_pool([build_relay(server.port, connections=1)], wait_for_all, messages=4)
        assert len(server.recipients) == 3
    outcomes = dict(events.results)
    assert outcomes["reader0@example.org"].kind is OutcomeKind.deferred
