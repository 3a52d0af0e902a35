"""What the parts of a run told it, written down."""

import asyncio
from dataclasses import dataclass, field

from newsletter.delivery.outgoing_message import OutgoingMessage
from newsletter.domain.delivery import Delivery, DeliveryId, Outcome
from newsletter.domain.subscriber import SubscriberId
from newsletter.errors import ServerError
from tests.waiting import HANG_SECONDS


def build_delivery(number: int, email: str = "") -> Delivery:
    return Delivery(
        id=DeliveryId(number),
        subscriber=SubscriberId(number),
        email=email or f"reader{number}@example.org",
        name=f"Läsare {number}",
    )


def build_message(number: int, email: str = "") -> OutgoingMessage:
    """Return a short message in wire form."""
    delivery = build_delivery(number, email)
    return OutgoingMessage(delivery, "n@example.org", (b"Subject: Nytt\r\n\r\n", b"Hej\r\n"))


@dataclass
class RecordedEvents:
    """`Events` that keep what they are told; `unsent` is how many messages there are to send."""

    unsent: int = 0
    built: int = 0
    opened: int = 0
    results: list[tuple[str, Outcome]] = field(default_factory=list)
    outages: list[ServerError] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def count_unsent(self) -> int:
        return self.unsent

    def on_messages_built(self) -> None:
        self.built += 1
        self.changed.set()

    def on_connection_opened(self) -> None:
        self.opened += 1
        self.changed.set()

    def on_result(self, message: OutgoingMessage, outcome: Outcome) -> None:
        self.results.append((message.delivery.email, outcome))
        self.unsent -= 1
        self.changed.set()

    async def on_outage(self, error: ServerError) -> None:
        self.outages.append(error)
        self.changed.set()

    async def wait_for(self, name: str, count: int) -> None:
        """Wait until one of the lists or counts has reached a number."""
        async with asyncio.timeout(HANG_SECONDS):
            while self._read(name) < count:
                self.changed.clear()
                await self.changed.wait()

    def _read(self, name: str) -> int:
        value = getattr(self, name)
        return value if isinstance(value, int) else len(value)
