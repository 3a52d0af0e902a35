"""The checks: each one fires on what it is for, and none on a good letter."""

import dataclasses
import re
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.app.spamassassin import ask_spamassassin
from newsletter.domain.finding import Finding, Level
from newsletter.domain.issue import Issue, Layout, RenderedIssue, Section, Teaser
from newsletter.domain.post import Picture, PostId
from newsletter.domain.subscriber import SubscriberId
from newsletter.errors import FetchError
from newsletter.i18n import Phrase
from newsletter.mail.compile import Recipient, compile_issue
from newsletter.mail.headers import Sender
from newsletter.render import checks, render
from newsletter.render.checks import (
    CheckContext,
    caniemail,
    find_open_errors,
    links,
    run_checks,
    spam,
)
from newsletter.render.checks.body import check_body, is_draft_url
from newsletter.render.checks.links import DeadLink, LinkProbe
from newsletter.render.checks.message import is_aligned, parse_message
from newsletter.render.checks.outlook import (
    find_unbalanced_tag,
    to_non_outlook_html,
    to_outlook_html,
)
from newsletter.render.checks.pictures import CheckedPicture
from newsletter.render.theme import list_stock_themes, load_theme
from newsletter.resources import find_stock_templates
from tests.render import example_issues
from tests.waiting import HANG_SECONDS

DOCS = Path(__file__).parents[3] / "docs" / "reference" / "checks.md"
FACTS = CheckContext(
    sender="nyhetsbrev@regionexempel.example.org", public_url="https://nyhetsbrev.example.org"
)
SENDER = Sender(
    name="Redaktionen",
    email=FACTS.sender,
    list_id="nyhetsbrev.example.org",
    title="Nytt från regionen",
    secret=b"x" * 16,
)
READER = Recipient(
    subscriber_id=SubscriberId(1),
    email="anna@example.org",
    name="Anna",
    unsubscribe_url="https://nyhetsbrev.example.org/u/" + "a" * 28,
    view_url="https://nyhetsbrev.example.org/i/2026-12",
)


def render_issue(issue: Issue) -> RenderedIssue:
    return render(
        issue,
        load_theme([find_stock_templates() / "themes" / "default"]),
        example_issues.IMPRINT,
        nonce=example_issues.NONCE,
    )


def compile_for_reader(rendered: RenderedIssue) -> bytes:
    return compile_issue(rendered, SENDER, "2026-12").fill(
        READER, datetime(2026, 12, 1, 7, tzinfo=UTC)
    )


def check_issue(issue: Issue, facts: CheckContext = FACTS) -> list[Finding]:
    rendered = render_issue(issue)
    return run_checks(issue, rendered, compile_for_reader(rendered), facts)


def list_codes(found: list[Finding]) -> set[str]:
    # The catalogue of the issue's language is not what is tested here.
    return {finding.code for finding in found} - {"language-untranslated"}


def build_one_teaser_issue(**changes: object) -> Issue:
    """Return an issue with one teaser that is changed."""
    # a test says what it changes
    teaser = dataclasses.replace(example_issues.build_teaser(0), **changes)  # type: ignore[arg-type]
    return example_issues.build_issue(0, sections=(Section(title="Nytt", teasers=(teaser,)),))


def test_a_good_letter_has_nothing_to_say() -> None:
    """Ten teasers with pictures, compiled and filled for a reader."""
    assert list_codes(check_issue(example_issues.build_issue(10))) == set()


BILD = "https://blogg.example.org/b.jpg"


