"""What the columns of a list hold, and where each stands."""

from dataclasses import dataclass
from enum import StrEnum

from newsletter.domain.subscriber import SubscriberStatus

#: What our own export writes first; the columns after these are own fields, whatever they are
#: called.
OWN_COLUMNS = ("email", "name", "language", "tags", "status")
#: What our own report of refused rows puts before the row.
REPORT_COLUMNS = ("line", "reason")


class ColumnRole(StrEnum):
    """What a column holds; all others are the list's own fields.

    The last four are said by people, of columns whose names don't tell.
    """

    email = "email"
    name = "name"
    first = "first"
    last = "last"
    language = "language"
    tags = "tags"
    status = "status"
    #: A time, a yes or any other word in it means no letters.
    stop = "stop"
    #: A time or a yes in it means letters, a no or nothing means none.
    consent = "consent"
    #: It says nothing of letters, and is kept.
    ignore = "ignore"
    #: It isn't kept.
    leave_out = "leave-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentColumn:
    """A column in which a time or a yes means letters."""

    at: int
    #: What a no in it means: left, or never confirmed.
    refusal: SubscriberStatus
    #: An empty cell is no yes: the subscriber stays unconfirmed.
    is_strict: bool = False


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
    #: Places of those in which a bare yes or no could mean either.
    ambiguous_status: tuple[int, ...] = ()
    #: Places whose cells mean a status unless they are empty or say no.
    status_flags: tuple[tuple[int, SubscriberStatus], ...] = ()
    #: Places of those whose names don't say so: only words against letters count in them.
    worded_flags: tuple[int, ...] = ()
    consents: tuple[ConsentColumn, ...] = ()
    #: Place and name of every own field.
    fields: tuple[tuple[int, str], ...] = ()
    #: Place and name of every column that nobody has said anything of: it may hold a no.
    unjudged: tuple[tuple[int, str], ...] = ()
    #: A person has said which column holds tags.
    has_given_tags: bool = False
    #: The list is an export of ours: apostrophes before its addresses are ours as well.
    is_own_export: bool = False
