"""Languages as BCP 47 tags."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.subscribers.importing.languages import normalise_language


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("sv", "sv"),
        ("SV", "sv"),
        (" sv ", "sv"),
        ("sv_SE", "sv-SE"),
        ("en-gb", "en-GB"),
        ("zh_hant_tw", "zh-Hant-TW"),
        ("Svenska", "sv"),
        ("schwedisch", "sv"),
        ("ENGLISH", "en"),
        ("norsk", "nb"),
        ("Suomi", "fi"),
        ("meänkieli", "fit"),
        ("northern-sami", "se"),
        ("klingonska", ""),
        ("", ""),
        ("sv!", ""),
        ("s", ""),
        ("12", ""),
    ],
)
def test_spellings(text: str, tag: str) -> None:
    """A region in capitals, a script with one; "" where nobody knows it."""
    assert normalise_language(text) == tag


@given(st.text(max_size=20))
def test_once_is_enough(text: str) -> None:
    """What came out comes out again the same."""
    tag = normalise_language(text)
    assert normalise_language(tag) == tag
    assert tag.isascii()