@pytest.mark.parametrize(
    ("issue", "code", "level"),
    [
        (example_issues.build_issue(1, subject=" "), "subject-missing", Level.error),
        (example_issues.build_issue(1, subject="x" * 71), "subject-long", Level.warning),
        (example_issues.build_issue(1, preheader=""), "preheader-missing", Level.warning),
        (example_issues.build_issue(1, preheader="x" * 141), "preheader-long", Level.note),
        (
            example_issues.build_issue(1, preheader="nyhetsbrev december 2026"),
            "preheader-repeats",
            Level.warning,
        ),
        (example_issues.build_issue(1, language="xx"), "language-untranslated", Level.warning),
        (example_issues.build_issue(0, intro="", sections=()), "empty-issue", Level.error),
        (build_one_teaser_issue(title=" "), "teaser-untitled", Level.error),
        (example_issues.build_issue(11), "teaser-twice", Level.warning),
        (build_one_teaser_issue(url=None), "link-missing", Level.warning),
        (build_one_teaser_issue(url="javascript:alert(1)"), "link-unusable", Level.error),
        (build_one_teaser_issue(picture=Picture(url=BILD)), "alt-missing", Level.warning),
        (
            build_one_teaser_issue(picture=Picture(url=BILD, alt="IMG_2041.JPG")),
            "alt-file-name",
            Level.warning,
        ),
        (
            build_one_teaser_issue(picture=Picture(url="bild.jpg", alt="En bild")),
            "picture-unusable",
            Level.error,
        ),
        (
            example_issues.build_issue(1, intro="![b](https://example.org/b.png)"),
            "picture-left-out",
            Level.warning,
        ),
        (example_issues.build_issue(1, intro="Hej <b>du</b>"), "html-left-out", Level.warning),
        (example_issues.build_issue(1, intro="TODO: skriv"), "words-left", Level.error),
        (example_issues.build_issue(1, title="Lorem  ipsum"), "words-left", Level.error),
        (
            example_issues.build_issue(1, intro="[här](https://example.org/)"),
            "link-text-vague",
            Level.warning,
        ),
        (
            example_issues.build_issue(1, intro="[Läs mer »](https://example.org/)"),
            "link-text-vague",
            Level.warning,
        ),
        (build_one_teaser_issue(url="http://127.0.0.1:8025/x"), "link-private", Level.error),
        (build_one_teaser_issue(url="https://intranet/x"), "link-private", Level.error),
        (build_one_teaser_issue(url="https://blogg.local/x"), "link-private", Level.error),
        (
            build_one_teaser_issue(url="https://blogg.example.org/?p=12&preview=true"),
            "link-draft",
            Level.error,
        ),
        (build_one_teaser_issue(url="http://blogg.example.org/"), "link-not-https", Level.warning),
        (
            build_one_teaser_issue(
                picture=Picture(url="http://blogg.example.org/b.jpg", alt="En bild")
            ),
            "picture-not-https",
            Level.warning,
        ),
        (
            build_one_teaser_issue(picture=Picture(url="https://192.168.1.4/b.jpg", alt="En bild")),
            "picture-private",
            Level.error,
        ),
        (example_issues.build_issue(10, intro="Ett ord. " * 7_000), "size-near", Level.warning),
        (example_issues.build_issue(10, intro="Ett ord. " * 9_000), "size-over", Level.error),
    ],
)
def test_what_staff_should_see_is_found(issue: Issue, code: str, level: Level) -> None:
    """Each with its level; nothing else is said of an issue that has but one thing wrong."""
    found = [finding for finding in check_issue(issue) if finding.code == code]
    assert found
    assert {finding.level for finding in found} == {level}
    assert all(str(finding.message) for finding in found)


@pytest.mark.parametrize(
    "issue",
    [
        build_one_teaser_issue(picture=Picture(url=BILD, alt="")),
        example_issues.build_issue(
            1, intro="<!-- en kommentar -->\n\nTodo-listor och TKO i texten."
        ),
        example_issues.build_issue(1, intro="Läs mer i [årsredovisningen](https://example.org/)."),
        example_issues.build_issue(0),
        example_issues.build_issue(1, intro=""),
    ],
)
def test_what_is_meant_is_not_complained_of(issue: Issue) -> None:
    """A decorative picture, a comment, a word that looks like another."""
    assert list_codes(check_issue(issue)) == set()


def build_calendar_issue(text: str, layout: Layout | None = None) -> Issue:
    return example_issues.build_issue(
        1,
        sections=(
            *example_issues.build_issue(1).sections,
            Section(title="Kalendern", text=text, layout=layout),
        ),
    )


