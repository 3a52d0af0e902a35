"""Columns of a list: which one is what.

By its name in Swedish, English or German, or else by what is in it.
"""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from newsletter.domain.subscriber import SubscriberStatus
from newsletter.subscribers.importing.columns import (
    OWN_COLUMNS,
    REPORT_COLUMNS,
    ColumnRole,
    Columns,
    ConsentColumn,
)
from newsletter.subscribers.importing.header_sense import (
    HeaderSense,
    find_stop_status,
    judge_header,
)
from newsletter.subscribers.importing.known_headers import (
    REFUSAL_BY_HEADER,
    ROLE_BY_HEADER,
    SILENT_HEADERS,
    STATUS_BY_HEADER,
    normalise_header,
)

#: Roles that several columns may have.
_SHARED_ROLES = frozenset(
    [
        ColumnRole.status,
        ColumnRole.stop,
        ColumnRole.consent,
        ColumnRole.ignore,
        ColumnRole.leave_out,
    ]
)
#: Roles of columns that are own fields as well.
_KEPT_ROLES = frozenset([ColumnRole.stop, ColumnRole.consent, ColumnRole.ignore])
_PARTS_OF_A_NAME = (ColumnRole.first, ColumnRole.last)
_ADDRESS_PATTERN = re.compile(r"""["'<\s]*+[^\s@＠"<>,;|]++[@＠][^\s@"<>,;|]++["'>\s]*+""")


def map_by_header(
    header: Sequence[str], mapping: Mapping[str, ColumnRole] = MappingProxyType({})
) -> Columns | None:
    """Return the columns that a header names, or None where none of them is an address.

    `mapping` says what columns hold, by their names in whatever case; it wins over what the names
    say. None, too, where it names a column that isn't there.
    """
    return _map_columns(header, mapping, {})


def map_by_content(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    mapping: Mapping[str, ColumnRole] = MappingProxyType({}),
) -> Columns | None:
    """Return the columns of a list whose header names no address.

    By the one column that is full of addresses; None where there are none or several.
    """
    counts = [
        sum(1 for row in rows if at < len(row) and is_address(row[at])) for at in range(len(header))
    ]
    full = [at for at, count in enumerate(counts) if rows and count * 10 >= len(rows) * 8]
    if len(full) != 1 or ColumnRole.email in mapping.values():
        return None
    return _map_columns(header, mapping, {full[0]: ColumnRole.email})


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


def _map_columns(
    header: Sequence[str], mapping: Mapping[str, ColumnRole], found: Mapping[int, ColumnRole]
) -> Columns | None:
    """Return the columns by what is found, then by what is given, then by what names tell."""
    given = {normalise_header(name): role for name, role in mapping.items()}
    names = [normalise_header(name) for name in _name_columns(header).values()]
    if not set(given) <= set(names):
        return None
    said = {at: given[name] for at, name in enumerate(names) if name in given}
    roles = _drop_doubles({**found, **said})
    for at, role in _find_roles_by_name(header).items():
        if at not in roles and (role not in roles.values() or role is ColumnRole.status):
            roles[at] = role
    if ColumnRole.email not in roles.values():
        return None
    if ColumnRole.name in roles.values():  # first and last names then are fields of their own
        for at in [at for at, role in roles.items() if role in _PARTS_OF_A_NAME]:
            del roles[at]
    return _build_columns(header, roles, frozenset(given))


def _find_roles_by_name(header: Sequence[str]) -> dict[int, ColumnRole]:
    """Return what the names of columns tell; in an export of ours only the first ones do."""
    if tuple(header[: len(OWN_COLUMNS)]) == OWN_COLUMNS:
        return dict(enumerate(map(ColumnRole, OWN_COLUMNS)))
    start = _skip_report_columns(header)
    return {
        at: role
        for at, cell in enumerate(header)
        if at >= start and (role := ROLE_BY_HEADER.get(normalise_header(cell))) is not None
    }


def _skip_report_columns(header: Sequence[str]) -> int:
    return len(REPORT_COLUMNS) if tuple(header[: len(REPORT_COLUMNS)]) == REPORT_COLUMNS else 0


def _drop_doubles(roles: Mapping[int, ColumnRole]) -> dict[int, ColumnRole]:
    """Return the roles with only the first column of each that no two can have."""
    firsts: dict[int, ColumnRole] = {}
    for at, role in roles.items():
        if role in _SHARED_ROLES or role not in firsts.values():
            firsts[at] = role
    return firsts


