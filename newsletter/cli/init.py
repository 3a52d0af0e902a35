"""`newsletter init`: make a new newsletter's folder."""

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from newsletter.cli.theme import copy_theme
from newsletter.config import FILE_NAME, load_settings
from newsletter.errors import SettingsError
from newsletter.i18n import _
from newsletter.resources import find_stock_templates

#: Option → question, and the answer that stands there already.
QUESTIONS: dict[str, tuple[Callable[[], str], str]] = {
    "title": (lambda: _("What is the newsletter called?"), "Nytt från regionen"),
    "language": (lambda: _("In which language is it written (sv, en, …)?"), "sv"),
    "timezone": (lambda: _("In which time zone do you send it?"), "Europe/Stockholm"),
    "sender": (
        lambda: _("Who is it from? Name and address."),
        "Redaktionen <nyhetsbrev@example.org>",
    ),
    "postal_address": (
        lambda: _("Your postal address (the law asks for it in every letter)."),
        "Box 1, 111 11 Exempelstad",
    ),
    "public_url": (
        lambda: _("Under which address do readers reach `newsletter serve`?"),
        "https://nyhetsbrev.example.org",
    ),
    "source": (
        lambda: _("Where are your posts? The address of a feed, or a folder of Markdown."),
        "https://blogg.example.org/feed/",
    ),
    "smtp_host": (lambda: _("Which mail server takes your mail?"), "smtp.example.org"),
}

SETTINGS_TEMPLATE = """\
[newsletter]
title = {title}
language = {language}
timezone = {timezone}
from = {sender}
postal_address = {postal_address}
public_url = {public_url}

[[sources]]
url = {source}

[smtp]
host = {smtp_host}
port = {smtp_port}
security = {smtp_security}
"""
SIGN_IN_TEMPLATE = """\
username = {smtp_username}
# {hint}
password_file = "smtp-password"
"""


@click.command(
    help=_("Make a new newsletter in DIR: settings, a theme to change, an example list.")
)
@click.argument(
    "directory", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path)
)
@click.option(
    "--yes",
    is_flag=True,
    help=_("Ask nothing: take the options, and examples for what they leave open."),
)
@click.option("--title", help=QUESTIONS["title"][0]())
@click.option("--language", help=QUESTIONS["language"][0]())
@click.option("--timezone", help=QUESTIONS["timezone"][0]())
@click.option("--from", "sender", help=QUESTIONS["sender"][0]())
@click.option("--postal-address", help=QUESTIONS["postal_address"][0]())
@click.option("--public-url", help=QUESTIONS["public_url"][0]())
@click.option("--source", help=QUESTIONS["source"][0]())
@click.option("--smtp-host", help=QUESTIONS["smtp_host"][0]())
@click.option("--smtp-port", type=int, default=465, show_default=True, help=_("Its port."))
@click.option(
    "--smtp-security",
    type=click.Choice(["tls", "starttls", "none"]),
    default="tls",
    show_default=True,
    help=_("How the connection is made safe."),
)
@click.option(
    "--smtp-username",
    help=_("The name to sign in with; the password goes into the file smtp-password."),
)
def init(directory: Path, yes: bool, **given: str | int | None) -> None:
    """Ask, write everything into a new folder, then move it into place.

    Nothing is ever half made.
    """
    if (directory / FILE_NAME).exists():
        raise SettingsError(
            "There is a newsletter in {folder} already. Change {file} with a text editor.",
            folder=directory,
            file=FILE_NAME,
        )
    answers = {**given, **{name: _ask_setting(name, given.get(name), yes) for name in QUESTIONS}}
    text = _format_settings(answers)
    with tempfile.TemporaryDirectory() as draft:
        (Path(draft) / FILE_NAME).write_text(text, encoding="utf-8")
        load_settings(Path(draft) / FILE_NAME)
    (directory / "issues").mkdir(parents=True, exist_ok=True)
    if not (directory / "themes" / "default").exists():
        copy_theme("default", directory / "themes" / "default")
    if not (directory / "subscribers.csv").exists():
        shutil.copy(_find_example_list(), directory / "subscribers.csv")
    (directory / FILE_NAME).write_text(text, encoding="utf-8")
    _print_next_steps(directory)


def _ask_setting(name: str, option_value: str | int | None, yes: bool) -> str:
    question, example = QUESTIONS[name]
    if option_value is not None:
        return str(option_value)
    return example if yes else str(click.prompt(question(), default=example))


def _format_settings(answers: dict[str, str | int | None]) -> str:
    # JSON's strings are TOML's basic strings.
    quoted = {name: json.dumps(value, ensure_ascii=False) for name, value in answers.items()}
    text = SETTINGS_TEMPLATE.format(**quoted)
    if answers.get("smtp_username"):
        hint = _(
            "The file holds the password and nothing else. Instead of it: NEWSLETTER_SMTP__PASSWORD"
            " in the environment."
        )
        text += SIGN_IN_TEMPLATE.format(**quoted, hint=hint)
    return text


def _find_example_list() -> Path:
    packaged = find_stock_templates() / "subscribers.example.csv"
    return (
        packaged
        if packaged.is_file()
        else find_stock_templates().parent / "subscribers.example.csv"
    )


def _print_next_steps(directory: Path) -> None:
    click.echo(_("Your newsletter is in {folder}. Next:").format(folder=directory.absolute()))
    for step in (
        _("1. newsletter compose           read your posts, write an issue of what is new"),
        _("2. newsletter preview           look at it"),
        _("3. newsletter subscribers import subscribers.csv"),
        _("4. newsletter send ISSUE --test YOUR-ADDRESS"),
    ):
        click.echo(f"  {step}")
