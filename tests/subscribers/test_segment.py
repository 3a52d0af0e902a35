"""Segments mean what they say, and nothing that is typed becomes SQL."""

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.domain.segment import (
    AllOf,
    AnyOf,
    Everyone,
    HasFieldValue,
    HasLanguage,
    HasTag,
    Not,
    Segment,
)
from newsletter.errors import ListError
from newsletter.store import segments, subscribers
from newsletter.subscribers.segment import parse_segment
from tests.subscribers.conftest import SubscriberList

LIST = """email,language,tags,ort,"a""b"
anna@example.org,sv,Press,Umeå,ett
bo@example.org,en-GB,press;åland,Åby,
cia@example.org,,Åland,Umeå,
dan@example.org,en,,,
"""


@pytest.mark.parametrize(
    ("text", "segment"),
    [
        ("", Everyone()),
        ("tag:press", HasTag("press")),
        (
            "tag:a or tag:b and not tag:c",
            AnyOf((HasTag("a"), AllOf((HasTag("b"), Not(HasTag("c")))))),
        ),
        ("(tag:a OR tag:b)and tag:c", AllOf((AnyOf((HasTag("a"), HasTag("b"))), HasTag("c")))),
        ("not not language:en_GB", Not(Not(HasLanguage("en-GB")))),
        (
            'field:ort=Umeå or field:"Min ort" = "Stora (Å)"',
            AnyOf((HasFieldValue("ort", "Umeå"), HasFieldValue("Min ort", "Stora (Å)"))),
        ),
        ('tag:"and"', HasTag("and")),
        ('field:ort=""', HasFieldValue("ort", "")),
    ],
)
def test_expressions_are_read(text: str, segment: Segment) -> None:
    """And binds closer than or, not closest; words in quotation marks are only words."""
    assert parse_segment(text) == segment


@pytest.mark.parametrize(
    "text",
    [
        "tag:",
        "press",
        "tag:a tag:b",
        "(tag:a",
        "tag:a)",
        "not",
        "and",
        "field:x",
        "tag:a=b",
        "(" * 60,
        "x" * 3000,
        'tag:"a',
    ],
)
def test_what_isnt_understood_is_told(text: str) -> None:
    """With an example of how to write it."""
    with pytest.raises(ListError, match=r"tag:press|tag of their own"):
        parse_segment(text)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("tag:a or or x", "or x"),
        ("tag:a x tag:", "x tag:"),
        ("not field:ort and y", "field:ort and y"),
        ("(tag:a tag:b", "tag:b"),
    ],
)
def test_the_first_place_that_isnt_understood_is_told(text: str, rest: str) -> None:
    """Not a later one."""
    with pytest.raises(ListError, match=f"“{re.escape(rest)}”"):
        parse_segment(text)


@given(
    st.text(st.sampled_from("tag:field=language and or not () \"åx;-'"), max_size=60)
    | st.text(max_size=60)
)
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing else happens."""
    with contextlib.suppress(ListError):
        parse_segment(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "anna bo cia dan"),
        ("tag:press", "anna bo"),
        ("tag:PRESS and not language:en", "anna"),
        ("tag:åland", "bo cia"),
        ("language:en", "bo dan"),
        ("language:en-gb", "bo"),
        ("not language:sv", "bo cia dan"),
        ("field:ort=Umeå", "anna cia"),
        ("not field:ort=Umeå", "bo dan"),
        ("not tag:press", "cia dan"),
        ("tag:press and (field:ort=Åby or language:sv)", "anna bo"),
        ('field:"a\'b"=1', ""),
        ("tag:\"x' OR '1'='1\"", ""),
        ("language:%", ""),
        ("tag:%", ""),
    ],
)
def test_segments_choose(subscriber_list: SubscriberList, text: str, found: str) -> None:
    """Those that are meant, also where a reader has no such field; "not" loses nobody."""
    subscriber_list.import_text(LIST)
    with subscriber_list.database.read() as connection:
        people = subscribers.iter_subscribers(
            connection, segments.matches_segment(parse_segment(text))
        )
        assert " ".join(person.email.partition("@")[0] for person in people) == found


def test_odd_names_of_fields_are_found(subscriber_list: SubscriberList) -> None:
    """A quotation mark in a field's name broke SQLite's JSON paths once."""
    subscriber_list.import_text(LIST)
    with subscriber_list.database.read() as connection:
        found = list(subscribers.iter_subscribers(connection, segments.matches_field('a"b', "ett")))
    assert [person.email for person in found] == ["anna@example.org"]
