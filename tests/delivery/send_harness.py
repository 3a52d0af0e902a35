"""A small newsletter to send in tests.

A database with readers, an issue, a route to a server on loopback.
"""

import re
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from newsletter.delivery import control
from newsletter.delivery.send_options import OUTAGE_TIMEOUT, SendOptions, SendResult, SendRun
from newsletter.delivery.smtp_relay import Security, SmtpRelay, SmtpTimeouts
from newsletter.domain.delivery import Delivery, DeliveryState
from newsletter.domain.issue import RenderedIssue
from newsletter.engine import send_run
from newsletter.mail.compile import CompiledIssue, Recipient, compile_issue
from newsletter.mail.headers import Sender
from newsletter.store import journal_counts
from newsletter.store.database import Database, open_database
from newsletter.store.issues import IssueRecord
from newsletter.store.tables import deliveries, issues, subscribers

SENDER = Sender(
    name="Redaktionen",
    email="n@example.org",
    list_id="l.example.org",
    title="Nytt",
    secret=b"s" * 32,
)
SLOTS = {"email": "X9email", "unsubscribe_url": "X9unsub"}
RENDERED = RenderedIssue(
    subject="Nytt i december",
    preheader="",
    language="sv",
    html="<p>Hej X9email</p>" + "<p>nyheter</p>\n" * 200 + '<a href="X9unsub">sluta</a>\n',
    text="Hej X9email\nX9unsub\n",
    mjml="",
    slots=SLOTS,
)


def utc_now() -> datetime:
    return datetime.now(UTC)


class Clock:
    """A clock that jumps when it is told to."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@cache
def _read_blank_database() -> bytes:
    """Return an up-to-date database with nothing in it: to make one takes half a second."""
    with tempfile.TemporaryDirectory() as folder:
        open_database(f"sqlite:///{folder}/newsletter.db").close()
        return Path(folder, "newsletter.db").read_bytes()


def populate(folder: Path, readers: int) -> Database:
    """Make a database with readers reader1@d1.example.org, … in it."""
    (folder / "newsletter.db").write_bytes(_read_blank_database())
    database = open_database(f"sqlite:///{folder}/newsletter.db")
    add_subscribers(database, readers)
    return database


def add_subscribers(database: Database, readers: int) -> None:
    """Put readers into a database."""
    rows = [
        {
            "email": f"reader{number}@d{number % 7}.example.org",
            "key": f"reader{number}@d{number % 7}.example.org",
            "name": f"Läsare {number}",
            "language": "sv",
            "tags": [],
            "fields": {},
            "status": "active",
            "created": utc_now(),
        }
        for number in range(1, readers + 1)
    ]
    if rows:
        with database.begin() as connection:
            connection.execute(sa.insert(subscribers), rows)


def compile_test_issue(rendered: RenderedIssue) -> CompiledIssue:
    return compile_issue(rendered, SENDER, "2026-12")


def build_reader(delivery: Delivery) -> Recipient:
    return Recipient(
        subscriber_id=delivery.subscriber,
        email=delivery.email,
        name=delivery.name,
        unsubscribe_url=(
            f"https://n.example.org/u/{delivery.subscriber}-{delivery.email.partition('@')[0]}"
        ),
        view_url="https://n.example.org/i/2026-12",
    )


def build_send_options(
    port: int,
    *,
    connections: int = 4,
    per_connection: int = 500,
    timeouts: SmtpTimeouts | None = None,
    rate: float | None = None,
    others: tuple[SmtpRelay, ...] = (),
    patience: timedelta = OUTAGE_TIMEOUT,
    **more: Any,
) -> SendOptions:
    """Return a route to a server on loopback; `more` are fields of `Server`."""
    times = timeouts or SmtpTimeouts(connect=2, command=2, data=2, block=2, dot=2, quit=0.3)
    values: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": port,
        "security": Security.none,
        "connections": connections,
        "messages_per_connection": per_connection,
        "timeouts": times,
        "local_hostname": "n.example.org",
        **more,
    }
    server = SmtpRelay(**values)
    return SendOptions(
        relay=server,
        return_path="n@example.org",
        personalise=build_reader,
        rate=rate,
        fallback_relays=others,
        outage_timeout=patience,
        stopping_timeout=patience,
    )


def start(database: Database, segment: str = "") -> int:
    return control.start(database, "2026-12", RENDERED, utc_now(), segment=segment)


def read_sent_issue(database: Database) -> IssueRecord:
    """Return the issue as the database knows it."""
    found = control.find_issue(database, "2026-12")
    assert found is not None
    return found


def build_run(to: SendOptions, **more: Any) -> SendRun:
    """Return a run that waits for nothing; `more` are fields of it."""
    values: dict[str, Any] = {
        "issue_name": "2026-12",
        "compile_issue": compile_test_issue,
        "clock": utc_now,
        "wait": timedelta(0),
        **more,
    }
    return SendRun(options=to, **values)


def send(database: Database, to: SendOptions, **options: object) -> SendResult:
    return send_run.deliver(database, build_run(to, **options))


def read_states(database: Database) -> dict[str, DeliveryState]:
    """Return the state of each address."""
    with database.read() as connection:
        return {
            row.email: DeliveryState(row.state)
            for row in connection.execute(sa.select(deliveries.c.email, deliveries.c.state))
        }


def read_counts(database: Database) -> dict[str, int]:
    """Return how many rows are in each state that has any."""
    with database.read() as connection:
        number = connection.execute(sa.select(issues.c.id)).scalar_one()
        return {
            state.value: count
            for state, count in journal_counts.count_by_state(connection, number).items()
            if count
        }


def check_invariants(
    database: Database,
    accepted: list[object],
    readers: int,
    *,
    suppressed: frozenset[str] = frozenset(),
) -> None:
    """Compare the server's own log with the journal (notes on mail, 5.3: I1, I2, I4, I5, I7)."""
    # Accepted, of another test module
    got = Counter(one.recipient for one in accepted)  # type: ignore[attr-defined]
    rows = read_states(database)
    assert len(rows) == readers
    assert max(got.values(), default=0) <= 1, [who for who, times in got.items() if times > 1]
    for who, state in rows.items():
        allowed = (
            {DeliveryState.accepted, DeliveryState.unknown}
            if got[who]
            else set(DeliveryState) - {DeliveryState.accepted}
        )
        assert state in allowed, (who, state, got[who])
    assert not suppressed & got.keys()
    assert got.keys() <= rows.keys()
    for one in accepted:
        name = one.recipient.partition("@")[0]  # type: ignore[attr-defined]  # as above
        content = one.content  # type: ignore[attr-defined]  # as above
        # as above
        assert f"<{one.recipient}>\r\n".encode() in content  # type: ignore[attr-defined]
        assert set(re.findall(rb"/u/\d+-(reader\d+)", content)) == {name.encode()}
    if database.engine.dialect.name == "sqlite":
        with database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
