"""Compose into an issue that staff have edited: what a person touched stays as it is.

**Invariant:** every word, order, heading and deletion of a person is in the merged issue.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from newsletter.compose.issue_file.write import compute_fingerprint
from newsletter.domain.issue import Issue, Section, Teaser
from newsletter.domain.post import PostId
from newsletter.i18n import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedIssue:
    """An issue with new posts in it, and what was done, in a few sentences."""

    issue: Issue
    notes: tuple[Phrase, ...]


def merge_issue(
    edited_issue: Issue,
    composed_issue: Issue,
    known_posts: frozenset[PostId],
    changed_posts: Collection[PostId] = (),
) -> MergedIssue:
    """Put the new posts of the composed issue into the edited one.

    Each comes to the end of its section; summaries that nobody touched are refreshed.

    `known_posts`: those that compose had put into this issue before; one that is gone from the file
    was deleted, and stays so. `changed_posts`: those whose source says something else than when
    they were picked; where that changes no summary, it is told.
    """
    fresh = {teaser.post: teaser for teaser in composed_issue.teasers if teaser.post}
    there = {teaser.post for teaser in edited_issue.teasers if teaser.post}
    touched = sum(
        bool(teaser.fingerprint) and compute_fingerprint(teaser.summary) != teaser.fingerprint
        for teaser in edited_issue.teasers
    )
    renewed = [
        teaser for teaser in edited_issue.teasers if _refresh_teaser(teaser, fresh) != teaser
    ]
    other = [
        teaser
        for teaser in edited_issue.teasers
        if teaser.post in changed_posts and teaser not in renewed
    ]
    sections = [
        replace(
            section, teasers=tuple(_refresh_teaser(teaser, fresh) for teaser in section.teasers)
        )
        for section in edited_issue.sections
    ]
    added: list[Teaser] = []
    for section in composed_issue.sections:
        new = tuple(
            teaser
            for teaser in section.teasers
            if teaser.post not in there and teaser.post not in known_posts
        )
        if new:
            _add_teasers(sections, section, new)
            added.extend(new)
    deleted = sum(post not in there for post in fresh if post in known_posts)
    notes = _build_notes(added, renewed, other, touched=touched, deleted=deleted)
    return MergedIssue(issue=replace(edited_issue, sections=tuple(sections)), notes=notes)


def _refresh_teaser(teaser: Teaser, fresh: Mapping[PostId, Teaser]) -> Teaser:
    """Take a new summary where the post has one and nobody has touched the old."""
    new = fresh.get(teaser.post) if teaser.post else None
    if new is None or not new.summary or teaser.fingerprint is None:
        return teaser
    if (
        compute_fingerprint(teaser.summary) != teaser.fingerprint
        or new.fingerprint == teaser.fingerprint
    ):
        return teaser
    return replace(teaser, summary=new.summary, fingerprint=new.fingerprint)


def _add_teasers(sections: list[Section], composed: Section, new: Sequence[Teaser]) -> None:
    place = _find_section(sections, composed)
    if place is None:
        sections.append(replace(composed, teasers=tuple(new)))
    else:
        sections[place] = replace(sections[place], teasers=(*sections[place].teasers, *new))


def _find_section(sections: Sequence[Section], composed: Section) -> int | None:
    """Find the section by its heading; where staff renamed it, by the posts that it holds."""
    for number, section in enumerate(sections):
        if section.title.casefold() == composed.title.casefold():
            return number
    posts = {teaser.post for teaser in composed.teasers if teaser.post}
    shares = [sum(teaser.post in posts for teaser in section.teasers) for section in sections]
    return shares.index(max(shares)) if any(shares) else None


def _build_notes(
    added: Sequence[Teaser],
    renewed: Sequence[Teaser],
    other: Sequence[Teaser],
    *,
    touched: int,
    deleted: int,
) -> tuple[Phrase, ...]:
    notes = [Phrase("Added: {title}", title=teaser.title) for teaser in added] or [
        Phrase("No new posts were added.")
    ]
    notes.extend(
        Phrase("The post has changed, so its summary was written anew: {title}", title=teaser.title)
        for teaser in renewed
    )
    notes.extend(
        Phrase(
            "The post has changed since it was picked. Look whether its teaser still fits: {title}",
            title=teaser.title,
        )
        for teaser in other
    )
    if touched:
        notes.append(
            Phrase(
                "Summaries that you had changed, and that were left as they are: {count}",
                count=touched,
            )
        )
    if deleted:
        notes.append(
            Phrase("Posts that you had deleted, and that stay out: {count}", count=deleted)
        )
    return tuple(notes)
