"""Find and read newsletter.toml, and let the environment win over it."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import SettingsError as UnreadableVariable

from newsletter.config.mistakes import KeyPath, describe_mistake, to_dotted_key
from newsletter.config.settings import Settings
from newsletter.errors import SettingsError
from newsletter.i18n import Phrase

FILE_NAME = "newsletter.toml"
ENV_PREFIX = "NEWSLETTER_"
#: Never in a file that is shared.
_SECRET_KEYS = (
    ("smtp", "password"),
    ("bounces", "imap", "password"),
    ("api", "token"),
    ("model", "key"),
)
_TABLE_HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY_LINE = re.compile(r"^\s*([\w\-]+)\s*=")


def find_settings_file(start: Path) -> Path:
    """Return the newsletter.toml of a folder or of the nearest folder above it.

    Raises SettingsError.
    """
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    raise SettingsError(
        "There is no {file} in {folder} or above it. Go to your newsletter's folder, or make one"
        " with: newsletter init",
        file=FILE_NAME,
        folder=start,
    )


def load_settings(file: Path) -> Settings:
    """Read the settings of a file and of the environment.

    Raises SettingsError that names every mistake with its key and line. No value of the file is
    repeated where it could be a secret.
    """
    text = _read_text(file)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("{file} is no valid TOML: {why}.", file=file, why=error) from error
    secret = [place for place in _SECRET_KEYS if _has_key(values, place)]
    lines = find_line_numbers(text)
    try:
        settings = Settings(**values)
        mistakes: tuple[Phrase, ...] = ()
    except ValidationError as error:
        mistakes = tuple(
            describe_mistake(details, lines, file.name)
            for details in error.errors(include_url=False, include_input=False)
        )
    except UnreadableVariable as error:
        raise SettingsError(
            "The environment holds a setting that can't be read: {why}.", why=error
        ) from error
    mistakes += tuple(_describe_secret(place, lines, file.name) for place in secret)
    if mistakes:
        raise SettingsError("{mistakes}", mistakes=mistakes)
    return settings


def find_line_numbers(text: str) -> dict[KeyPath, int]:
    """Return the line on which each table and key of a TOML text begins: {("sources", 0, "url").

    9, …}.
    """
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    count: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE_HEADER.match(line):
            name = header[2]
            table = tuple(name.split("."))
            if header[1] == "[[":
                table = (*table, count.get(name, 0))
                count[name] = count.get(name, 0) + 1
            lines.setdefault(table, number)
        elif key := _KEY_LINE.match(line):
            lines.setdefault((*table, key[1]), number)
    return lines


def _read_text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise SettingsError(
            "{file} isn't written in UTF-8. Save it again as UTF-8.", file=file
        ) from error
    except OSError as error:
        raise SettingsError(
            "{file} can't be read ({why}).", file=file, why=error.strerror
        ) from error


def _has_key(values: Mapping[str, Any], place: tuple[str, ...]) -> bool:
    inner: Any = values
    for part in place:
        if not isinstance(inner, Mapping) or part not in inner:
            return False
        inner = inner[part]
    return True


def _describe_secret(place: KeyPath, lines: dict[KeyPath, int], file: str) -> Phrase:
    return Phrase(
        "{file}, line {line}: {key} doesn't belong in a file that is shared. Put it into the"
        " environment as {variable}.",
        file=file,
        line=lines.get(place, 1),
        key=to_dotted_key(place),
        variable=ENV_PREFIX + "__".join(str(part) for part in place).upper(),
    )