@pytest.mark.parametrize(
    ("issue", "expected"),
    [
        (
            build_calendar_issue(
                "- 2026-11-30 Öppet hus\n- 2026-12-01 Fest\n- 2026-11-20–2026-12-24 Julmarknad"
            ),
            {"calendar-past"},
        ),
        (build_calendar_issue("- 2026-12-01 Fest\n- Mer kommer"), {"calendar-date-unread"}),
        (build_calendar_issue("- ett\n- två"), set()),
        (build_calendar_issue("- ett", Layout.calendar), {"calendar-date-unread"}),
        (build_calendar_issue("Snart.", Layout.calendar), {"calendar-empty"}),
        (build_calendar_issue("- 2026-11-30 Öppet hus", Layout.list), set()),
    ],
)
def test_a_calendar_that_is_over_or_unread_is_told(issue: Issue, expected: set[str]) -> None:
    """By the day of sending; a list that is none isn't complained of."""
    assert (
        list_codes(check_issue(issue, dataclasses.replace(FACTS, today=date(2026, 12, 1))))
        == expected
    )


def test_pictures_are_told_by_what_readers_get() -> None:
    """Broken is an error where something came that is no picture.

    Heavy, and not for every client, are warnings.
    """
    facts = dataclasses.replace(
        FACTS,
        pictures={
            "https://x.example/a": CheckedPicture(
                kind="jpg", size_bytes=1_000_001, is_mail_safe=True
            ),
            "https://x.example/b": CheckedPicture(kind="webp", size_bytes=9, is_mail_safe=False),
            "https://x.example/c": CheckedPicture(
                kind="png", size_bytes=1_000_000, is_mail_safe=True
            ),
        },
        broken_pictures={
            "https://x.example/d": (Phrase("no"), True),
            "https://x.example/e": (Phrase("no"), False),
        },
    )
    assert {
        (one.code, one.level, one.where[-1])
        for one in check_issue(example_issues.build_issue(1), facts)
        if one.code.startswith("picture")
    } == {
        ("picture-heavy", Level.warning, "a"),
        ("picture-format", Level.warning, "b"),
        ("picture-broken", Level.error, "d"),
        ("picture-broken", Level.warning, "e"),
    }


def test_a_plan_for_the_size_is_said_aloud() -> None:
    """A note with the number; nothing is left to complain of."""
    issue = example_issues.build_issue(
        0,
        sections=(
            Section(
                title="Allt", layout=Layout.cards, teasers=example_issues.build_issue(60).teasers
            ),
        ),
    )
    said = [
        str(finding.message) for finding in check_issue(issue) if finding.code.startswith("size")
    ]
    assert len(said) == 1
    assert "are shown as a list" in said[0]


def test_a_post_that_was_announced_is_told() -> None:
    """But not by the issue itself."""
    facts = dataclasses.replace(FACTS, announced_in={PostId(f"{0:012x}"): "2026-11"})
    assert [
        finding.where
        for finding in check_issue(example_issues.build_issue(2), facts)
        if finding.code == "post-announced"
    ] == ["Biblioteken öppnar på söndagar"]
    assert "post-announced" not in list_codes(
        check_issue(example_issues.build_issue(2, name="2026-11"), facts)
    )


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("/?p=12&preview=true", True),
        ("/wp-admin/post.php?post=1", True),
        ("/ghost/#/editor", True),
        ("/p/0f5c4a12-1111-2222-3333-444444444444/", True),
        ("/sv/node/12/edit", True),
        ("/EPiServer/CMS/", True),
        ("/episerver/CMS/", True),
        ("/sida/?epieditmode=True", True),
        ("/nyhet?status=draft", True),
        ("/umbraco/", True),
        ("/typo3/module", True),
        ("/node/12", False),
        ("/umbracodagen/", False),
        ("/?p=12", False),
        ("/draft-picks/", False),
    ],
)
def test_drafts_are_known_by_their_addresses(path: str, is_one: bool) -> None:
    """As the common systems write them; a page that only sounds like it is none."""
    assert is_draft_url(f"https://www.example.org{path}") is is_one


def test_domains_that_do_not_belong_together_are_told() -> None:
    """Whoever has the one domain has the other.

    Two labels decide, three where the second is everybody's.
    """
    facts = dataclasses.replace(FACTS, sender="nyhetsbrev@region.example.com")
    assert list_codes(check_issue(example_issues.build_issue(1), facts)) == {"from-not-aligned"}
    assert is_aligned("Redaktionen <a@b.example.org>", "https://example.org")
    one, two = (".".join((name, "gov", "zz")) for name in ("one", "two"))
    assert is_aligned(f"a@{one}", f"https://news.{one}")
    assert not is_aligned(f"a@{one}", f"https://{two}")
    assert not is_aligned("a@example.org", "https://example.com")


