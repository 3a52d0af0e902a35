"""Read the posts of a source, whatever its kind.

Source | kind_of | feed (fetched, or a file) or markdown (a folder) | Reading
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path

from newsletter.domain.post import Post, Source
from newsletter.errors import SourceError
from newsletter.i18n import Phrase
from newsletter.posts.feed import Feed, read_feed
from newsletter.posts.fetch import LIMIT, Fetched, Validators
from newsletter.posts.markdown import read_folder

#: `Fetcher.fetch`.
Fetch = Callable[..., Fetched]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a source holds now."""

    #: In the source's own order; two may have the same id where the source gives one post twice.
    posts: tuple[Post, ...] = ()
    #: The source's own name; "" where it has none.
    title: str = ""
    language: str | None = None
    #: The server says that nothing has changed; `posts` is empty.
    unchanged: bool = False
    #: For asking whether it has changed, next time.
    validators: Validators | None = None
    #: What staff should know: a feed that moved, a file that can't be read.
    notes: tuple[Phrase, ...] = ()


def read_source(source: Source, fetch: Fetch, *, folder: Path, validators: Validators | None = None, zone: tzinfo = UTC) -> Reading:
    """Return the posts of a source; those of all categories, so that a filter that changes later misses none.

    `fetch`: `Fetcher.fetch`. `folder`: what a path is relative to. `validators`: of the last reading. `zone`: where dates that
    name none were written. Raises SourceError (FetchError where it can't be fetched) in one sentence.
    """
    kind = source.kind or kind_of(source.url, folder)
    if kind == "markdown":
        found = read_folder(source, folder, zone=zone)
        return Reading(posts=found.posts, notes=found.notes)
    if kind != "feed":
        raise SourceError("Sources of the kind “{kind}” can't be read. Write feed or markdown, or leave sources.kind out.", kind=kind)
    if not _is_web(source.url):
        feed = read_feed(_file(source.url, folder), source=source.url, base="", zone=zone)
        return Reading(posts=feed.posts, title=feed.title, language=feed.language, notes=feed.notes)
    return _from_web(source, fetch, validators, zone)


def kind_of(url: str, folder: Path) -> str:
    """Find out what kind a source is: a folder is Markdown, an address of the web or a file is a feed. Raises SourceError."""
    if _is_web(url):
        return "feed"
    path = _path(url, folder)
    if path.is_dir():
        return "markdown"
    if path.exists():
        return "feed"
    raise SourceError("There is no file or folder {path}, and it is no web address. Check sources.url in newsletter.toml.", path=path)


def _from_web(source: Source, fetch: Fetch, validators: Validators | None, zone: tzinfo) -> Reading:
    got = fetch(source.url, validators=validators)
    notes: tuple[Phrase, ...] = ()
    if got.moved:
        notes = (Phrase("{source} has moved for good. Write {url} in newsletter.toml instead.", source=source.url, url=got.moved),)
    if got.unchanged:
        return Reading(unchanged=True, validators=got.validators, notes=notes)
    feed: Feed = read_feed(got.content, source=source.url, base=got.url, content_type=got.content_type, zone=zone)
    return Reading(posts=feed.posts, title=feed.title, language=feed.language, validators=got.validators, notes=(*notes, *feed.notes))


def _file(url: str, folder: Path) -> bytes:
    path = _path(url, folder)
    try:
        if path.stat().st_size > LIMIT:
            raise SourceError("{path} is larger than {limit} MB. Name a feed with fewer posts.", path=path, limit=LIMIT // 1_000_000)
        return path.read_bytes()
    except OSError as error:
        raise SourceError("{path} can't be opened ({why}). Check sources.url in newsletter.toml.", path=path, why=error.strerror) from error


def _path(url: str, folder: Path) -> Path:
    return folder / Path(url.removeprefix("file://")).expanduser()


def _is_web(url: str) -> bool:
    return "://" in url and not url.startswith("file://")
