"""Every row of the tables of replies, and every bound of what follows, from both sides."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.delivery.reply import Reply
from newsletter.delivery.retry import Phase, classify, explain_pause, next_step, refuse_unwritable
from newsletter.domain.delivery import DeliveryState, Outcome, OutcomeKind

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
REFUSED, OURS = OutcomeKind.refused, OutcomeKind.our_fault

#: RFC 3463 and the IANA registry: what a permanent code says, and whether the address is dead.
STATUSES = {
    "5.1.0": (REFUSED, False),
    "5.1.1": (REFUSED, True),
    "5.1.2": (REFUSED, True),
    "5.1.3": (REFUSED, True),
    "5.1.4": (REFUSED, False),
    "5.1.6": (REFUSED, True),
    "5.1.7": (OURS, False),
    "5.1.8": (OURS, False),
    "5.1.10": (REFUSED, True),
    "5.2.1": (REFUSED, True),
    "5.2.2": (REFUSED, False),
    "5.2.3": (REFUSED, False),
    "5.3.0": (REFUSED, False),
    "5.3.4": (OURS, False),
    "5.4.0": (REFUSED, False),
    "5.4.4": (REFUSED, True),
    "5.5.0": (OURS, False),
    "5.6.0": (REFUSED, False),
    "5.6.7": (REFUSED, False),
    "5.7.0": (OURS, False),
    "5.7.17": (REFUSED, True),
    "5.7.18": (REFUSED, True),
    "5.9.9": (REFUSED, False),
}


@pytest.mark.parametrize("status", STATUSES)
def test_what_each_permanent_status_says(status: str) -> None:
    """Of the reader or of us, and whether the address will ever work."""
    reply = Reply(550, f"{status} as the server says")
    outcome = classify(Phase.rcpt, reply)
    assert (outcome.kind, outcome.is_dead_address) == STATUSES[status]
    assert (outcome.code, outcome.status) == (550, status)


@pytest.mark.parametrize("code", [500, 502, 504, 530, 534, 535, 538, 555])
@pytest.mark.parametrize("phase", list(Phase))
def test_codes_that_speak_of_us_wherever_they_come(phase: Phase, code: int) -> None:
    """Sign-in and syntax (RFC 4954; RFC 5321, 4.2.3): no reader is to blame."""
    assert classify(phase, Reply(code, "5.1.1 whatever")).kind is OURS


@pytest.mark.parametrize("code", [501, 503, 505, 531, 533, 536, 537, 539, 554, 556])
def test_their_neighbours_are_read_by_their_words(code: int) -> None:
    """One beside in the list of codes would blame us for a reader's dead address."""
    kind = classify(Phase.rcpt, Reply(code, "5.1.1 no such user")).kind
    assert kind is (OutcomeKind.deferred if code == 503 else REFUSED)


@pytest.mark.parametrize(
    ("code", "phase", "kind"),
    [
        (199, Phase.dot, OutcomeKind.deferred),
        (200, Phase.dot, OutcomeKind.accepted),
        (299, Phase.dot, OutcomeKind.accepted),
        (300, Phase.dot, OutcomeKind.deferred),
        (250, Phase.rcpt, OutcomeKind.deferred),
        (499, Phase.rcpt, OutcomeKind.deferred),
        (599, Phase.rcpt, REFUSED),
        (600, Phase.rcpt, OutcomeKind.deferred),
    ],
)
def test_where_the_classes_of_codes_end(code: int, phase: Phase, kind: OutcomeKind) -> None:
    """A message is accepted by a 2xx to the final dot alone (RFC 5321, 4.2.1)."""
    assert classify(phase, Reply(code, "")).kind is kind


