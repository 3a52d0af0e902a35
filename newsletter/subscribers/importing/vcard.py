"""Read address cards (vCard 2.1, 3.0 and 4.0: RFC 6350) as rows of our own columns.

Of several addresses on a card the preferred one counts, or else the first: a person asked for the
letter once.
"""

import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from newsletter.subscribers.importing.columns import OWN_COLUMNS

_PROPERTY_LINE = re.compile(
    r"(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)((?:;(?:\"[^\"]*\"|[^:;\"])*)*):(.*)", re.DOTALL
)


@dataclass(slots=True)
class _Card:
    emails: list[tuple[int, str]] = field(default_factory=list)
    name: str = ""
    structured_name: str = ""
    language: str = ""
    tags: list[str] = field(default_factory=list)


def parse_rows(text: str) -> Iterator[list[str]]:
    """Return a header, and a row for each card that has an address."""
    yield list(OWN_COLUMNS)
    card: _Card | None = None
    for name, parameters, value in _parse_properties(_unfold(text.splitlines())):
        if name == "BEGIN" and value.strip().upper() == "VCARD":
            card = _Card()
        elif name == "END" and card is not None:
            if card.emails:
                yield [
                    min(card.emails)[1],
                    card.name or card.structured_name,
                    card.language,
                    ";".join(card.tags),
                    "",
                ]
            card = None
        elif card is not None:
            _apply_property(card, name, parameters, value)


def _apply_property(card: _Card, name: str, parameters: str, value: str) -> None:
    match name:
        case "EMAIL":
            card.emails.append((_rank_preference(parameters, len(card.emails)), _unescape(value)))
        case "FN":
            card.name = card.name or _unescape(value)
        case "N":
            last, first = [*_split(value, ";"), "", ""][:2]
            card.structured_name = f"{first} {last}".strip()
        case "LANG":
            card.language = card.language or _unescape(value)
        case "CATEGORIES":
            card.tags += [tag.strip() for tag in _split(value, ",") if tag.strip()]


def _rank_preference(parameters: str, position: int) -> int:
    """Return how much an address is preferred, the smallest first.

    PREF=1 (4.0), TYPE=PREF (3.0), PREF (2.1).
    """
    upper = parameters.upper()
    if found := re.search(r";PREF=(\d{1,3})", upper):
        return int(found[1])
    return 0 if re.search(r"[;=,\"]PREF\b", upper) else 1000 + position


def _parse_properties(lines: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    for line in lines:
        if found := _PROPERTY_LINE.fullmatch(line):
            name, parameters, value = found[1].upper(), found[2], found[3]
            if "QUOTED-PRINTABLE" in parameters.upper():
                value = _decode(
                    quopri.decodestring(value.encode("utf-8", "surrogateescape")), parameters
                )
            yield name, parameters, value


def _decode(raw: bytes, parameters: str) -> str:
    """Return text in the charset that a property names (2.1), or else UTF-8, or else cp1252."""
    named = re.search(r";CHARSET=\"?([\w-]+)", parameters.upper())
    for charset in (*((named[1],) if named else ()), "utf-8"):
        try:
            return raw.decode(charset)
        except (LookupError, UnicodeError):
            continue
    return raw.decode("cp1252", "replace")


def _unfold(lines: Iterable[str]) -> Iterator[str]:
    """Join folded lines.

    A line that begins with a space goes on (RFC 6350, 3.2), and so does one after "=" (2.1).
    """
    waiting = ""
    for line in lines:
        if waiting.endswith("=") and "QUOTED-PRINTABLE" in waiting.partition(":")[0].upper():
            waiting = waiting[:-1] + line
        elif waiting and line[:1] in (" ", "\t"):
            waiting += line[1:]
        else:
            if waiting:
                yield waiting
            waiting = line
    if waiting:
        yield waiting


def _split(value: str, separator: str) -> list[str]:
    return [_unescape(part) for part in re.split(rf"(?<!\\){re.escape(separator)}", value)]


def _unescape(value: str) -> str:
    return re.sub(
        r"\\([nN,;\\:])", lambda found: "\n" if found[1] in "nN" else found[1], value
    ).strip()
