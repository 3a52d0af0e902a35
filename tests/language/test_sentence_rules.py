"""Each rule of where a sentence ends, by a line that shows it and one just beside it."""

import pytest

from newsletter.language.sentences import (
    choose_full_stop,
    is_whole_sentence,
    join_sentences,
    split_sentences,
)

RULES = [
    # A number before the full stop
    ("sv", "Vinnare: 1. Anna, 2. Bo."),
    ("sv", "Vinnare: 2026.|Anna kom tvåa."),
    ("sv", "Det kostar 12 kr.|Anmäl dig nu."),
    ("sv", "Det kostar 3 milj. kr.|Anmäl dig nu."),
    ("de", "Am 3. Oktober ist Feiertag."),
    ("de", "Es waren 12.|Die Zahl steigt."),
    ("de", "Es begann 1999.|Heute ist es anders."),
    # Initials and letters
    ("sv", "Vi minns H. C. Lund och A. Ek."),
    ("sv", "Han fick ett A.|Det var bra."),
    ("sv", "Hon läser typ B.|Det går bra."),
    ("sv", "Se bl. a. Bilaga 2."),
    ("de", "Das gilt z. B. Montag bis Freitag."),
    # Times of day
    ("en", "It opens at 8 a.m. Monday to Friday."),
    ("en", "It opened at 8 a.m.|Everybody came."),
    # Abbreviations that may or may not end a sentence
    ("sv", "Där finns böcker, filmer m.m.|Det är gratis."),
    ("sv", "Prof. Anna Ek talar."),
    ("sv", "Se s. 12 i boken."),
    ("sv", "EU-kommissionens ordf. Ek kommer."),
    ("en", "He works for Ek Inc.|They sell books."),
    ("en", "She lives in the U.S. Army base."),
    ("sv", "Läs mer på example.com.|Vi ses."),
    ("de", "Der Bus hält in der Bahnhofstr. 12 jeden Tag."),
    ("de", "Er wohnt in der Bahnhofstr.|Das ist nah."),
    # Quotes and brackets
    ("sv", "”Det är bra.”|Hon log."),
    ("sv", "Det var så (t.ex.) Anna gjorde."),
    ("sv", "Det gick bra (enligt Ek).|Nu vilar de."),
    # What can't begin a sentence
    ("sv", "Vi läste ca. hälften."),
    ("sv", "Den nya telefonen kom.|iPhone säljer bra."),
    ("sv", "Vi väntar … Anna kommer."),
    ("sv", "Vi väntar…|Anna kommer."),
    ("sv", "Kommer hon?|Ja!|Nej."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "marked"), RULES, ids=[line for _, line in RULES])
def test_a_line_is_split_where_it_is_marked(language: str, marked: str) -> None:
    """Exactly there; and what is joined is split the same again."""
    sentences = marked.split("|")
    text = " ".join(sentences)
    assert split_sentences(text, language) == sentences
    assert split_sentences(join_sentences(sentences), language) == sentences


def test_chinese_and_japanese_are_joined_without_blanks() -> None:
    """Others by one; nothing stands before the first."""
    assert join_sentences(["图书馆开放。", "你想来吗？"]) == "图书馆开放。你想来吗？"
    assert join_sentences(["「開館する。」", "蔵書は五万冊。"]) == "「開館する。」蔵書は五万冊。"
    assert join_sentences(["Det är bra.", "Ja."]) == "Det är bra. Ja."
    assert join_sentences([]) == ""


@pytest.mark.parametrize(
    ("text", "stop"),
    [
        ("图书馆开放", "。"),
        ("市は発表した", "。"),
        ("Det är bra", "."),
        ("", "."),
        ("日本 2026", "."),
    ],
)
def test_the_full_stop_of_a_script(text: str, stop: str) -> None:
    """By the last letter of the text."""
    assert choose_full_stop(text) == stop


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        ("Det är bra.", True),
        ("Det är bra!", True),
        ("”Det är bra.”", True),
        ("Det är bra (eller hur?)", True),
        ("Det är bra..", False),
        ("Det är bra...", False),
        ("Det är bra", False),
        ("…!", False),
        ("", False),
    ],
)
def test_what_is_a_whole_sentence(text: str, is_whole: bool) -> None:
    """An end mark, and something that is said."""
    assert is_whole_sentence(text) is is_whole
