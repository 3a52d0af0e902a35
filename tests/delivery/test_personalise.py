"""The message builder: every claimed row becomes one message, ahead of the connections."""

import asyncio
import re
from collections.abc import Sequence

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from newsletter.delivery.outgoing_message import OutgoingMessage
from newsletter.delivery.personalise import MESSAGES_PER_BLOCK, MessageBuilder
from newsletter.delivery.send_options import SendOptions
from newsletter.domain.delivery import Delivery
from newsletter.mail.compile import CompiledIssue, Recipient, compile_issue
from newsletter.mail.dkim import Signer
from tests.delivery.recorded_events import RecordedEvents, build_delivery
from tests.delivery.send_harness import (
    RENDERED,
    SENDER,
    build_reader,
    build_send_options,
    compile_test_issue,
    utc_now,
)


def build_all(
    deliveries: Sequence[Delivery],
    *,
    compiled: CompiledIssue | None = None,
    options: SendOptions | None = None,
) -> list[OutgoingMessage]:
    """Build the messages of some rows, and return them once all are there."""

    async def run() -> list[OutgoingMessage]:
        events = RecordedEvents()
        builder = MessageBuilder(
            compiled or compile_test_issue(RENDERED),
            options or build_send_options(25),
            clock=utc_now,
            events=events,
        )
        builder.build(deliveries)
        assert builder.pending_count == len(deliveries)
        await events.wait_for("built", -(-len(deliveries) // MESSAGES_PER_BLOCK))
        assert builder.pending_count == 0
        assert builder.collect_failures() == []
        made = builder.take_all()
        builder.close()
        return made

    return asyncio.run(run())


@pytest.mark.parametrize(
    "count",
    [1, MESSAGES_PER_BLOCK - 1, MESSAGES_PER_BLOCK, MESSAGES_PER_BLOCK + 1, 100],
    ids=lambda count: f"{count} rows",
)
def test_every_row_becomes_one_message_in_its_turn(count: int) -> None:
    """In blocks, so that connections have their turn between two of them."""
    deliveries = [build_delivery(number) for number in range(count)]
    made = build_all(deliveries)
    assert [message.delivery for message in made] == deliveries


def test_a_message_holds_what_is_its_own() -> None:
    """Address, links and envelope; what is the same for all is one object in all of them."""
    first, second = build_all([build_delivery(1), build_delivery(2)])
    assert first.sender == second.sender == "n@example.org"
    content = b"".join(first.parts)
    assert b"reader1@example.org" in content
    assert b"reader2@example.org" not in content
    assert first.size == len(content)
    shared = {id(part) for part in first.parts} & {id(part) for part in second.parts}
    assert sum(len(part) for part in first.parts if id(part) in shared) > first.size // 2


@pytest.mark.parametrize(
    "email",
    ["anna\r\nBcc: eve@example.com@example.org", "anna@example.org\n", "anna\x00@example.org"],
    ids=["a header", "a line end", "a NUL"],
)
def test_an_address_that_no_message_can_hold_gives_one_without_parts(email: str) -> None:
    """The others of its block are made; the sender refuses that one without asking a server."""
    made = build_all([build_delivery(1), build_delivery(2, email), build_delivery(3)])
    assert [bool(message.parts) for message in made] == [True, False, True]


def test_signed_messages_carry_a_signature_each() -> None:
    """Made in threads, and given back in the order of the rows."""
    signer = Signer(domain="example.org", selector="one", key=rsa.generate_private_key(65537, 2048))
    compiled = compile_issue(RENDERED, SENDER, "2026-12", signers=[signer])
    deliveries = [build_delivery(number) for number in range(2 * MESSAGES_PER_BLOCK)]
    made = build_all(deliveries, compiled=compiled)
    assert {message.delivery.id for message in made} == {one.id for one in deliveries}
    signatures = set()
    for message in made:
        content = b"".join(message.parts)
        assert message.delivery.email.encode() in content
        found = re.search(rb"[;\s]b=\s*([A-Za-z0-9+/]{20})", content)
        assert found is not None
        signatures.add(found[1])
    assert len(signatures) == len(deliveries)


def test_a_mistake_in_the_program_is_told() -> None:
    """It isn't a reader's: the run must end with it, not go on without them."""

    def personalise(delivery: Delivery) -> Recipient:
        if delivery.id == 3:
            raise KeyError("no such slot")
        return build_reader(delivery)

    async def run() -> list[BaseException]:
        events = RecordedEvents()
        options = build_send_options(25)
        broken = SendOptions(
            relay=options.relay, return_path=options.return_path, personalise=personalise
        )
        builder = MessageBuilder(compile_test_issue(RENDERED), broken, clock=utc_now, events=events)
        builder.build([build_delivery(number) for number in range(5)])
        await events.wait_for("built", 1)
        builder.close()
        return builder.collect_failures()

    (failure,) = asyncio.run(run())
    assert isinstance(failure, KeyError)


def test_what_is_taken_is_gone() -> None:
    """Nobody gets a message twice because two have asked for it."""

    async def run() -> tuple[int, int]:
        events = RecordedEvents()
        builder = MessageBuilder(
            compile_test_issue(RENDERED), build_send_options(25), clock=utc_now, events=events
        )
        builder.build([build_delivery(1)])
        await events.wait_for("built", 1)
        first, second = builder.take_all(), builder.take_all()
        builder.close()
        return len(first), len(second)

    assert asyncio.run(run()) == (1, 0)


def test_nothing_to_build_is_no_work() -> None:
    """A claim may come back empty."""
    assert build_all([]) == []
