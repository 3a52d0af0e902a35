"""The lines between `---` at the head of an issue file: one `key.

Value` each, valid YAML when we write them.
"""

import datetime
import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsletter.compose.lines import one_line
from newsletter.domain.issue import LONGEST_LINE
from newsletter.errors import IssueFileError


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the head of an issue file says."""

    values: Mapping[str, str]
    #: The line of each key, counted from 1.
    lines: Mapping[str, int]
    #: How many lines of the file it takes.
    taken: int


KEYS = ("subject", "preheader", "number", "date", "language")
_LINE = re.compile(r"(?P<key>[^\s:#][^:]*?)[ \t]*:(?:[ \t]+(?P<value>.*?))?[ \t]*\Z")
#: What YAML reads as text without quotes, and as nothing else.
_PLAIN = re.compile(r"[^\W\d_](?:[^:#\"\\]|:(?=\S)|(?<=\S)#)*\Z")
_TYPED = frozenset(["true", "false", "yes", "no", "on", "off", "null", "y", "n"])
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\Z")
_LINES = ">|"


def read(lines: Sequence[str], name: str) -> Head:
    """Return the keys with their values as text, and where they stand.

    Raises IssueFileError, with the line, for what can't be understood; nothing is dropped silently.
    """
    if not lines or lines[0].rstrip() != "---":
        raise IssueFileError(
            '{name}.md, line 1: an issue begins with the line "---" and its subject. Put them'
            " back.",
            name=name,
        )
    values: dict[str, str] = {}
    places: dict[str, int] = {}
    for number, line in enumerate(lines[1:], 2):
        if line.rstrip() == "---":
            _require(values, name)
            return Head(values=values, lines=places, taken=number)
        if line.strip():
            key, value = _pair(line, number, name)
            if key in values:
                raise IssueFileError(
                    "{name}.md, line {line}: {key} is there twice. Delete one.",
                    name=name,
                    line=number,
                    key=key,
                )
            values[key], places[key] = value, number
    raise IssueFileError(
        '{name}.md, line 1: the line "---" that ends the head is missing. Put it after the last'
        " setting.",
        name=name,
    )


def _require(values: Mapping[str, str], name: str) -> None:
    for key in ("subject", "language"):
        if key not in values:
            raise IssueFileError(
                '{name}.md, line 1: {key} is missing. Write "{key}: …" between the two lines "---"'
                " at the top.",
                name=name,
                key=key,
            )


def _pair(line: str, number: int, name: str) -> tuple[str, str]:
    found = _LINE.match(line)
    if not found:
        raise IssueFileError(
            '{name}.md, line {line}: write "name: value" here, or delete the line.',
            name=name,
            line=number,
        )
    key = found["key"]
    if key not in KEYS:
        near = difflib.get_close_matches(key.lower(), KEYS, n=1)
        if near:
            raise IssueFileError(
                "{name}.md, line {line}: {key} is unknown. Did you mean {near}?",
                name=name,
                line=number,
                key=key,
                near=near[0],
            )
        raise IssueFileError(
            "{name}.md, line {line}: {key} is unknown. Delete it; known are {keys}.",
            name=name, line=number, key=key, keys=", ".join(KEYS),
        )  # fmt: skip
    value = found["value"] or ""
    if value[:1] in _LINES and len(value) <= 3 and value:
        raise IssueFileError(
            "{name}.md, line {line}: write {key} on one line.", name=name, line=number, key=key
        )
    text = one_line(_unquoted(value, key, number, name))
    if len(text) > LONGEST_LINE:
        raise IssueFileError(
            "{name}.md, line {line}: {key} has {count} characters; {most} is the most. Shorten it.",
            name=name, line=number, key=key, count=len(text), most=LONGEST_LINE,
        )  # fmt: skip
    return key, text


def _unquoted(value: str, key: str, number: int, name: str) -> str:
    if value.startswith('"'):
        try:
            text = json.loads(value, strict=False)
        except ValueError:
            text = None
        if not isinstance(text, str):
            raise IssueFileError(
                "{name}.md, line {line}: {key} begins with a quotation mark and doesn't end with one. Take it away, or close it.",
                name=name, line=number, key=key,
            )  # fmt: skip
        return text
    if len(value) > 1 and value.startswith("'") and value.endswith("'"):
        return value[1:-1].replace("''", "'")
    return value


def language(head: Head, name: str) -> str:
    """Return the language tag; raises IssueFileError where it is none."""
    value = head.values["language"]
    if not _LANGUAGE.match(value):
        raise IssueFileError(
            '{name}.md, line {line}: "{value}" is no language. Write language: sv, say.',
            name=name,
            line=head.lines["language"],
            value=value,
        )
    return value


def number(head: Head, name: str) -> int | None:
    """Return the issue's number, or None; raises IssueFileError where it is none."""
    value = head.values.get("number", "")
    if not value:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise IssueFileError(
            '{name}.md, line {line}: number is "{value}". Write a whole number, as in number: 12.',
            name=name, line=head.lines["number"], value=value,
        )  # fmt: skip
    return int(value)


def date(head: Head, name: str) -> datetime.date | None:
    """Return the issue's date, or None; raises IssueFileError where it is none."""
    value = head.values.get("date", "")
    if not value:
        return None
    try:
        return datetime.date.fromisoformat(value)
    except ValueError as error:
        raise IssueFileError(
            '{name}.md, line {line}: date is "{value}". Write year, month and day, as in date: 2026-12-01.',
            name=name, line=head.lines["date"], value=value,
        ) from error  # fmt: skip


def write(values: Mapping[str, str]) -> list[str]:
    """Return the lines, with both `---`."""
    return ["---", *(f"{key}: {_quoted(key, value)}" for key, value in values.items()), "---"]


def _quoted(key: str, value: str) -> str:
    if key in ("number", "date", "language") and value:
        return value
    plain = (
        _PLAIN.match(value)
        and not value.endswith(":")
        and value.lower() not in _TYPED
        and value.isprintable()
    )
    return value if plain else json.dumps(value, ensure_ascii=False)
