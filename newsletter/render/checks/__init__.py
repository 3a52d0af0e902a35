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
from newsletter.render.checks import body, caniemail, content, links, message, pictures, spam
from newsletter.render.checks.links import LinkProbe
from newsletter.render.checks.pictures import CheckedPicture
from newsletter.render.checks.spam import SpamVerdict
from newsletter.render.layout import NEAR_CLIP_BYTES

__all__ = ["CheckContext", "Finding", "Level", "find_open_errors", "run_checks"]

_LEVEL_ORDER = {Level.error: 0, Level.warning: 1, Level.note: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContext:
    """What the checks can't know by themselves."""

    #: The From address.
    sender: str
    public_url: str
    #: Posts that were sent before, and the issue they were in.
    announced_in: Mapping[PostId, str] = field(default_factory=dict)
    #: In the newsletter's time zone; None: nothing is said of dates that are past.
    today: datetime.date | None = None
    #: What readers get of the pictures, as far as anybody has looked, and those that give none:
    #: why, and whether anything came.
    pictures: Mapping[str, CheckedPicture] = field(default_factory=dict)
    broken_pictures: Mapping[str, tuple[Phrase, bool]] = field(default_factory=dict)
    #: None: the links weren't asked.
    link_probe: LinkProbe | None = None
    #: None: no spam filter is installed here, or it wasn't asked.
    spam_verdict: SpamVerdict | None = None


def run_checks(
    issue: Issue, rendered: RenderedIssue, message_bytes: bytes, context: CheckContext
) -> list[Finding]:
    """Return what was found, errors first, in reading order.

    `message_bytes` is one reader's message in wire form.

    Nothing is fetched, nothing is read from disk.
    """
    taken = message.parse_message(message_bytes)
    found = [
        *content.check_content(issue, context.announced_in, context.today),
        *body.check_body(taken.html, taken.text),
        *_check_shortened(rendered),
        *caniemail.check_client_support(taken.html),
        *message.check_message_bytes(taken, rendered.slots, message_bytes),
        *pictures.check_pictures(context.pictures, context.broken_pictures),
        *_check_sender_domain(context),
        *(links.check_links(context.link_probe) if context.link_probe else ()),
        *(spam.check_spam(context.spam_verdict) if context.spam_verdict else ()),
    ]
    return sorted(found, key=lambda finding: _LEVEL_ORDER[finding.level])


def find_open_errors(
    findings: Sequence[Finding], accepted: frozenset[str] = frozenset()
) -> list[Finding]:
    """Return the errors that stop a send: those that nobody has accepted by their code."""
    return [
        finding
        for finding in findings
        if finding.level is Level.error and finding.code not in accepted
    ]


def _check_shortened(rendered: RenderedIssue) -> list[Finding]:
    if not rendered.shortened:
        return []
    text = Phrase(
        "With all cards the letter has more than {near} bytes, and Gmail hides the end of those:"
        " the last {count} are shown as a list.",
        near=NEAR_CLIP_BYTES, count=rendered.shortened,
    )  # fmt: skip
    return [Finding(code="size-planned", level=Level.note, message=text)]


def _check_sender_domain(context: CheckContext) -> list[Finding]:
    if message.is_aligned(context.sender, context.public_url):
        return []
    text = Phrase(
        "Letters come from {sender}, but their links lead to {public_url}. "
        "Readers and spam filters trust one domain: use the same in both settings.",
        sender=context.sender, public_url=context.public_url,
    )  # fmt: skip
    return [
        Finding(code="from-not-aligned", level=Level.warning, message=text, where="newsletter.from")
    ]
