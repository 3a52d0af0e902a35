"""Words are counted in every script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.domain.word_count import count_words, truncate_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("  två   ord ", 2),
        ("a – b", 3),
        ("新的图书馆，下周开放。", 5),
        ("市は iPhone を使う", 4),
        ("ห้องสมุดแห่งใหม่", 4),
        ("새 도서관이 문을 연다", 4),
        ("Новая библиотека", 2),
    ],
)
def test_words_are_counted(text: str, words: int) -> None:
    assert count_words(text) == words


@given(st.text(max_size=200), st.integers(0, 40))
def test_the_first_words_are_no_more_than_asked(text: str, most: int) -> None:
    head = truncate_words(text, most)
    assert count_words(head) <= most
    assert " ".join(text.split()).startswith(head)
