"""Turn what a page asks for into an edit, and back; nothing that comes in is trusted.

{"kind": "write", "part": "summary", "at": [0, 2], "text": "…"} → Write(part=Part.summary,
at=Place(section=0, teaser=2), text="…")
"""

from typing import Any, Protocol

from newsletter.compose.editing.edits import (
    AddSection,
    AddTeaser,
    Edit,
    MoveSection,
    MoveTeaser,
    RemoveSection,
    RemoveTeaser,
    TeaserPosition,
    WriteField,
    get_teaser,
)
from newsletter.compose.editing.fields import IssueField
from newsletter.compose.issue_file.syntax import to_one_line
from newsletter.compose.summary.alternatives import SummaryAlternatives
from newsletter.domain.issue import Issue, Teaser
from newsletter.domain.post import PostId
from newsletter.errors import IssueFileError

#: Characters of a text; an issue with more couldn't be sent.
MAX_TEXT_CHARS = 100_000


class PostLookup(Protocol):
    """What the ledger knows of a post that is in an issue, or could be."""

    def compose_teaser(self, issue_name: str, post_id: PostId) -> Teaser:
        """Return the teaser of a post. Raises NewsletterError."""

    def find_alternatives(self, teaser: Teaser, language: str) -> SummaryAlternatives:
        """Say where a summary comes from, and what could stand there instead."""


def parse_edit(value: Any, seen_issue: Issue, posts: PostLookup) -> Edit:  # JSON from outside
    """Return the edit that a page asks for, about an issue as it saw it.

    Raises ValueError for what no page of ours would ask, NewsletterError for what can't be done.
    """
    match value:
        case {"kind": "write", "part": str(part), "text": str(text)} if len(text) <= MAX_TEXT_CHARS:
            at = _parse_place(value["at"]) if value.get("at") is not None else None
            return WriteField(
                field=IssueField(part), text=text, at=at, decorative=value.get("decorative") is True
            )
        case {"kind": "move", "at": at, "to": to}:
            return MoveTeaser(at=_parse_place(at), to=_parse_place(to))
        case {"kind": "remove", "at": at}:
            return RemoveTeaser(at=_parse_place(at))
        case {"kind": "add", "post": str(post), "to": to}:
            return AddTeaser(
                to=_parse_place(to),
                teaser=posts.compose_teaser(seen_issue.name, PostId(post)),
                section=str(value.get("section") or ""),
            )
        case {"kind": "add-own", "to": to, "title": str(title)} if len(title) <= MAX_TEXT_CHARS:
            return AddTeaser(
                to=_parse_place(to),
                teaser=Teaser(title=to_one_line(title)),
                section=str(value.get("section") or ""),
            )
        case {"kind": "add-section", "to": int(to), "title": str(title)} if (
            len(title) <= MAX_TEXT_CHARS
        ):
            return AddSection(to=to, title=title)
        case {"kind": "move-section", "at": int(at), "to": int(to)}:
            return MoveSection(at=at, to=to)
        case {"kind": "remove-section", "at": int(at)}:
            return RemoveSection(at=at)
        case {"kind": "shorter" | "longer" | "ours" as which, "at": at}:
            return _pick_other_summary(which, _parse_place(at), seen_issue, posts)
    raise ValueError("no edit")


def serialize_edit(edit: Edit) -> dict[str, Any]:
    """Return an edit as a page asks for it."""
    match edit:
        case WriteField():
            return {
                "kind": "write",
                "part": edit.field.value,
                "text": edit.text,
                "at": _serialize_place(edit.at),
                "decorative": edit.decorative,
            }
        case MoveTeaser():
            return {
                "kind": "move",
                "at": _serialize_place(edit.at),
                "to": _serialize_place(edit.to),
            }
        case RemoveTeaser():
            return {"kind": "remove", "at": _serialize_place(edit.at)}
        case AddTeaser() if edit.teaser.post is None:
            return {
                "kind": "add-own",
                "title": edit.teaser.title,
                "to": _serialize_place(edit.to),
                "section": edit.section,
            }
        case AddTeaser():
            return {
                "kind": "add",
                "post": edit.teaser.post,
                "to": _serialize_place(edit.to),
                "section": edit.section,
            }
        case AddSection():
            return {"kind": "add-section", "to": edit.to, "title": edit.title}
        case MoveSection():
            return {"kind": "move-section", "at": edit.at, "to": edit.to}
        case RemoveSection():
            return {"kind": "remove-section", "at": edit.at}


def _pick_other_summary(
    which: str, at: TeaserPosition, seen_issue: Issue, posts: PostLookup
) -> WriteField:
    found = posts.find_alternatives(get_teaser(seen_issue, at), seen_issue.language)
    text = {"shorter": found.shorter, "longer": found.longer, "ours": found.automatic}[which]
    if not text:
        raise IssueFileError(
            "The post has no other whole sentences within the bounds. Write the summary yourself."
        )
    return WriteField(field=IssueField.summary, text=text, at=at)


def _parse_place(value: Any) -> TeaserPosition:  # JSON from outside
    match value:
        case [int(section), int(teaser)]:
            return TeaserPosition(section=section, teaser=teaser)
    raise ValueError("no place")


def _serialize_place(place: TeaserPosition | None) -> list[int] | None:
    return [place.section, place.teaser] if place else None
