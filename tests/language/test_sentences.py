"""Sentences are told apart where they end, and nowhere else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.teasers.sentence_splitting import measure_splitting
from newsletter.language.sentences import is_whole_sentence, join_sentences, split_sentences

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpora" / "posts" / "sentences-sv.txt"


def test_our_own_hard_places_are_split() -> None:
    """At least 58 of our 60 Swedish lines are split exactly, with F1 of .97."""
    lines, exact, f1 = measure_splitting(ROOT / "benchmarks" / "teasers" / "sentences.txt")
    assert lines == 60
    assert exact >= 58
    assert f1 >= 0.97


@pytest.mark.parametrize("language", ["en", "de", "nb", "da", "fi", "fr", "es", "nl"])
def test_our_own_hard_places_of_other_languages_are_split(language: str) -> None:
    """At least 20 of our 22 lines in each of eight languages are split exactly, with F1 of .97."""
    lines, exact, f1 = measure_splitting(
        ROOT / "benchmarks" / "teasers" / f"sentences.{language}.txt", language
    )
    assert lines == 22
    assert exact >= 20
    assert f1 >= 0.97


@pytest.mark.parametrize(
    ("language", "marked"),
    [
        ("zh", "图书馆下周一开放。|馆内有五万册书。|你想来吗？|免费！"),
        ("ja", "市は「月曜日に開館する。」と発表した。|蔵書は五万冊を超える。"),
        ("hi", "पुस्तकालय अगले सोमवार को खुलेगा।|इसमें पचास हज़ार पुस्तकें हैं।"),
        ("ar", "تضم المكتبة خمسين ألف كتاب.|هل تريد كتاباً؟|الدخول مجاني."),
    ],
)
def test_other_scripts_have_marks_of_their_own(language: str, marked: str) -> None:
    """The full stops of Chinese, Japanese, Hindi and Arabic end sentences."""
    sentences = marked.split("|")
    assert split_sentences(join_sentences(sentences), language) == sentences
    assert all(is_whole_sentence(sentence) for sentence in sentences)


@pytest.mark.skipif(not CORPUS.is_file(), reason="the corpora aren't here")
def test_the_corpus_of_hard_places_is_split() -> None:
    """At least 58 of the 60 lines of the corpus are split exactly, with F1 of .97."""
    lines, exact, f1 = measure_splitting(CORPUS)
    assert (lines, exact >= 58) == (60, True)
    assert f1 >= 0.97


@pytest.mark.parametrize(
    ("language", "marked"),
    [
        ("en", "Dr. Smith met Mr. J. K. Jones at 9 a.m. on Monday.|They talked about e.g. trains."),
        ("en", "The U.S. economy grew.|It did so in the U.S.|The plan worked."),
        ("en", "See fig. 3 and p. 12.|Is that all?|Yes!"),
        ("en", "He works at Example Inc.|They make maps."),
        ("en", "Version 2.0 is out.|Version 2.1 follows."),
        ("de", "Am 4. Juni öffnet z. B. das Museum.|Der Eintritt ist frei."),
        ("de", "Das kostet ca. 3 Mio. Euro, d.h. viel.|Wir zahlen."),
        ("de", "Er wurde 1998 geboren.|Der Ort ist klein."),
        ("nb", "Møtet er kl. 10 den 4. juni.|Alle er velkomne."),
        ("nb", "Det gjelder bl.a. skoler, f.eks. i Lia.|Det er bra."),
        ("da", "Prisen er ca. 100 kr. pr. stk. i dag.|Den stiger snart."),
        ("fi", "Kokous on 4. kesäkuuta klo 10.|Se kestää tunnin."),
        ("fr", "M. Dupont et Mme Martin sont là.|Ils parlent."),
        ("es", "El Sr. López vive en la Avda. Mayor.|Trabaja aquí."),
        ("nl", "Dhr. Jansen komt o.a. uit Gent.|Hij werkt daar."),
        ("xx", "One.|Two."),
    ],
)
def test_nine_languages(language: str, marked: str) -> None:
    """Each language knows its own abbreviations and ordinals; an unknown one is read as English."""
    sentences = marked.split("|")
    assert split_sentences(" ".join(sentences), language) == sentences


@given(st.text(max_size=200), st.sampled_from(["sv", "en", "de", "fi", ""]))
def test_nothing_is_lost_or_changed(text: str, language: str) -> None:
    """The sentences together are the text, with its white space made single."""
    sentences = split_sentences(text, language)
    assert "".join(join_sentences(sentences).split()) == "".join(text.split())
    assert all(sentences)


@given(
    st.lists(
        st.sampled_from(
            [
                "Det var t.ex.",
                "bl. a.",
                "A. B.",
                "…",
                "...",
                "?!",
                "”",
                "1.",
                "Ett ord.",
                "kr.",
                "(se s. 3).",
            ]
        ),
        max_size=30,
    )
)
def test_runs_of_marks_are_split_quickly_into_something(parts: list[str]) -> None:
    """No mixture of marks loses a character."""
    text = " ".join(parts)
    assert " ".join(split_sentences(text, "sv")) == text


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Ja.", True),
        ("Ja!”", True),
        ("Ja.)", True),
        ("Ja", False),
        ("Ja:", False),
        ("Ja …", False),
        ("Ja...", False),
        ("Ja…", False),
        ("", False),
    ],
)
def test_whole(text: str, whole: bool) -> None:
    """A sentence ends with a mark; an ellipsis is none."""
    assert is_whole_sentence(text) is whole


@pytest.mark.parametrize(
    "marked",
    [
        "Comment réduire le bruit en ville ?|C’est la question.",
        "« Le projet est prêt. »|Le maire est content.",
        "Il a dit : « Venez ! »|Tous sont venus.",
        "Quelle surprise !|Personne n’y croyait.",
    ],
)
def test_french_puts_blanks_before_its_marks(marked: str) -> None:
    """A question is whole with a blank before its mark, and a quote ends after its blank."""
    sentences = marked.split("|")
    assert split_sentences(" ".join(sentences), "fr") == sentences
    assert all(is_whole_sentence(sentence) for sentence in sentences)
