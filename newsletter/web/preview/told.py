"""Say to the page what there is of an issue to change, in the interface's language."""

from collections.abc import Sequence
from typing import Any

from newsletter.compose.choices import Origin
from newsletter.compose.difference import Difference, Words, words
from newsletter.compose.editing import value
from newsletter.compose.parts import KINDS, Owner
from newsletter.compose.revising import Conflict
from newsletter.domain.issue import Issue, Layout, Teaser
from newsletter.domain.post import LedgerEntry, PostState
from newsletter.domain.subscriber import Subscriber
from newsletter.domain.words import count_words
from newsletter.i18n import catalogue
from newsletter.posts.clean import plain
from newsletter.web.preview.asked import shown
from newsletter.web.preview.bench import State
from newsletter.web.preview.desk import Editor
from newsletter.web.preview.letter import picture_key

#: Characters of a post's text that a list shows.
GLIMPSE = 160


def state(found: State, editor: Editor, language: str) -> dict[str, Any]:
    """Return all that can be changed of an issue, with what the page needs to do it."""
    issue = found.issue
    return {
        "version": found.version,
        "locked": found.locked.say(language) if found.locked else None,
        "undo": found.undo.say(language) if found.undo else None,
        "redo": found.redo.say(language) if found.redo else None,
        "language": issue.language,
        "layouts": list(Layout),
        "bounds": list(editor.bounds),
        "parts": {
            part.value: value(issue, part)
            for part, kind in KINDS.items()
            if kind.owner is Owner.issue
        },
        "sections": [
            {
                "title": section.title,
                "text": section.text,
                "layout": section.layout or "",
                "teasers": [_teaser(one, issue, editor, language) for one in section.teasers],
            }
            for section in issue.sections
        ],
    }


def _teaser(teaser: Teaser, issue: Issue, editor: Editor, language: str) -> dict[str, Any]:
    found = editor.summaries(teaser, issue.language)
    picture = teaser.picture
    return {
        "title": teaser.title,
        "url": teaser.url,
        "date": teaser.date.isoformat() if teaser.date else None,
        "summary": teaser.summary,
        "words": count_words(teaser.summary),
        "picture": (
            {
                "key": picture_key(picture.url),
                "alt": picture.alt,
                "decorative": picture.alt == "",
            }
            if picture
            else None
        ),
        "post": teaser.post,
        "origin": found.origin.value,
        "why": _why(found.origin, language),
        "shorter": count_words(found.shorter) or None,
        "longer": count_words(found.longer) or None,
        "ours": (
            bool(found.ours)
            and found.origin in (Origin.person, Origin.chosen, Origin.former, Origin.none)
        ),
    }


def _why(origin: Origin, language: str) -> str:
    _ = catalogue(language).gettext
    return {
        Origin.excerpt: _("the source's own summary"),
        Origin.lead: _("the text's own lead"),
        Origin.description: _("the description of the page"),
        Origin.model: _("written by a language model: compare it with the post"),
        Origin.sentences: _("the best sentences of the text"),
        Origin.chosen: _("sentences of the text that you chose"),
        Origin.person: _("your words"),
        Origin.former: _("written by compose; the post has changed since"),
        Origin.none: _("no summary"),
    }[origin]


def conflict(found: Conflict) -> dict[str, Any]:
    """Return what both have written, and what to ask for to have it one's own way."""
    return {
        "mine": found.mine,
        "theirs": found.theirs,
        "again": shown(found.again) if found.again else None,
        "words": (
            _words(words(found.theirs, found.mine))
            if found.mine is not None and found.theirs is not None
            else []
        ),
    }


def difference(found: Difference) -> dict[str, Any]:
    """Return what is different from the issue before."""
    return {
        "before": found.before,
        "parts": {
            name: _words(getattr(found, name))
            for name in ("subject", "preheader", "title", "intro")
        },
        "teasers": [
            {"change": one.change.value, "title": _words(one.title), "summary": _words(one.summary)}
            for one in found.teasers
        ],
    }


def _words(found: Sequence[Words]) -> list[list[str]]:
    return [[one.change.value, one.text] for one in found]


def post(entry: LedgerEntry, language: str) -> dict[str, Any]:
    """Return a post that can be added."""
    _ = catalogue(language).gettext
    said = {
        PostState.new: _("new"),
        PostState.held: _("held back"),
        PostState.skipped: _("skipped"),
        PostState.picked: _("taken out of this issue"),
    }
    text = plain(entry.post.excerpt or entry.post.body[: GLIMPSE * 40])
    return {
        "id": entry.post.id,
        "title": entry.post.title or entry.post.url or entry.post.id,
        "date": entry.dated.date().isoformat(),
        "state": entry.state.value,
        "said": said.get(entry.state, entry.state.value),
        "glimpse": text if len(text) <= GLIMPSE else f"{text[:GLIMPSE].rsplit(' ', 1)[0]}…",
    }


def reader(subscriber: Subscriber) -> dict[str, Any]:
    """Return a reader to choose."""
    return {"id": int(subscriber.id), "email": subscriber.email, "name": subscriber.name}
