"""Columns of a list: which one is what, by its name in Swedish, English or German, or else by what is in it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from newsletter.domain.subscriber import SubscriberStatus


class Role(StrEnum):
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
OURS = ("email", "name", "language", "tags", "status")
#: What our own report of refused rows puts before the row.
REPORT = ("line", "reason")

_NAMES: Mapping[Role, str] = {
    Role.email: (
        """email emailaddress emailaddresses emailadress emailadresse emailadressen emails mail mailadress mailadresse
        mailaddress mejl mejladress mejladresse epost epostadress epostadresser epostadr eadress emailvalue email1value
        email1address primaryemail emailprimary emailprivate emailwork subscriberemail useremail contactemail workemail
        epostarbete eposthem elektroniskpost elektronischepost"""
    ),
    Role.name: (
        """name namn fullname fullständigtnamn vollständigername displayname visningsnamn anzeigename subscribername
        personnamn contactname"""
    ),
    Role.first: "firstname förnamn fornamn vorname givenname tilltalsnamn fname rufname",
    Role.last: "lastname efternamn surname nachname familyname familienname lname zuname",
    Role.language: (
        "language språk sprak sprache lang locale languagecode språkkod sprachcode"
        " preferredlanguage"
    ),
    Role.tags: (
        """tags tag taggar tagg etikett etiketter groups group grupper grupp gruppen gruppe labels label lists list
        listor lista listen liste categories category kategorier kategori kategorien kategorie schlagwörter schlagworte segments segment"""
    ),
    Role.status: (
        """status state tillstånd zustand subscriptionstatus subscriberstatus prenumerationsstatus globalstatus
        abostatus subscribed subscribedtoemails prenumererar abonniert"""
    ),
}
#: Columns that stop letters by a time or a yes in them: Mailchimp's lists of those who left have no
#: other sign of it.
_STOPS: Mapping[SubscriberStatus, str] = {
    SubscriberStatus.unsubscribed: (
        """unsubtime unsubscribetime unsubscribedat unsubscribedate unsubscribedon dateunsubscribed unsubscribed
        unsubscribedfromallemail optouttime optoutdate avregistrerad avregistreringsdatum avprenumererad abgemeldet abgemeldetam
        abmeldedatum"""
    ),
    SubscriberStatus.bounced: "cleantime cleanedat bouncedat bouncetime hardbouncedat studsade",
    SubscriberStatus.complained: "complainedat complainttime spamcomplaint",
}
_STOPPED: Mapping[str, SubscriberStatus] = {
    name: status for status, names in _STOPS.items() for name in names.split()
}
_ROLES: Mapping[str, Role] = {
    name: role for role, names in _NAMES.items() for name in names.split()
}
_ADDRESS = re.compile(r"""["'<\s]*[^\s@"<>,;|]+[@＠][^\s@"<>,;|]+["'>\s]*""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where each thing stands in a row, counted from 0; None where the list has no such column."""

    width: int
    email: int
    name: int | None = None
    first: int | None = None
    last: int | None = None
    language: int | None = None
    tags: int | None = None
    status: tuple[int, ...] = ()
    #: Places whose cells mean a status unless they are empty or say no.
    stops: tuple[tuple[int, SubscriberStatus], ...] = ()
    #: Place and name of every own field.
    fields: tuple[tuple[int, str], ...] = ()
    #: The list is an export of ours: apostrophes before its addresses are ours as well.
    ours: bool = False


def named(
    header: Sequence[str], mapping: Mapping[str, Role] = MappingProxyType({})
) -> Columns | None:
    """Return the columns that a header names, or None where none of them is an address.

    `mapping` says what columns hold, by their names in whatever case; it wins over what the names
    say.
    """
    if mapping:
        return _mapped(header, {_plain(name): role for name, role in mapping.items()})
    if tuple(header[: len(OURS)]) == OURS:
        return _columns(header, dict(zip(range(len(OURS)), map(Role, OURS), strict=True)))
    start = len(REPORT) if tuple(header[: len(REPORT)]) == REPORT else 0
    roles: dict[int, Role] = {}
    taken: set[Role] = set()
    for at, cell in enumerate(header[start:], start):
        role = _ROLES.get(_plain(cell))
        if role is not None and (role not in taken or role is Role.status):
            roles[at] = role
            taken.add(role)
    if Role.email not in taken:
        return None
    if Role.name in taken:  # first and last names then are fields of their own
        roles = {at: role for at, role in roles.items() if role not in (Role.first, Role.last)}
    return _columns(header, roles, start)


def guessed(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Columns | None:
    """Return the columns of a list whose header names no address, by the one column that is full of them."""
    counts = [
        sum(1 for row in rows if at < len(row) and is_address(row[at])) for at in range(len(header))
    ]
    full = [at for at, count in enumerate(counts) if rows and count * 10 >= len(rows) * 8]
    if len(full) != 1:
        return None
    roles = {
        at: role for at, cell in enumerate(header) if (role := _ROLES.get(_plain(cell))) is not None
    }
    return _columns(header, {**_first_of_each(roles), full[0]: Role.email})


def headless(row: Sequence[str]) -> Columns | None:
    """Return the columns of a list without a header: addresses, and names beside them.

    None where more is unclear.
    """
    found = [at for at, cell in enumerate(row) if is_address(cell)]
    others = [at for at, cell in enumerate(row) if cell.strip() and at not in found]
    if len(found) != 1 or len(others) > 1:
        return None
    return Columns(width=len(row), email=found[0], name=others[0] if others else None)


def is_address(cell: str) -> bool:
    """Say whether a cell looks like an address, without being strict about it."""
    return _ADDRESS.fullmatch(cell) is not None


def _mapped(header: Sequence[str], mapping: Mapping[str, Role]) -> Columns | None:
    roles = {at: mapping[_plain(cell)] for at, cell in enumerate(header) if _plain(cell) in mapping}
    taken = set(roles.values())
    for at, cell in enumerate(header):
        role = _ROLES.get(_plain(cell))
        if at not in roles and role is not None and role not in taken:
            roles[at] = role
            taken.add(role)
    if Role.email not in taken or not set(mapping) <= {_plain(cell) for cell in header}:
        return None
    if Role.name in taken:
        roles = {at: role for at, role in roles.items() if role not in (Role.first, Role.last)}
    return _columns(header, _first_of_each(roles))


def _first_of_each(roles: Mapping[int, Role]) -> dict[int, Role]:
    firsts: dict[Role, int] = {}
    for at, role in roles.items():
        firsts.setdefault(role, at)
    return {at: role for role, at in firsts.items()}


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in folded if character.isalnum())


def _columns(header: Sequence[str], roles: Mapping[int, Role], start: int = 0) -> Columns:
    places = {role: at for at, role in reversed(list(roles.items()))}
    ours = tuple(header[: len(OURS)]) == OURS
    stops = [
        (at, _STOPPED[_plain(cell)])
        for at, cell in enumerate(header)
        if at not in roles and not ours and _plain(cell) in _STOPPED
    ]
    own: dict[str, int] = {}
    for at, cell in enumerate(header):
        if at >= start and at not in roles:
            own[_free(_cleaned(cell) or f"column {at + 1}", own)] = at
    return Columns(
        width=len(header),
        email=places[Role.email],
        name=places.get(Role.name),
        first=places.get(Role.first),
        last=places.get(Role.last),
        language=places.get(Role.language),
        tags=places.get(Role.tags),
        status=tuple(at for at, role in roles.items() if role is Role.status),
        stops=tuple(stops),
        fields=tuple((at, name) for name, at in own.items()),
        ours=ours,
    )


def _cleaned(cell: str) -> str:
    return cell.replace("\0", "").strip()


def _free(name: str, taken: Mapping[str, int]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name} {number}", number + 1
    return free
