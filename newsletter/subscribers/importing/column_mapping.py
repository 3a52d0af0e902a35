"""Columns of a list: which one is what.

By its name in Swedish, English or German, or else by what is in it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from newsletter.domain.subscriber import SubscriberStatus


class ColumnRole(StrEnum):
    """What a column holds; all others are the list's own fields."""

    email = "email"
    name = "name"
    first = "first"
    last = "last"
    language = "language"
    tags = "tags"
    status = "status"


#: What our own export writes first; the columns after these are own fields, whatever they are
#: called.
OWN_COLUMNS = ("email", "name", "language", "tags", "status")
#: What our own report of refused rows puts before the row.
REPORT_COLUMNS = ("line", "reason")

_HEADERS_BY_ROLE: Mapping[ColumnRole, str] = {
    ColumnRole.email: (
        """email emailaddress emailaddresses emailadress emailadresse emailadressen emails mail
        mailadress mailadresse mailaddress mejl mejladress mejladresse epost epostadress
        epostadresser epostadr eadress emailvalue email1value email1address primaryemail
        emailprimary emailprivate emailwork subscriberemail useremail contactemail workemail
        epostarbete eposthem elektroniskpost elektronischepost"""
    ),
    ColumnRole.name: (
        """name namn fullname fullständigtnamn vollständigername displayname visningsnamn
        anzeigename subscribername personnamn contactname"""
    ),
    ColumnRole.first: "firstname förnamn fornamn vorname givenname tilltalsnamn fname rufname",
    ColumnRole.last: "lastname efternamn surname nachname familyname familienname lname zuname",
    ColumnRole.language: (
        "language språk sprak sprache lang locale languagecode språkkod sprachcode"
        " preferredlanguage"
    ),
    ColumnRole.tags: (
        """tags tag taggar tagg etikett etiketter groups group grupper grupp gruppen gruppe
        labels label lists list listor lista listen liste categories category kategorier
        kategori kategorien kategorie schlagwörter schlagworte segments segment"""
    ),
    ColumnRole.status: (
        """status state tillstånd zustand subscriptionstatus subscriberstatus
        prenumerationsstatus globalstatus abostatus subscribed subscribedtoemails prenumererar
        abonniert"""
    ),
}
#: Columns that stop letters by a time or a yes in them: Mailchimp's lists of those who left have no
#: other sign of it.
_HEADERS_BY_STATUS: Mapping[SubscriberStatus, str] = {
    SubscriberStatus.unsubscribed: (
        """unsubtime unsubscribetime unsubscribedat unsubscribedate unsubscribedon
        dateunsubscribed unsubscribed unsubscribedfromallemail optouttime optoutdate
        avregistrerad avregistreringsdatum avprenumererad abgemeldet abgemeldetam abmeldedatum"""
    ),
    SubscriberStatus.bounced: "cleantime cleanedat bouncedat bouncetime hardbouncedat studsade",
    SubscriberStatus.complained: "complainedat complainttime spamcomplaint",
}
_STATUS_BY_HEADER: Mapping[str, SubscriberStatus] = {
    name: status for status, names in _HEADERS_BY_STATUS.items() for name in names.split()
}
_ROLE_BY_HEADER: Mapping[str, ColumnRole] = {
    name: role for role, names in _HEADERS_BY_ROLE.items() for name in names.split()
}
_ADDRESS_PATTERN = re.compile(r"""["'<\s]*[^\s@"<>,;|]+[@＠][^\s@"<>,;|]+["'>\s]*""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where each thing stands in a row, counted from 0; None where the list has no such column."""

    width: int
    email: int
    name: int | None = None
    first_name: int | None = None
    last_name: int | None = None
    language: int | None = None
    tags: int | None = None
    status: tuple[int, ...] = ()
    #: Places whose cells mean a status unless they are empty or say no.
    status_flags: tuple[tuple[int, SubscriberStatus], ...] = ()
    #: Place and name of every own field.
    fields: tuple[tuple[int, str], ...] = ()
    #: The list is an export of ours: apostrophes before its addresses are ours as well.
    is_own_export: bool = False


def map_by_header(
    header: Sequence[str], mapping: Mapping[str, ColumnRole] = MappingProxyType({})
) -> Columns | None:
    """Return the columns that a header names, or None where none of them is an address.

    `mapping` says what columns hold, by their names in whatever case; it wins over what the names
    say.
    """
    if mapping:
        return _map_by_given_names(
            header, {_normalise_header(name): role for name, role in mapping.items()}
        )
    if tuple(header[: len(OWN_COLUMNS)]) == OWN_COLUMNS:
        return _build_columns(
            header, dict(zip(range(len(OWN_COLUMNS)), map(ColumnRole, OWN_COLUMNS), strict=True))
        )
    start = len(REPORT_COLUMNS) if tuple(header[: len(REPORT_COLUMNS)]) == REPORT_COLUMNS else 0
    roles: dict[int, ColumnRole] = {}
    taken: set[ColumnRole] = set()
    for at, cell in enumerate(header[start:], start):
        role = _ROLE_BY_HEADER.get(_normalise_header(cell))
        if role is not None and (role not in taken or role is ColumnRole.status):
            roles[at] = role
            taken.add(role)
    if ColumnRole.email not in taken:
        return None
    if ColumnRole.name in taken:  # first and last names then are fields of their own
        roles = {
            at: role
            for at, role in roles.items()
            if role not in (ColumnRole.first, ColumnRole.last)
        }
    return _build_columns(header, roles, start)


def map_by_content(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Columns | None:
    """Return the columns of a list whose header names no address.

    By the one column that is full of addresses; None where there are none or several.
    """
    counts = [
        sum(1 for row in rows if at < len(row) and is_address(row[at])) for at in range(len(header))
    ]
    full = [at for at, count in enumerate(counts) if rows and count * 10 >= len(rows) * 8]
    if len(full) != 1:
        return None
    roles = {
        at: role
        for at, cell in enumerate(header)
        if (role := _ROLE_BY_HEADER.get(_normalise_header(cell))) is not None
    }
    return _build_columns(header, {**_keep_first_of_each(roles), full[0]: ColumnRole.email})


def map_without_header(row: Sequence[str]) -> Columns | None:
    """Return the columns of a list without a header: addresses, and names beside them.

    None where more is unclear.
    """
    found = [at for at, cell in enumerate(row) if is_address(cell)]
    others = [at for at, cell in enumerate(row) if cell.strip() and at not in found]
    if len(found) != 1 or len(others) > 1:
        return None
    return Columns(width=len(row), email=found[0], name=others[0] if others else None)


def is_address(cell: str) -> bool:
    """Return True if a cell looks like an address, without being strict about it."""
    return _ADDRESS_PATTERN.fullmatch(cell) is not None


def _map_by_given_names(header: Sequence[str], mapping: Mapping[str, ColumnRole]) -> Columns | None:
    roles = {
        at: mapping[_normalise_header(cell)]
        for at, cell in enumerate(header)
        if _normalise_header(cell) in mapping
    }
    taken = set(roles.values())
    for at, cell in enumerate(header):
        role = _ROLE_BY_HEADER.get(_normalise_header(cell))
        if at not in roles and role is not None and role not in taken:
            roles[at] = role
            taken.add(role)
    if ColumnRole.email not in taken or not set(mapping) <= {
        _normalise_header(cell) for cell in header
    }:
        return None
    if ColumnRole.name in taken:
        roles = {
            at: role
            for at, role in roles.items()
            if role not in (ColumnRole.first, ColumnRole.last)
        }
    return _build_columns(header, _keep_first_of_each(roles))


def _keep_first_of_each(roles: Mapping[int, ColumnRole]) -> dict[int, ColumnRole]:
    firsts: dict[ColumnRole, int] = {}
    for at, role in roles.items():
        firsts.setdefault(role, at)
    return {at: role for role, at in firsts.items()}


def _normalise_header(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in folded if character.isalnum())


def _build_columns(
    header: Sequence[str], roles: Mapping[int, ColumnRole], start: int = 0
) -> Columns:
    places = {role: at for at, role in reversed(list(roles.items()))}
    ours = tuple(header[: len(OWN_COLUMNS)]) == OWN_COLUMNS
    stops = [
        (at, _STATUS_BY_HEADER[_normalise_header(cell)])
        for at, cell in enumerate(header)
        if at not in roles and not ours and _normalise_header(cell) in _STATUS_BY_HEADER
    ]
    own: dict[str, int] = {}
    for at, cell in enumerate(header):
        if at >= start and at not in roles:
            own[_make_unique(_clean_header(cell) or f"column {at + 1}", own)] = at
    return Columns(
        width=len(header),
        email=places[ColumnRole.email],
        name=places.get(ColumnRole.name),
        first_name=places.get(ColumnRole.first),
        last_name=places.get(ColumnRole.last),
        language=places.get(ColumnRole.language),
        tags=places.get(ColumnRole.tags),
        status=tuple(at for at, role in roles.items() if role is ColumnRole.status),
        status_flags=tuple(stops),
        fields=tuple((at, name) for name, at in own.items()),
        is_own_export=ours,
    )


def _clean_header(cell: str) -> str:
    return cell.replace("\0", "").strip()


def _make_unique(name: str, used_names: Mapping[str, int]) -> str:
    number, free = 2, name
    while free in used_names:
        free, number = f"{name} {number}", number + 1
    return free
