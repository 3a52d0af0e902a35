"""Read what is known of each language from its file, `data/LANGUAGE.toml`.

The only module of this room that touches the disk. A file is read when it is first needed, and
once: importing a module of this room reads none. A further language is one file with every table
and key of the others (a test insists), and one catalogue in `newsletter/locale`.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_DATA_FOLDER = Path(__file__).parent / "data"
_FALLBACK_LANGUAGE = "en"
#: Norwegian has two written forms; the file of Bokmål serves for Nynorsk and the macrolanguage.
_ALIASES = {"nn": "nb", "no": "nb"}


@cache
def list_languages() -> tuple[str, ...]:
    """Return the languages that have a file, in alphabetical order."""
    return tuple(sorted(file.stem for file in _DATA_FOLDER.glob("*.toml")))


@cache
def find_language(tag: str) -> str | None:
    """Return the language whose file serves for a tag (BCP 47), or None: "nb" for "nn-NO"."""
    base = tag.replace("_", "-").split("-")[0].lower()
    base = _ALIASES.get(base, base)
    return base if base in list_languages() else None


def to_supported_language(tag: str) -> str:
    """Return the language whose file serves for a tag; English for an unknown one."""
    return find_language(tag) or _FALLBACK_LANGUAGE


@cache
def read_table(language: str, name: str) -> Mapping[str, Any]:
    """Return one table ("stems") of the file of one of `list_languages()`."""
    table: Mapping[str, Any] = _read_file(language)[name]
    return table


def read_tables(name: str) -> tuple[Mapping[str, Any], ...]:
    """Return one table ("site_phrases") of every language."""
    return tuple(read_table(language, name) for language in list_languages())


@cache
def _read_file(language: str) -> Mapping[str, Any]:
    return tomllib.loads((_DATA_FOLDER / f"{language}.toml").read_text("utf-8"))
