"""Write an issue as the Markdown file that staff edit."""

import hashlib
from collections.abc import Iterator

from newsletter.compose.issue_file import front_matter
from newsletter.compose.issue_file.dates import format_long_date
from newsletter.compose.issue_file.syntax import (
    escape_heading,
    escape_lines,
    escape_url,
    split_markdown_lines,
    to_one_line,
)
from newsletter.domain.issue import Issue, Section, Teaser
from newsletter.domain.post import Picture

#: The title of a picture that says nothing: its alt text is empty on purpose.
DECORATIVE = "decorative"


def compute_fingerprint(text: str) -> str:
    """Return six hexadecimal digits of a summary, the same however its lines are broken."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:6]


def serialise_issue(issue: Issue) -> str:
    """Return an issue's file; `parse_issue` gives the same issue back, whatever its texts hold."""
    parts = [front_matter.serialise(_build_front_matter(issue))]
    if to_one_line(issue.title):
        parts.append([f"# {escape_heading(to_one_line(issue.title))}"])
    parts.append(
        list(
            escape_lines(
                split_markdown_lines(issue.intro), has_title=bool(to_one_line(issue.title))
            )
        )
    )
    for number, section in enumerate(issue.sections):
        parts.extend(_serialise_section(section, issue.language, is_first=number == 0))
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _build_front_matter(issue: Issue) -> dict[str, str]:
    values = {"subject": to_one_line(issue.subject)}
    if to_one_line(issue.preheader):
        values["preheader"] = to_one_line(issue.preheader)
    if issue.number is not None:
        values["number"] = str(issue.number)
    if issue.date is not None:
        values["date"] = issue.date.isoformat()
    return values | {"language": issue.language}


def _serialise_section(section: Section, language: str, *, is_first: bool) -> Iterator[list[str]]:
    text = split_markdown_lines(section.text)
    title = to_one_line(section.title)
    if title or text or not is_first or section.layout or not section.teasers:
        yield [
            f"## {escape_heading(title)}".rstrip(),
            *([f"<!-- layout: {section.layout} -->"] if section.layout else []),
        ]
    yield list(escape_lines(text))
    for teaser in section.teasers:
        yield from _serialise_teaser(teaser, language)


def _serialise_teaser(teaser: Teaser, language: str) -> Iterator[list[str]]:
    title = escape_heading(to_one_line(teaser.title))
    heading = title if teaser.url is None else f"[{title}]({escape_url(teaser.url)})"
    yield [
        f"### {heading}".rstrip(),
        *([_serialise_picture(teaser.picture)] if teaser.picture else []),
        *([f"*{format_long_date(teaser.date, language)}*"] if teaser.date else []),
    ]
    yield list(escape_lines(split_markdown_lines(teaser.summary), follows_heading=True))
    if teaser.post:
        summary = f" summary: {teaser.fingerprint}" if teaser.fingerprint else ""
        yield [f"<!-- post: {teaser.post}{summary} -->"]


def _serialise_picture(picture: Picture) -> str:
    alt = to_one_line(picture.alt or "")
    note = f' "{DECORATIVE}"' if picture.alt is not None and not alt else ""
    return f"![{escape_heading(alt)}]({escape_url(picture.url)}{note})"