@pytest.mark.parametrize("url", ["/om-oss", "", "ftp://example.org/fil", "example.org/utan-https"])
def test_a_link_in_a_text_that_vanishes_is_told(url: str) -> None:
    """Its words stay, and nobody would have seen that it leads nowhere."""
    issue = example_issues.build_issue(1, intro=f"Läs [mer om allt]({url}) på webben.")
    found = [finding for finding in check_issue(issue) if finding.code == "link-unusable"]
    assert [(finding.where, finding.level) for finding in found] == [("intro", Level.error)]
    assert "href" not in render_issue(issue).html.partition("mer om allt")[0].rpartition("<p")[2]


def check_altered(change: Callable[[bytes], bytes]) -> set[str]:
    issue = example_issues.build_issue(1)
    rendered = render_issue(issue)
    return list_codes(run_checks(issue, rendered, change(compile_for_reader(rendered)), FACTS))


URL = READER.unsubscribe_url.encode()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda m: m, set()),
        (lambda m: re.sub(rb"List-Unsubscribe: [^\r]*\r\n", b"", m), {"list-unsubscribe-missing"}),
        (
            lambda m: m.replace(
                b"List-Unsubscribe: <", b"List-Unsubscribe: <mailto:a@example.org>, <"
            ),
            {"list-unsubscribe-not-https"},
        ),
        (
            lambda m: m.replace(b"List-Unsubscribe: <https", b"List-Unsubscribe: <http"),
            {"list-unsubscribe-not-https"},
        ),
        (
            lambda m: m.replace(b"List-Unsubscribe: ", b"List-Unsubscribe:\r\n "),
            {"list-unsubscribe-folded"},
        ),
        (
            lambda m: m.replace(b"List-Unsubscribe: <", b"List-Unsubscribe: =?utf-8?q?=3C?= <"),
            {"list-unsubscribe-encoded"},
        ),
        (
            lambda m: re.sub(rb"List-Unsubscribe-Post: [^\r]*\r\n", b"", m),
            {"list-unsubscribe-post-missing"},
        ),
        (lambda m: m.replace(b"One-Click", b"One-Clack"), {"list-unsubscribe-post-missing"}),
        (
            lambda m: m.replace(b": <https://nyhetsbrev", b": <https://annat"),
            {"unsubscribe-link-missing", "unsubscribe-text-missing"},
        ),
        (lambda m: m.replace(b"Message-ID:", b"X-ID:"), {"header-count"}),
        (lambda m: m + b"x" * 999, {"line-long"}),
        (lambda m: m.replace(b"anna@example.org", b"xslotk3v9q2m7x1emailx"), {"slot-open"}),
    ],
)
def test_the_final_bytes_are_proved(change: Callable[[bytes], bytes], expected: set[str]) -> None:
    """Headers are looked at as they go over the wire, links as they are decoded."""
    assert check_altered(change) == expected


def test_a_message_in_wire_form_is_taken_apart() -> None:
    """Dots that were doubled for the wire are single again."""
    taken = parse_message(
        b"Subject: x\r\n y\r\nA: b\r\nContent-Type: text/plain\r\n\r\n..a\r\nb\r\n"
    )
    assert taken.get_raw_headers("SUBJECT") == [b"x\r\n y\r"] or taken.get_raw_headers(
        "SUBJECT"
    ) == [b"x\r\n y"]
    assert taken.text == ".a\nb\n"
    assert taken.html == ""


GOOD = '<html lang="sv"><head><title>x</title></head><body>{}</body></html>'


