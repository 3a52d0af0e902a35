"""Each language has each list, and a tag finds the file that serves for it."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.language import language_files
from newsletter.language.language_files import (
    find_language,
    list_languages,
    read_table,
    read_tables,
    to_supported_language,
)

DATA = Path(language_files.__file__).parent / "data"
ROOT = Path(__file__).parents[2]
LANGUAGES = ("da", "de", "en", "es", "fi", "fr", "nb", "nl", "sv")
#: What every language's file holds. `number_words` may lack numbers that nobody has listed yet.
KEYS = {
    "abbreviations": {
        "never_end_sentence",
        "before_number",
        "titles",
        "may_end_sentence",
        "sentence_starters",
        "capital_words",
        "nouns_before_letter",
        "has_dotted_ordinals",
    },
    "cue_phrases": {
        "danglers",
        "soft_danglers",
        "meta",
        "greetings",
        "cues",
        "signatures",
        "read_more",
    },
    "stems": {"stemmer", "stop_words", "function_words"},
    "site_phrases": {
        "dates",
        "read_more",
        "read_also",
        "labels",
        "credits",
        "by",
        "and",
        "meta",
        "notices",
        "openings",
        "writer_is",
        "dialogue",
        "signed",
    },
    "list_headers": {
        "unsubscribed",
        "manual",
        "bounced",
        "complained",
        "consent",
        "negations",
        "other_channels",
        "mail",
        "neutral",
        "attributes",
        "yes",
        "no",
    },
}
#: Lists that a language may have nothing for.
MAY_BE_EMPTY = {"titles", "capital_words", "may_end_sentence", "before_number"}
NUMBERS = {*map(str, range(2, 13)), "20", "30", "40", "50", "100", "1000", "million", "ambiguous"}


def read_file(language: str) -> dict[str, dict[str, object]]:
    """Return a language's file as it lies on disk."""
    return tomllib.loads((DATA / f"{language}.toml").read_text("utf-8"))


def iterate_patterns(value: object) -> Iterator[str]:
    """Yield the regular expressions of a list, and of the lists in it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from iterate_patterns(one)


def test_nine_languages_have_a_file() -> None:
    """Norwegian has one for both of its written forms."""
    assert list_languages() == LANGUAGES
    assert {file.name for file in DATA.iterdir()} == {f"{one}.toml" for one in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_each_list(language: str) -> None:
    """The same tables with the same keys, and nothing that no module reads."""
    file = read_file(language)
    assert set(file) == {*KEYS, "number_words"}
    for table, keys in KEYS.items():
        assert set(file[table]) == keys, table
    assert set(file["number_words"]) >= NUMBERS


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_list_is_empty_but_where_a_language_has_no_such_words(language: str) -> None:
    """An empty regular expression would match everything."""
    for name, table in read_file(language).items():
        for key, value in table.items():
            if key == "ambiguous" or key in MAY_BE_EMPTY or isinstance(value, bool):
                continue
            assert value, (name, key)
            assert all(one.strip() for one in iterate_patterns(value)), (name, key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_expression_compiles_and_matches_some_text(language: str) -> None:
    """An expression that matches the empty text would take every text."""
    for name, table in read_file(language).items():
        for key, value in table.items():
            if isinstance(value, list):
                for pattern in iterate_patterns(value):
                    assert re.compile(pattern, re.IGNORECASE).match("") is None, (name, key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_lower_case_and_stand_once(language: str) -> None:
    """They are compared with a text in lower case; a word twice in a list is a slip."""
    for name, table in read_file(language).items():
        for key, value in table.items():
            if not isinstance(value, str) or key in ("capital_words", "stemmer"):
                continue
            words = value.split()
            assert [word for word in words if word != word.lower()] == [], (name, key)
            if name != "site_phrases":
                assert len(words) == len(set(words)), (name, key)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("sv", "sv"),
        ("sv-FI", "sv"),
        ("SV_se", "sv"),
        ("nb", "nb"),
        ("nn", "nb"),
        ("nn-NO", "nb"),
        ("no", "nb"),
        ("de-CH-1996", "de"),
        ("pt-BR", None),
        ("english", None),
        ("", None),
        ("../sv", None),
    ],
)
def test_a_tag_finds_its_file(tag: str, language: str | None) -> None:
    """By its first part, in any case; Nynorsk shares the file of Bokmål."""
    assert find_language(tag) == language
    assert to_supported_language(tag) == (language or "en")


def test_a_table_of_every_language() -> None:
    """In the order of the languages."""
    stemmers = [table["stemmer"] for table in read_tables("stems")]
    assert stemmers == [
        "danish",
        "german",
        "english",
        "spanish",
        "finnish",
        "french",
        "norwegian",
        "dutch",
        "swedish",
    ]
    assert read_table("sv", "stems") is read_tables("stems")[-1]


def test_no_file_is_read_before_it_is_needed() -> None:
    """Importing what knows languages reads nothing: `newsletter --help` isn't slower for it."""
    program = """
import builtins, io, pathlib, sys
read = []
real = io.open
def spy(file, *rest, **named):
    read.append(str(file))
    return real(file, *rest, **named)
io.open = builtins.open = spy
import newsletter.language.abbreviations, newsletter.language.cue_phrases
import newsletter.language.number_words, newsletter.language.sentences
import newsletter.language.site_phrases, newsletter.language.stems
assert not [one for one in read if one.endswith(".toml")], read
newsletter.language.cue_phrases.get_cues("sv")
print([pathlib.Path(one).name for one in read if one.endswith(".toml")])
newsletter.language.cue_phrases.get_cues("sv-FI")
newsletter.language.abbreviations.get_abbreviations("sv")
print([pathlib.Path(one).name for one in read if one.endswith(".toml")])
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.stderr == ""
    assert ended.stdout.splitlines() == ["['sv.toml']", "['sv.toml']"]
