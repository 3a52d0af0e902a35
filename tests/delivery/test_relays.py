"""Several servers: they share by weight, stand in for one another, and come back."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.delivery.relays import RelaySelector
from newsletter.delivery.smtp_relay import Security, SmtpRelay
from newsletter.domain.issue import IssueState
from newsletter.errors import ServerError
from tests.delivery.scripted_server import Action, ScriptedServer
from tests.delivery.send_harness import (
    build_send_options,
    check_invariants,
    populate,
    read_counts,
    read_sent_issue,
    send,
    start,
)


def build_server(name: str, **values: int) -> SmtpRelay:
    return SmtpRelay(host=f"{name}.example.org", **values)


TRANSIENT_ERROR, PERMANENT_ERROR = (
    ServerError("away", is_transient=True),
    ServerError("wrong password"),
)


def test_connections_are_shared_by_weight() -> None:
    """Three to one, up to what each of them takes."""
    one, two = build_server("one", connections=30, weight=3), build_server("two", connections=30)
    servers = RelaySelector([one, two])
    assert servers.max_connections == 60
    assert Counter(servers.acquire(0.0) for _ in range(12)) == {one: 9, two: 3}
    small = RelaySelector([build_server("small", connections=2)])
    assert [small.acquire(0.0) is None for _ in range(3)] == [False, False, True]


def test_a_higher_number_stands_in_only() -> None:
    """While the first rests; it is asked again after a second, then two, then five."""
    first, second = (
        build_server("first", connections=2),
        build_server("second", priority=1, connections=2),
    )
    servers = RelaySelector([second, first])
    assert servers.acquire(0.0) == first
    servers.record_failure(first, TRANSIENT_ERROR, 0.0)
    servers.record_failure(
        first, TRANSIENT_ERROR, 0.1
    )  # another connection at the same moment: counted once
    assert servers.acquire(0.5) == second
    assert servers.get_retry_delay(0.5) == 0.5
    assert servers.acquire(1.0) == first
    servers.record_failure(first, TRANSIENT_ERROR, 1.0)
    assert servers.acquire(2.9) == second
    assert servers.acquire(3.0) == first or servers.get_retry_delay(3.0) == 0.0
    servers.record_success(first)
    assert servers.unreachable_since is None


def test_a_send_is_given_up_only_when_all_are_away() -> None:
    """The first one's error is told; one that can be waited for is waited for."""
    first, second = build_server("first"), build_server("second", priority=1)
    servers = RelaySelector([first, second])
    servers.record_failure(first, PERMANENT_ERROR, 10.0)
    assert servers.get_outage_error(10.0, 900.0) is None  # the second wasn't asked yet
    servers.record_failure(second, TRANSIENT_ERROR, 11.0)
    assert servers.get_outage_error(12.0, 900.0) is None
    assert servers.get_outage_error(911.0, 900.0) is PERMANENT_ERROR
    servers.record_failure(second, PERMANENT_ERROR, 12.0)
    assert servers.get_outage_error(12.0, 900.0) is PERMANENT_ERROR


def build_server_for(scripted: ScriptedServer, **values: object) -> SmtpRelay:
    return SmtpRelay(
        host="127.0.0.1",
        port=scripted.port,
        security=Security.none,
        timeouts=build_send_options(1).relay.timeouts,
        **values,
    )  # type: ignore[arg-type]  # as the test says


@pytest.mark.parametrize("trouble", ["554 5.3.2 no service", "421 4.3.2 not now", Action.RESET])
def test_the_second_takes_over_from_one_that_wants_nothing(tmp_path: Path, trouble: object) -> None:
    """From the very first message: everyone gets it once, nobody waits, nothing is paused."""
    database = populate(tmp_path, 40)
    with (
        ScriptedServer(lambda phase, *_: trouble if phase == "connect" else None) as first,
        ScriptedServer() as second,
    ):
        start(database)
        assert (
            send(
                database,
                build_send_options(
                    first.port, connections=2, others=(build_server_for(second, priority=1),)
                ),
            ).state
            is IssueState.sent
        )
        check_invariants(database, [*first.accepted, *second.accepted], 40)
        assert len(second.accepted) == 40
    assert read_counts(database) == {"accepted": 40}


def test_one_that_dies_in_the_middle_is_replaced(tmp_path: Path) -> None:
    """What it had taken stays taken; the rest goes by the other, in the same run."""
    database = populate(tmp_path, 60)
    dead: list[bool] = []

    def script(phase: str, argument: str, taken: int) -> object:
        if phase == "mail" and taken >= 10:
            dead.append(True)
        return "421 4.3.2 shutting down" if dead else None

    with ScriptedServer(script) as first, ScriptedServer() as second:
        start(database)
        to = build_send_options(
            first.port, connections=2, others=(build_server_for(second, priority=1),)
        )
        assert send(database, to, wait=timedelta(seconds=20)).state is IssueState.sent
        check_invariants(database, [*first.accepted, *second.accepted], 60)
        assert first.accepted
        assert second.accepted
    assert read_counts(database) == {"accepted": 60}


def test_two_share_the_work(tmp_path: Path) -> None:
    """Priority 0 on both: each has its connections, nobody gets it from both."""
    database = populate(tmp_path, 200)
    with ScriptedServer() as first, ScriptedServer() as second:
        start(database)
        to = build_send_options(
            first.port,
            connections=2,
            per_connection=10,
            others=(build_server_for(second, connections=2, messages_per_connection=10),),
        )
        assert send(database, to).state is IssueState.sent
        check_invariants(database, [*first.accepted, *second.accepted], 200)
        assert min(len(first.accepted), len(second.accepted)) >= 20


def test_nobody_answers(tmp_path: Path) -> None:
    """All are away for longer than the patience.

    The issue pauses, every row is planned, the first server is named.
    """
    database = populate(tmp_path, 5)
    with ScriptedServer() as gone:
        pass
    to = build_send_options(
        gone.port,
        others=(build_server_for(gone, priority=1, connections=3),),
        patience=timedelta(seconds=0.5),
    )
    start(database)
    assert send(database, to).state is IssueState.paused
    assert read_counts(database) == {"planned": 5}
    assert "can't be reached" in read_sent_issue(database).cause
