"""The archive: every issue that went to everybody, and nothing of any reader."""

import logging
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from newsletter.cli import main
from newsletter.domain.issue import IssueState, RenderedIssue
from newsletter.domain.segment import Everyone
from newsletter.mail.tokens import Purpose
from newsletter.store import issues, journal, subscribers
from tests.app.newsletter_app import NewsletterApp
from tests.web.public.test_pages import LETTER

ATOM = "{http://www.w3.org/2005/Atom}"


def add_issue(
    newsletter_app: NewsletterApp,
    name: str,
    *,
    state: IssueState = IssueState.sent,
    segment: str = "",
    **changes: str,
) -> None:
    rendered = RenderedIssue(
        **{**{field: getattr(LETTER, field) for field in RenderedIssue.__slots__}, **changes}
    )
    with newsletter_app.workspace.database.begin() as connection:
        number = issues.add(
            connection, name, rendered, segment=segment, now=newsletter_app.clock.now
        )
        journal.freeze(connection, number, Everyone(), newsletter_app.clock.now)
        issues.change_state(connection, number, {IssueState.sending}, state)


def test_the_page_and_the_feed_list_what_went_to_everybody(newsletter_app: NewsletterApp) -> None:
    """Newest first; nothing unsent, cancelled, or written for a part of the list."""
    add_issue(newsletter_app, "2026-11", subject="November & mer", preheader="<b>Fett</b>")
    newsletter_app.clock.move(days=30)
    add_issue(newsletter_app, "2026-12", subject="December")
    add_issue(newsletter_app, "press", segment="tag:press", subject="Bara press")
    add_issue(newsletter_app, "avbruten", state=IssueState.cancelled, subject="Avbruten")
    page = newsletter_app.client.get("/archive")
    assert page.status_code == 200
    assert page.text.index("December") < page.text.index("November &amp; mer")
    assert "&lt;b&gt;Fett&lt;/b&gt;" in page.text
    assert "Bara press" not in page.text
    assert "Avbruten" not in page.text
    feed = newsletter_app.client.get("/feed.xml")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(feed.text)
    assert [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")] == [
        "December",
        "November & mer",
    ]
    for name in ("id", "updated", "title"):
        assert root.findtext(f"{ATOM}{name}")
        assert all(entry.findtext(f"{ATOM}{name}") for entry in root.iter(f"{ATOM}entry"))
    first, *_ = [link.get("href") for link in root.find(f"{ATOM}entry").iter(f"{ATOM}link")]  # type: ignore[union-attr]
    assert first == "https://nyhetsbrev.example.org/i/2026-12"
    assert newsletter_app.client.get("/i/2026-12").status_code == 200


def test_an_empty_archive_says_so(newsletter_app: NewsletterApp) -> None:
    """And its feed is valid."""
    assert "Inget brev har skickats" in newsletter_app.client.get("/archive").text
    ElementTree.fromstring(newsletter_app.client.get("/feed.xml").text)


def test_nothing_of_a_thousand_readers_is_in_the_built_archive_or_the_log(
    newsletter_app: NewsletterApp, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Every address, name and token of a send is searched for."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    with newsletter_app.workspace.database.begin() as connection:
        from newsletter.domain.subscriber import Subscriber, SubscriberId

        for number in range(1000):
            person = Subscriber(
                id=SubscriberId(0),
                email=f"läsare{number}q@example.org".replace("ä", "a"),
                name=f"Läsare Q{number}x",
                created=newsletter_app.clock.now,
            )
            subscribers.add(connection, person, person.email)
    add_issue(
        newsletter_app,
        "2026-12",
        html=LETTER.html.replace("XemailX", "XemailX XprefX"),
        subject="December",
    )
    folder = tmp_path / "arkiv"
    shown = CliRunner(env={"LANGUAGE": "en"}).invoke(
        main, ["-c", str(tmp_path / "newsletter.toml"), "archive", "build", str(folder)]
    )
    assert shown.exit_code == 0, shown.output
    assert "1 issue" in shown.output
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert {file.relative_to(folder).as_posix() for file in files} >= {
        "index.html",
        "feed.xml",
        "i/2026-12.html",
    }
    everything = "\n".join(file.read_text("utf-8") for file in files) + caplog.text + shown.output
    with newsletter_app.workspace.database.read() as connection:
        people = list(subscribers.iter_subscribers(connection))
    assert len(people) == 1000
    keys = newsletter_app.workspace.token_keys
    for person in people:
        for said in (
            person.email,
            person.name,
            *(keys.sign(purpose, person.id) for purpose in Purpose),
        ):
            assert said not in everything
    assert not [slot for slot in LETTER.slots.values() if slot in everything]
    index = (folder / "index.html").read_text("utf-8")
    assert 'href="i/2026-12.html"' in index
    style = index.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert (folder / style).is_file()


def test_a_name_of_an_issue_leads_nowhere_else(
    newsletter_app: NewsletterApp, tmp_path: Path
) -> None:
    """It becomes a file in the folder, whatever it is."""
    from newsletter.web.public.archive import Archive
    from newsletter.web.public.site import PublicSite
    from newsletter.web.public.templates import PageRenderer

    add_issue(newsletter_app, "../../utanför")
    open_newsletter_app = PublicSite.from_workspace(newsletter_app.workspace)
    Archive(open_newsletter_app, PageRenderer(open_newsletter_app)).build(tmp_path / "a" / "b")
    assert not list(tmp_path.glob("**/utanför*")) or all(
        "a/b/i" in str(file) for file in tmp_path.glob("**/*utanf*")
    )
