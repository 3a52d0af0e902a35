"""Tags in one text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.subscribers.importing.tags import parse_tags, parse_tags_as_json


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", []),
        (" , ;|\n", []),
        ("press", ["press"]),
        ("press, kultur;sport|väder", ["press", "kultur", "sport", "väder"]),
        ("press\r\nkultur\rsport", ["press", "kultur", "sport"]),
        ("Press, PRESS, press", ["Press"]),
        ("STRASSE;straße", ["STRASSE"]),
        ("stora   ord\t här", ["stora ord här"]),
        ('"citerad", "två ord"', ["citerad", "två ord"]),
        ("a\0b", ["ab"]),
    ],
    ids=["empty", "separators", "one", "all separators", "line ends", "case", "casefold",
         "white space", "quotation marks", "nul"],
)  # fmt: skip
def test_tags_are_divided(text: str, tags: list[str]) -> None:
    """Each once, as it was first written."""
    assert parse_tags(text) == tags


@given(st.text())
def test_a_tag_is_never_empty_and_never_twice(text: str) -> None:
    """Whatever a cell holds; and reading what was read changes nothing."""
    tags = parse_tags(text)
    assert all(tag.strip() for tag in tags) or any('"' in tag for tag in tags) or not tags
    assert len({tag.casefold() for tag in tags}) == len(tags)
    assert json.loads(parse_tags_as_json(text)) == tags
