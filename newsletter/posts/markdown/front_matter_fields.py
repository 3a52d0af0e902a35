"""What front matter means: the conventions of Hugo, Jekyll, Eleventy and Pelican."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from newsletter.posts.clean.tree import extract_all_text
from newsletter.posts.source_entries import normalise_names
from newsletter.posts.text import to_one_line, truncate

_DATE_KEYS = (
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
_EXCERPT_KEYS = (
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
_PICTURE_KEYS = (
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
_PICTURE_URL_KEYS = (
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
_ALT_KEYS = ("alt", "image_alt", "alt_text", "imagealt", "image_description", "description")
_CATEGORY_KEYS = ("categories", "category", "tags", "tag", "topics", "keywords")
_MAX_VALUES = 50


def read_title(fields: Mapping[str, Any]) -> str:
    """Return the title on one line, "" where there is none."""
    value = fields.get("title", fields.get("rubrik"))
    return (
        truncate(to_one_line(str(value)[:10_000]))
        if isinstance(value, str | int | float | date) and not isinstance(value, bool)
        else ""
    )


def read_dates(fields: Mapping[str, Any]) -> list[object]:
    """Return what may be the date, the best first. Jekyll's `published: false` is none."""
    return [
        fields[name] for name in _DATE_KEYS if isinstance(fields.get(name), str | date | datetime)
    ]


def read_excerpt(fields: Mapping[str, Any]) -> str:
    """Return the summary that its author wrote: plain text or Markdown, "" where there is none."""
    return next(
        (
            fields[name]
            for name in _EXCERPT_KEYS
            if isinstance(fields.get(name), str) and fields[name].strip()
        ),
        "",
    )


def is_draft(fields: Mapping[str, Any]) -> bool:
    """Return True if a post isn't meant to be seen: draft (Hugo, Eleventy), published.

    False (Jekyll), status: draft (Pelican).
    """
    if _to_word(fields.get("draft")) in ("true", "yes", "1", "ja"):
        return True
    if _to_word(fields.get("published")) in ("false", "no", "nej"):
        return True
    return _to_word(fields.get("status")) in ("draft", "hidden", "utkast", "private", "pending")


def read_picture(fields: Mapping[str, Any]) -> tuple[str, str | None] | None:
    """Return the featured picture's address and alternative text (None: not given)."""
    for name in _PICTURE_KEYS:
        value = fields.get(name)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, str) and value.strip():
            return value.strip(), _find_alt_text(
                fields,
                (f"{name}_alt", f"{name}alt", *_ALT_KEYS[:4], "alt_image", f"{name}_description"),
            )
        if isinstance(value, dict):
            inner = {str(key).lower().replace("-", "_"): part for key, part in value.items()}
            address = next(
                (
                    inner[key]
                    for key in _PICTURE_URL_KEYS
                    if isinstance(inner.get(key), str) and inner[key].strip()
                ),
                None,
            )
            if address:
                return address.strip(), _find_alt_text(inner, _ALT_KEYS)
    return None


def read_categories(fields: Mapping[str, Any], *, split_blanks: bool = False) -> tuple[str, ...]:
    """Return categories and tags together, each once.

    `by_blanks`: Jekyll's way, where a text without commas is split at its blanks.
    """
    values = [fields.get(name) for name in _CATEGORY_KEYS]
    if split_blanks:
        values = [
            value.split() if isinstance(value, str) and "," not in value else value
            for value in values
        ]
    return normalise_names(part for value in values for part in _to_list(value))


def read_authors(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Return who wrote it."""
    people = [
        person for name in ("authors", "author", "by") for person in _to_list(fields.get(name))
    ]
    return normalise_names(
        person.get("name", "") if isinstance(person, dict) else person for person in people
    )


def read_language(fields: Mapping[str, Any]) -> object:
    """Return the language as it is written."""
    return next((fields[name] for name in ("lang", "language", "locale") if fields.get(name)), None)


def read_url(fields: Mapping[str, Any]) -> str | None:
    """Return where the post is read, as front matter says.

    Patterns of site generators (":title", "{{ … }}") are none.
    """
    for name in ("url", "permalink", "canonical_url", "canonical", "link", "external_url"):
        value = fields.get(name)
        if isinstance(value, str) and value.strip() and "{" not in value and "/:" not in value:
            return value.strip()
    return None


def _to_word(value: object) -> str:
    # Never the text of a list: YAML's references can make one of a few bytes that fills the memory.
    return str(value).strip().lower() if isinstance(value, str | bool | int) else ""


def _find_alt_text(fields: Mapping[str, Any], names: Iterable[str]) -> str | None:
    return next((fields[name] for name in names if isinstance(fields.get(name), str)), None)


def _to_list(value: object) -> list[Any]:
    """Return a list; text is split at commas, "[a, b]" and all."""
    if isinstance(value, list | tuple):
        return list(value)[:_MAX_VALUES]
    if isinstance(value, str):
        return [part.strip(" []'\"") for part in extract_all_text(value).split(",")][:_MAX_VALUES]
    return [] if value is None or isinstance(value, bool) else [value]
