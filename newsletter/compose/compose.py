"""Compose an issue.

    every source | read | ledger (with its validators) | pick | read pages, ask the model | summarise | write, or merge | ledger

**Invariant:** a post is in the ledger before its source's validators are believed, and in the file
before it counts as picked: a crash anywhere loses no post and announces none twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from newsletter.compose import files
from newsletter.compose.aids import Aids, Found, helped
from newsletter.compose.draft import Frame, Written, write_issue, write_teaser
from newsletter.compose.issue_file import fingerprint, merge, parse, write
from newsletter.compose.keeping import kept
from newsletter.compose.pick import Picked, Rules, is_named, is_post, pick
from newsletter.compose.reading import Read, read_all, record
from newsletter.compose.related import related
from newsletter.domain.issue import Issue, IssueState, Reason, Teaser
from newsletter.domain.post import LedgerEntry, Post, PostId, Source
from newsletter.errors import IssueFileError, NothingNew, SourceError
from newsletter.i18n import Phrase
from newsletter.posts.sources import Reading
from newsletter.store import issues, ledger
from newsletter.store.database import Database

#: Posts that are related to the one that is named, with their likeness; None: none is named.
Near = Mapping[PostId, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be composed, and of what."""

    #: Where the issue files lie.
    folder: Path
    sources: tuple[Source, ...]
    #: The newsletter's own.
    title: str
    language: str
    zone: ZoneInfo
    section: str
    #: How long a summary should be.
    words: tuple[int, int] = (35, 50)
    most: int = 10
    least: int = 1
    #: The issue's; None: today's date.
    name: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    pins: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    #: Only posts about the same things as the one with this address.
    related_to: str | None = None
    #: How many posts of one category; None: as many as there are.
    per_category: int | None = None
    #: The first post is drawn larger than the others.
    lead: bool = False
    #: Say what would be written, and leave file and ledger as they are.
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A teaser of the issue, with where its words come from."""

    teaser: Teaser
    reason: Reason
    #: Why the post is in; None: a person put it there.
    why: Phrase | None
    #: The summary as plain text on one line; as Markdown where a person has changed it.
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """What was composed."""

    issue: Issue
    path: Path
    posts: tuple[Shown, ...]
    left_out: tuple[tuple[LedgerEntry, Phrase], ...]
    notes: tuple[Phrase, ...]
    #: The file was written; not where nothing was to be changed in it, or the run was dry.
    written: bool


class NothingToCompose(NothingNew):
    """There is nothing to compose an issue of; why each post was left out is in `left_out`."""

    def __init__(
        self,
        text: str,
        /,
        *,
        left_out: tuple[tuple[LedgerEntry, Phrase], ...],
        notes: tuple[Phrase, ...],
        **values: object,
    ) -> None:
        super().__init__(text, **values)
        self.left_out = left_out
        self.notes = notes


def compose(
    request: Request,
    database: Database,
    read: Read,
    now: datetime,
    *,
    aids: Aids = Aids(),  # noqa: B008
) -> Composed:  # frozen
    """Compose an issue, or new posts into one that is there.

    `read` fetches one source, `aids` help where its text is too short.

    A source that fails is a note, and the others go on. Raises SourceError where all fail or a
    pinned post is unknown, NothingToCompose where there is nothing new (nothing is written then),
    IssueFileError where the file can't be read or written, or has been sent.
    """
    date = now.astimezone(request.zone).date()
    name = request.name or date.isoformat()
    path = files.issue_path(request.folder, name)
    _edited(path, name)  # what can't be read is said before anything is fetched
    readings, notes = read_all(request.sources, database, read, now, keep=not request.dry_run)
    if not request.dry_run:
        with database.begin() as connection:
            record(connection, request.sources, readings, now)
            readings = []
    target = _target(database, request, readings, aids) if request.related_to else None
    # Outside of every transaction: pages and models take their time, and nobody else could write
    # meanwhile.
    with database.begin() as connection:
        record(connection, request.sources, readings, now)
        near = (
            related(
                target, [entry.post for entry in ledger.list_entries(connection)], request.language
            )
            if target
            else None
        )
        chosen = _prepare(connection, request, path, now, near).picked.chosen
        connection.rollback()
    found = helped(chosen, _frame(request, name, {}, now), aids)
    with database.begin() as connection:
        record(connection, request.sources, readings, now)
        for post, page in found.pages.items():
            ledger.fill_from_page(
                connection,
                post,
                body=page.content,
                description=page.description,
                picture=page.picture,
            )
        composed = _compose(
            connection, request, path, now, near, replace(found, notes=(*notes, *found.notes))
        )
        if request.dry_run:
            connection.rollback()
    return composed


def _target(
    database: Database, request: Request, readings: Sequence[tuple[Source, Reading]], aids: Aids
) -> Post:
    """Return the post that others shall be related to: one of the ledger, or any page.

    Raises SourceError.
    """
    address = request.related_to or ""
    with database.read() as connection:
        known = [entry.post for entry in ledger.list_entries(connection)]
    read = [post for _source, reading in readings for post in reading.posts]
    target = next((post for post in (*known, *read) if is_post(post, address)), None) or aids.named(
        address
    )
    if target is None:
        raise SourceError(
            "No source has a post with the address {url}. See which there are with: newsletter"
            " posts",
            url=address,
        )
    return target


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    """What an issue will be made of."""

    #: The file as it is; None: there is none.
    before: str | None
    edited: Issue | None
    picked: Picked
    #: Posts that compose had put into it before.
    known: frozenset[PostId]
    #: Every issue's file.
    texts: dict[str, str]


def _prepare(
    connection: sa.Connection, request: Request, path: Path, now: datetime, near: Near
) -> _Prepared:
    """Make the ledger agree with the files, and pick."""
    name = path.stem
    _refuse_sent(connection, name)
    texts = files.texts(request.folder)
    settle(connection, texts, name)
    before = files.read_text(path)
    edited = (
        _without(parse(before, name=name), request.excludes, connection)
        if before is not None
        else None
    )
    picked, known = _pick(connection, request, edited, name, now, near)
    return _Prepared(before=before, edited=edited, picked=picked, known=known, texts=texts)


def _compose(
    connection: sa.Connection, request: Request, path: Path, now: datetime, near: Near, found: Found
) -> Composed:
    name = path.stem
    ready = _prepare(connection, request, path, now, near)
    picked, edited = ready.picked, ready.edited
    notes = found.notes + _unmet(picked, request)
    frame = _frame(request, name, ready.texts, now)
    written = [
        write_teaser(entry, frame, model=found.models.get(entry.post.id))
        for entry in _told_apart(connection, picked.chosen)
    ]
    if edited is None:
        if len(written) < max(1, request.least):
            raise _nothing(picked, len(written), request, notes)
        issue = write_issue(written, frame)
    else:
        changed_posts = {entry.post.id for entry in picked.chosen if entry.changed}
        merged = merge(edited, write_issue(written, frame), ready.known, changed_posts)
        issue, notes = merged.issue, notes + merged.notes
        if not issue.teasers:
            raise _nothing(picked, 0, request, notes)
    changed = edited is None or issue != parse(ready.before or "", name=name)
    if changed and not request.dry_run:
        # Her lines stay as she typed them.
        files.save(
            path,
            write(issue) if ready.before is None else kept(ready.before, issue),
            expected=ready.before,
        )
    ledger.mark_picked(connection, name, [teaser.post for teaser in issue.teasers if teaser.post])
    return Composed(
        issue=issue,
        path=path,
        posts=_shown(issue, written, picked),
        left_out=picked.left_out,
        notes=notes,
        written=changed and not request.dry_run,
    )


def _told_apart(connection: sa.Connection, chosen: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    """Take away descriptions that several posts share: they are the site's, not the post's."""
    counts = ledger.count_descriptions(connection)
    return [
        (
            replace(entry, post=replace(entry.post, description=""))
            if counts.get(entry.post.description, 0) > 1
            else entry
        )
        for entry in chosen
    ]


def _edited(path: Path, name: str) -> Issue | None:
    text = files.read_text(path)
    return parse(text, name=name) if text is not None else None


def _refuse_sent(connection: sa.Connection, name: str) -> None:
    sent = issues.find_issue(connection, name)
    if sent is not None and sent.state in (IssueState.sending, IssueState.paused, IssueState.sent):
        raise IssueFileError(
            "{name} has been sent already. Give the new issue another name: newsletter compose"
            " NAME",
            name=name,
        )


def settle(connection: sa.Connection, texts: dict[str, str], name: str = "") -> None:
    """Make the ledger agree with the drafts.

    A draft whose file is gone gives its posts back, a crash's posts are claimed.

    `texts`: every issue's file. `name`: the issue that a post belongs to where two files name it.
    """
    for draft in ledger.list_drafts(connection):
        if draft not in texts:
            ledger.release_picked(connection, draft)
    for issue in sorted(texts, key=lambda one: one != name):
        ledger.mark_new_as_picked(connection, issue, files.posts_in(texts[issue]))


def _without(issue: Issue, excludes: tuple[str, ...], connection: sa.Connection) -> Issue:
    """Take teasers out that a person excludes by name, and give their posts back."""
    gone = {
        entry.post.id
        for entry in (ledger.list_entries(connection) if excludes else ())
        if any(is_named(entry, address) for address in excludes)
    }
    if not gone:
        return issue
    ledger.release_picked(connection, issue.name, gone)
    return replace(
        issue,
        sections=tuple(
            replace(
                section,
                teasers=tuple(teaser for teaser in section.teasers if teaser.post not in gone),
            )
            for section in issue.sections
        ),
    )


def _pick(
    connection: sa.Connection,
    request: Request,
    edited: Issue | None,
    name: str,
    now: datetime,
    near: Near,
) -> tuple[Picked, frozenset[PostId]]:
    """Pick, and say which posts the issue had been given before."""
    entries = ledger.list_entries(connection)
    _refuse_unknown(entries, request.pins)
    known = (
        frozenset(entry.post.id for entry in entries if entry.issue == name)
        if edited
        else frozenset()
    )
    there = {teaser.post for teaser in edited.teasers} if edited else set()
    pinned = {
        entry.post.id for entry in entries if any(is_named(entry, pin) for pin in request.pins)
    }
    rules = Rules(
        now=now,
        zone=request.zone,
        sources={source.url: source for source in request.sources},
        most=request.most,
        issue=name,
        since=request.since,
        until=request.until,
        pins=request.pins,
        excludes=request.excludes,
        deleted=known - there,
        per_category=request.per_category,
        related=near,
        related_to=request.related_to,
    )
    return pick(entries, rules), known - pinned


def _refuse_unknown(entries: Iterable[LedgerEntry], pins: tuple[str, ...]) -> None:
    for pin in pins:
        if not any(is_named(entry, pin) for entry in entries):
            raise SourceError(
                "No source has a post with the address {url}. See which there are with: newsletter"
                " posts",
                url=pin,
            )


def _unmet(picked: Picked, request: Request) -> tuple[Phrase, ...]:
    """Tell of pins that couldn't be followed."""
    return tuple(
        Phrase("--pin {url} was not followed. {reason}", url=pin, reason=reason)
        for pin in request.pins
        for entry, reason in picked.left_out
        if is_named(entry, pin)
    )


