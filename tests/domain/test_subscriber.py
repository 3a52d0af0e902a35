"""The union of tags."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.domain.subscriber import union_tags

tags = st.lists(st.sampled_from(["buss", "Buss", "BUSS", "tåg", "Tåg", "ß", "SS", ""]), max_size=6)


@pytest.mark.parametrize(
    ("there", "more", "union"),
    [
        ((), (), ()),
        (("buss",), (), ("buss",)),
        ((), ("buss",), ("buss",)),
        (("buss",), ("tåg",), ("buss", "tåg")),
        (("Buss",), ("buss", "BUSS"), ("Buss",)),
        (("tåg", "buss"), ("buss", "båt"), ("tåg", "buss", "båt")),
        ((), ("Båt", "båt"), ("Båt",)),
        (("strasse",), ("straße",), ("strasse",)),
    ],
)
def test_a_tag_is_added_once_whatever_its_case(
    there: tuple[str, ...], more: tuple[str, ...], union: tuple[str, ...]
) -> None:
    """What a subscriber has stays as it is written, and in its order."""
    assert union_tags(there, more) == union


@given(there=tags, more=tags)
def test_the_laws_of_a_union(there: list[str], more: list[str]) -> None:
    """Nothing is lost, nothing comes from nowhere, and a second time changes nothing."""
    union = union_tags(there, more)
    assert union[: len(there)] == tuple(there)
    assert {tag.casefold() for tag in union} == {tag.casefold() for tag in (*there, *more)}
    assert union_tags(union, more) == union
