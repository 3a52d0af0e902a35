"""`newsletter theme`: make a theme of one's own."""

import json
import re
import shutil
from pathlib import Path

import click

from newsletter.cli.context import CliContext
from newsletter.errors import RenderError, SettingsError
from newsletter.i18n import _
from newsletter.resources import find_stock_templates

#: What staff change: colours, fonts and numbers. All else is taken from the theme that it starts
#: from.
EDITABLE_FILES = ("palette.toml", "theme.toml")
THEME_NAME_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@click.group(help=_("Make a theme of your own."))
def theme() -> None:
    """Group the commands on themes."""


@theme.command(
    help=_(
        "Make the theme NAME in themes/: its colours, fonts and numbers, to change with a text"
        " editor."
    )
)
@click.argument("name")
@click.option(
    "--from",
    "base",
    metavar="THEME",
    default="default",
    show_default=True,
    help=_("Start from this one: default or plain."),
)
@click.option(
    "--full", is_flag=True, help=_("Copy the templates too, to change what stands where.")
)
@click.pass_obj
def new(context: CliContext, name: str, base: str, full: bool) -> None:
    """Copy a stock theme's files into the workspace."""
    # Put off: `init` copies themes as well, and renders nothing.
    from newsletter.render.theme import list_stock_themes

    if not THEME_NAME_PATTERN.fullmatch(name):
        raise SettingsError(
            "“{name}” can't be a theme's name. Use letters, digits and hyphens.", name=name
        )
    if base not in list_stock_themes():
        raise SettingsError(
            "There is no theme {base} to start from. There are: {names}.",
            base=base,
            names=", ".join(list_stock_themes()),
        )
    folder = context.workspace.folder / "themes" / name
    if folder.exists():
        raise RenderError(
            "There is a theme {name} already: {folder}. Change its files, or choose another name.",
            name=name,
            folder=folder,
        )
    copy_theme(base, folder, title=name, full=full)
    click.echo(
        _("The theme is in {folder}. To use it, write into newsletter.toml:").format(folder=folder)
    )
    click.echo(f'\n[theme]\nname = "{name}"\n')
    click.echo(_("Look at it with: newsletter preview"))


def copy_theme(base: str, folder: Path, *, title: str = "", full: bool = False) -> None:
    """Copy what one changes of a stock theme, or all of it.

    The copy names the theme that it starts from.
    """
    stock = find_stock_templates() / "themes"
    folder.mkdir(parents=True)
    # A theme of ours may itself lack what the default theme has.
    for source in dict.fromkeys((stock / "default", stock / base)):
        for file in sorted(source.iterdir()):
            if full or file.name in EDITABLE_FILES:
                shutil.copyfile(file, folder / file.name)
    options = folder / "theme.toml"
    options.write_text(
        _set_base_and_title(options.read_text("utf-8"), base, title), encoding="utf-8"
    )


def _set_base_and_title(text: str, base: str, title: str) -> str:
    kept = re.sub(r"(?m)^base = .*\n", "", text)
    if title:
        kept = re.sub(r"(?m)\Atitle = .*$", lambda _found: f"title = {json.dumps(title)}", kept)
    comment = _("# What this folder lacks is taken from this theme.")
    return kept.replace("\n\n[options]", f'\n\n{comment}\nbase = "{base}"\n\n[options]', 1)
