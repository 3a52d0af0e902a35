"""Turn what a page asks for into an edit, and back; nothing that comes in is trusted.

{"kind": "write", "part": "summary", "at": [0, 2], "text": "…"} → Write(part=Part.summary,
at=Place(section=0, teaser=2), text="…")
"""

from typing import Any, Protocol

from newsletter.compose.choices import Summaries
from newsletter.compose.editing import (
    Add,
    AddSection,
    Edit,
    Move,
    MoveSection,
    Place,
    Remove,
    RemoveSection,
    Write,
    teaser_at,
)
from newsletter.compose.lines import one_line
from newsletter.compose.parts import Part
from newsletter.domain.issue import Issue, Teaser
from newsletter.domain.post import PostId
from newsletter.errors import IssueFileError

#: Characters of a text; an issue with more couldn't be sent.
LONGEST = 100_000


class Posts(Protocol):
    """What the ledger knows of a post that is in an issue, or could be."""

    def teaser(self, issue: str, post: PostId) -> Teaser:
        """Return the teaser of a post. Raises NewsletterError."""

    def summaries(self, teaser: Teaser, language: str) -> Summaries:
        """Say where a summary comes from, and what could stand there instead."""


def asked(value: Any, seen: Issue, posts: Posts) -> Edit:  # JSON from outside
    """Return the edit that a page asks for, about an issue as it saw it.

    Raises ValueError for what no page of ours would ask, NewsletterError for what can't be done.
    """
    match value:
        case {"kind": "write", "part": str(part), "text": str(text)} if len(text) <= LONGEST:
            at = _place(value["at"]) if value.get("at") is not None else None
            return Write(
                part=Part(part), text=text, at=at, decorative=value.get("decorative") is True
            )
        case {"kind": "move", "at": at, "to": to}:
            return Move(at=_place(at), to=_place(to))
        case {"kind": "remove", "at": at}:
            return Remove(at=_place(at))
        case {"kind": "add", "post": str(post), "to": to}:
            return Add(
                to=_place(to),
                teaser=posts.teaser(seen.name, PostId(post)),
                section=str(value.get("section") or ""),
            )
        case {"kind": "add-own", "to": to, "title": str(title)} if len(title) <= LONGEST:
            return Add(
                to=_place(to),
                teaser=Teaser(title=one_line(title)),
                section=str(value.get("section") or ""),
            )
        case {"kind": "add-section", "to": int(to), "title": str(title)} if len(title) <= LONGEST:
            return AddSection(to=to, title=title)
        case {"kind": "move-section", "at": int(at), "to": int(to)}:
            return MoveSection(at=at, to=to)
        case {"kind": "remove-section", "at": int(at)}:
            return RemoveSection(at=at)
        case {"kind": "shorter" | "longer" | "ours" as which, "at": at}:
            return _other_summary(which, _place(at), seen, posts)
    raise ValueError("no edit")


def shown(edit: Edit) -> dict[str, Any]:
    """Return an edit as a page asks for it."""
    match edit:
        case Write():
            return {
                "kind": "write",
                "part": edit.part.value,
                "text": edit.text,
                "at": _pair(edit.at),
                "decorative": edit.decorative,
            }
        case Move():
            return {"kind": "move", "at": _pair(edit.at), "to": _pair(edit.to)}
        case Remove():
            return {"kind": "remove", "at": _pair(edit.at)}
        case Add() if edit.teaser.post is None:
            return {
                "kind": "add-own",
                "title": edit.teaser.title,
                "to": _pair(edit.to),
                "section": edit.section,
            }
        case Add():
            return {
                "kind": "add",
                "post": edit.teaser.post,
                "to": _pair(edit.to),
                "section": edit.section,
            }
        case AddSection():
            return {"kind": "add-section", "to": edit.to, "title": edit.title}
        case MoveSection():
            return {"kind": "move-section", "at": edit.at, "to": edit.to}
        case RemoveSection():
            return {"kind": "remove-section", "at": edit.at}


def _other_summary(which: str, at: Place, seen: Issue, posts: Posts) -> Write:
    found = posts.summaries(teaser_at(seen, at), seen.language)
    text = {"shorter": found.shorter, "longer": found.longer, "ours": found.ours}[which]
    if not text:
        raise IssueFileError(
            "The post has no other whole sentences within the bounds. Write the summary yourself."
        )
    return Write(part=Part.summary, text=text, at=at)


def _place(value: Any) -> Place:  # JSON from outside
    match value:
        case [int(section), int(teaser)]:
            return Place(section=section, teaser=teaser)
    raise ValueError("no place")


def _pair(place: Place | None) -> list[int] | None:
    return [place.section, place.teaser] if place else None
