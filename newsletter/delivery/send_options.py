"""How the messages of an issue go out, what a run is, and how it ended."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from newsletter.delivery.smtp_relay import SmtpRelay
from newsletter.domain.delivery import Delivery, SendProgress
from newsletter.domain.issue import IssueState, RenderedIssue
from newsletter.mail.compile import CompiledIssue, Recipient

#: How long a server or a database may be away before a person must look.
OUTAGE_TIMEOUT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOptions:
    """How the messages of a newsletter go out."""

    relay: SmtpRelay
    #: The envelope's sender.
    return_path: str
    #: Fills in what is personal.
    personalise: Callable[[Delivery], Recipient]
    #: Servers that share the work with it, or stand in for it.
    fallback_relays: tuple[SmtpRelay, ...] = ()
    #: Messages a second, in all and by receiving domain.
    rate: float | None = None
    domain_rates: Mapping[str, float] = field(default_factory=dict)
    #: How long servers or the database may be away before a person must look; once we are to stop,
    #: how long at most.
    outage_timeout: timedelta = OUTAGE_TIMEOUT
    stopping_timeout: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendRun:
    """One run over the open rows of an issue: what goes out, how, for how long, and who is told."""

    issue_name: str
    #: Turns the frozen issue into the message that every subscriber gets.
    compile_issue: Callable[[RenderedIssue], CompiledIssue]
    options: SendOptions
    clock: Callable[[], datetime]
    #: Set from outside to end the run: what is under way is finished.
    stop: threading.Event = field(default_factory=threading.Event)
    #: Told how far the send is, twice a second.
    on_progress: Callable[[SendProgress], None] = lambda _: None
    #: How long deferred rows are waited for.
    wait: timedelta = OUTAGE_TIMEOUT
    #: Of the cause that an issue is paused with.
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    """How a run ended."""

    state: IssueState
    progress: SendProgress
    #: It was told to stop.
    was_stopped: bool = False
