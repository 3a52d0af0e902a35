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
from newsletter.posts import meta
from newsletter.posts.clean import safe_url
from newsletter.posts.clean.tree import parse
from newsletter.posts.dates import Dates
from newsletter.posts.encoding import decode
from newsletter.posts.entries import language_of
from newsletter.posts.front_matter import BadFrontMatterError, split
from newsletter.posts.identity import post_id
from newsletter.posts.markdown_text import before_more, body_html
from newsletter.posts.pictures import described, first_picture, picture
from newsletter.posts.text import as_html, cut, one_line

_ENDINGS = (".md", ".markdown", ".mdown", ".mkd")
#: Files that lie beside posts and are none.
_NO_POSTS = frozenset(
    {"readme", "license", "licence", "changelog", "contributing", "code_of_conduct", "todo", "404"}
)
_NO_FOLDERS = frozenset(
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
_LARGEST = 2_000_000
_MOST_FILES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """What a folder holds, and what is to be said of it."""

    posts: tuple[Post, ...]
    notes: tuple[Phrase, ...] = ()


def read_folder(source: Source, folder: Path, *, zone: tzinfo = UTC) -> Folder:
    """Return the posts of a Markdown source. `folder`: what its address is relative to.

    `zone`: where its dates were written.

    A file that can't be read is a note, the others go on. Raises SourceError where there is no
    folder, or no post in it.
    """
    root = _root(source, folder)
    if not root.is_dir():
        raise SourceError(
            "There is no folder {folder}. Check sources.url in newsletter.toml.", folder=root
        )
    found: list[Post] = []
    notes: list[Phrase] = []
    drafts = 0
    for file in _files(root):
        try:
            post = _read(file, root, source, Dates(zone))
        except _Unreadable as error:
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
    return Folder(posts=tuple(sorted(found, key=_newest_first)), notes=tuple(notes))


def local_picture(url: str, source: Source, folder: Path) -> Path | None:
    """Return the file of a picture that a Markdown source's posts show, or None where it isn't in the source's folder.

    `https://blogg.example.org/bilder/x.jpg` lies at FOLDER/bilder/x.jpg, or as Hugo has it at
    FOLDER/static/bilder/x.jpg.
    """
    parts, home = urlsplit(url), urlsplit(source.link or "")
    if not source.link or parts.netloc != home.netloc:
        return None
    root = _root(source, folder)
    path = unquote(parts.path).lstrip("/")
    for place in (path, f"static/{path}", f"assets/{path}", path.rpartition("/")[2]):
        file = _inside(root / place, root) if place and "\0" not in place else None
        if file is not None:
            return file
    return None


class _Unreadable(Exception):
    def __init__(self, phrase: Phrase) -> None:
        super().__init__(str(phrase))
        self.phrase = phrase


def _read(file: Path, root: Path, source: Source, dates: Dates) -> Post | None:
    """Return the post in a file, or None where it is a draft or a page without words."""
    name = file.relative_to(root).as_posix()
    if _inside(file, root) is None:
        raise _Unreadable(Phrase("{file} leads out of its folder and was not read.", file=name))
    try:
        if file.stat().st_size > _LARGEST:
            raise _Unreadable(
                Phrase(
                    "{file} is larger than {limit} MB and was not read.",
                    file=name,
                    limit=_LARGEST // 1_000_000,
                )
            )
        found, text = split(decode(file.read_bytes()))
    except BadFrontMatterError as error:
        wrong = Phrase(
            "{file} was not read: its front matter is wrong ({why}). Correct it, then try again.",
            file=name,
            why=str(error),
        )
        raise _Unreadable(wrong) from error
    except OSError as error:
        raise _Unreadable(
            Phrase(
                "{file} can't be opened ({why}). Check who may read it.",
                file=name,
                why=error.strerror,
            )
        ) from error
    if meta.is_draft(found):
        return None
    return _post(found, text, file, name, source, dates)


def _post(
    found: Any, text: str, file: Path, name: str, source: Source, dates: Dates
) -> Post | None:
    slug, named_date = _from_name(file)
    published = dates.read([*meta.dates(found), named_date])
    body = body_html(text)
    title = meta.title(found) or _first_heading(body)
    url = _address(found, source, slug, _day(found, published, named_date))
    more = before_more(text)
    shown = meta.picture(found)
    base = url or _origin(source)
    featured = picture(shown[0], shown[1], base) if shown else None
    if not title and not text.strip():
        return None
    return Post(
        id=post_id(source.url, None if url else name, url, title),
        source=source.url,
        guid=None if url else name,
        url=url,
        title=title,
        published=published,
        excerpt=(
            as_html(meta.excerpt(found))
            if meta.excerpt(found)
            else (body_html(more) if more else "")
        ),
        body=body,
        picture=described(featured, body, base) if featured else first_picture(body, base),
        categories=meta.categories(found, by_blanks="_posts" in file.parts),
        authors=meta.authors(found),
        language=language_of(meta.language(found)),
    )


def _address(found: Any, source: Source, slug: str, day: date | None) -> str | None:
    own = meta.address(found)
    if own:
        absolute = safe_url(own, _origin(source))
        if absolute:
            return absolute
    link = source.link or ""
    if not link or (day is None and any(part in link for part in ("{year}", "{month}", "{day}"))):
        return None
    given = found.get("slug")
    words = {
        "slug": quote(
            one_line(str(given)) if isinstance(given, str | int) and str(given).strip() else slug,
            safe="",
        )
    }
    if day:
        words |= {"year": f"{day.year:04}", "month": f"{day.month:02}", "day": f"{day.day:02}"}
    for word, value in words.items():
        link = link.replace(f"{{{word}}}", value)
    return safe_url(link)


def _from_name(file: Path) -> tuple[str, str]:
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


def _day(found: Any, published: datetime | None, named: str) -> date | None:
    """Return the day in the address: as it is written, not as it is in UTC."""
    for value in meta.dates(found):
        if isinstance(value, date):
            return value
        if isinstance(value, str):
            try:
                return date.fromisoformat(value.strip()[:10])
            except ValueError:
                continue
    return date.fromisoformat(named) if named else (published.date() if published else None)


def _first_heading(body: str) -> str:
    root = parse(body)
    heading = None if root is None else next(root.iter("h1"), None)
    return "" if heading is None else cut(one_line("".join(heading.itertext())))


def _origin(source: Source) -> str | None:
    """Return the site that posts are read on.

    What relative addresses are relative to where a post has none of its own.
    """
    parts = urlsplit(source.link or "")
    return (
        urljoin(f"{parts.scheme}://{parts.netloc}", "/")
        if parts.netloc and "{" not in parts.netloc
        else None
    )


def _root(source: Source, folder: Path) -> Path:
    return folder / Path(source.url.removeprefix("file://")).expanduser()


def _files(root: Path) -> Iterator[Path]:
    """Yield the Markdown files of a folder and its folders, in the order of their names.

    Hidden ones aren't posts.
    """
    count = 0
    for place, folders, files in os.walk(root, followlinks=False):
        folders[:] = sorted(
            name for name in folders if name.lower() not in _NO_FOLDERS and not name.startswith(".")
        )
        for name in sorted(files):
            path = PurePosixPath(name.lower())
            if (
                path.suffix in _ENDINGS
                and not name.startswith((".", "_"))
                and path.stem not in _NO_POSTS
            ):
                count += 1
                if count > _MOST_FILES:
                    return
                yield Path(place) / name


def _inside(file: Path, root: Path) -> Path | None:
    """Return the real file where it is one, in the folder, and no link that leads out of it."""
    try:
        real = file.resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        return None
    return real if real.is_file() and real.is_relative_to(root.resolve()) else None


def _newest_first(post: Post) -> tuple[bool, float, str]:
    return (
        post.published is None,
        -post.published.timestamp() if post.published else 0.0,
        post.title,
    )
