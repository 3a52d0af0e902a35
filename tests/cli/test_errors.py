"""Errors become a sentence and an exit code; nothing else ends a command."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from newsletter.cli.errors import (
    EXIT_DONE,
    EXIT_FAILED,
    EXIT_INCOMPLETE,
    EXIT_WRONG_USE,
    drop_unwritable_output,
    handle_errors,
)
from newsletter.errors import ListError


def raise_error(error: BaseException) -> None:
    """Raise it as a command would."""
    with handle_errors():
        raise error


def test_codes_are_a_contract() -> None:
    """Scripts compare them."""
    assert (EXIT_DONE, EXIT_FAILED, EXIT_WRONG_USE, EXIT_INCOMPLETE) == (0, 1, 2, 3)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "lista.csv can't be read (gone). Check the name and the permissions.\n"),
        ("sv", "lista.csv kan inte läsas (gone). Kontrollera namnet och behörigheterna.\n"),
    ],
)
def test_an_error_of_ours_is_one_sentence(
    language: str,
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On standard error, in the terminal's language, without colour where there is none."""
    monkeypatch.setenv("LANGUAGE", language)
    error = ListError(
        "{path} can't be read ({cause}). Check the name and the permissions.",
        path="lista.csv",
        cause="gone",
    )
    with pytest.raises(click.exceptions.Exit) as raised:
        raise_error(error)
    assert raised.value.exit_code == EXIT_FAILED
    assert raised.value.__cause__ is error
    assert tuple(capsys.readouterr()) == ("", sentence)


@pytest.mark.parametrize(
    ("error", "code"),
    [(KeyboardInterrupt(), 130), (click.exceptions.Abort(), EXIT_FAILED)],
    ids=["Ctrl-C", "end of input"],
)
@pytest.mark.parametrize(("language", "word"), [("en", "Stopped."), ("sv", "Avbrutet.")])
def test_whoever_stops_it_is_told_that_it_stopped(
    error: BaseException,
    code: int,
    language: str,
    word: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No traceback; 130 is what shells say of Ctrl-C."""
    monkeypatch.setenv("LANGUAGE", language)
    with pytest.raises(click.exceptions.Exit) as raised:
        raise_error(error)
    assert raised.value.exit_code == code
    assert tuple(capsys.readouterr()) == ("", f"{word}\n")


def test_a_closed_pipe_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever read has enough: nothing is said, and nothing is said as Python ends either."""
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stderr", shown)
    with pytest.raises(click.exceptions.Exit) as raised:
        raise_error(BrokenPipeError())
    assert raised.value.exit_code == EXIT_FAILED
    assert shown.closed


@pytest.mark.parametrize("error", [ZeroDivisionError(), click.UsageError("x"), SystemExit(7)])
def test_everything_else_passes(error: BaseException) -> None:
    """A fault of ours is seen with its traceback; click tells of wrong use by itself."""
    with pytest.raises(type(error)) as raised:
        raise_error(error)
    assert raised.value is error


def test_without_an_error_nothing_happens() -> None:
    """The block's own end."""
    with handle_errors():
        done = True
    assert done


def test_a_stream_that_can_be_written_stays(capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing is lost of it."""
    click.echo("all of it")
    drop_unwritable_output()
    click.echo("and more")
    assert capsys.readouterr().out == "all of it\nand more\n"


def close_before(process: "subprocess.Popen[bytes]") -> None:
    """Read one line, then go."""
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()


def close_at_once(process: "subprocess.Popen[bytes]") -> None:
    """Read nothing at all."""
    assert process.stdout is not None
    process.stdout.close()


@pytest.mark.parametrize("close", [close_before, close_at_once], ids=["a line", "nothing"])
def test_whoever_reads_may_go_at_any_time(
    close: "Callable[[subprocess.Popen[bytes]], None]", tmp_path: Path
) -> None:
    """`newsletter … | head -1`: not Python's 120, and no word on standard error."""
    body = "".join(f"line {number}\n" for number in range(100_000))
    (tmp_path / "text.txt").write_text(body)
    code = (
        "import click; from newsletter.cli import main\n"
        "@main.command('flood')\n"
        f"def flood(): click.echo(open({str(tmp_path / 'text.txt')!r}).read())\n"
        "main.get_command = lambda ctx, name: flood\n"
        "main(['flood'])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={"LANG": "C", "PATH": os.defpath},
    )  # fmt: skip
    close(process)
    assert process.stderr is not None
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(20), said) == (EXIT_FAILED, b"")
