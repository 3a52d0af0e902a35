"""Read the posts of a source, whatever its kind.

Source | of the web: what is there? feed, WordPress, export, page, site   | Reading
| on this disk: folder of Markdown, feed, export, answer of the API, page
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, tzinfo
from pathlib import Path

from newsletter.domain.post import Source
from newsletter.errors import FetchError, SourceError
from newsletter.i18n import Phrase
from newsletter.posts.discover import read_site
from newsletter.posts.encoding import decode
from newsletter.posts.feed import read_feed
from newsletter.posts.fetch import LIMIT, Fetched, Validators
from newsletter.posts.loose_json import loads
from newsletter.posts.markdown import read_folder
from newsletter.posts.page import gentle_pace, read_page
from newsletter.posts.reading import Fetch, Reading
from newsletter.posts.sniff import Sort, sort_of
from newsletter.posts.wordpress import (
    is_wordpress,
    names_api,
    read_wordpress,
    read_wordpress_file,
    site_of,
)
from newsletter.posts.wxr import LIMIT as EXPORT_LIMIT
from newsletter.posts.wxr import is_wxr, read_wxr

__all__ = ["Fetch", "Reading", "kind_of", "read_source"]

#: As much of a document is looked at to see what it is, in bytes.
_HEAD = 200_000
Pause = Callable[[], None]


def read_source(
    source: Source,
    fetch: Fetch,
    *,
    folder: Path,
    validators: Validators | None = None,
    zone: tzinfo = UTC,
    pause: Pause = gentle_pace,
) -> Reading:
    """Return the posts of a source.

    Those of all categories, so that a filter that changes later misses none.

    `fetch`: `Fetcher.fetch`. `folder`: what a path is relative to. `validators`: of the last
    reading. `zone`: where dates that name none were written. `pause`: is called between two
    requests to one site. Raises SourceError (FetchError where it can't be fetched) in one sentence.
    """
    if _is_web(source.url):
        return _from_web(source, fetch, validators, zone, pause)
    return _from_disk(source, fetch, folder, zone, pause)


def kind_of(content: bytes, content_type: str = "") -> str:
    """Say what a document is as a source.

    "feed", "wordpress" (an answer of its API), "wxr" (its export) or "page".
    """
    text = decode(content[:_HEAD], content_type)
    sort = sort_of(text)
    if sort is Sort.json:
        return "wordpress" if is_wordpress(loads(decode(content, content_type))) else "feed"
    if is_wxr(text):
        return "wxr"
    is_page = sort is Sort.html or (sort is Sort.unknown and "html" in content_type.lower())
    return "page" if is_page else "feed"


def _from_web(
    source: Source, fetch: Fetch, validators: Validators | None, zone: tzinfo, pause: Pause
) -> Reading:
    if source.kind == "markdown":
        raise SourceError(
            "{source} is an address of the web, and posts in Markdown lie in a folder. Name the"
            " folder.",
            source=source.url,
        )
    if source.kind == "wordpress" or (source.kind is None and names_api(source.url)):
        return _wordpress(source.url, fetch, zone)
    got = fetch(source.url, validators=validators)
    notes: tuple[Phrase, ...] = ()
    if got.moved:
        notes = (
            Phrase(
                "{source} has moved for good. Write {url} in newsletter.toml instead.",
                source=source.url,
                url=got.moved,
            ),
        )
    if got.unchanged:
        return Reading(unchanged=True, validators=got.validators, notes=notes)
    reading = _read(source, got, fetch, zone, pause)
    return replace(reading, notes=(*notes, *reading.notes))


def _read(source: Source, got: Fetched, fetch: Fetch, zone: tzinfo, pause: Pause) -> Reading:
    """Read what is there by its kind. `got.url` is "" for a file."""
    kind = source.kind or kind_of(got.content, got.content_type)
    if kind == "wxr" or (source.kind == "wordpress" and kind_of(got.content) == "wxr"):
        return read_wxr(got.content, source=source.url, zone=zone)
    if kind == "wordpress":
        return read_wordpress_file(got.content, source=source.url, zone=zone)
    if kind == "page" and source.kind is None and got.url:
        return read_site(got, fetch, source=source.url, zone=zone, pause=pause)
    if kind == "page":
        return read_page(got, fetch, source=source.url, zone=zone, pause=pause)
    feed = read_feed(
        got.content, source=source.url, base=got.url, content_type=got.content_type, zone=zone
    )
    validators = got.validators if got.url else None
    return Reading(
        posts=feed.posts,
        title=feed.title,
        language=feed.language,
        validators=validators,
        notes=feed.notes,
    )


def _wordpress(url: str, fetch: Fetch, zone: tzinfo) -> Reading:
    """Read a WordPress site by its API; one that lies above the page that is named too."""
    try:
        return read_wordpress(url, fetch, source=url, zone=zone)
    except FetchError as error:
        if names_api(url) or site_of(url) == url or error.phrase.values.get("code") != 404:
            raise
    return read_wordpress(site_of(url), fetch, source=url, zone=zone)


def _from_disk(source: Source, fetch: Fetch, folder: Path, zone: tzinfo, pause: Pause) -> Reading:
    path = _path(source.url, folder)
    if source.kind == "markdown" or (source.kind is None and path.is_dir()):
        found = read_folder(source, folder, zone=zone)
        return Reading(posts=found.posts, notes=found.notes)
    if not path.exists():
        raise SourceError(
            "There is no file or folder {path}, and it is no web address. Check sources.url in"
            " newsletter.toml.",
            path=path,
        )
    got = Fetched(
        url="",
        status=200,
        content=_file(source.url, folder),
        content_type="",
        validators=Validators(),
    )
    return _read(source, got, fetch, zone, pause)


def _file(url: str, folder: Path) -> bytes:
    path = _path(url, folder)
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            most = LIMIT if size <= LIMIT or not is_wxr(decode(file.read(_HEAD))) else EXPORT_LIMIT
            if size > most:
                raise SourceError(
                    "{path} is larger than {limit} MB. Name a feed with fewer posts.",
                    path=path,
                    limit=most // 1_000_000,
                )
            file.seek(0)
            return file.read(most + 1)
    except OSError as error:
        raise SourceError(
            "{path} can't be opened ({why}). Check sources.url in newsletter.toml.",
            path=path,
            why=error.strerror,
        ) from error


def _path(url: str, folder: Path) -> Path:
    return folder / Path(url.removeprefix("file://")).expanduser()


def _is_web(url: str) -> bool:
    return "://" in url and not url.startswith("file://")
