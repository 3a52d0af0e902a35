"""What front matter means: the conventions of Hugo, Jekyll, Eleventy and Pelican for one thing each."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from newsletter.posts.clean.tree import text_of
from newsletter.posts.entries import one_name
from newsletter.posts.text import cut, one_line

_DATES = (
    "date",
    "published",
    "publish_date",
    "publishdate",
    "pubdate",
    "date_published",
    "published_at",
    "created",
    "created_at",
)
_EXCERPTS = (
    "excerpt",
    "summary",
    "description",
    "ingress",
    "lead",
    "teaser",
    "intro",
    "abstract",
    "preamble",
)
_PICTURES = (
    *(
        "image",
        "featured_image",
        "featuredimage",
        "cover",
        "cover_image",
        "coverimage",
        "hero",
        "hero_image",
        "heroimage",
        "thumbnail",
    ),
    *(
        "picture",
        "bild",
        "feature_image",
        "featureimage",
        "banner",
        "social_image",
        "og_image",
        "header",
        "images",
        "thumb",
    ),
)
_ADDRESSES = (
    "url",
    "src",
    "path",
    "image",
    "file",
    "filename",
    "feature",
    "teaser",
    "overlay_image",
    "relative",
)
_ALTS = ("alt", "image_alt", "alt_text", "imagealt", "image_description", "description")
_CATEGORIES = ("categories", "category", "tags", "tag", "topics", "keywords")
_MOST = 50


def title(found: Mapping[str, Any]) -> str:
    """Return the title on one line, "" where there is none."""
    value = found.get("title", found.get("rubrik"))
    return (
        cut(one_line(str(value)[:10_000]))
        if isinstance(value, str | int | float | date) and not isinstance(value, bool)
        else ""
    )


def dates(found: Mapping[str, Any]) -> list[object]:
    """Return what may be the date, the best first. Jekyll's `published: false` is none."""
    return [found[name] for name in _DATES if isinstance(found.get(name), str | date | datetime)]


def excerpt(found: Mapping[str, Any]) -> str:
    """Return the summary that its author wrote: plain text or Markdown, "" where there is none."""
    return next(
        (
            found[name]
            for name in _EXCERPTS
            if isinstance(found.get(name), str) and found[name].strip()
        ),
        "",
    )


def is_draft(found: Mapping[str, Any]) -> bool:
    """Say whether a post isn't meant to be seen: draft (Hugo, Eleventy), published.

    False (Jekyll), status: draft (Pelican).
    """
    if _word(found.get("draft")) in ("true", "yes", "1", "ja"):
        return True
    if _word(found.get("published")) in ("false", "no", "nej"):
        return True
    return _word(found.get("status")) in ("draft", "hidden", "utkast", "private", "pending")


def picture(found: Mapping[str, Any]) -> tuple[str, str | None] | None:
    """Return the featured picture's address and alternative text (None: not given)."""
    for name in _PICTURES:
        value = found.get(name)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, str) and value.strip():
            return value.strip(), _alt(
                found, (f"{name}_alt", f"{name}alt", *_ALTS[:4], "alt_image", f"{name}_description")
            )
        if isinstance(value, dict):
            inner = {str(key).lower().replace("-", "_"): part for key, part in value.items()}
            address = next(
                (
                    inner[key]
                    for key in _ADDRESSES
                    if isinstance(inner.get(key), str) and inner[key].strip()
                ),
                None,
            )
            if address:
                return address.strip(), _alt(inner, _ALTS)
    return None


def categories(found: Mapping[str, Any], *, by_blanks: bool = False) -> tuple[str, ...]:
    """Return categories and tags together, each once.

    `by_blanks`: Jekyll's way, where a text without commas is split at its blanks.
    """
    values = [found.get(name) for name in _CATEGORIES]
    if by_blanks:
        values = [
            value.split() if isinstance(value, str) and "," not in value else value
            for value in values
        ]
    return one_name(part for value in values for part in _several(value))


def authors(found: Mapping[str, Any]) -> tuple[str, ...]:
    """Return who wrote it."""
    people = [
        person for name in ("authors", "author", "by") for person in _several(found.get(name))
    ]
    return one_name(
        person.get("name", "") if isinstance(person, dict) else person for person in people
    )


def language(found: Mapping[str, Any]) -> object:
    """Return the language as it is written."""
    return next((found[name] for name in ("lang", "language", "locale") if found.get(name)), None)


def address(found: Mapping[str, Any]) -> str | None:
    """Return where the post is read, as front matter says.

    Patterns of site generators (":title", "{{ … }}") are none.
    """
    for name in ("url", "permalink", "canonical_url", "canonical", "link", "external_url"):
        value = found.get(name)
        if isinstance(value, str) and value.strip() and "{" not in value and "/:" not in value:
            return value.strip()
    return None


def _word(value: object) -> str:
    # Never the text of a list: YAML's references can make one of a few bytes that fills the memory.
    return str(value).strip().lower() if isinstance(value, str | bool | int) else ""


def _alt(found: Mapping[str, Any], names: Iterable[str]) -> str | None:
    return next((found[name] for name in names if isinstance(found.get(name), str)), None)


def _several(value: object) -> list[Any]:
    """Return a list; text is split at commas, "[a, b]" and all."""
    if isinstance(value, list | tuple):
        return list(value)[:_MOST]
    if isinstance(value, str):
        return [part.strip(" []'\"") for part in text_of(value).split(",")][:_MOST]
    return [] if value is None or isinstance(value, bool) else [value]
