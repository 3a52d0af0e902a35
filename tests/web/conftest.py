"""A newsletter's pages for readers, on a real server on loopback, with a real database."""

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
import uvicorn

from newsletter.domain.issue import IssueState, RenderedIssue
from newsletter.domain.subscriber import Consent, Subscriber, SubscriberId, SubscriberStatus
from newsletter.mail.tokens import Purpose, TokenKeys
from newsletter.render.palette import load_palette
from newsletter.resources import find_stock_templates
from newsletter.store import issues, subscribers
from newsletter.store.database import Database, open_database
from newsletter.subscribers.consent import add_with_consent
from newsletter.web.public.app import create_app
from newsletter.web.public.site import PublicSite

HOST = "nyhetsbrev.example.org"
KEYS = TokenKeys(HOST, {1: b"1" * 32, 2: b"2" * 32})
START = datetime(2026, 12, 1, 8, tzinfo=UTC)


class Clock:
    """A clock that tests move."""

    now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass(kw_only=True, eq=False)
class ServedSite:
    """Everything that a test touches."""

    site: PublicSite
    clock: Clock
    database: Database
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def add_subscriber(self, email: str, **more: object) -> SubscriberId:
        # fields of it
        new = Subscriber(id=SubscriberId(0), email=email, created=START, **more)  # type: ignore[arg-type]
        with self.database.begin() as connection:
            return add_with_consent(
                connection, new, email.lower(), Consent(at=START, source="form")
            )

    def sign_token(self, reader: SubscriberId, purpose: Purpose = Purpose.unsubscribe) -> str:
        return KEYS.sign(purpose, reader)

    def read_status(self, reader: SubscriberId) -> SubscriberStatus | None:
        with self.database.read() as connection:
            found = subscribers.find_by_id(connection, reader)
        return found.status if found else None

    def send_issue(
        self, name: str, rendered: RenderedIssue, state: IssueState = IssueState.sent
    ) -> None:
        with self.database.begin() as connection:
            number = issues.add(connection, name, rendered, segment="", now=START)
            issues.change_state(connection, number, {IssueState.sending}, state)

    def open_client(self, **headers: str) -> httpx2.Client:
        return httpx2.Client(
            base_url=self.url, headers={"host": HOST, **headers}, follow_redirects=False
        )

    def dump_database(self) -> list[str]:
        """Everything in the database, to see that nothing changed."""
        with self.database.read() as connection:
            # sqlite3's
            return list(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]


def build_site(folder: Path, clock: Clock, **changes: object) -> PublicSite:
    site = PublicSite(
        database=open_database(f"sqlite:///{folder / 'newsletter.db'}"),
        keys=KEYS,
        title="Nytt från regionen",
        language="sv",
        public_url=f"https://{HOST}",
        palette=load_palette(find_stock_templates() / "themes" / "default" / "palette.toml"),
        keyed_hash=lambda text: (
            "#" + hashlib.sha256(b"salt" + text.encode("utf-8", "replace")).hexdigest()[:32]
        ),
        clock=clock,
        contact="redaktionen@regionexempel.example.org",
        postal_address="Box 1, 111 11 Exempelstad",
    )
    return replace(site, **changes)  # type: ignore[arg-type]  # fields of it


@pytest.fixture
def serve_site() -> Iterator[Callable[[PublicSite], int]]:
    """Run pages on a port of loopback; returns the port."""
    running: list[tuple[uvicorn.Server, threading.Thread, socket.socket]] = []

    def start(site: PublicSite) -> int:
        at = socket.create_server(("127.0.0.1", 0))
        at.setsockopt(
            socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
        )  # asyncio sets it on sockets of its own making only
        config = uvicorn.Config(
            create_app(site), log_level="critical", lifespan="off", server_header=False
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [at]})
        thread.start()
        running.append((server, thread, at))
        return int(at.getsockname()[1])

    yield start
    for server, thread, at in running:
        server.should_exit = True
        thread.join()
        at.close()


@pytest.fixture
def served_site(tmp_path: Path, serve_site: Callable[[PublicSite], int]) -> Iterator[ServedSite]:
    """Serve the pages of a newsletter."""
    clock = Clock()
    site = build_site(tmp_path, clock)
    yield ServedSite(site=site, clock=clock, database=site.database, port=serve_site(site))
    site.database.close()
