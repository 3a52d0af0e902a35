"""The messages of the page's scripts: each that a script asks for is there, and translated."""

import re
from pathlib import Path
from string import Formatter

import pytest

from newsletter.web.preview.ui_messages import UI_MESSAGES, build_ui_messages

SCRIPTS = Path(__file__).parents[3] / "templates" / "web" / "preview" / "js"
#: What scripts put together: `layout-${name}`, `${kind}What`.
COMPOSED = re.compile(r"layout-\w*|\w+What")


def read_scripts() -> str:
    return "\n".join(file.read_text("utf-8") for file in sorted(SCRIPTS.rglob("*.js")))


@pytest.mark.parametrize("file", sorted(SCRIPTS.rglob("*.js")), ids=lambda file: file.name)
def test_every_message_that_a_script_names_is_there(file: Path) -> None:
    """translate("unknown") would stop the page."""
    named = re.findall(r'translate\(\s*"([\w-]+)"', file.read_text("utf-8"))
    assert set(named) <= set(UI_MESSAGES)


@pytest.mark.parametrize("key", sorted(UI_MESSAGES))
def test_no_message_is_left_over(key: str) -> None:
    """A script names it, whole or put together, or it is the kind of something that is listed."""
    listed = {"picture", "removed"}
    assert f'"{key}"' in read_scripts() or COMPOSED.fullmatch(key) or key in listed


def test_english_is_the_source() -> None:
    """And stands in for a language without a catalogue."""
    assert build_ui_messages("en") == UI_MESSAGES == build_ui_messages("xx")


@pytest.mark.parametrize("key", sorted(UI_MESSAGES))
def test_a_translation_has_the_same_values(key: str) -> None:
    """{name} is filled in by the script, under the same name."""
    swedish = build_ui_messages("sv")[key]
    assert swedish

    def list_names(message: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(message) if name}

    assert list_names(swedish) == list_names(UI_MESSAGES[key])


def test_most_messages_are_translated() -> None:
    """Some words are the same in both languages."""
    swedish = build_ui_messages("sv")
    same = [key for key, message in UI_MESSAGES.items() if swedish[key] == message]
    assert len(same) < len(UI_MESSAGES) / 10
