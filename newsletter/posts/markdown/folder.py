"""A folder of Markdown as posts.

    files (in the folder, and nowhere else) | front_matter.split | meta | body_html | Post

**Nothing outside the folder is read: links that lead out are passed over, and said.**
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

from newsletter.domain.post import Post, Source
from newsletter.errors import SourceError
from newsletter.i18n import Phrase
from newsletter.posts.clean import sanitise_url
from newsletter.posts.clean.tree import parse_html
from newsletter.posts.dates import DateParser
from newsletter.posts.fetch.encoding import decode
from newsletter.posts.identity import compute_post_id
from newsletter.posts.markdown import front_matter_fields
from newsletter.posts.markdown.front_matter import BadFrontMatterError, split_front_matter
from newsletter.posts.markdown.markdown_html import get_text_before_more, render_body
from newsletter.posts.pictures import add_alt_text, find_first_picture, to_picture
from newsletter.posts.source_entries import normalise_language_tag
from newsletter.posts.text import to_html_paragraphs, to_one_line, truncate

_MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")
#: Files that lie beside posts and are none.
_EXCLUDED_STEMS = frozenset(
    {"readme", "license", "licence", "changelog", "contributing", "code_of_conduct", "todo", "404"}
)
_EXCLUDED_FOLDERS = frozenset(
    {
        "node_modules",
        "_site",
        "_drafts",
        "drafts",
        "_includes",
        "_layouts",
        "_data",
        "venv",
        "public",
    }
)
#: Bytes of one file; no article is longer.
_MAX_FILE_BYTES = 2_000_000
_MAX_FILES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkdownFolder:
    """What a folder holds, and what is to be said of it."""

    posts: tuple[Post, ...]
    notes: tuple[Phrase, ...] = ()


def read_folder(source: Source, folder: Path, *, zone: tzinfo = UTC) -> MarkdownFolder:
    """Return the posts of a Markdown source. `folder`: what its address is relative to.

    `zone`: where its dates were written.

    A file that can't be read is a note, the others go on. Raises SourceError where there is no
    folder, or no post in it.
    """
    root = _resolve_root(source, folder)
    if not root.is_dir():
        raise SourceError(
            "There is no folder {folder}. Check sources.url in newsletter.toml.", folder=root
        )
    found: list[Post] = []
    notes: list[Phrase] = []
    drafts = 0
    for file in _iter_files(root):
        try:
            post = _read_post(file, root, source, DateParser(zone))
        except _UnreadableFileError as error:
            notes.append(error.phrase)
        else:
            drafts += post is None
            found += [post] if post else []
    if not found and not notes and not drafts:
        raise SourceError(
            "There are no posts in {folder}: no file that ends in .md. Check sources.url in"
            " newsletter.toml.",
            folder=root,
        )
    return MarkdownFolder(posts=tuple(sorted(found, key=_get_sort_key)), notes=tuple(notes))


def find_picture_file(url: str, source: Source, folder: Path) -> Path | None:
    """Return the file of a picture of a Markdown source, or None outside the source's folder.

    `https://blogg.example.org/bilder/x.jpg` lies at FOLDER/bilder/x.jpg, or as Hugo has it at
    FOLDER/static/bilder/x.jpg.
    """
    parts, home = urlsplit(url), urlsplit(source.link or "")
    if not source.link or parts.netloc != home.netloc:
        return None
    root = _resolve_root(source, folder)
    path = unquote(parts.path).lstrip("/")
    for place in (path, f"static/{path}", f"assets/{path}", path.rpartition("/")[2]):
        file = _resolve_inside(root / place, root) if place and "\0" not in place else None
        if file is not None:
            return file
    return None


class _UnreadableFileError(Exception):
    def __init__(self, phrase: Phrase) -> None:
        super().__init__(str(phrase))
        self.phrase = phrase


def _read_post(file: Path, root: Path, source: Source, date_parser: DateParser) -> Post | None:
    """Return the post in a file, or None where it is a draft or a page without words."""
    name = file.relative_to(root).as_posix()
    if _resolve_inside(file, root) is None:
        raise _UnreadableFileError(
            Phrase("{file} leads out of its folder and was not read.", file=name)
        )
    try:
        if file.stat().st_size > _MAX_FILE_BYTES:
            raise _UnreadableFileError(
                Phrase(
                    "{file} is larger than {limit} MB and was not read.",
                    file=name,
                    limit=_MAX_FILE_BYTES // 1_000_000,
                )
            )
        found, text = split_front_matter(decode(file.read_bytes()))
    except BadFrontMatterError as error:
        wrong = Phrase(
            "{file} was not read: its front matter is wrong ({why}). Correct it, then try again.",
            file=name,
            why=str(error),
        )
        raise _UnreadableFileError(wrong) from error
    except OSError as error:
        raise _UnreadableFileError(
            Phrase(
                "{file} can't be opened ({why}). Check who may read it.",
                file=name,
                why=error.strerror,
            )
        ) from error
    if front_matter_fields.is_draft(found):
        return None
    return _build_post(found, text, file, name, source, date_parser)


def _build_post(
    fields: Any, text: str, file: Path, name: str, source: Source, date_parser: DateParser
) -> Post | None:
    slug, named_date = _parse_file_name(file)
    published = date_parser.parse_first([*front_matter_fields.read_dates(fields), named_date])
    body = render_body(text)
    title = front_matter_fields.read_title(fields) or _find_first_heading(body)
    url = _build_url(fields, source, slug, _find_url_day(fields, published, named_date))
    more = get_text_before_more(text)
    shown = front_matter_fields.read_picture(fields)
    base = url or _get_site_url(source)
    featured = to_picture(shown[0], shown[1], base) if shown else None
    if not title and not text.strip():
        return None
    return Post(
        id=compute_post_id(source.url, None if url else name, url, title),
        source=source.url,
        guid=None if url else name,
        url=url,
        title=title,
        published=published,
        excerpt=(
            to_html_paragraphs(front_matter_fields.read_excerpt(fields))
            if front_matter_fields.read_excerpt(fields)
            else (render_body(more) if more else "")
        ),
        body=body,
        picture=add_alt_text(featured, body, base) if featured else find_first_picture(body, base),
        categories=front_matter_fields.read_categories(fields, split_blanks="_posts" in file.parts),
        authors=front_matter_fields.read_authors(fields),
        language=normalise_language_tag(front_matter_fields.read_language(fields)),
    )


def _build_url(fields: Any, source: Source, slug: str, day: date | None) -> str | None:
    own = front_matter_fields.read_url(fields)
    if own:
        absolute = sanitise_url(own, _get_site_url(source))
        if absolute:
            return absolute
    link = source.link or ""
    if not link or (day is None and any(part in link for part in ("{year}", "{month}", "{day}"))):
        return None
    given = fields.get("slug")
    words = {
        "slug": quote(
            to_one_line(str(given))
            if isinstance(given, str | int) and str(given).strip()
            else slug,
            safe="",
        )
    }
    if day:
        words |= {"year": f"{day.year:04}", "month": f"{day.month:02}", "day": f"{day.day:02}"}
    for word, value in words.items():
        link = link.replace(f"{{{word}}}", value)
    return sanitise_url(link)


def _parse_file_name(file: Path) -> tuple[str, str]:
    """Return slug and date of a file: 2026-11-24-slug.md.

    A page bundle (slug/index.md) is named by its folder.
    """
    stem = file.parent.name if file.stem.lower() in ("index", "_index") else file.stem
    head, rest = stem[:10], stem[10:].lstrip("-_ ")
    try:
        date.fromisoformat(head)
    except ValueError:
        return "-".join(stem.split()), ""
    return "-".join(rest.split()) or head, head


def _find_url_day(fields: Any, published: datetime | None, file_date: str) -> date | None:
    """Return the day in the address: as it is written, not as it is in UTC."""
    for value in front_matter_fields.read_dates(fields):
        if isinstance(value, date):
            return value
        if isinstance(value, str):
            try:
                return date.fromisoformat(value.strip()[:10])
            except ValueError:
                continue
    return date.fromisoformat(file_date) if file_date else (published.date() if published else None)


def _find_first_heading(body: str) -> str:
    root = parse_html(body)
    heading = None if root is None else next(root.iter("h1"), None)
    return "" if heading is None else truncate(to_one_line("".join(heading.itertext())))


def _get_site_url(source: Source) -> str | None:
    """Return the site that posts are read on.

    What relative addresses are relative to where a post has none of its own.
    """
    parts = urlsplit(source.link or "")
    return (
        urljoin(f"{parts.scheme}://{parts.netloc}", "/")
        if parts.netloc and "{" not in parts.netloc
        else None
    )


def _resolve_root(source: Source, folder: Path) -> Path:
    return folder / Path(source.url.removeprefix("file://")).expanduser()


def _iter_files(root: Path) -> Iterator[Path]:
    """Yield the Markdown files of a folder and its folders, in the order of their names.

    Hidden ones aren't posts.
    """
    count = 0
    for place, folders, files in os.walk(root, followlinks=False):
        folders[:] = sorted(
            name
            for name in folders
            if name.lower() not in _EXCLUDED_FOLDERS and not name.startswith(".")
        )
        for name in sorted(files):
            path = PurePosixPath(name.lower())
            if (
                path.suffix in _MARKDOWN_SUFFIXES
                and not name.startswith((".", "_"))
                and path.stem not in _EXCLUDED_STEMS
            ):
                count += 1
                if count > _MAX_FILES:
                    return
                yield Path(place) / name


def _resolve_inside(file: Path, root: Path) -> Path | None:
    """Return the real file where it is one, in the folder, and no link that leads out of it."""
    try:
        real = file.resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        return None
    return real if real.is_file() and real.is_relative_to(root.resolve()) else None


def _get_sort_key(post: Post) -> tuple[bool, float, str]:
    return (
        post.published is None,
        -post.published.timestamp() if post.published else 0.0,
        post.title,
    )
