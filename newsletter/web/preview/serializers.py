"""Values of ours as the JSON that the page's scripts read, in the interface's language."""

from collections.abc import Sequence
from typing import Any

from newsletter.compose.editing.apply_edit import EditConflict
from newsletter.compose.editing.diff import DiffRun, IssueDiff, diff_words
from newsletter.compose.editing.edits import read_field
from newsletter.compose.editing.fields import FIELD_SPECS, FieldOwner
from newsletter.compose.summary.alternatives import SummaryOrigin
from newsletter.domain.issue import Issue, Layout, Section, Teaser
from newsletter.domain.post import LedgerEntry, Picture, PostState
from newsletter.domain.subscriber import Subscriber
from newsletter.domain.word_count import count_words
from newsletter.i18n import Phrase, load_catalogue
from newsletter.posts.clean import extract_plain_text
from newsletter.web.preview.accessibility_tree import AccessibilityNode
from newsletter.web.preview.backends import PostBackend
from newsletter.web.preview.edit_parser import serialize_edit
from newsletter.web.preview.edit_session import EditableIssue
from newsletter.web.preview.frame_html import hash_picture_url

#: Characters of a post's text that a list shows.
MAX_EXCERPT_CHARS = 160
#: Where a summary comes from when compose's own words can be offered instead.
_REPLACEABLE_ORIGINS = (
    SummaryOrigin.person,
    SummaryOrigin.chosen,
    SummaryOrigin.former,
    SummaryOrigin.none,
)


def serialize_state(editable: EditableIssue, backend: PostBackend, language: str) -> dict[str, Any]:
    """Return all that can be changed of an issue, with what the page needs to do it."""
    issue = editable.issue
    return {
        "version": editable.version,
        "locked": _translate(editable.lock_reason, language),
        "undo": _translate(editable.undo_label, language),
        "redo": _translate(editable.redo_label, language),
        "language": issue.language,
        "layouts": list(Layout),
        "bounds": list(backend.get_summary_word_bounds()),
        "parts": {
            part.value: read_field(issue, part)
            for part, kind in FIELD_SPECS.items()
            if kind.owner is FieldOwner.issue
        },
        "sections": [
            _serialize_section(section, issue, backend, language) for section in issue.sections
        ],
    }


def _translate(phrase: Phrase | None, language: str) -> str | None:
    return phrase.translate(language) if phrase is not None else None


def _serialize_section(
    section: Section, issue: Issue, backend: PostBackend, language: str
) -> dict[str, Any]:
    return {
        "title": section.title,
        "text": section.text,
        "layout": section.layout or "",
        "teasers": [_serialize_teaser(one, issue, backend, language) for one in section.teasers],
    }


def _serialize_teaser(
    teaser: Teaser, issue: Issue, backend: PostBackend, language: str
) -> dict[str, Any]:
    found = backend.find_alternatives(teaser, issue.language)
    return {
        "title": teaser.title,
        "url": teaser.url,
        "date": teaser.date.isoformat() if teaser.date else None,
        "summary": teaser.summary,
        "words": count_words(teaser.summary),
        "picture": _serialize_picture(teaser.picture),
        "post": teaser.post,
        "origin": found.origin.value,
        "why": _describe_origin(found.origin, language),
        "shorter": count_words(found.shorter) or None,
        "longer": count_words(found.longer) or None,
        "ours": bool(found.automatic) and found.origin in _REPLACEABLE_ORIGINS,
    }


def _serialize_picture(picture: Picture | None) -> dict[str, Any] | None:
    if picture is None:
        return None
    return {
        "key": hash_picture_url(picture.url),
        "alt": picture.alt,
        "decorative": picture.alt == "",
    }


def _describe_origin(origin: SummaryOrigin, language: str) -> str:
    _ = load_catalogue(language).gettext
    return {
        SummaryOrigin.excerpt: _("the source's own summary"),
        SummaryOrigin.lead: _("the text's own lead"),
        SummaryOrigin.description: _("the description of the page"),
        SummaryOrigin.model: _("written by a language model: compare it with the post"),
        SummaryOrigin.sentences: _("the best sentences of the text"),
        SummaryOrigin.chosen: _("sentences of the text that you chose"),
        SummaryOrigin.person: _("your words"),
        SummaryOrigin.former: _("written by compose; the post has changed since"),
        SummaryOrigin.none: _("no summary"),
    }[origin]


def serialize_conflict(conflict: EditConflict) -> dict[str, Any]:
    """Return what both have written, and what to ask for to have it one's own way."""
    return {
        "mine": conflict.mine,
        "theirs": conflict.theirs,
        "again": serialize_edit(conflict.rebased_edit) if conflict.rebased_edit else None,
        "words": (
            _serialize_words(diff_words(conflict.theirs, conflict.mine))
            if conflict.mine is not None and conflict.theirs is not None
            else []
        ),
    }


def serialize_difference(difference: IssueDiff) -> dict[str, Any]:
    """Return what is different from the issue before."""
    return {
        "before": difference.before_name,
        "parts": {
            name: _serialize_words(getattr(difference, name))
            for name in ("subject", "preheader", "title", "intro")
        },
        "teasers": [
            {
                "change": one.change.value,
                "title": _serialize_words(one.title),
                "summary": _serialize_words(one.summary),
            }
            for one in difference.teasers
        ],
    }


def _serialize_words(found: Sequence[DiffRun]) -> list[list[str]]:
    return [[one.change.value, one.text] for one in found]


def serialize_post(entry: LedgerEntry, language: str) -> dict[str, Any]:
    """Return a post that can be added."""
    _ = load_catalogue(language).gettext
    said = {
        PostState.new: _("new"),
        PostState.held: _("held back"),
        PostState.skipped: _("skipped"),
        PostState.picked: _("taken out of this issue"),
    }
    return {
        "id": entry.post.id,
        "title": entry.post.title or entry.post.url or entry.post.id,
        "date": entry.effective_date.date().isoformat(),
        "state": entry.state.value,
        "said": said.get(entry.state, entry.state.value),
        "glimpse": _cut_excerpt(entry.post.excerpt or entry.post.body[: MAX_EXCERPT_CHARS * 40]),
    }


def _cut_excerpt(markdown: str) -> str:
    """Return the beginning of a text, cut between words."""
    text = extract_plain_text(markdown)
    if len(text) <= MAX_EXCERPT_CHARS:
        return text
    return f"{text[:MAX_EXCERPT_CHARS].rsplit(' ', 1)[0]}…"


def serialize_subscriber(subscriber: Subscriber) -> dict[str, Any]:
    """Return a subscriber to choose."""
    return {"id": int(subscriber.id), "email": subscriber.email, "name": subscriber.name}


def serialize_accessibility_tree(nodes: Sequence[AccessibilityNode]) -> list[dict[str, Any]]:
    """Return what a screen reader says of a letter."""
    return [
        {
            "kind": node.kind.value,
            "text": node.text,
            "level": node.level,
            "language": node.language,
            "url": node.url,
        }
        for node in nodes
    ]
