"""Commands whose modules wait until they are used."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from newsletter.cli.lazy_group import LazyCommand, LazyGroup

LONG = "Add the readers in FILE, however it is written, and show what became of each. " * 3


def make_group(**commands: LazyCommand) -> LazyGroup:
    """Return a group with commands of this package."""
    return LazyGroup("group", lazy_commands=commands)


def test_commands_keep_their_order_and_are_not_imported() -> None:
    """`--help` needs no module, not even one that doesn't exist."""
    group = make_group(
        zebra=LazyCommand("newsletter.nowhere", "Do this."),
        ape=LazyCommand("newsletter.nowhere", "Do that."),
    )
    assert group.list_commands(click.Context(group)) == ["zebra", "ape"]
    shown = CliRunner().invoke(group, ["--help"])
    assert shown.exit_code == 0, shown.output
    assert shown.output.index("zebra") < shown.output.index("ape")
    assert "Do this." in shown.output


@pytest.mark.parametrize(
    ("lazy", "line"),
    [
        (LazyCommand("x", "Do this. And then that."), "Do this."),
        (LazyCommand("x", LONG), "Add the readers in FILE, however it is..."),
        (LazyCommand("x", LONG, short_help="add readers"), "add readers"),
        (LazyCommand("x"), ""),
    ],
    ids=["first sentence", "shortened", "line of its own", "none"],
)
def test_a_groups_list_is_as_click_writes_it(lazy: LazyCommand, line: str) -> None:
    """Long help is cut at the width; a line of its own is taken as it is."""
    assert lazy.get_short_help(45) == line
    at_hand = click.Command("x", help=lazy.help, short_help=lazy.short_help or None)
    assert lazy.get_short_help(45) == at_hand.get_short_help_str(45)


def test_a_command_is_found_by_its_name_or_attribute() -> None:
    """`import` and `list` are words of Python."""
    group = make_group(
        status=LazyCommand("newsletter.cli.status"),
        list=LazyCommand("newsletter.cli.subscribers.list_command", attribute="list_"),
    )
    context = click.Context(group)
    for name in ("status", "list"):
        found = group.get_command(context, name)
        assert found is not None
        assert found.name == name


def test_an_unknown_command_is_wrong_use() -> None:
    """As click tells it, with no traceback."""
    group = make_group(status=LazyCommand("newsletter.cli.status"))
    assert group.get_command(click.Context(group), "nonsense") is None
    assert CliRunner().invoke(group, ["nonsense"]).exit_code == 2


@pytest.mark.parametrize(
    ("words", "absent"),
    [
        (["subscribers", "--help"], {"sqlalchemy", "newsletter.subscribers", "rich"}),
        (["posts", "--help"], {"sqlalchemy", "lxml", "rich"}),
        (["schedule", "--help"], {"sqlalchemy", "newsletter.render", "rich"}),
        (["send", "--nonsense"], {"premailer", "lxml", "mrml"}),
        (["status", "--help"], {"premailer", "lxml", "newsletter.render"}),
        (["pause", "--help"], {"premailer", "lxml", "newsletter.render"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_a_command_does_not_need_waits(words: list[str], absent: set[str]) -> None:
    """Each in a process of its own."""
    code = (
        "import sys; from newsletter.cli import main\n"
        f"try: main({words!r}, standalone_mode=False)\n"
        "except BaseException: pass\n"
        "print('\\n' + '\\n'.join(sys.modules))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], env={"LANG": "C"}, capture_output=True, text=True, check=True
    ).stdout
    assert not absent & set(shown.splitlines())