@pytest.mark.parametrize(
    ("words", "kind", "is_dead"),
    [
        ("Unknown user", REFUSED, True),
        ("invalid mailbox", REFUSED, True),
        ("non-existent account", REFUSED, True),
        ("nonexistent address", REFUSED, True),
        ("Recipient was not found", REFUSED, True),
        ("The domain does not exist", REFUSED, True),
        ("it doesn't exist", REFUSED, True),
        ("she no longer works here", REFUSED, True),
        ("account disabled", REFUSED, True),
        ("over quota", REFUSED, False),
        ("message too big", REFUSED, False),
        ("insufficient space", REFUSED, False),
        ("blocked by policy", OURS, False),
        ("bad reputation", OURS, False),
        ("SPF check failed", OURS, False),
        ("sender unknown", OURS, False),
        ("nothing that we know", REFUSED, False),
    ],
)
def test_what_words_say_without_a_status(words: str, kind: OutcomeKind, is_dead: bool) -> None:
    """After RCPT they are about the address; after the message they may be about anything."""
    at_rcpt = classify(Phase.rcpt, Reply(550, words))
    assert (at_rcpt.kind, at_rcpt.is_dead_address) == (kind, is_dead)
    assert not classify(Phase.dot, Reply(550, words)).is_dead_address


def test_a_reply_is_kept_to_two_hundred_characters() -> None:
    """Printable, and no more than the journal's column is meant for."""
    assert len(classify(Phase.rcpt, Reply(450, "x" * 1000)).reply) == 200
    assert refuse_unwritable("an unwritable address", "5.1.3") == Outcome(
        kind=REFUSED, status="5.1.3", reply="an unwritable address"
    )


@pytest.mark.parametrize(
    ("days", "attempts", "state"),
    [
        (4.999, 50, DeliveryState.deferred),
        (5, 4, DeliveryState.deferred),
        (5, 5, DeliveryState.refused),
        (5, 6, DeliveryState.refused),
        (500, 4, DeliveryState.deferred),
    ],
)
def test_it_is_given_up_after_five_days_and_five_attempts(
    days: float, attempts: int, state: DeliveryState
) -> None:
    """Both: the program may have been off, or the clock wrong."""
    outcome = Outcome(kind=OutcomeKind.deferred, code=450)
    step = next_step(outcome, attempts, NOW - timedelta(days=days), NOW, 0.0)
    assert step.state is state


@pytest.mark.parametrize(("jitter", "minutes"), [(0.0, 5.0), (0.5, 5.5), (1.0, 6.0)])
def test_jitter_stretches_a_pause_by_a_fifth_at_most(jitter: float, minutes: float) -> None:
    """So that a thousand deferred messages don't come back in one second."""
    step = next_step(Outcome(kind=OutcomeKind.deferred, code=450), 1, NOW, NOW, jitter)
    assert step.due == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 1), (2, 5), (3, 30), (4, 300)], ids=["1st", "2nd", "3rd", "4th"]
)
def test_a_lost_connection_is_tried_again_in_seconds(attempts: int, seconds: int) -> None:
    """It says nothing of the reader; after the third it waits as others do."""
    outcome = Outcome(kind=OutcomeKind.deferred, code=421)
    assert next_step(outcome, attempts, NOW, NOW, 0.0).due == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        (530, "", "sign-in"),
        (534, "", "sign-in"),
        (535, "5.7.8", "sign-in"),
        (538, "", "sign-in"),
        (531, "", "Ask whoever runs the server"),
        (552, "", "larger than the mail server takes"),
        (553, "", "Ask whoever runs the server"),
        (554, "5.3.4", "larger than the mail server takes"),
        (554, "5.2.3", "larger than the mail server takes"),
        (550, "5.1.7", "our own address"),
        (550, "5.1.8", "our own address"),
        (550, "5.7.1", "Ask whoever runs the server"),
    ],
)
def test_what_staff_are_told_to_do(code: int, status: str, words: str) -> None:
    """The server's words, and the cure that fits them."""
    outcome = Outcome(kind=OURS, code=code, status=status, reply="its own words")
    said = str(explain_pause(outcome))
    assert words in said
    assert f"{code} its own words" in said
