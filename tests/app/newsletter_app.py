"""A newsletter with pages and a mail server that keeps what it takes, all on loopback."""

import email
import email.policy
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.testclient import TestClient

from newsletter.app import Workspace, transactional
from newsletter.config import load_settings
from newsletter.domain.subscriber import Consent, Subscriber, SubscriberId
from newsletter.mail.tokens import Purpose
from newsletter.store import subscribers
from newsletter.subscribers.consent import add_with_consent
from newsletter.web.public.app import create_app
from newsletter.web.public.site import PublicSite
from tests.waiting import HANG_SECONDS

START = datetime(2026, 12, 1, 8, tzinfo=UTC)
SETTINGS_TOML = """
[newsletter]
title = "Nytt från regionen"
language = "sv"
timezone = "Europe/Stockholm"
from = "Redaktionen <nyhetsbrev@regionexempel.example.org>"
reply_to = "redaktionen@regionexempel.example.org"
postal_address = "Box 1, 111 11 Exempelstad"
public_url = "https://nyhetsbrev.example.org"
[[sources]]
url = "https://blogg.example.org/feed/"
[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
[signup]
languages = ["sv", "en"]
tags = ["Press", "Kultur"]
{signup}
"""


class Clock:
    """A clock that tests move."""

    now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class RecordingMailServer:
    """What the server took; `answer` is what it says next."""

    received: list[tuple[str, bytes]] = field(default_factory=list)
    reply: str = "250 2.0.0 taken"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        if self.reply.startswith("250"):
            self.received.append((envelope.rcpt_tos[0], envelope.content))
        return self.reply

    def take_messages(self) -> list[EmailMessage]:
        """Return what has come, and empty the box."""
        found = [
            email.message_from_bytes(content, policy=email.policy.default)
            for _, content in self.received
        ]
        self.received.clear()
        return found


@dataclass(kw_only=True)
class NewsletterApp:
    """The newsletter, its pages and its readers' mailbox."""

    workspace: Workspace
    clock: Clock
    mailbox: RecordingMailServer
    client: TestClient

    def deliver_outbox(self) -> list[EmailMessage]:
        """Let the outbox go, and return what came."""
        transactional.drain(self.workspace)
        return self.mailbox.take_messages()

    def find_token_path(self, message: EmailMessage) -> str:
        """Return the path of the first link to a token in a mail's text.

        Which stands in its HTML as well.
        """
        text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
        assert text is not None
        assert html is not None
        found = re.search(r"https://nyhetsbrev\.example\.org(/[cp]/\S{28})", text.get_content())
        assert found is not None, text.get_content()
        assert found[1] in html.get_content()
        return found[1]

    def add_subscriber(self, address: str, **more: object) -> SubscriberId:
        # fields of it
        new = Subscriber(id=SubscriberId(0), email=address, created=START, **more)  # type: ignore[arg-type]
        with self.workspace.database.begin() as connection:
            return add_with_consent(
                connection, new, address.lower(), Consent(at=START, source="staff")
            )

    def find_subscriber(self, address: str) -> Subscriber | None:
        with self.workspace.database.read() as connection:
            return subscribers.find_by_key(connection, address.lower())

    def read_consents(self, address: str) -> list[Consent]:
        person = self.find_subscriber(address)
        assert person is not None
        with self.workspace.database.read() as connection:
            return list(subscribers.list_consents(connection, person.id))

    def build_preferences_path(self, subscriber: SubscriberId) -> str:
        return f"/p/{self.workspace.token_keys.sign(Purpose.preferences, subscriber)}"

    def dump_database(self) -> list[str]:
        """Everything in the database."""
        with self.workspace.database.read() as connection:
            # sqlite3's
            return list(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def recording_server() -> Iterator[tuple[RecordingMailServer, int]]:
    """Run one mail server for all tests."""
    mailbox, port = RecordingMailServer(), find_free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, ready_timeout=HANG_SECONDS)
    controller.start()
    yield mailbox, port
    controller.stop()


@pytest.fixture
def open_newsletter_app(
    tmp_path: Path, recording_server: tuple[RecordingMailServer, int]
) -> Iterator[Callable[..., NewsletterApp]]:
    """Open a newsletter with more settings of [signup] than usual."""
    mailbox, port = recording_server
    mailbox.received.clear()
    mailbox.reply = "250 2.0.0 taken"
    open_newsletter_app: list[Workspace] = []

    def open_app(signup: str = "", more: str = "") -> NewsletterApp:
        file = tmp_path / "newsletter.toml"
        file.write_text(SETTINGS_TOML.format(port=port, signup=signup) + more, "utf-8")
        clock = Clock()
        workspace = Workspace(load_settings(file), tmp_path, clock)
        open_newsletter_app.append(workspace)
        client = TestClient(
            create_app(PublicSite.from_workspace(workspace)),
            base_url="https://nyhetsbrev.example.org",
            follow_redirects=False,
        )
        return NewsletterApp(workspace=workspace, clock=clock, mailbox=mailbox, client=client)

    yield open_app
    for workspace in open_newsletter_app:
        workspace.close()


@pytest.fixture
def newsletter_app(open_newsletter_app: Callable[..., NewsletterApp]) -> NewsletterApp:
    """Open a newsletter."""
    return open_newsletter_app()
