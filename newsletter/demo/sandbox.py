"""A mail server for trying things out.

It takes every message, delivers none, and can be asked what it got.
"""

import time
from collections import Counter
from pathlib import Path
from types import TracebackType

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

#: Bytes of a message at most.
MAX_MESSAGE_BYTES = 10_000_000


class SandboxInbox:
    """What the sandbox has taken: how often for whom, and the messages of those who are watched."""

    def __init__(self, watched_addresses: frozenset[str] = frozenset()) -> None:
        self.message_counts: Counter[str] = Counter()
        #: When each message was taken, in seconds of a clock that only goes forward.
        self.received_at: list[float] = []
        self.watched_addresses = watched_addresses
        self.watched_messages: dict[str, list[bytes]] = {}

    # aiosmtpd names it
    async def handle_DATA(  # noqa: N802
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,  # noqa: ARG002
        envelope: Envelope,
    ) -> str:
        """Take a message (called by aiosmtpd)."""
        self.received_at.append(time.monotonic())
        for recipient in envelope.rcpt_tos:
            self.message_counts[recipient] += 1
            if recipient in self.watched_addresses and isinstance(envelope.content, bytes):
                self.watched_messages.setdefault(recipient, []).append(envelope.content)
        return "250 2.0.0 taken, and going nowhere"


class SandboxMailServer:
    """The server, in a thread of its own: `with Sandbox(port) as sandbox:`."""

    def __init__(self, port: int = 0, watched_addresses: frozenset[str] = frozenset()) -> None:
        self.inbox = SandboxInbox(watched_addresses)
        self._controller = Controller(
            self.inbox,
            hostname="127.0.0.1",
            port=port or find_free_port(),
            data_size_limit=MAX_MESSAGE_BYTES,
        )

    @property
    def port(self) -> int:
        """Where it listens, on 127.0.0.1."""
        return int(self._controller.port)

    def save_messages(self, folder: Path) -> list[Path]:
        """Write the watched readers' messages into a folder as .eml files, and return them."""
        folder.mkdir(parents=True, exist_ok=True)
        files = []
        for reader, messages in self.inbox.watched_messages.items():
            for number, message in enumerate(messages, start=1):
                files.append(folder / f"{reader.partition('@')[0]}-{number}.eml")
                files[-1].write_bytes(message)
        return files

    def __enter__(self) -> "SandboxMailServer":
        self._controller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._controller.stop()


def find_free_port(preferred: int = 0) -> int:
    """Return a port of 127.0.0.1 that nobody uses: the preferred one if it is free."""
    import socket

    for port in (preferred, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no port is free on 127.0.0.1")
