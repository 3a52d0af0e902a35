"""Parse the JSON of an edit, and serialise it; nothing that comes in is trusted.

{"kind": "write", "part": "summary", "at": [0, 2], "text": "…"}
⇄ WriteField(field=summary, at=TeaserPosition(section=0, teaser=2), text="…")
"""

from collections.abc import Callable
from typing import Any

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
from newsletter.domain.issue import Issue, Teaser
from newsletter.domain.post import PostId
from newsletter.errors import IssueFileError
from newsletter.web.preview.backends import PostBackend

#: Characters of a text; an issue with more couldn't be sent.
MAX_TEXT_CHARS = 100_000


def parse_edit(value: Any, seen_issue: Issue, posts: PostBackend) -> Edit:  # JSON from outside
    """Return the edit that a page asks for, about an issue as it saw it.

    Raises ValueError for what no page of ours would ask, NewsletterError for what can't be done.
    """
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in _PARSERS:
        raise ValueError("no edit")
    edit = _PARSERS[kind](value, seen_issue, posts)
    if edit is None:
        raise ValueError("no edit")
    return edit


def _parse_write(value: dict[str, Any], _issue: Issue, _posts: PostBackend) -> Edit | None:
    match value:
        case {"part": str(part), "text": str(text)} if len(text) <= MAX_TEXT_CHARS:
            at = _parse_place(value["at"]) if value.get("at") is not None else None
            return WriteField(
                field=IssueField(part), text=text, at=at, decorative=value.get("decorative") is True
            )
    return None


def _parse_move(value: dict[str, Any], _issue: Issue, _posts: PostBackend) -> Edit | None:
    return MoveTeaser(at=_parse_place(value.get("at")), to=_parse_place(value.get("to")))


def _parse_remove(value: dict[str, Any], _issue: Issue, _posts: PostBackend) -> Edit | None:
    return RemoveTeaser(at=_parse_place(value.get("at")))


def _parse_add(value: dict[str, Any], issue: Issue, posts: PostBackend) -> Edit | None:
    match value:
        case {"post": str(post), "to": to}:
            return AddTeaser(
                to=_parse_place(to),
                teaser=posts.compose_teaser(issue.name, PostId(post)),
                section=str(value.get("section") or ""),
            )
    return None


def _parse_add_own(value: dict[str, Any], _issue: Issue, _posts: PostBackend) -> Edit | None:
    match value:
        case {"to": to, "title": str(title)} if len(title) <= MAX_TEXT_CHARS:
            return AddTeaser(
                to=_parse_place(to),
                teaser=Teaser(title=to_one_line(title)),
                section=str(value.get("section") or ""),
            )
    return None


def _parse_add_section(value: dict[str, Any], _issue: Issue, _posts: PostBackend) -> Edit | None:
    match value:
        case {"to": int(to), "title": str(title)} if len(title) <= MAX_TEXT_CHARS:
            return AddSection(to=to, title=title)
    return None


def _parse_move_section(value: dict[str, Any], _issue: Issue, _posts: PostBackend) -> Edit | None:
    match value:
        case {"at": int(at), "to": int(to)}:
            return MoveSection(at=at, to=to)
    return None


def _parse_remove_section(value: dict[str, Any], _issue: Issue, _posts: PostBackend) -> Edit | None:
    match value:
        case {"at": int(at)}:
            return RemoveSection(at=at)
    return None


def _parse_other_summary(value: dict[str, Any], issue: Issue, posts: PostBackend) -> Edit | None:
    at = _parse_place(value.get("at"))
    found = posts.find_alternatives(get_teaser(issue, at), issue.language)
    alternatives = {
        "shorter": found.shorter,
        "longer": found.longer,
        "ours": found.automatic,
    }
    text = alternatives[value["kind"]]
    if not text:
        raise IssueFileError(
            "The post has no other whole sentences within the bounds. Write the summary yourself."
        )
    return WriteField(field=IssueField.summary, text=text, at=at)


_Parser = Callable[[dict[str, Any], Issue, PostBackend], Edit | None]
#: What a page calls an edit → who reads it; None from there: no page of ours would ask that.
_PARSERS: dict[str, _Parser] = {
    "write": _parse_write,
    "move": _parse_move,
    "remove": _parse_remove,
    "add": _parse_add,
    "add-own": _parse_add_own,
    "add-section": _parse_add_section,
    "move-section": _parse_move_section,
    "remove-section": _parse_remove_section,
    "shorter": _parse_other_summary,
    "longer": _parse_other_summary,
    "ours": _parse_other_summary,
}


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


def _parse_place(value: Any) -> TeaserPosition:  # JSON from outside
    match value:
        case [int(section), int(teaser)]:
            return TeaserPosition(section=section, teaser=teaser)
    raise ValueError("no place")


def _serialize_place(place: TeaserPosition | None) -> list[int] | None:
    return [place.section, place.teaser] if place else None
