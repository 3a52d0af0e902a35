"""newsletter's compiled letter and pipelined connections with no journal.

What the wire and the letter cost alone.
"""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

from benchmarks.delivery.senders import job as jobs
from newsletter.delivery.outgoing_message import OutgoingMessage
from newsletter.delivery.protocol import TimeoutWatch
from newsletter.delivery.smtp_connect import connect
from newsletter.delivery.smtp_relay import Security, SmtpRelay
from newsletter.domain.delivery import Delivery, DeliveryId, Outcome, OutcomeKind
from newsletter.domain.issue import RenderedIssue
from newsletter.domain.subscriber import SubscriberId
from newsletter.mail.compile import CompiledIssue, Recipient, compile_issue
from newsletter.mail.headers import Sender


def build_letters(compiled: CompiledIssue, sender: str, count: int) -> Iterator[OutgoingMessage]:
    """Make the letters one after the other, as they are wanted."""
    for number in range(1, count + 1):
        address, name, links = jobs.build_reader(number)
        reader = Recipient(subscriber_id=SubscriberId(number), email=address, name=name, **links)
        delivery = Delivery(
            id=DeliveryId(number), subscriber=SubscriberId(number), email=address, name=name
        )
        yield OutgoingMessage(
            delivery, sender, compiled.build_unsigned(reader, datetime.now(UTC)).parts
        )


class MessageQueue:
    """What a session asks and tells: the next letter, and how many were accepted."""

    def __init__(self, made: Iterator[OutgoingMessage]) -> None:
        self._made = made
        self.accepted = 0

    def take_next(self) -> OutgoingMessage | None:
        """Return the next letter."""
        return next(self._made, None)

    def on_result(self, message: OutgoingMessage, outcome: Outcome) -> None:  # noqa: ARG002
        """Count it."""
        self.accepted += outcome.kind is OutcomeKind.accepted


async def send(server: SmtpRelay, made: Iterator[OutgoingMessage]) -> int:
    """Send them over all connections; return how many were accepted."""
    watchdog, queue = TimeoutWatch(), MessageQueue(made)

    async def _send_on_connection() -> None:
        session = await connect(server, watchdog)
        while session.is_usable and (letter := next(made, None)) is not None:
            await session.send(letter, queue)
        await session.close()

    await asyncio.gather(*(_send_on_connection() for _ in range(server.connections)))
    await watchdog.close()
    return queue.accepted


def main() -> None:
    """Send."""
    job, letter = jobs.read_job()
    rendered = RenderedIssue(
        subject=letter["subject"],
        preheader="",
        language="sv",
        html=letter["html"],
        text=letter["text"],
        mjml="",
        slots=letter["slots"],
    )
    sender = Sender(
        name="Redaktionen",
        email=letter["from"],
        list_id="l.example.org",
        title="Nytt från regionen",
        secret=b"s" * 32,
    )
    server = SmtpRelay(
        host="127.0.0.1",
        port=job["port"],
        security=Security.none,
        connections=job["connections"],
        messages_per_connection=job["count"],
        local_hostname="n.example.org",
    )
    jobs.write_mark(job)
    made = build_letters(compile_issue(rendered, sender, "2026-12"), letter["from"], job["count"])
    jobs.write_mark(job, sent=asyncio.run(send(server, made)))


main()
