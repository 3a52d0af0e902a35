"""`newsletter subscribers add`, `show`, `unsubscribe` and `erase`: one person at a time."""

from collections.abc import Iterator
from typing import Any

import click

from newsletter.cli.context import CliContext
from newsletter.cli.prompts import confirm
from newsletter.cli.subscribers import COMMANDS
from newsletter.cli.subscribers.options import JSON_OPTION, translate_statuses
from newsletter.errors import ListError
from newsletter.i18n import _, to_printable
from newsletter.store.audit_log import get_actor
from newsletter.subscribers import admin
from newsletter.subscribers.admin import AddressRecord
from newsletter.subscribers.data_export import export_personal_data
from newsletter.subscribers.importing.address_warnings import find_address_warning
from newsletter.subscribers.importing.languages import normalise_language
from newsletter.subscribers.importing.tags import parse_tags

#: What `show --json` says of an address that isn't on the list.
_BLANK_SUBSCRIBER: dict[str, Any] = {
    "email": "",
    "name": "",
    "language": "",
    "tags": [],
    "status": "",
    "fields": {},
    "created": None,
}


@click.command(help=COMMANDS["add"].help)
@click.argument("address")
@click.option("--name", default="")
@click.option("--language", default="", help=_("sv, en or another two-letter code."))
@click.option("--tag", "tag_words", multiple=True, help=_("Can be given several times."))
@click.option(
    "--consent",
    default="",
    metavar="TEXT",
    help=_("How the person asked; brings back who had left."),
)
@click.pass_obj
def add(
    context: CliContext,
    address: str,
    name: str,
    language: str,
    tag_words: tuple[str, ...],
    consent: str,
) -> None:
    """Add a person, or what is new of them."""
    code = normalise_language(language)
    if language and not code:
        raise ListError(
            "“{language}” is no language. Write sv, en or another two-letter code.",
            language=language,
        )
    wanted = admin.SubscriberDetails(
        email=address,
        name=name,
        language=code,
        tags=tuple(parse_tags("\n".join(tag_words))),
        consent=consent,
        actor=get_actor(),
    )
    workspace = context.workspace
    keyed_hash = workspace.keyed_hash
    with workspace.database.begin() as connection:
        new = admin.add(connection, wanted, workspace.clock(), keyed_hash)
    email = to_printable(address)
    click.echo(
        (
            _("{email} is on the list now.")
            if new
            else _("{email} was on the list already; what is new was added.")
        ).format(email=email)
    )
    if (phrase := find_address_warning(address)) is not None:
        click.echo(phrase.translate(context.language), err=True)


@click.command(help=COMMANDS["show"].help)
@click.argument("address")
@JSON_OPTION
@click.pass_obj
def show(context: CliContext, address: str, as_json: bool) -> None:
    """Show a subscriber with the proofs of their consent."""
    workspace = context.workspace
    keyed_hash = workspace.keyed_hash
    with workspace.database.read() as connection:
        known = admin.get_address_record(connection, address)
        everything = export_personal_data(connection, address, keyed_hash)
    if as_json:
        context.print_json({**_BLANK_SUBSCRIBER, **everything, "status": known.status.value})
        return
    for title, value in _format_record(context, known):
        click.echo(f"{title:<14}{to_printable(value)}")


@click.command(help=COMMANDS["unsubscribe"].help)
@click.argument("address")
@click.pass_obj
def unsubscribe(context: CliContext, address: str) -> None:
    """Do what a reader's own link does."""
    workspace = context.workspace
    with workspace.database.begin() as connection:
        changed = admin.unsubscribe(connection, address, workspace.clock())
    message = (
        _("{email} gets no more letters.") if changed else _("{email} was off the list already.")
    )
    click.echo(message.format(email=to_printable(address)))


@click.command(help=COMMANDS["erase"].help)
@click.argument("address")
@click.option("--yes", is_flag=True, help=_("Don't ask."))
@click.pass_obj
def erase(context: CliContext, address: str, yes: bool) -> None:
    """Forget a person."""
    workspace = context.workspace
    if not yes:
        confirm(
            _("Erase all that is kept of {email}? It can't be undone.").format(
                email=to_printable(address)
            )
        )
    keyed_hash = workspace.keyed_hash
    with workspace.database.begin() as connection:
        kept = admin.erase(connection, address, workspace.clock(), keyed_hash)
    message = (
        _("{email} is erased.")
        if kept
        else _("Nothing was kept of {email}; no list brings it in from now on.")
    )
    click.echo(message.format(email=to_printable(address)))


def _format_record(context: CliContext, record: AddressRecord) -> Iterator[tuple[str, str]]:
    zone = context.workspace.zone
    yield _("Address"), record.email
    yield _("Status"), translate_statuses()[record.status]
    if record.suppression is not None:
        yield _("Since"), f"{record.suppression.at.astimezone(zone):%Y-%m-%d %H:%M}"
    person = record.subscriber
    if person is None:
        return
    yield _("Name"), person.name
    yield _("Language"), person.language
    yield _("Tags"), ", ".join(person.tags)
    yield from person.fields.items()
    if person.paused_until is not None:
        yield _("Pause until"), f"{person.paused_until.astimezone(zone):%Y-%m-%d}"
    for proof in record.consents:
        yield (
            _("Consent"),
            (
                f"{proof.at.astimezone(zone):%Y-%m-%d %H:%M} {proof.source} {proof.actor}"
                f" {proof.wording}"
            ),
        )
