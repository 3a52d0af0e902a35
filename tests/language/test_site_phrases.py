"""What pages put around an article, in nine languages."""

import pytest

from newsletter.language.site_phrases import load_site_phrases


@pytest.mark.parametrize(
    "line",
    [
        "Läs mer",
        "» Läs hela artikeln",
        "Read more …",
        "Continue reading",
        "Weiterlesen",
        "Les mer",
        "Læs mere",
        "Lees meer",
        "Lue lisää",
        "Lire la suite",
        "Leer más",
    ],
)
def test_a_line_that_only_leads_to_the_whole_text(line: str) -> None:
    """Whatever mark stands before it, in any case."""
    assert load_site_phrases().read_more.match(line)
    assert load_site_phrases().read_more.match(line.upper())


@pytest.mark.parametrize("line", ["Läs också: Bussen", "Read also: The bus", "Les også – Bussen"])
def test_a_line_that_leads_to_another_text(line: str) -> None:
    """Only with a mark after it: "Läs också boken" may be a sentence."""
    assert load_site_phrases().read_also.match(line)
    assert load_site_phrases().read_also.match("Läs också boken om bussen.") is None


@pytest.mark.parametrize(
    ("line", "is_label"),
    [
        ("Text: Anna Ek", True),
        ("Text och foto: Anna Ek", True),
        ("Foto/text: Anna Ek", True),
        ("(Photo: Anna Ek)", True),
        ("Words and photos: Anna Ek", True),
        ("Foto von Anna Ek", False),
        ("Texten: en handbok", False),
    ],
)
def test_a_label_stands_before_a_colon(line: str, is_label: bool) -> None:
    """Alone, or several joined by a comma, a slash or "and"."""
    assert (load_site_phrases().label.match(line) is not None) is is_label


@pytest.mark.parametrize(
    ("line", "is_signature"),
    [
        ("Inlägget Bussen dök först upp på Exempel.", True),
        ("Bussen går. Inlägget Bussen dök först upp på Exempel.", True),
        ("The post Bus appeared first on Example.", True),
        ("The post was late.", False),
    ],
)
def test_a_signature_names_the_post_between_its_halves(line: str, is_signature: bool) -> None:
    """One of the languages finds it; the core alone tells which texts are worth searching."""
    phrases = load_site_phrases()
    assert any(one.search(line) for one in phrases.signatures) is is_signature
    assert (phrases.signature_core.search(line) is not None) is is_signature


@pytest.mark.parametrize("word", ["januari", "march", "publicerad", "updated", "och", "kl"])
def test_words_of_a_date(word: str) -> None:
    """Months, days and what stands around a date."""
    assert word in load_site_phrases().date_words


def test_names_are_joined_by_and_in_every_language() -> None:
    """And by the ampersand."""
    assert {
        "och",
        "and",
        "und",
        "og",
        "en",
        "ja",
        "et",
        "y",
        "&",
    } <= load_site_phrases().between_names


@pytest.mark.parametrize(
    ("line", "rest"),
    [("Av Anna Ek", "Anna Ek"), ("By Anna Ek", "Anna Ek"), ("Von Anna Ek", "Anna Ek")],
)
def test_a_byline_ends_before_the_name(line: str, rest: str) -> None:
    """What is left is the name."""
    assert load_site_phrases().byline.sub("", line) == rest


def test_they_are_compiled_once() -> None:
    """Every block of every post asks for them."""
    assert load_site_phrases() is load_site_phrases()
