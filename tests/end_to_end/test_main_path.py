"""The main path: feed → issue → mail → unsubscribe → the next issue leaves the reader out."""

import json
import re
import time
import tomllib
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

import fast_mail_parser
import httpx2

from tests.end_to_end.services import Blog, MailServer, Newsletter
from tests.waiting import HANG_SECONDS

READERS = {
    "asa@example.org": "Åsa Öberg",
    "bo@example.com": 'Bo "Bosse" Ek, kansli',
    "info@räksmörgås.example": "",
    "dora@example.net": "Döra 🚲 Dahl",
}


class LinkCollector(HTMLParser):
    """All addresses of links in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.urls += [value for name, value in attrs if tag == "a" and name == "href" and value]


def parse_message(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def read_part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def read_base_url(newsletter: Newsletter) -> str:
    port = tomllib.loads((newsletter.folder / "newsletter.toml").read_text(encoding="utf-8"))[
        "web"
    ]["port"]
    return f"http://127.0.0.1:{port}"


def wait_until_answering(url: str) -> None:
    for _ in range(200):
        try:
            httpx2.get(url, headers={"Host": "nyhetsbrev.example.org"})
        except httpx2.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nothing answers at {url}")


def test_from_the_feed_to_the_reader_who_leaves(
    newsletter: Newsletter, blog: Blog, mail_server: MailServer
) -> None:
    """Four readers get the first issue; one unsubscribes by the link in her mail.

    Three get the second.
    """
    # The list, imported twice
    lines = [
        "E-postadress;Namn",
        *(f'{address};"{name.replace(chr(34), chr(34) * 2)}"' for address, name in READERS.items()),
    ]
    (newsletter.folder / "lista.csv").write_bytes("\r\n".join(lines).encode("utf-16"))
    newsletter.run("subscribers", "import", "lista.csv")
    newsletter.run("subscribers", "import", "lista.csv")
    stats = json.loads(newsletter.run("subscribers", "stats", "--json"))
    assert stats["status"]["active"] == 4, stats

    # The issue
    composed = json.loads(newsletter.run("compose", "2026-11", "--json"))
    assert [post["title"] for post in composed["posts"]] == [
        "Stöd till företag som exporterar",
        "Tolv mil ny cykelväg",
        "Biblioteken öppnar på söndagar",
    ]
    assert "nothing" not in newsletter.run("check", "2026-11", "--json")

    # The send
    newsletter.run("send", "2026-11", "--yes")
    ascii_addresses = {address.replace("räksmörgås", "xn--rksmrgs-5wao1o") for address in READERS}
    assert sorted(mail_server.recipients) == sorted(ascii_addresses)
    content = mail_server.find_message_to("asa@example.org")
    first, second = parse_message(content), fast_mail_parser.parse_email(content)
    assert first["Subject"] == second.subject
    assert first["To"] == "Åsa Öberg <asa@example.org>"
    assert second.headers["To"][0].startswith("Åsa Öberg")
    assert [kind.get_content_type() for kind in first.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (
        parse_message(mail_server.find_message_to("bo@example.com"))["To"]
        == '"Bo \\"Bosse\\" Ek, kansli" <bo@example.com>'
    )
    for text in (
        read_part(first, "html"),
        read_part(first, "plain"),
        second.text_html[0],
        second.text_plain[0],
    ):
        assert "Biblioteken öppnar på söndagar" in text
        assert "asa@example.org" in text
        assert "bo@example.com" not in text

    # The links
    (unsubscribe,) = re.findall(
        rb"^List-Unsubscribe: <(https://nyhetsbrev\.example\.org/u/[\w-]+)>\r?$",
        content,
        re.MULTILINE,
    )
    link = unsubscribe.decode()
    links = LinkCollector()
    links.feed(read_part(first, "html"))
    assert link in links.urls
    assert link in read_part(first, "plain")
    assert "https://blogg.example.org/sondag/" in links.urls
    view = next(found for found in links.urls if "/i/" in found)
    assert len(link) <= 70

    server = newsletter.start("serve")
    try:
        here = read_base_url(newsletter)
        wait_until_answering(here)
        host = {"Host": "nyhetsbrev.example.org"}
        path = link.removeprefix("https://nyhetsbrev.example.org")
        # Looked at, by her and by scanners: nothing changes
        for _ in range(3):
            assert httpx2.get(here + path, headers=host).status_code == 200
            assert httpx2.head(here + path, headers=host).status_code == 200
        assert (
            json.loads(newsletter.run("subscribers", "show", "asa@example.org", "--json"))["status"]
            == "active"
        )
        in_browser = httpx2.get(
            here + view.removeprefix("https://nyhetsbrev.example.org"), headers=host
        )
        assert in_browser.status_code == 200
        assert "Biblioteken öppnar på söndagar" in in_browser.text
        assert not any(address in in_browser.text for address in ascii_addresses)
        assert path not in in_browser.text
        # One click (RFC 8058)
        answer = httpx2.post(here + path, headers=host, data={"List-Unsubscribe": "One-Click"})
        assert (
            answer.status_code,
            answer.headers.get("set-cookie"),
            answer.headers.get("location"),
        ) == (200, None, None)
    finally:
        server.terminate()
        server.communicate(timeout=HANG_SECONDS)
    assert (
        json.loads(newsletter.run("subscribers", "show", "asa@example.org", "--json"))["status"]
        == "unsubscribed"
    )

    # An old list doesn't bring her back
    newsletter.run("subscribers", "import", "lista.csv")
    assert (
        json.loads(newsletter.run("subscribers", "show", "asa@example.org", "--json"))["status"]
        == "unsubscribed"
    )

    # The next issue: only what is new, and not to her
    assert "2026-12" not in newsletter.run("compose", "2026-12", expect=1)
    blog.publish(
        "buss",
        "Nattbussen kör hela vägen",
        "Mon, 23 Nov 2026 08:00:00 +0100",
        "Linje 42 får nattturer på fredagar och lördagar. Sista bussen går klockan tre.",
    )
    composed = json.loads(newsletter.run("compose", "2026-12", "--json"))
    assert [post["title"] for post in composed["posts"]] == ["Nattbussen kör hela vägen"]
    mail_server.received.clear()
    newsletter.run("send", "2026-12", "--yes")
    assert sorted(mail_server.recipients) == sorted(ascii_addresses - {"asa@example.org"})

    # The same command again sends nothing
    mail_server.received.clear()
    newsletter.run("send", "2026-12", "--yes")
    assert mail_server.received == []
    status = json.loads(newsletter.run("status", "2026-12", "--json"))
    assert status["counts"]["accepted"] == 3


def test_killed_in_the_middle_and_started_again(
    newsletter: Newsletter, mail_server: MailServer
) -> None:
    """Kill -9 during a send, and the same command again.

    Every reader once, or listed as unknown.
    """
    readers = [f"reader{number}@example.org" for number in range(300)]
    (newsletter.folder / "readers.csv").write_text("email\n" + "\n".join(readers), encoding="utf-8")
    newsletter.run("subscribers", "import", "readers.csv")
    newsletter.run("compose", "2026-11")

    process = newsletter.start("send", "2026-11", "--yes")
    mail_server.on_message = lambda _: process.kill() if len(mail_server.received) == 100 else None
    process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == -9
    assert 100 <= len(mail_server.received) < 300
    mail_server.on_message = lambda _: None

    again = newsletter.start("send", "2026-11", "--yes")
    out, err = again.communicate(timeout=HANG_SECONDS)
    assert again.returncode in (0, 3), out + err
    taken = mail_server.recipients
    assert len(taken) == len(set(taken)), "a reader got it twice"
    counts = json.loads(newsletter.run("status", "2026-11", "--json"))["counts"]
    assert sum(counts.values()) == 300
    assert counts["accepted"] + counts["unknown"] == 300
    assert len(taken) >= counts["accepted"]
    assert set(readers) - set(taken) <= set(readers)
    assert len(set(readers) - set(taken)) <= counts["unknown"]
    assert (again.returncode == 3) == bool(counts["unknown"])


def test_a_planned_issue_goes_out_once(newsletter: Newsletter, mail_server: MailServer) -> None:
    """Two `run --once` at the same time, when an issue is due: it is sent once."""
    (newsletter.folder / "readers.csv").write_text(
        "email\nasa@example.org\nbo@example.org\n", encoding="utf-8"
    )
    newsletter.run("subscribers", "import", "readers.csv")
    newsletter.run("compose", "2026-11")
    newsletter.run("run", "--once")
    assert mail_server.received == []
    assert "past" in newsletter.run(
        "schedule", "add", "2026-11", "--at", "2020-01-01 08:00", expect=1
    )
    newsletter.run("schedule", "add", "2026-11", "--at", "2099-01-01 08:00")
    (planned,) = json.loads(newsletter.run("schedule", "list", "--json"))
    assert planned == {
        "issue": "2026-11",
        "due": "2099-01-01T07:00:00Z",
        "typed": "2099-01-01 08:00",
        "zone": "Europe/Stockholm",
        "state": "waiting",
    }
