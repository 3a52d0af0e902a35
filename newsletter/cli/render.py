"""`newsletter render`: turn an issue into HTML, text, MJML or a mail."""

from html import escape
from pathlib import Path

import click

from newsletter.app.issue_files import read_issue
from newsletter.app.mail_setup import compile_message, personalise
from newsletter.app.rendering import render_issue
from newsletter.app.workspace import Workspace
from newsletter.cli.context import CliContext
from newsletter.domain.issue import RenderedIssue
from newsletter.domain.subscriber import Subscriber, SubscriberId
from newsletter.i18n import _
from newsletter.mail.address import parse_address
from newsletter.mail.compile import SLOT_GETTERS, Recipient

#: Who gets a letter that nobody in particular gets.
EXAMPLE_ADDRESS = "reader@example.org"


@click.command(help=_("Turn ISSUE into HTML, text, MJML or a mail, to look at or to keep."))
@click.argument("issue")
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "text", "mjml", "eml"]),
    default="html",
    show_default=True,
    help=_("What to make."),
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help=_("Write it here; without it, to standard output."),
)
@click.option(
    "--to", "address", metavar="ADDRESS", help=_("Fill in what is personal for this reader.")
)
@click.pass_obj
def render(
    context: CliContext, issue: str, form: str, output: Path | None, address: str | None
) -> None:
    """Draw an issue in one form."""
    made = _render_issue(context.workspace, issue, form, address)
    if output is None:
        click.echo(made, nl=False)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(made)
    click.echo(_("{file} is written ({size} bytes).").format(file=output, size=len(made)), err=True)


def _render_issue(
    workspace: Workspace, name_or_path: str, output_format: str, address: str | None
) -> bytes:
    read = read_issue(workspace, name_or_path)
    rendered = render_issue(workspace, read)
    if output_format == "eml":
        reader = _find_reader(workspace, read.name, address or EXAMPLE_ADDRESS)
        return compile_message(workspace, rendered, read.name).fill(reader, workspace.clock())
    text = {"html": rendered.html, "text": rendered.text, "mjml": rendered.mjml}[output_format]
    if address:
        text = _fill_slots(
            text,
            rendered,
            _find_reader(workspace, read.name, address),
            escape_html=output_format != "text",
        )
    return text.encode("utf-8")


def _find_reader(workspace: Workspace, issue_name: str, email: str) -> Recipient:
    """Return the reader of that address on the list; a stranger's links lead nowhere."""
    # Put off: the list is opened only where a reader is asked for.
    from newsletter.store import subscribers

    address = parse_address(email)
    with workspace.database.read() as connection:
        there = subscribers.find_by_key(connection, address.key)
    return personalise(
        workspace, there or Subscriber(id=SubscriberId(0), email=address.email), issue_name
    )


def _fill_slots(text: str, rendered: RenderedIssue, reader: Recipient, *, escape_html: bool) -> str:
    """Return a text with its slots filled, as `mail.compile` does it in bytes."""
    for name, placeholder in rendered.slots.items():
        value = SLOT_GETTERS[name](reader)
        text = text.replace(placeholder, escape(value) if escape_html else value)
    return text
