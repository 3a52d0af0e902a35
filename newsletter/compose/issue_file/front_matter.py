"""The front matter of an issue file: lines between `---`, one `key: value` each.

Valid YAML when we write them.
"""

import datetime
import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsletter.compose.issue_file.syntax import to_one_line
from newsletter.domain.issue import MAX_LINE_CHARS
from newsletter.errors import IssueFileError


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """What the head of an issue file says."""

    values: Mapping[str, str]
    #: The line of each key, counted from 1.
    line_numbers: Mapping[str, int]
    #: How many lines of the file it takes.
    line_count: int


ISSUE_KEYS = ("subject", "preheader", "number", "date", "language")
_LINE = re.compile(r"(?P<key>[^\s:#][^:]*?)[ \t]*:(?:[ \t]+(?P<value>.*?))?[ \t]*\Z")
#: What YAML reads as text without quotes, and as nothing else.
_PLAIN_SCALAR = re.compile(r"[^\W\d_](?:[^:#\"\\]|:(?=\S)|(?<=\S)#)*\Z")
_TYPED_SCALARS = frozenset(["true", "false", "yes", "no", "on", "off", "null", "y", "n"])
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\Z")
_BLOCK_SCALAR_MARKS = ">|"
_NUMBER = re.compile(r"^number:[ \t]*[\"']?(\d{1,9})[\"']?[ \t]*$", re.MULTILINE)
#: As much of a file is looked at for its number, in characters.
_MAX_HEAD_CHARS = 5_000


def parse(lines: Sequence[str], issue_name: str) -> FrontMatter:
    """Return the keys with their values as text, and where they stand.

    Raises IssueFileError, with the line, for what can't be understood; nothing is dropped silently.
    """
    if not lines or lines[0].rstrip() != "---":
        raise IssueFileError(
            '{name}.md, line 1: an issue begins with the line "---" and its subject. Put them'
            " back.",
            name=issue_name,
        )
    values: dict[str, str] = {}
    places: dict[str, int] = {}
    for number, line in enumerate(lines[1:], 2):
        if line.rstrip() == "---":
            _require_keys(values, issue_name)
            return FrontMatter(values=values, line_numbers=places, line_count=number)
        if line.strip():
            key, value = _parse_pair(line, number, issue_name)
            if key in values:
                raise IssueFileError(
                    "{name}.md, line {line}: {key} is there twice. Delete one.",
                    name=issue_name,
                    line=number,
                    key=key,
                )
            values[key], places[key] = value, number
    raise IssueFileError(
        '{name}.md, line 1: the line "---" that ends the head is missing. Put it after the last'
        " setting.",
        name=issue_name,
    )


def _require_keys(values: Mapping[str, str], issue_name: str) -> None:
    for key in ("subject", "language"):
        if key not in values:
            raise IssueFileError(
                '{name}.md, line 1: {key} is missing. Write "{key}: …" between the two lines "---"'
                " at the top.",
                name=issue_name,
                key=key,
            )


def _parse_pair(line: str, number: int, issue_name: str) -> tuple[str, str]:
    found = _LINE.match(line)
    if not found:
        raise IssueFileError(
            '{name}.md, line {line}: write "name: value" here, or delete the line.',
            name=issue_name,
            line=number,
        )
    key = found["key"]
    if key not in ISSUE_KEYS:
        near = difflib.get_close_matches(key.lower(), ISSUE_KEYS, n=1)
        if near:
            raise IssueFileError(
                "{name}.md, line {line}: {key} is unknown. Did you mean {near}?",
                name=issue_name,
                line=number,
                key=key,
                near=near[0],
            )
        raise IssueFileError(
            "{name}.md, line {line}: {key} is unknown. Delete it; known are {keys}.",
            name=issue_name, line=number, key=key, keys=", ".join(ISSUE_KEYS),
        )  # fmt: skip
    value = found["value"] or ""
    if value[:1] in _BLOCK_SCALAR_MARKS and len(value) <= 3 and value:
        raise IssueFileError(
            "{name}.md, line {line}: write {key} on one line.",
            name=issue_name,
            line=number,
            key=key,
        )
    text = to_one_line(_unquote(value, key, number, issue_name))
    if len(text) > MAX_LINE_CHARS:
        raise IssueFileError(
            "{name}.md, line {line}: {key} has {count} characters; {most} is the most. Shorten it.",
            name=issue_name, line=number, key=key, count=len(text), most=MAX_LINE_CHARS,
        )  # fmt: skip
    return key, text


def _unquote(value: str, key: str, number: int, issue_name: str) -> str:
    if value.startswith('"'):
        try:
            text = json.loads(value, strict=False)
        except ValueError:
            text = None
        if not isinstance(text, str):
            raise IssueFileError(
                "{name}.md, line {line}: {key} begins with a quotation mark and doesn't end with"
                " one. Take it away, or close it.",
                name=issue_name,
                line=number,
                key=key,
            )
        return text
    if len(value) > 1 and value.startswith("'") and value.endswith("'"):
        return value[1:-1].replace("''", "'")
    return value


def parse_language(front_matter: FrontMatter, issue_name: str) -> str:
    """Return the language tag; raises IssueFileError where it is none."""
    value = front_matter.values["language"]
    if not _LANGUAGE.match(value):
        raise IssueFileError(
            '{name}.md, line {line}: "{value}" is no language. Write language: sv, say.',
            name=issue_name,
            line=front_matter.line_numbers["language"],
            value=value,
        )
    return value


def parse_number(front_matter: FrontMatter, issue_name: str) -> int | None:
    """Return the issue's number, or None; raises IssueFileError where it is none."""
    value = front_matter.values.get("number", "")
    if not value:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise IssueFileError(
            '{name}.md, line {line}: number is "{value}". Write a whole number, as in number: 12.',
            name=issue_name, line=front_matter.line_numbers["number"], value=value,
        )  # fmt: skip
    return int(value)


def find_next_number(texts: Mapping[str, str]) -> int:
    """Return one more than the highest number of any issue."""
    numbers = [
        int(found[1])
        for text in texts.values()
        if (found := _NUMBER.search(text[:_MAX_HEAD_CHARS]))
    ]
    return max(numbers, default=0) + 1


def parse_date(front_matter: FrontMatter, issue_name: str) -> datetime.date | None:
    """Return the issue's date, or None; raises IssueFileError where it is none."""
    value = front_matter.values.get("date", "")
    if not value:
        return None
    try:
        return datetime.date.fromisoformat(value)
    except ValueError as error:
        raise IssueFileError(
            '{name}.md, line {line}: date is "{value}". Write year, month and day, as in date:'
            " 2026-12-01.",
            name=issue_name,
            line=front_matter.line_numbers["date"],
            value=value,
        ) from error


def serialise(values: Mapping[str, str]) -> list[str]:
    """Return the lines, with both `---`."""
    return ["---", *(f"{key}: {_quote(key, value)}" for key, value in values.items()), "---"]


def _quote(key: str, value: str) -> str:
    if key in ("number", "date", "language") and value:
        return value
    plain = (
        _PLAIN_SCALAR.match(value)
        and not value.endswith(":")
        and value.lower() not in _TYPED_SCALARS
        and value.isprintable()
    )
    return value if plain else json.dumps(value, ensure_ascii=False)
