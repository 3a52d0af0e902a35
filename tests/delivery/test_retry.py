"""Decisions: what a server's words mean, and what follows."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.reply import Reply
from newsletter.delivery.retry import (
    GIVE_UP_AFTER,
    Phase,
    classify,
    classify_lost_connection,
    explain_pause,
    next_step,
)
from newsletter.domain.delivery import DeliveryState, Outcome, OutcomeKind

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("phase", "code", "text", "kind", "gone"),
    [
        (Phase.dot, 250, "2.0.0 Ok: queued as 4F", "accepted", False),
        (Phase.dot, 251, "ok", "accepted", False),
        # Passing, whatever the reason
        (Phase.rcpt, 450, "4.2.0 greylisted", "deferred", False),
        (Phase.rcpt, 451, "4.7.1 please try again later", "deferred", False),
        (Phase.rcpt, 452, "4.5.3 too many recipients", "deferred", False),
        (Phase.rcpt, 452, "4.2.2 mailbox full", "deferred", False),
        (Phase.mail, 421, "4.3.2 shutting down", "deferred", False),
        (Phase.dot, 421, "4.4.2 timeout", "deferred", False),
        (Phase.dot, 451, "local error", "deferred", False),
        (Phase.data, 503, "5.5.1 out of order", "deferred", False),
        # The address is dead
        (Phase.rcpt, 550, "5.1.1 User unknown", "refused", True),
        (Phase.rcpt, 550, "5.1.10 null MX", "refused", True),
        (Phase.rcpt, 556, "no mail here", "refused", True),
        (Phase.rcpt, 550, "No such user here", "refused", True),
        (
            Phase.rcpt,
            550,
            "<x@example.org>: Recipient address rejected: User unknown in virtual mailbox table",
            "refused",
            True,
        ),
        (Phase.rcpt, 553, "5.1.3 bad address syntax", "refused", True),
        (Phase.rcpt, 550, "5.2.1 mailbox disabled", "refused", True),
        # Refused, but she still lives there
        (Phase.rcpt, 552, "5.2.2 mailbox full", "refused", False),
        (Phase.rcpt, 550, "mailbox full", "refused", False),
        (Phase.rcpt, 550, "mailbox unavailable", "refused", False),
        (Phase.dot, 554, "5.6.0 content", "refused", False),
        (Phase.dot, 554, "transaction failed", "refused", False),
        (Phase.dot, 554, "no such user", "refused", False),
        # Our fault: nobody is blamed
        (Phase.rcpt, 550, "5.7.1 relaying denied", "ours", False),
        (Phase.rcpt, 554, "Relay access denied", "ours", False),
        (Phase.dot, 550, "5.7.515 authentication level", "ours", False),
        (Phase.dot, 554, "5.7.1 spam", "ours", False),
        (Phase.mail, 530, "5.7.0 authentication required", "ours", False),
        (Phase.mail, 553, "sender refused", "ours", False),
        (Phase.mail, 550, "whatever", "ours", False),
        (Phase.rcpt, 550, "5.1.8 sender domain", "ours", False),
        (Phase.data, 552, "5.3.4 message too big", "ours", False),
        (Phase.rcpt, 502, "not implemented", "ours", False),
    ],
)
def test_words_have_one_meaning(phase: Phase, code: int, text: str, kind: str, gone: bool) -> None:
    """Phase, code, enhanced code and text give an outcome.

    Only words about the mailbox say that it is gone.
    """
    found = classify(phase, Reply(code, text))
    assert (found.kind, found.is_dead_address, found.code) == (OutcomeKind(kind), gone, code)


@given(st.sampled_from(Phase), st.integers(200, 599), st.text(max_size=400))
def test_any_reply_has_a_meaning(phase: Phase, code: int, text: str) -> None:
    """No crash; only a 2xx to the final dot is an acceptance.

    What is kept is printable and short.
    """
    found = classify(phase, Reply(code, text))
    assert (found.kind is OutcomeKind.accepted) == (phase is Phase.dot and code < 300)
    assert not found.is_dead_address or found.kind is OutcomeKind.refused
    assert len(found.reply) <= 200
    assert found.reply.isprintable()


def test_a_lost_connection_is_unknown_only_after_the_dot() -> None:
    """Before it nothing was sent; after it nobody knows."""
    assert classify_lost_connection("gone", after_dot=False).kind is OutcomeKind.deferred
    assert classify_lost_connection("gone", after_dot=True).kind is OutcomeKind.unknown


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 5), (2, 15), (3, 60), (4, 120), (5, 240), (60, 240)]
)
def test_pauses_grow(attempts: int, minutes: int) -> None:
    """5, 15, 60 minutes … with up to a fifth more."""
    outcome = Outcome(kind=OutcomeKind.deferred, code=451)
    assert next_step(outcome, attempts, NOW, NOW, 0.0).due == NOW + timedelta(minutes=minutes)
    assert next_step(outcome, attempts, NOW, NOW, 1.0).due == NOW + timedelta(minutes=minutes) * 1.2


@pytest.mark.parametrize(("code", "status"), [(0, ""), (421, ""), (503, ""), (452, "4.5.3")])
def test_a_lost_connection_is_soon_tried_again(code: int, status: str) -> None:
    """It says nothing of the reader; but a message that always loses it waits longer each time."""
    outcome = Outcome(kind=OutcomeKind.deferred, code=code, status=status)
    dues = [next_step(outcome, attempts, NOW, NOW, 0.0).due for attempts in range(1, 6)]
    assert [(due - NOW).total_seconds() for due in dues if due] == [1, 5, 30, 300, 900]


def test_after_five_days_it_is_given_up() -> None:
    """RFC 5321, 4.5.4.1."""
    outcome = Outcome(kind=OutcomeKind.deferred, code=451)
    assert next_step(outcome, 9, NOW - GIVE_UP_AFTER, NOW, 0.0).state is DeliveryState.refused
    assert (
        next_step(outcome, 9, NOW - GIVE_UP_AFTER + timedelta(seconds=1), NOW, 0.0).state
        is DeliveryState.deferred
    )
    # The program was off for a week, or the clock jumped: a greylisted reader isn't lost by that.
    assert next_step(outcome, 2, NOW - 2 * GIVE_UP_AFTER, NOW, 0.0).state is DeliveryState.deferred


@pytest.mark.parametrize(
    ("kind", "state"),
    [("accepted", "accepted"), ("refused", "refused"), ("unknown", "unknown"), ("ours", "planned")],
)
def test_the_rest_follows_at_once(kind: str, state: str) -> None:
    """A fault of ours leaves the row planned: nobody loses the issue by it."""
    step = next_step(Outcome(kind=OutcomeKind(kind)), 1, NOW, NOW, 0.5)
    assert (step.state, step.due) == (DeliveryState(state), None)


@pytest.mark.parametrize(
    ("code", "status", "word"),
    [
        (535, "", "password"),
        (552, "5.3.4", "larger"),
        (550, "5.1.8", "newsletter.from"),
        (550, "5.7.1", "resume"),
    ],
)
def test_a_cause_names_the_cure(code: int, status: str, word: str) -> None:
    """Staff needn't know SMTP codes."""
    assert word in str(
        explain_pause(Outcome(kind=OutcomeKind.our_fault, code=code, status=status, reply="no"))
    )
