"""Look for what is missing or broken in an issue before anybody gets it.

Every code, its level and its cure: docs/reference/checks.md.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from newsletter.domain.finding import Finding, Level
from newsletter.domain.issue import Issue, RenderedIssue
from newsletter.domain.post import PostId
from newsletter.i18n import Phrase
from newsletter.render.checks import caniemail, content, letter, links, message, pictures, spam
from newsletter.render.checks.links import Probed
from newsletter.render.checks.pictures import Seen
from newsletter.render.checks.spam import Verdict
from newsletter.render.layout import NEAR

__all__ = ["Facts", "Finding", "Level", "check", "open_errors"]

_ORDER = {Level.error: 0, Level.warning: 1, Level.note: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the checks can't know by themselves."""

    #: The From address.
    sender: str
    public_url: str
    #: Posts that were sent before, and the issue they were in.
    announced: Mapping[PostId, str] = field(default_factory=dict)
    #: In the newsletter's time zone; None: nothing is said of dates that are past.
    today: datetime.date | None = None
    #: What readers get of the pictures, as far as anybody has looked, and those that give none:
    #: why, and whether anything came.
    pictures: Mapping[str, Seen] = field(default_factory=dict)
    broken_pictures: Mapping[str, tuple[Phrase, bool]] = field(default_factory=dict)
    #: None: the links weren't asked.
    probed: Probed | None = None
    #: None: no spam filter is installed here, or it wasn't asked.
    spam: Verdict | None = None


def check(
    issue: Issue, rendered: RenderedIssue, message_bytes: bytes, facts: Facts
) -> list[Finding]:
    """Return what was found, errors first, in reading order.

    `message_bytes` is one reader's message in wire form.

    Nothing is fetched, nothing is read from disk.
    """
    taken = message.take_apart(message_bytes)
    found = [
        *content.look(issue, facts.announced, facts.today),
        *letter.look(taken.html, taken.text),
        *_shortened(rendered),
        *caniemail.look(taken.html),
        *message.look(taken, rendered.slots, message_bytes),
        *pictures.look(facts.pictures, facts.broken_pictures),
        *_settings(facts),
        *(links.look(facts.probed) if facts.probed else ()),
        *(spam.look(facts.spam) if facts.spam else ()),
    ]
    return sorted(found, key=lambda finding: _ORDER[finding.level])


def open_errors(found: Sequence[Finding], accepted: frozenset[str] = frozenset()) -> list[Finding]:
    """Return the errors that stop a send: those that nobody has accepted by their code."""
    return [
        finding
        for finding in found
        if finding.level is Level.error and finding.code not in accepted
    ]


def _shortened(rendered: RenderedIssue) -> list[Finding]:
    if not rendered.shortened:
        return []
    text = Phrase(
        "With all cards the letter has more than {near} bytes, and Gmail hides the end of those: the last {count} are shown as a list.",
        near=NEAR, count=rendered.shortened,
    )  # fmt: skip
    return [Finding(code="size-planned", level=Level.note, message=text)]


def _settings(facts: Facts) -> list[Finding]:
    if message.aligned(facts.sender, facts.public_url):
        return []
    text = Phrase(
        "Letters come from {sender}, but their links lead to {public_url}. "
        "Readers and spam filters trust one domain: use the same in both settings.",
        sender=facts.sender, public_url=facts.public_url,
    )  # fmt: skip
    return [
        Finding(code="from-not-aligned", level=Level.warning, message=text, where="newsletter.from")
    ]