def _frame(request: Request, name: str, texts: dict[str, str], now: datetime) -> Frame:
    today = now.astimezone(request.zone).date()
    try:
        date = today.fromisoformat(name)
    except ValueError:
        date = today
    return Frame(
        name=name,
        title=request.title,
        language=request.language,
        zone=request.zone,
        section=request.section,
        words=request.words,
        date=date,
        number=files.next_number(texts),
        sections={source.url: source.section or request.section for source in request.sources},
        lead=request.lead,
    )


def _nothing(
    picked: Picked, count: int, request: Request, notes: tuple[Phrase, ...]
) -> NothingToCompose:
    if count:
        waiting = Phrase(
            "It would be in, but waits: an issue has at least {least} posts.", least=request.least
        )
        return NothingToCompose(
            "Too few new posts for an issue: {count}, and compose.min_posts asks for {least}. Nothing was written.",
            left_out=(*((entry, waiting) for entry in picked.chosen), *picked.left_out), notes=notes, count=count, least=request.least,
        )  # fmt: skip
    return NothingToCompose(
        "There is nothing new to announce, so no issue was written. See why each post is left out with: newsletter compose --explain",
        left_out=picked.left_out, notes=notes,
    )  # fmt: skip


def _shown(issue: Issue, written: Sequence[Written], picked: Picked) -> tuple[Shown, ...]:
    ours = {one.teaser.fingerprint: one.summary for one in written}
    shown = []
    for teaser in issue.teasers:
        summary = ours.get(teaser.fingerprint)
        why = picked.why.get(teaser.post) if teaser.post else None
        if summary is not None and fingerprint(teaser.summary) == teaser.fingerprint:
            shown.append(Shown(teaser=teaser, reason=summary.reason, why=why, text=summary.text))
        else:
            shown.append(
                Shown(
                    teaser=teaser,
                    reason=Reason.editor,
                    why=why,
                    text=" ".join(teaser.summary.split()),
                )
            )
    return tuple(shown)