@pytest.mark.parametrize(
    ("html", "text", "code"),
    [
        ("<html><title>x</title>hej</html>", "hej", "lang-missing"),
        ('<html lang="und"><title>x</title>hej</html>', "hej", "lang-missing"),
        ('<html lang="sv">hej</html>', "hej", "title-missing"),
        (GOOD.format("<h1>a</h1><h3>b</h3>"), "hej", "heading-order"),
        (GOOD.format("<h1> </h1>"), "hej", "heading-empty"),
        (GOOD.format("<table><tr><td>x</td></tr></table>"), "hej", "table-role-missing"),
        (GOOD.format("<a href='https://example.org/'></a>"), "hej", "link-empty"),
        (GOOD.format("<a href='#'>x</a>"), "hej", "link-broken"),
        (GOOD.format("<img src='https://example.org/x.png'>"), "hej", "alt-attribute-missing"),
        (GOOD.format("<!--[if mso]><table><![endif]-->"), "hej", "outlook-unbalanced"),
        (GOOD.format("<div>"), "hej", "outlook-unbalanced"),
        (GOOD.format("hej"), " ", "text-missing"),
        (GOOD.format("hej " * 100), "hej", "text-short"),
    ],
)
def test_what_a_theme_may_break_is_found(html: str, text: str, code: str) -> None:
    """Themes are staff's own: the letter is looked at, not the template."""
    assert code in {finding.code for finding in check_body(html, text)}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<h2>b</h2>", "heading-missing"),
        ("<p style='font-size:11px'>liten</p>", "text-small"),
        (
            "<div style='font-size:10px'><p style='font-size:14px'>stor</p> liten</div>",
            "text-small",
        ),
        ("<p style='text-align:justify'>rak</p>", "text-justified"),
        ("<p style='color:#999999'>svagt</p>", "contrast-low"),
        ("<td bgcolor='#0f5c4a'><p>mörkt på mörkt</p></td>", "contrast-low"),
        (
            (
                "<div style='background:#ffffff;background-color:#14211c'><a"
                " href='https://example.org/' style='color:#0f5c4a'>länk</a></div>"
            ),
            "contrast-low",
        ),
        ("<a href='https://example.org/' aria-label='Annat'>Läs</a>", "link-label"),
        (
            (
                "<a href='https://example.org/a'>Mer om det</a><a href='https://example.org/b'>mer"
                " om det</a>"
            ),
            "link-text-same",
        ),
    ],
)
def test_what_a_reader_could_not_read_is_found(body: str, code: str) -> None:
    """The cheap rules of accessibility; axe looks at the themes themselves."""
    assert code in {finding.code for finding in check_body(GOOD.format(body), body)}


@pytest.mark.parametrize(
    "body",
    [
        "<h1>a</h1><p style='font-size:1px;display:none'>dolt</p><p style='font-size:12px'>ord</p>",
        (
            "<a href='https://example.org/' aria-label='Läs hela artikeln: Namn'>Läs hela artikeln"
            " →</a>"
        ),
        "<a href='https://example.org/a'>Mer</a><p style='text-align:left'>x</p>",
        (
            "<h1>a</h1><p style='color:#8a8a8a;font-size:24px'>stort</p><h2"
            " style='color:#8a8a8a;font-size:19px'>stort och fett</h2>"
        ),
        (
            "<div style='background:url(x.jpg)'><p style='color:#ffffff'>på en bild</p></div><p"
            " style='color:gray'>namn</p>"
        ),
        (
            "<p style='color:#ffffff;display:none'>dolt</p><div style='background:#111111'><p"
            " style='color:#eeeeee'>ljust</p></div>"
        ),
    ],
)
def test_what_a_reader_can_read_is_left_alone(body: str) -> None:
    """Hidden words, a label that goes on after the words, the same place twice."""
    rules = {
        "contrast-low",
        "text-small",
        "text-justified",
        "link-label",
        "link-text-same",
        "heading-missing",
    }
    assert not rules & {finding.code for finding in check_body(GOOD.format(body), body)}


def test_what_clients_will_not_show_is_a_note_a_client() -> None:
    """A theme of one's own with flex, a video and a web font.

    What only looks plainer isn't told.
    """
    html = GOOD.format(
        "<style>.a { display: flex } a::before { color: red } p { border-radius: 3px"
        " }</style><video></video><img src='x.webp'>"
    )
    found = list(caniemail.check_client_support(html))
    assert {finding.level for finding in found} == {Level.note}
    said = {finding.where: str(finding.message) for finding in found}
    assert "display:flex (Windows" in said["Outlook"]
    assert "<video>" in said["Gmail"]
    assert "radius" not in "".join(said.values())
    assert all(len(text) < 400 for text in said.values())


