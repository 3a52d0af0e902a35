"""Yes or no, in the terminal's language."""

import click
import pytest
from click.testing import CliRunner, Result

from newsletter.cli.prompts import confirm


def ask(answer: str, *, default: bool = False, language: str = "en") -> Result:
    """Ask "Send it?", and say on standard output that it was a yes."""

    @click.command()
    def command() -> None:
        confirm("Send it?", default=default)
        click.echo("yes!")

    return CliRunner(env={"LANGUAGE": language}).invoke(command, input=answer)


@pytest.mark.parametrize(
    ("language", "answer", "is_yes"),
    [
        ("en", "y", True),
        ("en", "YES", True),
        ("en", " y ", True),
        ("en", "n", False),
        ("en", "No", False),
        ("sv", "j", True),
        ("sv", "Ja", True),
        ("sv", "y", True),
        ("sv", "yes", True),
        ("sv", "n", False),
        ("sv", "nej", False),
        ("sv", "no", False),
    ],
)
def test_answers(language: str, answer: str, is_yes: bool) -> None:
    """A yes goes on; a no ends with 1. English is understood everywhere."""
    done = ask(f"{answer}\n", language=language)
    assert (done.exit_code, done.stdout) == ((0, "yes!\n") if is_yes else (1, ""))


@pytest.mark.parametrize(
    ("language", "default", "letters"),
    [
        ("en", False, "[y/N]"),
        ("en", True, "[Y/n]"),
        ("sv", False, "[j/N]"),
        ("sv", True, "[J/n]"),
    ],
)
def test_an_empty_answer_is_the_default(language: str, default: bool, letters: str) -> None:
    """Which is the capital letter; the question stands on standard error."""
    done = ask("\n", default=default, language=language)
    assert (done.exit_code == 0) is default
    assert f"Send it? {letters}" in done.stderr


@pytest.mark.parametrize(
    ("language", "help_text"), [("en", "Answer y or n."), ("sv", "Svara j eller n.")]
)
def test_anything_else_is_asked_again(language: str, help_text: str) -> None:
    """As often as it takes."""
    done = ask("oui\n?\ny\n", language=language)
    assert done.exit_code == 0
    assert done.stderr.count(help_text) == 2
    assert done.stderr.count("Send it?") == 3


def test_the_other_languages_letter_is_unclear_in_english() -> None:
    """J isn't a yes there: nobody is surprised by a send."""
    assert "Answer y or n." in ask("j\nn\n").stderr
