"""`newsletter subscribers add`, `show`, `unsubscribe`, `suppress` and `erase`.

One person at a time.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.context import CliContext
from newsletter.cli.prompts import confirm
from newsletter.cli.subscribers.options import (
    JSON_OPTION,
    make_printable,
    subscribers,
    translate_statuses,
)
from newsletter.i18n import _

if TYPE_CHECKING:
    from newsletter.subscribers.admin import AddressRecord
    from newsletter.subscribers.importing.row_parser import RefusedRow


@subscribers.command(help=_("Add one person who has asked for the letter."))
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
    """Add a person, or what is new of her."""
    from newsletter.errors import ListError
    from newsletter.store.audit_log import get_actor
    from newsletter.subscribers import admin
    from newsletter.subscribers.importing.address_warnings import find_address_warning
    from newsletter.subscribers.importing.languages import normalise_language
    from newsletter.subscribers.importing.row_parser import parse_tags

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
    seal = workspace.keyed_hash
    with workspace.database.begin() as connection:
        new = admin.add(connection, wanted, workspace.clock(), seal)
    email = make_printable(address)
    click.echo(
        (
            _("{email} is on the list now.")
            if new
            else _("{email} was on the list already; what is new was added.")
        ).format(email=email)
    )
    if (phrase := find_address_warning(address)) is not None:
        click.echo(phrase.translate(context.language), err=True)


@subscribers.command(help=_("Show all that is kept of one person."))
@click.argument("address")
@JSON_OPTION
@click.pass_obj
def show(context: CliContext, address: str, as_json: bool) -> None:
    """Show a subscriber with the proofs of her consent."""
    from newsletter.subscribers import admin
    from newsletter.subscribers.data_export import export_personal_data

    workspace = context.workspace
    seal = workspace.keyed_hash
    with workspace.database.read() as connection:
        known = admin.get_address_record(connection, address)
        everything = {**export_personal_data(connection, address, seal), **_record_to_dict(known)}
    if as_json:
        context.print_json(everything)
        return
    for title, value in _format_record(context, known):
        click.echo(f"{title:<14}{make_printable(value)}")


@subscribers.command(help=_("Take a reader off who has asked for it."))
@click.argument("address")
@click.pass_obj
def unsubscribe(context: CliContext, address: str) -> None:
    """Do what a reader's own link does."""
    from newsletter.subscribers import admin

    workspace = context.workspace
    with workspace.database.begin() as connection:
        changed = admin.unsubscribe(connection, address, workspace.clock())
    message = (
        _("{email} gets no more letters.") if changed else _("{email} was off the list already.")
    )
    click.echo(message.format(email=make_printable(address)))


@subscribers.command(
    help=_("Never write to ADDRESS again, on the list or not; @example.org is all of a domain.")
)
@click.argument("address", required=False)
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    help=_("A list of addresses instead: CSV, XLSX or vCard."),
)
@click.option(
    "--reason",
    type=click.Choice(["manual", "unsubscribed", "bounced", "complained"]),
    default="manual",
    show_default=True,
)
@click.pass_obj
def suppress(context: CliContext, address: str | None, file: Path | None, reason: str) -> None:
    """Block an address, a domain, or a list of addresses."""
    from newsletter.domain.subscriber import SuppressionReason
    from newsletter.subscribers import admin
    from newsletter.subscribers.importing.suppression_import import import_suppressions

    workspace, why = context.workspace, SuppressionReason(reason)
    if (address is None) == (file is None):
        raise click.UsageError(_("Give one ADDRESS, or --file."))
    if file is not None:
        changed, known = import_suppressions(
            workspace.database,
            file,
            why,
            workspace.clock(),
            on_refused=lambda row: _print_refused(context, row),
        )
        click.echo(
            _("Blocked {changed}; {known} were blocked before.").format(
                changed=changed, known=known
            )
        )
        return
    assert address is not None
    with workspace.database.begin() as connection:
        new = admin.suppress(connection, address, workspace.clock(), why)
    message = _("{email} is never written to again.") if new else _("{email} was blocked already.")
    click.echo(message.format(email=make_printable(address)))


@subscribers.command(
    help=_(
        "Forget a person: all that is kept of ADDRESS goes, but for a code that keeps old lists"
        " from bringing it back."
    )
)
@click.argument("address")
@click.option("--yes", is_flag=True, help=_("Don't ask."))
@click.pass_obj
def erase(context: CliContext, address: str, yes: bool) -> None:
    """Forget a person."""
    from newsletter.subscribers import admin

    workspace = context.workspace
    if not yes:
        confirm(
            _("Erase all that is kept of {email}? It can't be undone.").format(
                email=make_printable(address)
            )
        )
    seal = workspace.keyed_hash
    with workspace.database.begin() as connection:
        kept = admin.erase(connection, address, workspace.clock(), seal)
    message = (
        _("{email} is erased.")
        if kept
        else _("Nothing was kept of {email}; no list brings it in from now on.")
    )
    click.echo(message.format(email=make_printable(address)))


def _print_refused(context: CliContext, row: "RefusedRow") -> None:
    click.echo(
        _("Refused, line {line}: {reason}").format(
            line=row.line, reason=row.reason.translate(context.language)
        ),
        err=True,
    )


def _record_to_dict(record: "AddressRecord") -> dict[str, Any]:
    from newsletter.subscribers.exporting import subscriber_to_dict

    value: dict[str, Any] = {
        "email": record.email,
        "name": "",
        "language": "",
        "tags": [],
        "status": "",
        "fields": {},
        "created": None,
    }
    if record.subscriber is not None:
        value = subscriber_to_dict(record.subscriber)
    value["status"] = record.status.value
    value["consents"] = [
        {
            "at": proof.at.isoformat(),
            "source": proof.source,
            "wording": proof.wording,
            "actor": proof.actor,
        }
        for proof in record.consents
    ]
    blocked = record.suppression
    value["suppression"] = (
        {"reason": blocked.reason.value, "at": blocked.at.isoformat()} if blocked else None
    )
    return value


def _format_record(context: CliContext, record: "AddressRecord") -> Iterator[tuple[str, str]]:
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
