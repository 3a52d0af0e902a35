"""Statements about the ledger of posts: every post ever seen, with its text and what became of it.

new → picked (for an issue) → sent        new ⇄ held        picked → skipped (deleted from the issue
by staff)
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from newsletter.domain.post import (
    FetchedPost,
    LedgerEntry,
    Picture,
    Post,
    PostId,
    PostIdentity,
    PostState,
)
from newsletter.errors import SourceError
from newsletter.store import audit_log
from newsletter.store.tables import posts as table

#: SQLite takes 32,766 values in a statement; so many rows fit.
_ROWS_PER_STATEMENT = 500
#: What a person may make of a post: `posts hold`, `posts release`, `posts skip`.
_EVENT_BY_STATE = {
    PostState.held: "post.held",
    PostState.new: "post.released",
    PostState.skipped: "post.skipped",
}


def list_known_posts(connection: sa.Connection) -> list[PostIdentity]:
    """Return the keys of every row."""
    names = [column for column in PostIdentity.__dataclass_fields__ if column != "categories"]
    rows = connection.execute(
        sa.select(*(table.c[name] for name in names), table.c.categories)
    ).mappings()
    return [
        PostIdentity(**{name: row[name] for name in names}, categories=tuple(row["categories"]))
        for row in rows
    ]


def add(connection: sa.Connection, seen: Iterable[FetchedPost], now: datetime) -> None:
    """Write posts that are seen for the first time."""
    rows = [
        {
            "id": one.post.id,
            **_to_columns(one),
            "published": one.post.published,
            "first_seen": now,
            "state": PostState.new.value,
            "changed": False,
        }
        for one in seen
    ]
    for start in range(0, len(rows), _ROWS_PER_STATEMENT):
        connection.execute(sa.insert(table), rows[start : start + _ROWS_PER_STATEMENT])


def update_from_source(connection: sa.Connection, post_id: PostId, seen: FetchedPost) -> None:
    """Write what the source now says of a post.

    One that is picked already is marked as changed if its words are others.
    """
    values = _to_columns(seen)
    if seen.post.published is not None:
        values["published"] = seen.post.published
    changed = sa.and_(
        table.c.state == PostState.picked.value, table.c.content_hash != seen.content_hash
    )
    connection.execute(
        sa.update(table)
        .where(table.c.id == post_id)
        .values(**values, changed=sa.or_(table.c.changed, changed))
    )


def fill_from_page(
    connection: sa.Connection,
    post_id: PostId,
    *,
    body: str,
    description: str,
    picture: Picture | None,
) -> None:
    """Write what a post's own page says, where its source gives no text.

    What its source says is still compared by its own hash.
    """
    mine = sa.and_(table.c.id == post_id, table.c.body == "")
    connection.execute(sa.update(table).where(mine).values(body=body, description=description))
    if picture is not None:
        bare = sa.and_(table.c.id == post_id, table.c.picture_url.is_(None))
        connection.execute(
            sa.update(table).where(bare).values(picture_url=picture.url, picture_alt=picture.alt)
        )


def count_descriptions(connection: sa.Connection) -> dict[str, int]:
    """Return how many posts have each description."""
    statement = (
        sa.select(table.c.description, sa.func.count())
        .where(table.c.description != "")
        .group_by(table.c.description)
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def list_entries(connection: sa.Connection) -> list[LedgerEntry]:
    """Return every post with its state, the newest first."""
    dated = sa.func.coalesce(table.c.published, table.c.first_seen)
    return [
        _to_entry(row)
        for row in connection.execute(
            sa.select(table).order_by(dated.desc(), table.c.id)
        ).mappings()
    ]


def find_entry(connection: sa.Connection, url_or_id: str) -> LedgerEntry | None:
    """Return the newest post with this address (as it is, or as `url_key`) or id, or None."""
    statement = (
        sa.select(table).where(_matches_address(url_or_id)).order_by(table.c.first_seen.desc())
    )
    row = connection.execute(statement.limit(1)).mappings().one_or_none()
    return _to_entry(row) if row is not None else None


def set_state(
    connection: sa.Connection, url_or_id: str, state: PostState, now: datetime
) -> LedgerEntry:
    """Hold, release or skip a post; return it as it was.

    It is named by its address (as it is, or as `url_key`) or id; the audit log says who did it.

    Raises SourceError where no post has that address, or where it is sent or picked already.
    """
    found = find_entry(connection, url_or_id)
    if found is None:
        raise SourceError(
            "No post with the address {url} has been seen. List them with: newsletter posts",
            url=url_or_id,
        )
    title = found.post.title or url_or_id
    if found.state is PostState.sent:
        raise SourceError(
            "“{title}” has been sent already, in {issue}.", title=title, issue=found.issue_name
        )
    if found.state is PostState.picked:
        raise SourceError(
            "“{title}” is in the draft {issue}. Delete it from that file instead.",
            title=title,
            issue=found.issue_name,
        )
    connection.execute(
        sa.update(table).where(table.c.id == found.post.id).values(state=state.value, issue=None)
    )
    audit_log.write(connection, now, _EVENT_BY_STATE[state], post=found.post.id)
    return found


def mark_picked(connection: sa.Connection, issue_name: str, post_ids: Collection[PostId]) -> None:
    """Write that posts stand in the draft of an issue. A post that was sent stays sent."""
    _set_states(
        connection, post_ids, PostState.picked, issue_name, frozenset(PostState) - {PostState.sent}
    )


def mark_sent(connection: sa.Connection, issue_name: str, post_ids: Collection[PostId]) -> None:
    """Write that an issue is being sent.

    The posts in its file are sent, those picked for it but not in the file are skipped.

    Call it in the transaction in which the sending begins.
    """
    _set_states(
        connection, post_ids, PostState.sent, issue_name, frozenset(PostState) - {PostState.sent}
    )
    left = sa.and_(table.c.state == PostState.picked.value, table.c.issue == issue_name)
    connection.execute(sa.update(table).where(left).values(state=PostState.skipped.value))


def release_picked(
    connection: sa.Connection, issue_name: str, post_ids: Collection[PostId] | None = None
) -> int:
    """Make the posts that were picked for a draft new again (`posts`.

    Only these), and return how many.
    """
    picked = sa.and_(table.c.state == PostState.picked.value, table.c.issue == issue_name)
    if post_ids is not None:
        picked = sa.and_(picked, table.c.id.in_(list(post_ids)))
    return connection.execute(
        sa.update(table).where(picked).values(state=PostState.new.value, issue=None, changed=False)
    ).rowcount


def list_drafts(connection: sa.Connection) -> dict[str, frozenset[PostId]]:
    """Return the drafts that posts are picked for, with those posts."""
    rows = connection.execute(
        sa.select(table.c.issue, table.c.id).where(table.c.state == PostState.picked.value)
    )
    found: dict[str, set[PostId]] = {}
    for issue, post in rows:
        found.setdefault(issue or "", set()).add(PostId(post))
    return {issue: frozenset(posts) for issue, posts in found.items()}


def mark_new_as_picked(
    connection: sa.Connection, issue_name: str, post_ids: Collection[PostId]
) -> None:
    """Write that new posts stand in an issue's file.

    A crash had come between the file and the ledger.
    """
    _set_states(connection, post_ids, PostState.picked, issue_name, frozenset({PostState.new}))


def _set_states(
    connection: sa.Connection,
    post_ids: Collection[PostId],
    state: PostState,
    issue_name: str,
    before: Collection[PostState],
) -> None:
    ids = list(post_ids)
    for start in range(0, len(ids), _ROWS_PER_STATEMENT):
        chosen = sa.and_(
            table.c.id.in_(ids[start : start + _ROWS_PER_STATEMENT]),
            table.c.state.in_([one.value for one in before]),
        )
        connection.execute(
            sa.update(table)
            .where(chosen)
            .values(state=state.value, issue=issue_name, changed=False)
        )


def _matches_address(url_or_id: str) -> sa.ColumnElement[bool]:
    return sa.or_(table.c.url == url_or_id, table.c.url_key == url_or_id, table.c.id == url_or_id)


def _to_columns(seen: FetchedPost) -> dict[str, Any]:
    post = seen.post
    return {
        "source": post.source,
        "guid": post.guid,
        "url": post.url,
        "url_key": seen.url_key,
        "title": post.title,
        "excerpt": post.excerpt,
        "body": post.body,
        "description": post.description,
        "picture_url": post.picture.url if post.picture else None,
        "picture_alt": post.picture.alt if post.picture else None,
        "categories": list(post.categories),
        "authors": list(post.authors),
        "language": post.language,
        "content_hash": seen.content_hash,
    }


def _to_entry(row: Mapping[Any, Any]) -> LedgerEntry:
    post = Post(
        id=PostId(row["id"]),
        source=row["source"],
        guid=row["guid"],
        url=row["url"],
        title=row["title"],
        published=row["published"],
        excerpt=row["excerpt"],
        body=row["body"],
        description=row["description"],
        picture=(
            Picture(url=row["picture_url"], alt=row["picture_alt"]) if row["picture_url"] else None
        ),
        categories=tuple(row["categories"]),
        authors=tuple(row["authors"]),
        language=row["language"],
    )
    return LedgerEntry(
        post=post,
        state=PostState(row["state"]),
        first_seen=row["first_seen"],
        issue_name=row["issue"],
        changed=bool(row["changed"]),
    )
