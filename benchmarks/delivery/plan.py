"""What is measured: senders, the series in which they alternate, the bars that ours must reach."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """A program that sends."""

    smtp_source = "smtp-source"
    plain = "plain"
    ours = "ours"
    nodemailer = "nodemailer"
    smtplib = "smtplib"
    django = "django"
    mailmerge = "mailmerge"


class Key(StrEnum):
    """What messages are signed with."""

    none = ""
    rsa = "rsa"
    ed25519 = "ed25519"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """One way of sending, and how many messages make a short run of it."""

    name: str
    kind: Kind
    count: int
    connections: int = 10
    key: Key = Key.none
    processes: int = 1

    @property
    def is_ours(self) -> bool:
        """Whether it is this project."""
        return self.kind in (Kind.ours, Kind.plain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Senders that take turns on one server."""

    name: str
    title: str
    senders: tuple[Sender, ...]
    #: Milliseconds that each reply takes.
    latency_ms: float = 0
    #: Postfix's smtp-sink, or a sink of our own that only reads.
    own_sink: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """How many times faster one sender must be than another, in the same round."""

    measure: str
    series: str
    ours: str
    other: str
    min_ratio: float


#: Connections of ours: what is sent between two commits grows with them. smtp-source and nodemailer
#: gain nothing by more than theirs.
OUR_CONNECTIONS = 50
SMTP_SOURCE = Sender(name="smtp-source", kind=Kind.smtp_source, count=12_000)
PLAIN = Sender(
    name="newsletter, no journal", kind=Kind.plain, count=12_000, connections=OUR_CONNECTIONS
)
JOURNAL = Sender(name="newsletter", kind=Kind.ours, count=12_000, connections=OUR_CONNECTIONS)
RSA = Sender(
    name="newsletter, DKIM RSA-2048",
    kind=Kind.ours,
    count=8_000,
    connections=OUR_CONNECTIONS,
    key=Key.rsa,
)
ED25519 = Sender(
    name="newsletter, DKIM ed25519",
    kind=Kind.ours,
    count=10_000,
    connections=OUR_CONNECTIONS,
    key=Key.ed25519,
)
RSA_TWO_PROCESSES = Sender(
    name="newsletter, DKIM RSA-2048, two lists at once",
    kind=Kind.ours,
    count=8_000,
    connections=OUR_CONNECTIONS,
    key=Key.rsa,
    processes=2,
)
NODEMAILER = Sender(
    name="nodemailer, pool of 20", kind=Kind.nodemailer, count=1_500, connections=20
)
NODEMAILER_RSA = Sender(
    name="nodemailer, pool of 20, DKIM RSA-2048",
    kind=Kind.nodemailer,
    count=1_000,
    connections=20,
    key=Key.rsa,
)
DJANGO = Sender(name="Django send_messages", kind=Kind.django, count=800, connections=1)
SMTPLIB = Sender(name="smtplib, EmailMessage", kind=Kind.smtplib, count=400, connections=1)
MAILMERGE = Sender(name="mailmerge", kind=Kind.mailmerge, count=120, connections=1)


def _with_50_connections(sender: Sender, *, name: str, count: int) -> Sender:
    return replace(sender, name=name, count=count, connections=50)


_LIMIT_50 = _with_50_connections(SMTP_SOURCE, name="smtp-source, 50 sessions", count=2_000)
_RSA_50 = _with_50_connections(RSA, name="newsletter, DKIM RSA-2048, 50 connections", count=8_000)
_ED25519_50 = _with_50_connections(
    ED25519, name="newsletter, DKIM ed25519, 50 connections", count=8_000
)
_NODEMAILER_50 = _with_50_connections(NODEMAILER, name="nodemailer, pool of 50", count=3_000)

WIRE = Series(
    name="wire",
    title="On loopback, no latency",
    senders=(
        SMTP_SOURCE,
        JOURNAL,
        PLAIN,
        ED25519,
        RSA,
        RSA_TWO_PROCESSES,
        NODEMAILER_RSA,
        NODEMAILER,
        DJANGO,
        SMTPLIB,
        MAILMERGE,
    ),
)
LAG_20 = Series(
    name="20 ms",
    title="20 ms of latency a reply, 50 connections",
    senders=(_LIMIT_50, _ED25519_50, _RSA_50, _NODEMAILER_50),
    latency_ms=20,
)
LAG_50 = Series(
    name="50 ms",
    title="50 ms of latency a reply, 50 connections",
    senders=tuple(replace(sender, count=sender.count // 2) for sender in LAG_20.senders),
    latency_ms=50,
)
READING_SINK = Series(
    name="reads",
    title="Into a sink that only reads",
    senders=(SMTP_SOURCE, JOURNAL, PLAIN),
    own_sink=True,
)
SERIES = (WIRE, READING_SINK, LAG_20, LAG_50)

BARS = (
    Bar(
        measure="journal, no DKIM, against smtp-source",
        series="wire",
        ours=JOURNAL.name,
        other=SMTP_SOURCE.name,
        min_ratio=0.9,
    ),
    Bar(
        measure="journal and RSA-2048, against smtp-source",
        series="wire",
        ours=RSA.name,
        other=SMTP_SOURCE.name,
        min_ratio=0.55,
    ),
    Bar(
        measure="journal and ed25519, against smtp-source",
        series="wire",
        ours=ED25519.name,
        other=SMTP_SOURCE.name,
        min_ratio=0.8,
    ),
    Bar(
        measure="journal and RSA-2048, against nodemailer with DKIM",
        series="wire",
        ours=RSA.name,
        other=NODEMAILER_RSA.name,
        min_ratio=8,
    ),
    Bar(
        measure="journal and ed25519, against smtplib without",
        series="wire",
        ours=ED25519.name,
        other=SMTPLIB.name,
        min_ratio=15,
    ),
    Bar(
        measure="journal and ed25519, against Django without",
        series="wire",
        ours=ED25519.name,
        other=DJANGO.name,
        min_ratio=7,
    ),
    Bar(
        measure="journal and ed25519, against mailmerge without",
        series="wire",
        ours=ED25519.name,
        other=MAILMERGE.name,
        min_ratio=45,
    ),
    Bar(
        measure="20 ms, journal and ed25519, against nodemailer's 50",
        series="20 ms",
        ours=_ED25519_50.name,
        other=_NODEMAILER_50.name,
        min_ratio=2.5,
    ),
    Bar(
        measure="20 ms, journal and RSA-2048, against smtp-source's 50",
        series="20 ms",
        ours=_RSA_50.name,
        other=_LIMIT_50.name,
        min_ratio=2,
    ),
)
#: Client CPU a message against smtp-source's: 200 µs where that takes 70.
MAX_CPU_RATIO = 200 / 70
#: MB that the sending process takes, and how many more for a hundred times the readers.
MAX_MEMORY_MB, MAX_MEMORY_GROWTH_MB = 100, 10
#: Time a message at a million readers against that at 10,000.
MAX_TIME_RATIO = 1.1
#: Seconds to freeze an audience of a million.
MAX_FREEZE_SECONDS = 5
FEW_READERS, MANY_READERS = 10_000, 1_000_000
