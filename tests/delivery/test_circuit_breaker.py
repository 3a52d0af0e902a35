"""Everybody refused in the same words: the issue pauses instead of using up the list."""

from pathlib import Path

import pytest

from newsletter.delivery.circuit_breaker import (
    INITIAL_REFUSAL_THRESHOLD,
    LATER_REFUSAL_THRESHOLD,
    MAX_MISSING_BELIEVED,
    MISSING_FAULT_THRESHOLD,
    RefusalBreaker,
)
from newsletter.domain.delivery import Outcome, OutcomeKind
from newsletter.domain.issue import IssueState
from newsletter.store import suppressions
from tests.delivery.scripted_server import ScriptedServer
from tests.delivery.send_harness import (
    build_send_options,
    check_invariants,
    populate,
    read_counts,
    read_sent_issue,
    send,
    start,
)

ACCEPTED = Outcome(kind=OutcomeKind.accepted, code=250, reply="ok")


def build_refusal(reply: str, *, gone: bool = False) -> Outcome:
    return Outcome(
        kind=OutcomeKind.refused, code=550 if gone else 554, reply=reply, is_dead_address=gone
    )


def count_until_pause(breaker: RefusalBreaker, outcomes: list[Outcome]) -> int:
    """Return how many refusals are let through before one is taken for a fault of ours, or -1."""
    for number, outcome in enumerate(outcomes):
        if breaker.check(outcome, f"reader{number}@d.example.org").kind is OutcomeKind.our_fault:
            return number
    return -1


def test_the_same_words_to_everybody() -> None:
    """Addresses, queue ids and times in them don't matter."""
    said = [
        build_refusal(f"<reader{n}@d.example.org>: transaction failed, 4FkZ{n}x at 08:{n % 60:02}")
        for n in range(200)
    ]
    assert count_until_pause(RefusalBreaker(), said) == INITIAL_REFUSAL_THRESHOLD - 1


def test_after_an_acceptance_it_takes_more_of_them() -> None:
    """And any acceptance begins the count anew."""
    breaker = RefusalBreaker()
    assert (
        count_until_pause(
            breaker,
            [
                ACCEPTED,
                *[build_refusal("no")] * (LATER_REFUSAL_THRESHOLD - 1),
                ACCEPTED,
                *[build_refusal("no")] * (LATER_REFUSAL_THRESHOLD - 1),
            ],
        )
        == -1
    )
    assert count_until_pause(breaker, [build_refusal("no")]) == 0


@pytest.mark.parametrize(
    "other", [build_refusal("something else"), build_refusal("user unknown", gone=True), ACCEPTED]
)
def test_other_words_between_them(other: Outcome) -> None:
    """A list with many dead addresses isn't stopped.

    Nor one whose servers have different reasons.
    """
    assert (
        count_until_pause(
            RefusalBreaker(),
            ([build_refusal("no")] * (INITIAL_REFUSAL_THRESHOLD - 1) + [other]) * 3,
        )
        == -1
    )


def test_where_nobody_exists_the_server_has_lost_its_list() -> None:
    """A hundred dead addresses in a row: no list is like that.

    None of the last is suppressed, whatever the server says.
    """
    breaker = RefusalBreaker()
    assert (
        count_until_pause(breaker, [ACCEPTED, *[build_refusal("user unknown", gone=True)] * 500])
        == MISSING_FAULT_THRESHOLD
    )
    assert len(breaker.dead_addresses) == MAX_MISSING_BELIEVED
    assert (
        count_until_pause(
            RefusalBreaker(),
            (
                [build_refusal("user unknown", gone=True)] * (MISSING_FAULT_THRESHOLD - 1)
                + [ACCEPTED]
            )
            * 3,
        )
        == -1
    )


def test_a_reader_is_given_up_once_the_server_can_be_believed() -> None:
    """When somebody was accepted before; else when somebody is accepted after.

    Never where nobody is.
    """
    breaker = RefusalBreaker()
    breaker.check(build_refusal("user unknown", gone=True), "first@d.example.org")
    assert breaker.dead_addresses == []
    breaker.check(ACCEPTED, "second@d.example.org")
    assert breaker.dead_addresses == ["first@d.example.org"]
    breaker.check(build_refusal("user unknown", gone=True), "third@d.example.org")
    assert breaker.dead_addresses == ["first@d.example.org", "third@d.example.org"]


def test_a_server_that_refuses_everybody_holds_the_issue(tmp_path: Path) -> None:
    """A code that speaks of the content, said to all.

    No more than a few are used up, nobody is suppressed, staff are told.
    """
    database = populate(tmp_path, 300)
    broken = [True]
    with ScriptedServer(
        lambda at, who, _: (
            f"554 5.6.0 <{who}> message refused" if broken[0] and at == "dot" else None
        )
    ) as server:
        start(database)
        assert (
            send(database, build_send_options(server.port, connections=2)).state
            is IssueState.paused
        )
        found = read_counts(database)
        assert INITIAL_REFUSAL_THRESHOLD - 1 <= found["refused"] <= INITIAL_REFUSAL_THRESHOLD + 8
        assert found["refused"] + found["planned"] == 300
        assert "message refused" in read_sent_issue(database).cause
        assert "resume" in read_sent_issue(database).cause
        with database.read() as connection:
            assert suppressions.count_by_reason(connection) == {}
        check_invariants(database, server.accepted, 300)


def test_a_server_that_knows_nobody_holds_the_issue(tmp_path: Path) -> None:
    """A relay whose list of readers is empty says 5.1.1 of all of them.

    Nobody is suppressed for it, and staff are told.
    """
    database = populate(tmp_path, 300)
    with ScriptedServer(
        lambda at, *_: "550 5.1.1 no such user" if at == "rcpt" else None
    ) as server:
        start(database)
        assert (
            send(database, build_send_options(server.port, connections=2)).state
            is IssueState.paused
        )
    found = read_counts(database)
    assert found["refused"] == MISSING_FAULT_THRESHOLD - 1
    assert found["refused"] + found["planned"] == 300
    assert "no such user" in read_sent_issue(database).cause
    with database.read() as connection:
        assert suppressions.count_by_reason(connection) == {}
