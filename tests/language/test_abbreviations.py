"""What a full stop belongs to, language by language."""

import pytest

from newsletter.language.abbreviations import get_abbreviations, get_nouns_before_letter
from newsletter.language.language_files import list_languages
from newsletter.language.sentences import split_sentences


@pytest.mark.parametrize(
    ("language", "never", "before_number", "starter"),
    [
        ("sv", "ca", "bil", "det"),
        ("en", "approx", "no", "the"),
        ("nb", "f.eks", "s", "det"),
        ("nn", "f.eks", "s", "det"),
        ("da", "bl.a", "bd", "det"),
        ("de", "bzw", "ziff", "der"),
        ("nl", "bijv", "art", "het"),
        ("fi", "esim", "s", "se"),
        ("fr", "mme", "p", "le"),
        ("es", "sra", "pág", "el"),
    ],
)
def test_each_language_has_words_of_its_own(
    language: str, never: str, before_number: str, starter: str
) -> None:
    """One of each list, as its readers write it."""
    lists = get_abbreviations(language)
    assert never in lists.never_end_sentence
    assert before_number in lists.before_number
    assert starter in lists.sentence_starters


@pytest.mark.parametrize("language", list_languages())
def test_no_abbreviation_keeps_its_last_full_stop(language: str) -> None:
    """They are looked up without it."""
    lists = get_abbreviations(language)
    for words in (lists.before_number, lists.titles, lists.may_end_sentence):
        assert [word for word in words if word.endswith(".")] == []


@pytest.mark.parametrize("language", ["xx", "", "pt-BR", "zh_TW"])
def test_an_unknown_language_is_read_as_english(language: str) -> None:
    """With its titles and its "I"."""
    assert get_abbreviations(language) == get_abbreviations("en")


@pytest.mark.parametrize(
    ("language", "has_dotted_ordinals"),
    [(one, one in ("de", "fi")) for one in list_languages()],
)
def test_ordinals_with_a_full_stop(language: str, has_dotted_ordinals: bool) -> None:
    """German and Finnish write "4. Juni" before a capital, too."""
    assert get_abbreviations(language).has_dotted_ordinals is has_dotted_ordinals


@pytest.mark.parametrize(
    ("language", "marked"),
    [
        ("sv", "Se bil. 3 och s. 12.|Han kör bil.|Bilen är röd."),
        ("en", "See no. 5.|She said no.|He left."),
        ("en", "Gen. Lee spoke.|He spoke of sep. systems.|It rained."),
        ("en", "So do I.|The end."),
        ("sv", "De bor i hus B.|Vi bor i hus C."),
        ("en", "She has hepatitis C.|It is treatable."),
        ("de", "Er kommt am 4. Juni.|Wir warten."),
        ("sv", "Han kom 1998.|Alla var glada."),
        ("nb", "De selger epler, pærer osv.|Det er billig."),
    ],
)
def test_what_each_list_is_for(language: str, marked: str) -> None:
    """The same letters end a sentence in one place, and not in another."""
    sentences = marked.split("|")
    assert split_sentences(" ".join(sentences), language) == sentences


@pytest.mark.parametrize("noun", ["hus", "vitamin", "haus", "klasse", "groep", "ryhmä", "línea"])
def test_nouns_before_a_letter_count_in_every_language(noun: str) -> None:
    """A Swedish text may name "Haus B"."""
    assert noun in get_nouns_before_letter()