@pytest.mark.parametrize("name", list_stock_themes())
def test_our_own_themes_use_nothing_that_is_missed(name: str) -> None:
    """Whatever staff write in Markdown."""
    intro = (
        "> x\n\n`a` **b** *c* ~~d~~\n\n- a\n\n1. b\n\n| a | b |\n|-|-|\n| 1 | 2"
        " |\n\n---\n\n```\nx\n```"
    )
    issue = example_issues.build_issue(9, intro=intro)
    html = render(
        issue,
        load_theme([find_stock_templates() / "themes" / name]),
        example_issues.IMPRINT,
        nonce=example_issues.NONCE,
    ).html
    assert list(caniemail.check_client_support(html)) == []


REPORT = """Content analysis details:   (9.9 points, 5.0 required)
quoted by the letter itself

Content analysis details:   (2.7 points, 5.0 required)

 pts rule name              description
---- ---------------------- --------------------------------------------------
-0.0 NO_RELAYS              Informational: message was not relayed via SMTP
 2.2 MPART_ALT_DIFF         BODY: HTML and text parts are different
 0.5 SUBJ_ALL_CAPS          Subject is all
                            capitals
"""


@pytest.mark.parametrize(
    ("points", "level"),
    [("0.4", None), ("0.5", Level.note), ("2.4", Level.note), ("2.5", Level.warning)],
)
def test_what_a_spam_filter_dislikes_is_told(points: str, level: Level | None) -> None:
    """From half a point, the worst rule first; a warning from half of what is spam."""
    verdict = spam.parse_report(REPORT.replace("2.7", points))
    assert verdict is not None
    assert [name for _, name, _ in verdict.rules] == ["MPART_ALT_DIFF", "SUBJ_ALL_CAPS"]
    found = list(spam.check_spam(verdict))
    assert [finding.level for finding in found] == ([level] if level else [])
    assert not found or "Subject is all capitals (0.5" in str(found[0].message)
    assert spam.parse_report("") is None


def write_program(folder: Path, does: str) -> str:
    file = folder / "spamassassin"
    file.write_text(f"#!/bin/sh\n{does}\n")
    file.chmod(0o755)
    return str(folder)


def test_a_spam_filter_is_asked_where_it_is_installed(tmp_path: Path) -> None:
    """Another program of the name: it gets the bare message.

    One that is silent, broken or slow says nothing, and a missing one too.
    """
    assert ask_spamassassin(b"", path=str(tmp_path)) is None
    report = tmp_path / "report"
    report.write_text(REPORT)
    path = write_program(
        tmp_path, f'cat > {tmp_path}/got; echo "$@" > {tmp_path}/how; cat {report}'
    )
    verdict = ask_spamassassin(b"Subject: x\r\n\r\n..a\r\n", path=path)
    assert verdict is not None
    assert verdict.points == 2.7
    assert (tmp_path / "got").read_bytes() == b"Subject: x\n\n.a\n"
    assert (tmp_path / "how").read_text() == "--test-mode --local\n"
    for does in ("exit 3", "true", "exec sleep 60"):
        assert ask_spamassassin(b"", path=write_program(tmp_path, does), timeout=0.3) is None


@pytest.mark.skipif(
    shutil.which("spamassassin") is None,
    reason="SpamAssassin isn't installed (Debian: apt install spamassassin)",
)
def test_a_good_letter_costs_half_a_point_at_most() -> None:
    """By the real filter's local rules."""
    verdict = ask_spamassassin(
        compile_for_reader(render_issue(example_issues.build_issue(10))), timeout=HANG_SECONDS
    )
    assert verdict is not None
    assert verdict.points <= 0.5


def test_outlook_and_the_others_see_their_parts() -> None:
    """Hidden from others, hidden from Outlook, nested in nothing."""
    html = "<!--[if mso | IE]>A<![endif]-->B<!--[if !mso]><!-->C<!--<![endif]-->"
    assert (to_outlook_html(html), to_non_outlook_html(html)) == ("AB", "BC")
    assert find_unbalanced_tag("<p>x</p><!--[if mso]>") == "[if …]"
    assert find_unbalanced_tag("<p>x<br></p>") is None
    assert find_unbalanced_tag("<ul><li><li>x</li><li></ul>") is None
    assert find_unbalanced_tag("<ul><li><b></ul>") == "ul"
    assert find_unbalanced_tag("<!--[if mso]></p><![endif]--><p>") == "p"


