"""Decide what a server's words mean, and what follows (RFC 5321, 4.5.4.1; RFC 3463).

    (phase, code, enhanced code, text) → Outcome           Outcome, attempts, times → Step

A refusal is a reader's only where the words say so. Everything that speaks of us (policy, sign-in,
quota, our address) pauses the issue: no reader is blamed for it, and none is lost.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from newsletter.delivery.reply import Reply
from newsletter.domain.delivery import DeliveryState, Outcome, OutcomeKind
from newsletter.i18n import Phrase, to_printable

#: Pauses between attempts; the last one repeats.
BACKOFF_DELAYS = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
)
#: Pauses after a lost connection, a 421 or a 4.5.3: these say nothing of the reader.
RECONNECT_DELAYS = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30))
#: How long a deferred message is tried, and how often at least: the program may have been off, or
#: the clock wrong.
GIVE_UP_AFTER, MIN_ATTEMPTS = timedelta(days=5), 5
#: Characters of a reply that the journal keeps.
MAX_REPLY_CHARS = 200
#: Outcome.code where no reply came.
NO_REPLY = 0


class Phase(StrEnum):
    """What the server was answering."""

    mail = "mail"
    rcpt = "rcpt"
    data = "data"
    #: The final dot: from here on "no answer" means "unknown".
    dot = "dot"


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """What the journal is to say next."""

    state: DeliveryState
    #: When a deferred row may be claimed again.
    due: datetime | None = None


_KIND = OutcomeKind
#: Enhanced codes (RFC 3463 and the IANA registry) without their first digit; the longest prefix
#: wins.
_PERMANENT_BY_STATUS: dict[str, tuple[OutcomeKind, bool]] = {
    "1.1": (_KIND.refused, True),  # no such mailbox
    "1.2": (_KIND.refused, True),  # no such host
    "1.3": (_KIND.refused, True),  # address can't be
    "1.6": (_KIND.refused, True),  # moved, no forwarding
    "1.10": (_KIND.refused, True),  # null MX (RFC 7505)
    "1.7": (_KIND.our_fault, False),  # our address can't be
    "1.8": (_KIND.our_fault, False),  # our host can't be
    "1": (_KIND.refused, False),
    "2.1": (_KIND.refused, True),  # mailbox disabled
    "2": (_KIND.refused, False),  # mailbox full, message too large for it
    "3.4": (_KIND.our_fault, False),  # message too large for the server
    "3": (_KIND.refused, False),
    "4.4": (_KIND.refused, True),  # no way to that host
    "4": (_KIND.refused, False),
    "5": (_KIND.our_fault, False),  # protocol
    "6.7": (_KIND.refused, False),  # SMTPUTF8 isn't offered
    "6": (_KIND.refused, False),  # content
    "7.17": (_KIND.refused, True),  # the mailbox has another owner now (RFC 7293)
    "7.18": (_KIND.refused, True),
    "7": (_KIND.our_fault, False),  # policy, authentication, reputation
}
#: Replies without an enhanced code, by their words; the first that matches wins.
_PERMANENT_BY_TEXT: tuple[tuple[re.Pattern[str], OutcomeKind, bool], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind, gone)
    for pattern, kind, gone in (
        (
            r"relay|spam|block|blacklist|policy|authenticat|\b(spf|dkim|dmarc)\b|reputation|sender",
            _KIND.our_fault,
            False,
        ),
        (
            r"mailbox (is )?full|over ?quota|quota|too (large|big)|insufficient",
            _KIND.refused,
            False,
        ),
        (
            (
                r"(no such|unknown|invalid|non-?existent) (\w+"
                r" )?(user|recipient|mailbox|address|account)"
            ),
            _KIND.refused,
            True,
        ),
        (
            (
                r"(user|recipient|mailbox|address|account|domain)[^.;]{0,60}(unknown|not found|not"
                r" exist|disabled)"
            ),
            _KIND.refused,
            True,
        ),
        (r"(does|do) ?n[o']t exist|no longer", _KIND.refused, True),
    )
)
#: Codes that speak of us wherever they come (RFC 4954; RFC 5321, 4.2.3).
_SENDER_FAULT_CODES = frozenset({500, 502, 504, 530, 534, 535, 538, 555})


def classify(phase: Phase, reply: Reply) -> Outcome:
    """Say what a reply means for the message that it answers."""
    status = reply.status
    kind, gone = _classify_code(phase, reply.code, status, reply.text)
    return Outcome(
        kind=kind,
        code=reply.code,
        status=status,
        reply=_truncate_reply(reply.text),
        is_dead_address=gone,
    )


def classify_lost_connection(reason: str, *, after_dot: bool) -> Outcome:
    """Say what a lost connection means: nothing was sent, or nobody knows."""
    return Outcome(
        kind=OutcomeKind.unknown if after_dot else OutcomeKind.deferred,
        reply=_truncate_reply(reason),
    )


def refuse_unwritable(reason: str, status: str = "") -> Outcome:
    """Refuse a message ourselves, before any server sees it."""
    return Outcome(kind=OutcomeKind.refused, status=status, reply=_truncate_reply(reason))


def next_step(
    outcome: Outcome, attempts: int, first_tried: datetime, now: datetime, jitter: float
) -> NextStep:
    """Say what follows an attempt.

    `attempts` counts this one, `jitter` is 0.0–1.0 and stretches a pause by up to a fifth.
    """
    match outcome.kind:
        case OutcomeKind.accepted:
            return NextStep(state=DeliveryState.accepted)
        case OutcomeKind.refused:
            return NextStep(state=DeliveryState.refused)
        case OutcomeKind.unknown:
            return NextStep(state=DeliveryState.unknown)
        case OutcomeKind.our_fault:
            return NextStep(state=DeliveryState.planned)
        case OutcomeKind.deferred:
            if now - first_tried >= GIVE_UP_AFTER and attempts >= MIN_ATTEMPTS:
                return NextStep(state=DeliveryState.refused)
            return NextStep(
                state=DeliveryState.deferred,
                due=now + _choose_delay(outcome, attempts) * (1 + jitter / 5),
            )


def explain_pause(outcome: Outcome) -> Phrase:
    """Say to staff why an issue pauses, and what to do."""
    words = f"{outcome.code} {outcome.reply}".strip()
    if outcome.code in (530, 534, 535, 538):
        return Phrase(
            "The mail server refuses the sign-in, or wants one: {reply}. Check smtp.username and"
            " the password, then run newsletter resume.",
            reply=words,
        )
    if outcome.status in ("5.3.4", "5.2.3") or outcome.code == 552:
        return Phrase(
            "The letter is larger than the mail server takes: {reply}. Make its pictures or text"
            " smaller.",
            reply=words,
        )
    if outcome.status in ("5.1.7", "5.1.8"):
        return Phrase(
            "The mail server refuses our own address: {reply}. Check newsletter.from and"
            " bounces.address.",
            reply=words,
        )
    return Phrase(
        "The mail server refuses mail from us: {reply}. No reader is to blame. Ask whoever runs the"
        " server, then run newsletter resume.",
        reply=words,
    )


def _classify_code(phase: Phase, code: int, status: str, text: str) -> tuple[OutcomeKind, bool]:
    if 200 <= code < 300 and phase is Phase.dot:
        return OutcomeKind.accepted, False
    if code == 503:  # out of step: says more of the connection than of anything else
        return OutcomeKind.deferred, False
    if not 500 <= code < 600:
        return OutcomeKind.deferred, False
    if code in _SENDER_FAULT_CODES or phase is Phase.mail:
        return OutcomeKind.our_fault, False
    if code == 556:  # RFC 7504: the domain takes no mail
        return OutcomeKind.refused, True
    if status.startswith("5."):
        return _classify_status(status[2:])
    return _classify_text(phase, text)


def _classify_status(status_detail: str) -> tuple[OutcomeKind, bool]:
    if status_detail in _PERMANENT_BY_STATUS:
        return _PERMANENT_BY_STATUS[status_detail]
    return _PERMANENT_BY_STATUS.get(status_detail.partition(".")[0], (OutcomeKind.refused, False))


def _classify_text(phase: Phase, text: str) -> tuple[OutcomeKind, bool]:
    for pattern, kind, gone in _PERMANENT_BY_TEXT:
        if pattern.search(text):
            return (
                kind,
                gone and phase is Phase.rcpt,
            )  # later, words like these may be about anything
    return OutcomeKind.refused, False


def _choose_delay(outcome: Outcome, attempts: int) -> timedelta:
    of_connection = outcome.code in (NO_REPLY, 421, 503) or outcome.status == "4.5.3"
    steps = (*RECONNECT_DELAYS, *BACKOFF_DELAYS) if of_connection else BACKOFF_DELAYS
    return steps[min(max(attempts, 1), len(steps)) - 1]


def _truncate_reply(text: str) -> str:
    return to_printable(text)[:MAX_REPLY_CHARS]
