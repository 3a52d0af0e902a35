"""What the parts of a run ask and tell: named methods, so that each caller can be found by grep."""

from typing import Protocol

from newsletter.delivery.outgoing_message import OutgoingMessage
from newsletter.domain.delivery import Outcome
from newsletter.errors import ServerError


class SessionEvents(Protocol):
    """What an SMTP session asks and tells while it sends."""

    def take_next(self) -> OutgoingMessage | None:
        """Return the next message if one is ready."""

    def on_result(self, message: OutgoingMessage, outcome: Outcome) -> None:
        """Take what became of a message; each one is reported once."""


class Events(Protocol):
    """What the connection pool and the message builder ask and tell the run."""

    def count_unsent(self) -> int:
        """Return how many messages there are to send: no more connections are opened than that."""

    def on_messages_built(self) -> None:
        """Note that there are more messages, or that making them went wrong."""

    def on_connection_opened(self) -> None:
        """Note that one more connection has room."""

    def on_result(self, message: OutgoingMessage, outcome: Outcome) -> None:
        """Take what became of a message."""

    async def on_outage(self, error: ServerError) -> None:
        """Give up: no relay can be reached any more."""


class SingleMessage:
    """The events of a session that sends one message: `outcome` is what became of it."""

    def __init__(self) -> None:
        self._outcomes: list[Outcome] = []

    def take_next(self) -> OutgoingMessage | None:
        """Return None: there is only one."""
        return None

    def on_result(self, message: OutgoingMessage, outcome: Outcome) -> None:  # noqa: ARG002
        """Take what became of it."""
        self._outcomes.append(outcome)

    @property
    def outcome(self) -> Outcome:
        """What became of the message, after `SmtpSession.send` has come back."""
        return self._outcomes[0]
