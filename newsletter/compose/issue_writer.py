"""Write an issue as the Markdown file that staff edit."""

import hashlib
from collections.abc import Iterator

from newsletter.compose import front_matter
from newsletter.compose.dates import say_date
from newsletter.compose.lines import escaped, escaped_url, markdown_lines, one_line, shielded
from newsletter.domain.issue import Issue, Section, Teaser
from newsletter.domain.post import Picture

#: The title of a picture that says nothing: its alt text is empty on purpose.
DECORATIVE = "decorative"


def fingerprint(text: str) -> str:
    """Return six hexadecimal digits of a summary, the same however its lines are broken."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:6]


def write(issue: Issue) -> str:
    """Return an issue's file; `issue_file.parse` gives the same issue back, whatever its texts hold."""
    parts = [front_matter.write(_head(issue))]
    if one_line(issue.title):
        parts.append([f"# {escaped(one_line(issue.title))}"])
    parts.append(list(shielded(markdown_lines(issue.intro), titled=bool(one_line(issue.title)))))
    for number, section in enumerate(issue.sections):
        parts.extend(_section(section, issue.language, first=number == 0))
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _head(issue: Issue) -> dict[str, str]:
    values = {"subject": one_line(issue.subject)}
    if one_line(issue.preheader):
        values["preheader"] = one_line(issue.preheader)
    if issue.number is not None:
        values["number"] = str(issue.number)
    if issue.date is not None:
        values["date"] = issue.date.isoformat()
    return values | {"language": issue.language}


def _section(section: Section, language: str, *, first: bool) -> Iterator[list[str]]:
    text = markdown_lines(section.text)
    title = one_line(section.title)
    if title or text or not first or section.layout or not section.teasers:
        yield [
            f"## {escaped(title)}".rstrip(),
            *([f"<!-- layout: {section.layout} -->"] if section.layout else []),
        ]
    yield list(shielded(text))
    for teaser in section.teasers:
        yield from _teaser(teaser, language)


def _teaser(teaser: Teaser, language: str) -> Iterator[list[str]]:
    title = escaped(one_line(teaser.title))
    heading = title if teaser.url is None else f"[{title}]({escaped_url(teaser.url)})"
    yield [
        f"### {heading}".rstrip(),
        *([_picture(teaser.picture)] if teaser.picture else []),
        *([f"*{say_date(teaser.date, language)}*"] if teaser.date else []),
    ]
    yield list(shielded(markdown_lines(teaser.summary), head=True))
    if teaser.post:
        yield [
            (
                "<!-- post:"
                f" {teaser.post}{f' summary: {teaser.fingerprint}' if teaser.fingerprint else ''} -->"
            )
        ]


def _picture(picture: Picture) -> str:
    alt = one_line(picture.alt or "")
    note = f' "{DECORATIVE}"' if picture.alt is not None and not alt else ""
    return f"![{escaped(alt)}]({escaped_url(picture.url)}{note})"
