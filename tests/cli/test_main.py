"""The command line as a whole."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from newsletter.cli import COMMAND_MODULES, get_command_summaries, main


def list_commands(
    group: click.Command = main, words: tuple[str, ...] = ()
) -> list[tuple[str, ...]]:
    """Return the words of every command and subcommand."""
    if not isinstance(group, click.Group):
        return [words]
    context = click.Context(group)
    below = [
        list_commands(command, (*words, name))
        for name in group.list_commands(context)
        if (command := group.get_command(context, name))
    ]
    return [words, *(found for list_ in below for found in list_)]


@pytest.mark.parametrize("words", list_commands(), ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    """`--help` works everywhere, and says something."""
    shown = CliRunner().invoke(main, [*words, "--help"])
    assert shown.exit_code == 0, shown.output
    assert "Usage:" in shown.output


def test_the_list_of_commands_says_what_each_does() -> None:
    """No command is without its line."""
    assert set(get_command_summaries()) == set(COMMAND_MODULES)


@pytest.mark.parametrize(
    ("language", "said"),
    [("sv_SE.UTF-8", "Kommandon"), ("en_GB.UTF-8", "Commands"), ("C", "Commands")],
)
def test_help_speaks_the_terminals_language(language: str, said: str) -> None:
    """Swedish where the terminal is Swedish."""
    shown = subprocess.run(
        [sys.executable, "-m", "newsletter", "--help"],
        env={"LANG": language, "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said in shown.stdout


def test_help_imports_nothing_heavy() -> None:
    """`newsletter --help` answers at once, because libraries wait until a command needs them."""
    code = (
        "import sys; from newsletter.cli import main; main(['--help'], standalone_mode=False);"
        " print(sorted(sys.modules))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], env={"LANG": "C"}, capture_output=True, text=True, check=True
    ).stdout
    loaded = set(shown.rpartition("[")[2].replace("'", "").rstrip("]\n").split(", "))
    assert not loaded & {
        "sqlalchemy",
        "pydantic",
        "alembic",
        "premailer",
        "httpx2",
        "starlette",
        "rich",
        "babel",
        "lxml",
        "asyncio",
    }


def test_an_error_is_one_sentence_and_exit_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback for what a person can mend."""
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(main, ["schedule", "list"])
    assert shown.exit_code == 1
    assert shown.stderr.count("\n") == 1
    assert "newsletter init" in shown.stderr


def test_wrong_use_is_exit_code_2() -> None:
    """An unknown option or command is the caller's slip, told by click."""
    assert CliRunner().invoke(main, ["send", "--nonsense"]).exit_code == 2
    assert CliRunner().invoke(main, ["nonsense"]).exit_code == 2