def _build_columns(
    header: Sequence[str], roles: Mapping[int, ColumnRole], given: frozenset[str] = frozenset()
) -> Columns:
    """Build the columns; `given` are the names of those of which a person has said something."""
    ours = tuple(header[: len(OWN_COLUMNS)]) == OWN_COLUMNS
    known = {
        at: normalise_header(cell) for at, cell in enumerate(header) if at not in roles and not ours
    }
    status = _list_places(roles, ColumnRole.status)
    kept = [at for at in range(_skip_report_columns(header), len(header)) if at not in roles]
    flags = _list_status_flags(header, roles, known)
    consents = _list_consents(roles, known)
    names = _name_columns(header)
    places = {role: at for at, role in reversed(list(roles.items()))}
    return Columns(
        width=len(header),
        email=places[ColumnRole.email],
        name=places.get(ColumnRole.name),
        first_name=places.get(ColumnRole.first),
        last_name=places.get(ColumnRole.last),
        language=places.get(ColumnRole.language),
        tags=places.get(ColumnRole.tags),
        status=status,
        ambiguous_status=tuple(at for at in status if _is_ambiguous(header[at], given)),
        status_flags=flags,
        worded_flags=tuple(
            at
            for at in _list_places(roles, ColumnRole.stop)
            if judge_header(header[at]) not in (HeaderSense.stop, HeaderSense.unclear)
        ),
        consents=consents,
        fields=tuple(
            (at, name)
            for at, name in names.items()
            if roles.get(at) in _KEPT_ROLES
            or (at in kept and known.get(at) not in REFUSAL_BY_HEADER)
        ),
        unjudged=tuple(
            (at, names[at])
            for at in kept
            if known.get(at) not in SILENT_HEADERS and known.get(at) not in STATUS_BY_HEADER
        ),
        has_given_tags=any(
            roles[at] is ColumnRole.tags for at in roles if normalise_header(header[at]) in given
        ),
        is_own_export=ours,
    )


def _list_places(roles: Mapping[int, ColumnRole], role: ColumnRole) -> tuple[int, ...]:
    return tuple(at for at, found in roles.items() if found is role)


def _list_status_flags(
    header: Sequence[str], roles: Mapping[int, ColumnRole], known: Mapping[int, str]
) -> tuple[tuple[int, SubscriberStatus], ...]:
    said = [
        (at, find_stop_status(header[at]) or SubscriberStatus.unsubscribed)
        for at in _list_places(roles, ColumnRole.stop)
    ]
    found = [(at, STATUS_BY_HEADER[name]) for at, name in known.items() if name in STATUS_BY_HEADER]
    return (*said, *found)


def _list_consents(
    roles: Mapping[int, ColumnRole], known: Mapping[int, str]
) -> tuple[ConsentColumn, ...]:
    said = [
        ConsentColumn(at=at, refusal=SubscriberStatus.unsubscribed, is_strict=True)
        for at in _list_places(roles, ColumnRole.consent)
    ]
    found = [
        ConsentColumn(at=at, refusal=REFUSAL_BY_HEADER[name])
        for at, name in known.items()
        if name in REFUSAL_BY_HEADER
    ]
    return (*said, *found)


def _is_ambiguous(name: str, given: frozenset[str]) -> bool:
    """Return True if only a person calls this a status: a bare yes in it may mean either."""
    normal = normalise_header(name)
    return (
        normal in given
        and normal not in ROLE_BY_HEADER
        and judge_header(name) is not HeaderSense.consent
    )


def _name_columns(header: Sequence[str]) -> dict[int, str]:
    """Return a name for each column, no two the same."""
    own: dict[str, int] = {}
    start = _skip_report_columns(header)
    for at, cell in enumerate(header):
        own[_make_unique(_clean_header(cell) or f"column {at + 1 - start}", own)] = at
    return {at: name for name, at in own.items()}


def _clean_header(cell: str) -> str:
    return cell.replace("\0", "").strip()


def _make_unique(name: str, used_names: Mapping[str, int]) -> str:
    number, free = 2, name
    while free in used_names:
        free, number = f"{name} {number}", number + 1
    return free
