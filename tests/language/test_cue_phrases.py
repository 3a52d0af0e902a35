"""Cue phrases tell what a sentence is for."""

import re

import pytest

from newsletter.language.cue_phrases import get_cms_signature, get_cues, get_read_more
from newsletter.language.language_files import list_languages

KINDS = ("dangler", "soft_dangler", "meta", "greeting", "cue")


@pytest.mark.parametrize(
    ("language", "kind", "sentence"),
    [
        ("sv", "dangler", "Detta är bra."),
        ("sv", "dangler", "– Däremot regnar det."),
        ("sv", "soft_dangler", "Det regnar."),
        ("sv", "meta", "Läs mer på vår webbplats."),
        ("sv", "greeting", "Hej alla läsare!"),
        ("sv", "cue", "Biblioteket öppnar en ny filial."),
        ("en", "dangler", "However, it rains."),
        ("en", "dangler", "“This is new.”"),
        ("en", "soft_dangler", "We opened."),
        ("en", "meta", "This post was first published in May."),
        ("en", "greeting", "Hello, dear readers."),
        ("en", "cue", "The city launches a new line."),
        ("nb", "dangler", "Derfor er det stengt."),
        ("nn", "dangler", "Derfor er det stengt."),
        ("nb", "meta", "Les også om bussene."),
        ("nb", "greeting", "Velkommen til våren."),
        ("nb", "cue", "Byen åpner en ny park."),
        ("da", "dangler", "Alligevel kom de."),
        ("da", "meta", "Læs mere her."),
        ("da", "greeting", "Kære læsere."),
        ("da", "cue", "Byen åbner en park."),
        ("de", "dangler", "Deshalb ist geschlossen."),
        ("de", "meta", "Lesen Sie auch das."),
        ("de", "greeting", "Liebe Leser."),
        ("de", "cue", "Die Stadt eröffnet einen Park."),
        ("nl", "dangler", "Daarom is het dicht."),
        ("nl", "meta", "Lees verder op de site."),
        ("nl", "greeting", "Beste lezers."),
        ("nl", "cue", "De stad opent een park."),
        ("fi", "dangler", "Kuitenkin sataa."),
        ("fi", "meta", "Lue lisää täältä."),
        ("fi", "greeting", "Hyvää huomenta."),
        ("fi", "cue", "Kaupunki avaa puiston."),
        ("fr", "dangler", "Cependant, il pleut."),
        ("fr", "meta", "Cet article est ancien."),
        ("fr", "greeting", "Bonjour à tous."),
        ("fr", "cue", "La ville ouvre un parc."),
        ("es", "dangler", "Sin embargo, llueve."),
        ("es", "meta", "Haz clic aquí."),
        ("es", "greeting", "Hola a todos."),
        ("es", "cue", "La ciudad abre un parque."),
    ],
)
def test_each_language_has_phrases_of_its_own(language: str, kind: str, sentence: str) -> None:
    """At the beginning, whatever mark stands before it, and in any case."""
    pattern: re.Pattern[str] = getattr(get_cues(language), kind)
    assert pattern.match(sentence)
    assert pattern.match(sentence.upper())


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("kind", KINDS)
def test_a_plain_sentence_is_none_of_them(language: str, kind: str) -> None:
    """Names aren't cues, and the empty text isn't either."""
    pattern: re.Pattern[str] = getattr(get_cues(language), kind)
    for sentence in ("Xantippa 12 Qvarnby.", "Zzyzx", "", "…"):
        assert pattern.match(sentence) is None


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("sv", "Denniz bor här."), ("en", "Thistle grows here."), ("de", "Dabeistehende lachen.")],
)
def test_a_dangler_is_a_whole_word(language: str, sentence: str) -> None:
    """The beginning of another word is none: "This" in "Thistle"."""
    assert get_cues(language).dangler.match(sentence) is None


def test_an_unknown_language_has_the_english_phrases() -> None:
    """However it is spelled."""
    assert get_cues("xx") == get_cues("en")
    assert get_cues("sv_FI") == get_cues("sv")


@pytest.mark.parametrize(
    "excerpt",
    [
        "Inlägget Bussen dök först upp på Exempel.",
        "The post Bus appeared first on Example.",
        "Der Beitrag Bus erschien zuerst auf Beispiel.",
        "Innlegget Buss dukket først opp på Eksempel.",
        "Indlægget Bus dukkede først op på Eksempel.",
        "Het bericht Bus verscheen eerst op Voorbeeld.",
        "Artikkeli Bussi julkaistiin ensin Esimerkissä.",
        "L’article Bus est apparu en premier sur Exemple.",
        "La entrada Bus apareció primero en Ejemplo.",
        "La entrada Bus se publicó primero en Ejemplo.",
    ],
)
def test_a_content_systems_signature_is_found_in_any_language(excerpt: str) -> None:
    """WordPress signs what it sends to feeds."""
    assert get_cms_signature().search(excerpt)
    assert get_cms_signature().search(excerpt.upper())


def test_a_sentence_about_a_premiere_is_no_signature() -> None:
    """The words have to stand together."""
    assert get_cms_signature().search("Hon dök upp först i dag, på torget.") is None


@pytest.mark.parametrize(
    ("excerpt", "left"),
    [
        ("Bussen går. Läs mer", "Bussen går."),
        ("Bussen går. Läs hela artikeln här →", "Bussen går."),
        ("The bus runs. Read more »", "The bus runs."),
        ("The bus runs. (Continue reading …)", "The bus runs."),
        ("Der Bus fährt. Weiterlesen", "Der Bus fährt."),
        ("Bussen går. Les mer", "Bussen går."),
        ("Bussen kører. Læs mere", "Bussen kører."),
        ("De bus rijdt. Lees verder", "De bus rijdt."),
        ("Bussi kulkee. Lue lisää", "Bussi kulkee."),
        ("Le bus roule. Lire la suite", "Le bus roule."),
        ("El bus va. Seguir leyendo", "El bus va."),
        ("Read more books. They are good.", "Read more books. They are good."),
        ("Bussen går.", "Bussen går."),
    ],
)
def test_an_invitation_to_read_on_stands_at_the_end(excerpt: str, left: str) -> None:
    """In any language; in the middle of a text the words are its own."""
    assert get_read_more().sub("", excerpt) == left
