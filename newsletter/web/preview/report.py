"""What the page shows of a preview, as JSON in the interface's language.

The preview at once; then a report of checks, facts and headers; or why it can't be rendered.
"""

from collections.abc import Sequence
from email import policy
from email.parser import BytesParser
from html.parser import HTMLParser
from typing import Any

from newsletter.domain.finding import Finding, Level
from newsletter.errors import IssueFileError, NewsletterError
from newsletter.i18n import Phrase, load_catalogue
from newsletter.web.preview.backends import CheckedMessage, IssuePreview
from newsletter.web.preview.frame_html import fill_placeholders

#: Gmail shows no more of a letter than this, in bytes of HTML.
GMAIL_CLIP_BYTES = 102_000
#: Words that an adult reads in a minute.
READING_WORDS_PER_MINUTE = 220
#: Lines shown before and after the one that is wrong.
CONTEXT_LINES = 3
_LEVELS_BY_SEVERITY = list(Level)
#: What the checks look at, and how the codes of each begin (docs/reference/checks.md); the last one
#: takes what is left.
_CHECK_GROUPS = (
    (Phrase("Subject and preheader"), ("subject-", "preheader-")),
    (
        Phrase("Texts and headings"),
        (
            "empty-",
            "teaser-",
            "post-",
            "words-",
            "html-",
            "heading-",
            "title-",
            "lang",
            "calendar-",
        ),
    ),
    (Phrase("Pictures and alt texts"), ("alt-", "picture-")),
    (Phrase("Links"), ("link-",)),
    (Phrase("Size"), ("size-",)),
    (Phrase("Readable for everybody"), ("text-small", "text-justified", "table-", "contrast-")),
    (Phrase("Text part"), ("text-",)),
    (Phrase("Outlook and other mail clients"), ("outlook-", "client-")),
    (Phrase("Unsubscribing"), ("list-unsubscribe-", "unsubscribe-")),
    (Phrase("Headers and sender"), ("slot-", "line-", "header-", "from-", "spam-")),
)


def serialize_preview(preview: IssuePreview) -> dict[str, Any]:
    """Return what the page shows at once."""
    markup, text = fill_placeholders(preview.rendered, preview.slot_values)
    return {
        "subject": preview.rendered.subject,
        "reader": preview.slot_values.get("email", ""),
        "letterLanguage": preview.rendered.language,
        "text": text,
        "html": markup,
        "mjml": preview.rendered.mjml,
    }


def build_report(preview: IssuePreview, checked: CheckedMessage, language: str) -> dict[str, Any]:
    """Return what the page shows beside the frames."""
    markup, text = fill_placeholders(preview.rendered, preview.slot_values)
    headers = _parse_headers(checked.message)
    return {
        "preheader": preview.rendered.preheader,
        "from": next((value for name, value in headers if name.lower() == "from"), ""),
        "summary": summarise_findings(checked.findings, language),
        "checks": [
            _serialize_finding(finding, language)
            for finding in sorted(
                checked.findings, key=lambda one: _LEVELS_BY_SEVERITY.index(one.level)
            )
        ],
        "passed": list_passed_groups(checked.findings, language),
        "facts": collect_facts(markup, text, len(checked.message), language),
        "headers": headers,
        "rawHeaders": checked.message.partition(b"\r\n\r\n")[0].decode("utf-8", "replace"),
    }


def serialize_problem(error: NewsletterError, source: str, language: str) -> dict[str, Any]:
    """Return why an issue can't be rendered, with the lines around where its own file is wrong."""
    value = error.phrase.values.get("line") if isinstance(error, IssueFileError) else None
    line = value if isinstance(value, int) else None
    return {
        "message": error.translate(language),
        "line": line,
        "lines": _cut_context(source, line) if line is not None else [],
    }


def _cut_context(source: str, line: int) -> list[dict[str, Any]]:
    """Return the lines around one, counted from 1."""
    lines = source.splitlines()
    first, last = max(1, line - CONTEXT_LINES), min(len(lines), line + CONTEXT_LINES)
    return [
        {"number": n, "text": lines[n - 1], "marked": n == line} for n in range(first, last + 1)
    ]


def summarise_findings(findings: Sequence[Finding], language: str) -> str:
    """Return how many findings of each level there are, in words."""
    ngettext = load_catalogue(language).ngettext
    counts = {level: sum(finding.level is level for finding in findings) for level in Level}
    said = (
        (ngettext("{count} error", "{count} errors", counts[Level.error]), counts[Level.error]),
        (
            ngettext("{count} warning", "{count} warnings", counts[Level.warning]),
            counts[Level.warning],
        ),
        (ngettext("{count} note", "{count} notes", counts[Level.note]), counts[Level.note]),
    )
    return ", ".join(text.format(count=count) for text, count in said if count)


def list_passed_groups(findings: Sequence[Finding], language: str) -> list[str]:
    """Return what was looked at and nothing was found in."""
    open_ = {find_check_group(finding.code) for finding in findings}
    return [
        load_catalogue(language).gettext(name.text)
        for name, _ in _CHECK_GROUPS
        if name not in open_
    ]


def find_check_group(code: str) -> Phrase:
    """Return what a check looks at."""
    return next(
        (name for name, starts in _CHECK_GROUPS if code.startswith(starts)), _CHECK_GROUPS[-1][0]
    )


def collect_facts(
    markup: str, text: str, message_bytes: int, language: str
) -> list[dict[str, Any]]:
    """Return facts about a letter: a label, a value, for some a share (0–1) of the room."""
    _ = load_catalogue(language).gettext
    count = _LinkAndPictureCounter()
    count.feed(markup)
    kilobytes = len(markup.encode()) / 1000
    return [
        {
            "label": _("Size of the HTML"),
            "value": _("{size} kB of the 102 kB that Gmail shows").format(size=round(kilobytes)),
            "share": min(1.0, kilobytes * 1000 / GMAIL_CLIP_BYTES),
        },
        {
            "label": _("Size of the whole mail"),
            "value": _("{size} kB").format(size=round(message_bytes / 1000)),
        },
        {
            "label": _("Time to read"),
            "value": (
                _("{minutes} min").format(
                    minutes=max(1, round(len(text.split()) / READING_WORDS_PER_MINUTE))
                )
            ),
        },
        {"label": _("Pictures"), "value": str(count.pictures)},
        {"label": _("Links"), "value": str(len(count.links))},
        {"label": _("Text part"), "value": _("{count} characters").format(count=len(text))},
    ]


class _LinkAndPictureCounter(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pictures = 0
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pictures += tag == "img"
        if tag == "a" and (address := dict(attrs).get("href")):
            self.links.add(address)


def _serialize_finding(finding: Finding, language: str) -> dict[str, str]:
    _ = load_catalogue(language).gettext
    names = {Level.error: _("Error"), Level.warning: _("Warning"), Level.note: _("Note")}
    return {
        "level": finding.level.value,
        "name": names[finding.level],
        "code": finding.code,
        "message": finding.message.translate(language),
        "where": finding.where,
    }


def _parse_headers(message: bytes) -> list[tuple[str, str]]:
    parsed = BytesParser(policy=policy.default).parsebytes(message, headersonly=True)
    return [(name, str(value)) for name, value in parsed.items()]
