"""One message and its envelope, ready to be sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.domain.delivery import Delivery


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message, ready to go."""

    delivery: Delivery
    sender: str
    #: The message in wire form, without the final dot; what all messages have in common is the same
    #: object in all of them.
    parts: Sequence[bytes]

    @property
    def size(self) -> int:
        """Octets of the message."""
        return sum(map(len, self.parts))

    @property
    def needs_smtputf8(self) -> bool:
        """Whether it needs SMTPUTF8."""
        return not self.delivery.email.isascii()
