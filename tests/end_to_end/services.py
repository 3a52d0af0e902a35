"""A blog, a mail server and a newsletter on this machine: all real."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.waiting import HANG_SECONDS

POST = """\
<item><title>{title}</title><link>https://blogg.example.org/{slug}/</link><guid>https://blogg.example.org/{slug}/</guid>
<pubDate>{date}</pubDate><description>{text}</description></item>
"""
TEXTS = (
    (
        "Från och med januari håller fyra bibliotek öppet alla dagar i veckan. Försöket pågår i ett"
        " år och följs av forskare vid högskolan som ska se om fler barn och unga hittar dit."
        " Resultatet kommer nästa vinter."
    ),
    (
        "Tolv mil cykelväg byggs mellan kustens orter de närmaste åren. Den första sträckan blir"
        " klar till sommaren, och på den ryms både lådcyklar och rullstolar. Vägen får belysning"
        " där många cyklar till skolan."
    ),
    (
        "Företag som vill sälja sina varor i andra länder kan få hjälp med resan dit. Stödet räcker"
        " till översättning, mässor och en rådgivare som har gjort det förut. Ansökan är öppen till"
        " den sista mars."
    ),
)


@dataclass
class Blog:
    """A feed over HTTP whose posts a test may change."""

    items: list[str] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def publish(self, slug: str, title: str, date: str, text: str) -> None:
        self.items.insert(0, POST.format(slug=slug, title=title, date=date, text=text))

    @property
    def feed(self) -> bytes:
        channel = "<title>Bloggen</title><link>https://blogg.example.org/</link><description>Nytt</description><language>sv</language>"
        return (
            '<?xml version="1.0" encoding="utf-8"?><rss'
            f' version="2.0"><channel>{channel}{"".join(self.items)}</channel></rss>'.encode()
        )


@dataclass
class MailServer:
    """What the server took: (recipient, bytes) in order. `answer` may refuse or delay."""

    port: int = 0
    received: list[tuple[str, bytes]] = field(default_factory=list)
    on_message: Callable[[str], None] = lambda _: None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        (recipient,) = envelope.rcpt_tos
        self.received.append((recipient, envelope.content))
        self.on_message(recipient)
        return "250 2.0.0 taken"

    @property
    def recipients(self) -> list[str]:
        return [recipient for recipient, _ in self.received]

    def find_message_to(self, recipient: str) -> bytes:
        return next(content for taker, content in reversed(self.received) if taker == recipient)


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Newsletter:
    """A workspace, and its command line in a process of its own."""

    folder: Path

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        environ = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("NEWSLETTER_", "LANG", "LC_"))
        }
        return subprocess.Popen(
            [sys.executable, "-m", "newsletter", *arguments],
            cwd=self.folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *arguments: str, expect: int = 0) -> str:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=HANG_SECONDS)
        assert process.returncode == expect, (
            f"newsletter {' '.join(arguments)}: {process.returncode}\n{out}\n{err}"
        )
        return out if expect == 0 else out + err


SETTINGS = """\
[newsletter]
title = "Nytt från regionen"
language = "sv"
timezone = "Europe/Stockholm"
from = "Redaktionen <nyhetsbrev@example.org>"
reply_to = "redaktionen@example.org"
postal_address = "Box 1, 111 11 Exempelstad"
public_url = "https://nyhetsbrev.example.org"

[[sources]]
url = "{feed}"

[fetch]
allow_hosts = ["127.0.0.1"]

[smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"

[web]
port = {web}
"""
