"""A mail server (relay, smarthost): where it is, how it is spoken to, and for how long."""

import ssl
from dataclasses import dataclass, field
from enum import StrEnum


class Security(StrEnum):
    """How a connection is made safe."""

    tls = "tls"
    starttls = "starttls"
    none = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpTimeouts:
    """Seconds to wait for each kind of answer (RFC 5321, 4.5.3.2)."""

    connect: float = 60
    command: float = 300
    data: float = 120
    block: float = 180
    dot: float = 600
    quit: float = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpRelay:
    """The server that takes our mail."""

    host: str
    port: int = 465
    security: Security = Security.tls
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    connections: int = 4
    messages_per_connection: int = 500
    #: Of several servers, those with the lowest number are used, each by its weight; the others
    #: stand in.
    priority: int = 0
    weight: int = 1
    #: What we call ourselves in EHLO: a name in the DNS.
    local_hostname: str = "localhost"
    timeouts: SmtpTimeouts = SmtpTimeouts()
    #: Instead of the system's certificates; for tests.
    tls_context: ssl.SSLContext | None = field(default=None, repr=False)
