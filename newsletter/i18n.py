"""Say the same sentence in several languages.

English is the source; `locale/LANGUAGE.po` holds another language, and is all that a new one needs.
"""

import gettext
import io
import os
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

LOCALE_FOLDER = Path(__file__).parent / "locale"
#: Longest value from outside that a sentence repeats, in characters.
MAX_VALUE_CHARS = 300


@cache
def load_catalogue(language: str) -> gettext.NullTranslations:
    """Return the texts of a language ("sv", "sv-FI").

    A language without a catalogue speaks English.
    """
    file = LOCALE_FOLDER / f"{language.replace('_', '-').split('-')[0].lower()}.po"
    if not language or not file.is_file():
        return gettext.NullTranslations()
    # Babel takes 80 ms to import: only who doesn't read English pays.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def pick_available_language(*preferred: str) -> str:
    """Return the first of some languages that there are texts in; English where there is none."""
    return next((language for language in preferred if _is_available(language)), "en")


def _is_available(language: str) -> bool:
    short = language.split("-", maxsplit=1)[0].lower()
    return short == "en" or (
        short.isascii() and short.isalpha() and (LOCALE_FOLDER / f"{short}.po").is_file()
    )


def detect_interface_language(environ: Mapping[str, str] = os.environ) -> str:
    """Return the language of the terminal (POSIX: LANGUAGE, LC_ALL, LC_MESSAGES, LANG)."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        chosen = environ.get(name, "").split(":")[0].split(".")[0]
        if chosen:
            return "en" if chosen in ("C", "POSIX") else chosen.replace("_", "-")
    return "en"


def _(text: str) -> str:
    """Return the text in the language of this terminal's user."""
    return load_catalogue(detect_interface_language()).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the singular or the plural in the language of this terminal's user."""
    return load_catalogue(detect_interface_language()).ngettext(one, many, count)


def to_printable(value: object) -> str:
    """Make a value from outside safe to show on a terminal.

    One line, no control characters, not endless.
    """
    text = str(value)
    if not text.isprintable():
        text = "".join(
            " " if character.isspace() else character
            for character in text
            if character.isspace()
            or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
        )
    return text if len(text) <= MAX_VALUE_CHARS else text[: MAX_VALUE_CHARS - 1] + "…"


def _to_display_value(value: object, language: str) -> object:
    if isinstance(value, int | float):  # so that {share:.0%} works
        return value
    if isinstance(value, Phrase):
        return value.translate(language)
    if isinstance(value, tuple):
        return "\n".join(str(_to_display_value(part, language)) for part in value)
    return to_printable(value)


def _to_json_value(value: object) -> Any:
    if isinstance(value, Phrase):
        return value.to_dict()
    if isinstance(value, tuple):
        return [_to_json_value(part) for part in value]
    return value if isinstance(value, int | float) else to_printable(value)


def _from_json_value(value: Any) -> object:
    if isinstance(value, dict):
        return Phrase.from_dict(value)
    return tuple(_from_json_value(part) for part in value) if isinstance(value, list) else value


class Phrase:
    """A sentence with values, still to be said in some language.

    `Phrase("{count} links are dead.", count=3)`.
    """

    __slots__ = ("text", "values")

    def __init__(self, text: str, /, **values: object) -> None:
        self.text = text
        self.values = values

    def translate(self, language: str) -> str:
        """Return the sentence in a language, its values made printable."""
        shown = {name: _to_display_value(value, language) for name, value in self.values.items()}
        return load_catalogue(language).gettext(self.text).format(**shown)

    def to_dict(self) -> dict[str, Any]:
        """Return the sentence as JSON can hold it, to be said later in any language.

        `of` makes a Phrase of it again.
        """
        return {
            "text": self.text,
            "values": {name: _to_json_value(value) for name, value in self.values.items()},
        }

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> "Phrase":
        """Return the sentence that `plain` wrote."""
        return cls(
            mapping["text"],
            **{name: _from_json_value(value) for name, value in mapping["values"].items()},
        )

    def __str__(self) -> str:
        return self.translate("en")

    def __repr__(self) -> str:
        return f"Phrase({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Phrase) and (self.text, self.values) == (other.text, other.values)

    def __hash__(self) -> int:
        return hash(self.text)