def test_only_errors_stop_and_only_by_code() -> None:
    """An accepted code lets all errors of that code through."""
    found = check_issue(
        example_issues.build_issue(0, subject="", preheader="", intro="", sections=())
    )
    assert {finding.code for finding in find_open_errors(found)} == {
        "subject-missing",
        "empty-issue",
    }
    assert [
        finding.code for finding in find_open_errors(found, frozenset({"subject-missing"}))
    ] == ["empty-issue"]
    assert found[0].level is Level.error


def test_every_code_is_documented_with_its_level() -> None:
    """And no code that no longer is."""
    source = "\n".join(file.read_text() for file in Path(checks.__file__).parent.rglob("*.py"))
    there = set(re.findall(r'code="([a-z-]+)"|finding\(\s*"([a-z-]+)"', source))
    assert {a or b for a, b in there} == set(
        re.findall(r"^\| `([a-z-]+)` \| (?:error|warning|note) \|", DOCS.read_text(), re.MULTILINE)
    )


def test_links_are_those_that_readers_see() -> None:
    """Each once, pictures too, no slots, nothing private."""
    rendered = render_issue(
        example_issues.build_issue(
            2, intro="[a](http://127.0.0.1/) [b](mailto:a@example.org) [c](https://example.org/c)"
        )
    )
    found = links.collect_urls(rendered)
    assert len(found) == len(set(found))
    assert set(found) == {
        "https://example.org/c",
        *(f"https://blogg.example.org/{slug}/" for slug in ("sondag", "nattbuss")),
        *(f"https://blogg.example.org/bilder/{name}.jpg" for name in ("bibliotek", "nattbuss")),
    }


def test_dead_links_are_told_by_host() -> None:
    """One warning a host, with the first addresses and the cause; a fault of ours is raised."""

    def fetch(url: str) -> None:
        if "dead" in url:
            raise FetchError("{host} says no.", host="x")

    asked = [f"https://dead.example.org/{n}" for n in range(20)] + [
        "https://alive.example.org/",
        "https://dead.example.com/",
    ]
    probed = links.probe_links(asked, fetch)
    assert len(probed.dead) == 21
    assert probed.unanswered == ()
    found = list(links.check_links(probed))
    assert [(finding.code, finding.level, finding.where) for finding in found] == [
        ("link-dead", Level.warning, "dead.example.org"),
        ("link-dead", Level.warning, "dead.example.com"),
    ]
    assert "x says no." in str(found[0].message)
    assert len(str(found[0].message)) < 400

    def fail(url: str) -> None:
        raise ZeroDivisionError(url)

    with pytest.raises(ZeroDivisionError):
        links.probe_links(["https://example.org/"], fail)


def test_a_host_that_never_answers_costs_no_more_than_the_patience() -> None:
    """What hasn't answered in time is a note."""
    import threading

    never = threading.Event()
    try:
        probed = links.probe_links(
            ["https://slow.example.org/"], lambda _: never.wait(), timeout_seconds=0.05
        )
    finally:
        never.set()
    assert probed == LinkProbe(unanswered=("https://slow.example.org/",))
    assert [finding.level for finding in links.check_links(probed)] == [Level.note]


def test_facts_about_links_are_told_with_the_rest() -> None:
    """The check itself asks nobody."""
    facts = dataclasses.replace(
        FACTS,
        link_probe=LinkProbe(
            dead=(DeadLink(url="https://blogg.example.org/x", cause=Phrase("gone")),)
        ),
    )
    assert list_codes(check_issue(example_issues.build_issue(1), facts)) == {"link-dead"}
    assert links.probe_links([], lambda _: None) == LinkProbe()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=100))
def test_no_bytes_and_no_html_break_the_checks(raw: bytes, html: str) -> None:
    """They say what is wrong; they don't fall over."""
    issue = Issue(
        name="x",
        subject="x",
        language="sv",
        date=date(2026, 12, 1),
        sections=(Section(title="", teasers=(Teaser(title=html, url=html),)),),
    )
    rendered = RenderedIssue(
        subject="x", preheader="", language="sv", html=html, text="", mjml="", slots={}
    )
    assert find_open_errors(run_checks(issue, rendered, raw, FACTS))
    list(check_body(html, html))
