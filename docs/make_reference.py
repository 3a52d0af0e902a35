"""Write docs/reference/commands.md from the commands themselves: `make reference`.

A test insists that it is up to date.
"""

from collections.abc import Iterator
from pathlib import Path

import click

REFERENCE = Path(__file__).parent / "reference" / "commands.md"
INTRODUCTION = """\
# Commands

Made from the program itself by `make reference`.

Every command uses the `newsletter.toml` of the folder that it is run in, or of the nearest one
above, or what `newsletter -c FILE` names. Exit codes: 0 done; 1 refused or failed, with one
sentence on standard error; 2 wrong use; 3 a send has ended with unknown or refused deliveries;
130 stopped by Ctrl-C. `--json` is never translated.
"""


def reference() -> str:
    """Return the whole page, in English."""
    from newsletter.cli import main

    return INTRODUCTION + "".join(f"\n{part}" for part in _parts(main, ("newsletter",)))


def _parts(command: click.Command, words: tuple[str, ...]) -> Iterator[str]:
    context = click.Context(command, info_name=words[-1])
    if len(words) > 1:
        yield _part(command, words, context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None:
                yield from _parts(found, (*words, name))


def _part(command: click.Command, words: tuple[str, ...], context: click.Context) -> str:
    pieces = " ".join(
        piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]"
    )
    lines = [
        f"{'#' * len(words)} `{' '.join(words[1:])}`",
        "",
        f"`{' '.join((*words, pieces)).strip()}`",
        "",
        command.help or "",
        "",
    ]
    options = [
        option.get_help_record(context)
        for option in command.params
        if isinstance(option, click.Option)
    ]
    rows = [f"| `{_cell(names)}` | {_cell(text)} |" for names, text in filter(None, options)]
    return "\n".join([*lines, *(["| option | |", "|---|---|", *rows, ""] if rows else [])])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    import os

    os.environ["LANGUAGE"] = "en"
    REFERENCE.write_text(reference(), encoding="utf-8")
