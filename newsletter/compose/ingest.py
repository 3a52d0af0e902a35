"""Read every source, and write down what it gave.

source | validators (ETag) of the last time | read | state of the source
readings | match with posts that are known | ledger, with the validators
"""

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa

from newsletter.compose.picking.deduplicate import match_known
from newsletter.compose.picking.filters import is_in_categories
from newsletter.domain.post import FetchedPost, Post, Source
from newsletter.errors import SourceError
from newsletter.i18n import Phrase
from newsletter.posts.fetch.fetch import Validators
from newsletter.posts.identity import hash_content, url_key
from newsletter.posts.sources import SourceResult
from newsletter.store import http_validators, ledger, source_states
from newsletter.store.database import Database

ReadSource = Callable[[Source, Validators | None], SourceResult]


def read_all_sources(
    sources: tuple[Source, ...],
    database: Database,
    read_source: ReadSource,
    now: datetime,
    *,
    record_states: bool,
) -> tuple[list[tuple[Source, SourceResult]], tuple[Phrase, ...]]:
    """Read each source; return what was read, and notes: a source that fails is one.

    `record_states`: write down what came of each. Raises SourceError where all fail.
    """
    readings: list[tuple[Source, SourceResult]] = []
    failed: list[Phrase] = []
    notes: list[Phrase] = []
    states: dict[str, tuple[Phrase, ...]] = {}
    for source in sources:
        with database.read() as connection:
            kept = http_validators.find_validators(connection, source.url)
        try:
            reading = read_source(
                source,
                Validators(etag=kept.etag, last_modified=kept.last_modified) if kept else None,
            )
        except SourceError as error:
            failed.append(error.phrase)
            states[source.url] = (error.phrase,)
        else:
            readings.append((source, reading))
            notes.extend(reading.notes)
            states[source.url] = (_describe_reading(reading), *reading.notes)
    if record_states:
        good = {source.url for source, _reading in readings}
        with database.begin() as connection:
            for url, said in states.items():
                source_states.save(connection, url, said, now, failed=url not in good)
    if failed and not readings:
        raise SourceError("No source could be read.\n{reasons}", reasons=tuple(failed))
    return readings, (*failed, *notes)


def _describe_reading(reading: SourceResult) -> Phrase:
    if reading.unchanged:
        return Phrase("Nothing has changed since it was read before.")
    return Phrase("Posts read: {count}.", count=len(reading.posts))


def record_readings(
    connection: sa.Connection,
    sources: tuple[Source, ...],
    readings: Sequence[tuple[Source, SourceResult]],
    now: datetime,
) -> None:
    """Write posts and validators together.

    A server that says "unchanged" is believed only if its posts are here.
    """
    asked = {source.url: source.categories for source in sources}

    def is_wanted(source: str, categories: tuple[str, ...]) -> bool:
        return source in asked and is_in_categories(categories, asked[source])

    for source, reading in readings:
        if reading.unchanged:
            continue
        steps = match_known(
            ledger.list_known_posts(connection),
            [_to_fetched_post(post) for post in reading.posts],
            is_wanted,
        )
        ledger.add(connection, [step.fetched for step in steps if step.existing is None], now)
        for step in steps:
            if step.existing is not None and step.needs_update:
                ledger.update_from_source(connection, step.existing.id, step.fetched)
        if reading.validators:
            http_validators.save_validators(
                connection,
                source.url,
                reading.validators.etag,
                reading.validators.last_modified,
                now,
            )
        else:
            http_validators.delete_validators(connection, source.url)


def _to_fetched_post(post: Post) -> FetchedPost:
    return FetchedPost(
        post=post, url_key=url_key(post.url) if post.url else None, content_hash=hash_content(post)
    )
