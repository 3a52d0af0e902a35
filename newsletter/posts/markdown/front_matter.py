"""What stands above a Markdown text.

YAML (---), TOML (+++), JSON ({), or Pelican's plain lines ("Title: …").

The only module that knows python-frontmatter.
"""

import re
import tomllib
from collections.abc import Mapping
from typing import Any, ClassVar

import frontmatter
from frontmatter.default_handlers import BaseHandler, JSONHandler, SafeLoader, YAMLHandler

_PELICAN_LINE = re.compile(r"^([A-Za-z][A-Za-z0-9_-]{0,30}):\s(.*)$")
#: One of these among the first lines makes them Pelican's front matter, and not prose with a colon.
_PELICAN_KEYS = frozenset(
    {"title", "date", "slug", "category", "tags", "summary", "author", "authors", "status"}
)


class BadFrontMatterError(Exception):
    """It can't be read; the message is the parser's first line."""


class _Loader(SafeLoader):  # type: ignore[misc,valid-type] # chosen when the program starts
    """YAML as site generators read it today (1.2): `no` is Norwegian, and a title may be "On".

    Only true and false are true or false.
    """

    yaml_implicit_resolvers: ClassVar = {
        first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:bool" or first in "tTfF"]
        for first, pairs in SafeLoader.yaml_implicit_resolvers.items()
    }


class _YamlHandler(YAMLHandler):
    def load(self, fm: str, **_kwargs: object) -> Any:
        return super().load(fm, Loader=_Loader)


class _TomlHandler(BaseHandler):
    """TOML by the standard library.

    Python-frontmatter's own wants a package that no longer follows TOML.
    """

    FM_BOUNDARY = re.compile(r"^\+{3,}\s*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "+++"

    def load(self, fm: str) -> dict[str, Any]:
        return tomllib.loads(fm)


_HANDLERS = (_YamlHandler(), _TomlHandler(), JSONHandler())


def split_front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    """Return front matter, its keys in lower case with "_" for "-", and the text below.

    Raises BadFrontMatterError.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n\ufeff")
    for handler in _HANDLERS:
        if handler.detect(text):
            try:
                found, body = frontmatter.parse(text, handler=handler)
            except Exception as error:  # YAML's loader raises what its many constructors happen to
                raise BadFrontMatterError(_describe_error(error)) from error
            return _normalise_keys(found), body
    return _split_pelican(text)


def _split_pelican(text: str) -> tuple[Mapping[str, Any], str]:
    found: dict[str, Any] = {}
    lines = text.split("\n")
    for number, line in enumerate(lines):
        pair = _PELICAN_LINE.match(line)
        if pair:
            found[pair.group(1)] = pair.group(2).strip()
        elif found and line.startswith((" ", "\t")) and line.strip():
            last = list(found)[-1]
            found[last] = f"{found[last]} {line.strip()}"
        else:
            named = _normalise_keys(found)
            known = number > 0 and not line.strip() and _PELICAN_KEYS & named.keys()
            return (named, "\n".join(lines[number:])) if known else ({}, text)
    return (
        (_normalise_keys(found), "")
        if _PELICAN_KEYS & _normalise_keys(found).keys()
        else ({}, text)
    )


def _describe_error(error: Exception) -> str:
    first = str(error).strip().partition("\n")[0] or type(error).__name__
    mark = getattr(error, "problem_mark", None)
    return f"{first}, line {mark.line + 1}" if mark is not None else first


def _normalise_keys(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key).lower().replace("-", "_"): value for key, value in fields.items()}
