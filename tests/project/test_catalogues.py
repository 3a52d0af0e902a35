"""Every text that a person may read is there in Swedish."""

import re
import string

import pytest
from babel.messages.catalog import Catalog, Message

from newsletter.i18n import (
    LOCALE_FOLDER,
    Phrase,
    detect_interface_language,
    load_catalogue,
    to_printable,
)
from tests.project import catalogues


def load_swedish() -> Catalog:
    return catalogues.read_catalogue(LOCALE_FOLDER / "sv.po")


def find_fields(text: str) -> set[str]:
    """Return the names in braces and in %(…)s of a text."""
    return (
        {name for _, name, _, _ in string.Formatter().parse(text) if name}
        if "%(" not in text
        else set(re.findall(r"%\((\w+)\)s", text))
    )


def test_every_text_is_there_in_swedish() -> None:
    """No sentence falls back to English.

    Each one that the code or a template holds is translated.
    """
    catalog = load_swedish()
    missing = {
        (place, msgid)
        for place, msgid in catalogues.find_messages()
        if (first := msgid[0] if isinstance(msgid, tuple) else msgid)
        if not (message := catalog.get(first)) or not message.string or message.fuzzy
    }
    assert not missing, "\n".join(
        f"{place}: {msgid!r}" for place, msgid in sorted(missing, key=str)
    )


def test_no_text_is_translated_that_nobody_says() -> None:
    """The catalogue holds nothing that the program no longer says."""
    said = {
        msgid[0] if isinstance(msgid, tuple) else msgid for _, msgid in catalogues.find_messages()
    }
    unsaid = {
        message.id[0] if isinstance(message.id, tuple) else message.id
        for message in load_swedish()
        if message.id
    } - said
    assert not unsaid


def list_messages() -> list[Message]:
    return [message for message in load_swedish() if message.id and message.string]


@pytest.mark.parametrize("message", list_messages(), ids=lambda message: str(message.id)[:40])
def test_a_translation_has_the_values_of_its_original(message: Message) -> None:
    """A value that is missing, or one too many, would crash just where an error is told."""
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    for text in strings:
        assert find_fields(text) <= set().union(*map(find_fields, ids))
        assert find_fields(text) >= find_fields(ids[0]) - {"count", "num"}


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "sv_SE.UTF-8"}, "sv-SE"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "sv_SE"}, "sv-SE"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "sv:en"}, "sv"),
    ],
)
def test_the_terminal_says_which_language(environ: dict[str, str], language: str) -> None:
    """POSIX's variables, in their order."""
    assert detect_interface_language(environ) == language


def test_a_language_without_a_catalogue_speaks_english() -> None:
    """A third language is one file; until it is there, English is said."""
    assert load_catalogue("fi").gettext("Commands") == "Commands"
    assert load_catalogue("sv-FI").gettext("Commands") == "Kommandon"
    assert load_catalogue("../../etc/passwd").gettext("Commands") == "Commands"


@pytest.mark.parametrize(
    "value", ["a\x1b[31mb", "a\r\nb", "a\u202eb", "a\x00b", "\ud800", "a\u2028b"]
)
def test_a_value_from_outside_cannot_steer_the_terminal(value: str) -> None:
    """Control characters, line breaks and direction marks stay out of messages."""
    said = Phrase("{value}", value=value).translate("sv")
    assert said.isprintable()
    assert len(to_printable("x" * 10_000)) == 300


def test_errors_outside_the_tree_of_errors_are_translated_too() -> None:
    """`compose` with nothing to announce spoke English to Swedes: its error stands elsewhere."""
    assert "NothingToCompose" in catalogues.KEYWORDS
    assert "inget nummer skrevs" in Phrase(
        "There is nothing new to announce, so no issue was written. See why each post is left out"
        " with: newsletter compose --explain"
    ).translate("sv")
