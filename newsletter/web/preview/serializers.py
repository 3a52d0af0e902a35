"""Say to the page what there is of an issue to change, in the interface's language."""

from collections.abc import Sequence
from typing import Any

from newsletter.compose.editing.apply_edit import EditConflict
from newsletter.compose.editing.diff import DiffRun, IssueDiff, diff_words
from newsletter.compose.editing.edits import read_field
from newsletter.compose.editing.fields import FIELD_SPECS, FieldOwner
from newsletter.compose.summary.alternatives import SummaryOrigin
from newsletter.domain.issue import Issue, Layout, Teaser
from newsletter.domain.post import LedgerEntry, PostState
from newsletter.domain.subscriber import Subscriber
from newsletter.domain.word_count import count_words
from newsletter.i18n import load_catalogue
from newsletter.posts.clean import plain
from newsletter.web.preview.backends import EditBackend
from newsletter.web.preview.edit_parser import serialize_edit
from newsletter.web.preview.edit_session import EditableIssue
from newsletter.web.preview.frame_html import hash_picture_url

#: Characters of a post's text that a list shows.
MAX_EXCERPT_CHARS = 160


def serialize_state(editable: EditableIssue, backend: EditBackend, language: str) -> dict[str, Any]:
    """Return all that can be changed of an issue, with what the page needs to do it."""
    issue = editable.issue
    return {
        "version": editable.version,
        "locked": editable.lock_reason.translate(language) if editable.lock_reason else None,
        "undo": editable.undo_label.translate(language) if editable.undo_label else None,
        "redo": editable.redo_label.translate(language) if editable.redo_label else None,
        "language": issue.language,
        "layouts": list(Layout),
        "bounds": list(backend.summary_word_bounds),
        "parts": {
            part.value: read_field(issue, part)
            for part, kind in FIELD_SPECS.items()
            if kind.owner is FieldOwner.issue
        },
        "sections": [
            {
                "title": section.title,
                "text": section.text,
                "layout": section.layout or "",
                "teasers": [
                    _serialize_teaser(one, issue, backend, language) for one in section.teasers
                ],
            }
            for section in issue.sections
        ],
    }


def _serialize_teaser(
    teaser: Teaser, issue: Issue, backend: EditBackend, language: str
) -> dict[str, Any]:
    found = backend.find_alternatives(teaser, issue.language)
    picture = teaser.picture
    return {
        "title": teaser.title,
        "url": teaser.url,
        "date": teaser.date.isoformat() if teaser.date else None,
        "summary": teaser.summary,
        "words": count_words(teaser.summary),
        "picture": (
            {
                "key": hash_picture_url(picture.url),
                "alt": picture.alt,
                "decorative": picture.alt == "",
            }
            if picture
            else None
        ),
        "post": teaser.post,
        "origin": found.origin.value,
        "why": _describe_origin(found.origin, language),
        "shorter": count_words(found.shorter) or None,
        "longer": count_words(found.longer) or None,
        "ours": (
            bool(found.automatic)
            and found.origin
            in (
                SummaryOrigin.person,
                SummaryOrigin.chosen,
                SummaryOrigin.former,
                SummaryOrigin.none,
            )
        ),
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
    text = plain(entry.post.excerpt or entry.post.body[: MAX_EXCERPT_CHARS * 40])
    return {
        "id": entry.post.id,
        "title": entry.post.title or entry.post.url or entry.post.id,
        "date": entry.effective_date.date().isoformat(),
        "state": entry.state.value,
        "said": said.get(entry.state, entry.state.value),
        "glimpse": text
        if len(text) <= MAX_EXCERPT_CHARS
        else f"{text[:MAX_EXCERPT_CHARS].rsplit(' ', 1)[0]}…",
    }


def serialize_subscriber(subscriber: Subscriber) -> dict[str, Any]:
    """Return a reader to choose."""
    return {"id": int(subscriber.id), "email": subscriber.email, "name": subscriber.name}
