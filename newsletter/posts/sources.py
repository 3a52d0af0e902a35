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
from newsletter.posts.feeds.feed import read_feed
from newsletter.posts.feeds.loose_json import parse_loose_json
from newsletter.posts.feeds.wxr import MAX_EXPORT_BYTES as EXPORT_LIMIT
from newsletter.posts.feeds.wxr import is_wxr, read_wxr
from newsletter.posts.fetch.encoding import decode
from newsletter.posts.fetch.fetch import MAX_BODY_BYTES, FetchResponse, Validators
from newsletter.posts.fetch.sniff import DocumentType, sniff_document_type
from newsletter.posts.markdown.folder import read_folder
from newsletter.posts.pages.page import read_page, wait_between_requests
from newsletter.posts.result import FetchUrl, SourceResult
from newsletter.posts.wordpress import (
    get_front_page_url,
    is_api_url,
    is_wordpress_response,
    read_wordpress,
    read_wordpress_file,
)

__all__ = ["FetchUrl", "SourceResult", "detect_source_kind", "read_source"]

#: As much of a document is looked at to see what it is, in bytes.
_HEAD_BYTES = 200_000
Pause = Callable[[], None]


def read_source(
    source: Source,
    fetch: FetchUrl,
    *,
    folder: Path,
    validators: Validators | None = None,
    zone: tzinfo = UTC,
    pause: Pause = wait_between_requests,
) -> SourceResult:
    """Return the posts of a source.

    Those of all categories, so that a filter that changes later misses none.

    `fetch`: `Fetcher.fetch`. `folder`: what a path is relative to. `validators`: of the last
    reading. `zone`: where dates that name none were written. `pause`: is called between two
    requests to one site. Raises SourceError (FetchError where it can't be fetched) in one sentence.
    """
    if _is_web_url(source.url):
        return _read_web(source, fetch, validators, zone, pause)
    return _read_disk(source, fetch, folder, zone, pause)


def detect_source_kind(content: bytes, content_type: str = "") -> str:
    """Say what a document is as a source.

    "feed", "wordpress" (an answer of its API), "wxr" (its export) or "page".
    """
    text = decode(content[:_HEAD_BYTES], content_type)
    sort = sniff_document_type(text)
    if sort is DocumentType.json:
        return (
            "wordpress"
            if is_wordpress_response(parse_loose_json(decode(content, content_type)))
            else "feed"
        )
    if is_wxr(text):
        return "wxr"
    is_page = sort is DocumentType.html or (
        sort is DocumentType.unknown and "html" in content_type.lower()
    )
    return "page" if is_page else "feed"


def _read_web(
    source: Source, fetch: FetchUrl, validators: Validators | None, zone: tzinfo, pause: Pause
) -> SourceResult:
    if source.kind == "markdown":
        raise SourceError(
            "{source} is an address of the web, and posts in Markdown lie in a folder. Name the"
            " folder.",
            source=source.url,
        )
    if source.kind == "wordpress" or (source.kind is None and is_api_url(source.url)):
        return _read_wordpress_site(source.url, fetch, zone)
    got = fetch(source.url, validators=validators)
    notes: tuple[Phrase, ...] = ()
    if got.permanent_url:
        notes = (
            Phrase(
                "{source} has moved for good. Write {url} in newsletter.toml instead.",
                source=source.url,
                url=got.permanent_url,
            ),
        )
    if got.unchanged:
        return SourceResult(unchanged=True, validators=got.validators, notes=notes)
    reading = _read_response(source, got, fetch, zone, pause)
    return replace(reading, notes=(*notes, *reading.notes))


def _read_response(
    source: Source, response: FetchResponse, fetch: FetchUrl, zone: tzinfo, pause: Pause
) -> SourceResult:
    """Read what is there by its kind. `got.url` is "" for a file."""
    kind = source.kind or detect_source_kind(response.content, response.content_type)
    if kind == "wxr" or (
        source.kind == "wordpress" and detect_source_kind(response.content) == "wxr"
    ):
        return read_wxr(response.content, source=source.url, zone=zone)
    if kind == "wordpress":
        return read_wordpress_file(response.content, source=source.url, zone=zone)
    if kind == "page" and source.kind is None and response.url:
        return read_site(response, fetch, source=source.url, zone=zone, pause=pause)
    if kind == "page":
        return read_page(response, fetch, source=source.url, zone=zone, pause=pause)
    feed = read_feed(
        response.content,
        source=source.url,
        base=response.url,
        content_type=response.content_type,
        zone=zone,
    )
    validators = response.validators if response.url else None
    return SourceResult(
        posts=feed.posts,
        title=feed.title,
        language=feed.language,
        validators=validators,
        notes=feed.notes,
    )


def _read_wordpress_site(url: str, fetch: FetchUrl, zone: tzinfo) -> SourceResult:
    """Read a WordPress site by its API; one that lies above the page that is named too."""
    try:
        return read_wordpress(url, fetch, source=url, zone=zone)
    except FetchError as error:
        if (
            is_api_url(url)
            or get_front_page_url(url) == url
            or error.phrase.values.get("code") != 404
        ):
            raise
    return read_wordpress(get_front_page_url(url), fetch, source=url, zone=zone)


def _read_disk(
    source: Source, fetch: FetchUrl, folder: Path, zone: tzinfo, pause: Pause
) -> SourceResult:
    path = _resolve_path(source.url, folder)
    if source.kind == "markdown" or (source.kind is None and path.is_dir()):
        found = read_folder(source, folder, zone=zone)
        return SourceResult(posts=found.posts, notes=found.notes)
    if not path.exists():
        raise SourceError(
            "There is no file or folder {path}, and it is no web address. Check sources.url in"
            " newsletter.toml.",
            path=path,
        )
    got = FetchResponse(
        url="",
        status=200,
        content=_read_file(source.url, folder),
        content_type="",
        validators=Validators(),
    )
    return _read_response(source, got, fetch, zone, pause)


def _read_file(url: str, folder: Path) -> bytes:
    path = _resolve_path(url, folder)
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            most = (
                MAX_BODY_BYTES
                if size <= MAX_BODY_BYTES or not is_wxr(decode(file.read(_HEAD_BYTES)))
                else EXPORT_LIMIT
            )
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


def _resolve_path(url: str, folder: Path) -> Path:
    return folder / Path(url.removeprefix("file://")).expanduser()


def _is_web_url(url: str) -> bool:
    return "://" in url and not url.startswith("file://")
