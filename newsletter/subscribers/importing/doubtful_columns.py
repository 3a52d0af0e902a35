"""Columns that may say no: of which a person has to say what they mean before a list comes in.

A column that is known needs nobody. Of all others the name is judged, and then what stands in it:

    a yes, or anything else, under a name that means no letters     "Reklamspärr": x
    a no, or nothing beside a yes, under one that means letters     "Samtycke": Nej
    a yes or no, a tick, words against letters under any other      "Kod": J/N, "Läge": Avslutad
    dates in some rows and not in others, under any other           "Bortrest": 2026-01-02

Dates and counts under neutral names (created, opened, birthday) are no sign.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from newsletter.errors import ListError
from newsletter.subscribers.importing.cell_kinds import (
    LETTER_PAIRS,
    CellKind,
    classify_cell,
    has_time_or_yes,
)
from newsletter.subscribers.importing.column_profile import ColumnProfile
from newsletter.subscribers.importing.columns import ColumnRole
from newsletter.subscribers.importing.header_sense import HeaderSense, is_count
from newsletter.subscribers.importing.identity_numbers import (
    is_identity_header,
    is_identity_number,
)
from newsletter.subscribers.importing.status_words import parse_status

#: Different values that a column of yes and no has at most, with what people add ("vet ej").
MAX_FEW_VALUES = 24
_NO_KINDS = frozenset([CellKind.no, CellKind.zero, CellKind.refusal])
_YES_OR_NO = frozenset([CellKind.yes, CellKind.no])
_DIGITS = frozenset([CellKind.one, CellKind.zero])


#: Of ten filled cells, how many are identity numbers in a column of them.
_IDENTITY_TENTHS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulColumn:
    """A column of which a person has to say what it is, with what it most likely is."""

    name: str
    #: `leave_out` for identity numbers, which are refused unless somebody insists.
    guess: ColumnRole
    #: Its most frequent values.
    examples: tuple[str, ...]


def find_doubtful_columns(profiles: Iterable[ColumnProfile]) -> tuple[DoubtfulColumn, ...]:
    """Return the columns that a person has to look at, in their order."""
    found: list[DoubtfulColumn] = []
    for profile in profiles:
        if holds_identity_numbers(profile):
            # Nobody's number is shown on a screen.
            found.append(DoubtfulColumn(name=profile.name, guess=ColumnRole.leave_out, examples=()))
        elif may_say_no(profile):
            found.append(
                DoubtfulColumn(
                    name=profile.name, guess=_guess_role(profile), examples=profile.list_examples()
                )
            )
    return tuple(found)


def holds_identity_numbers(profile: ColumnProfile) -> bool:
    """Return True if a column is called after people's identity numbers, or is full of them."""
    filled = list(profile.filled)
    count = sum(map(is_identity_number, filled))
    return bool(filled) and (
        is_identity_header(profile.name) or count * 10 >= len(filled) * _IDENTITY_TENTHS
    )


def may_say_no(profile: ColumnProfile) -> bool:
    """Return True if a column may say of some subscribers that they get no letters."""
    kinds = profile.kinds - {CellKind.empty}
    if not kinds:
        return False
    match profile.sense:
        case HeaderSense.stop:
            return bool(_read_letters(profile, kinds) - {CellKind.no, CellKind.zero})
        case HeaderSense.unclear:
            return True
        case HeaderSense.consent:
            return _may_withhold_consent(profile, kinds)
        case HeaderSense.attribute:
            return CellKind.refusal in kinds
        case HeaderSense.neutral:
            return CellKind.refusal in kinds or _is_yes_or_no(profile)
        case HeaderSense.other_channel:
            return False
        case HeaderSense.unknown:
            return CellKind.refusal in kinds or _is_yes_or_no(profile) or _is_now_and_then(profile)


def _may_withhold_consent(profile: ColumnProfile, kinds: set[CellKind]) -> bool:
    """Return True if a column about consent holds a no, or nothing beside a yes.

    Counts ("Newsletters opened") are no answers.
    """
    answers = _read_letters(profile, kinds)
    if CellKind.number in profile.all_kinds or (answers <= _DIGITS and is_count(profile.name)):
        answers -= _DIGITS
        return bool(answers & _NO_KINDS)
    return bool(answers & _NO_KINDS) or CellKind.empty in profile.kinds


def _is_now_and_then(profile: ColumnProfile) -> bool:
    """Return True if a column holds only dates, in some rows, or only 0 and 1."""
    kinds = profile.all_kinds - {CellKind.empty}
    return kinds <= _DIGITS or (kinds == {CellKind.date} and CellKind.empty in profile.kinds)


def _is_yes_or_no(profile: ColumnProfile) -> bool:
    """Return True if a column of few values holds yes and no, in words, ticks or letters."""
    if profile.is_free_text or len(profile.values) > MAX_FEW_VALUES:
        return False
    kinds = profile.all_kinds - {CellKind.empty}
    if kinds == {CellKind.letter}:
        letters = frozenset(value.strip().casefold() for value in profile.filled)
        return any(letters <= pair for pair in LETTER_PAIRS)
    if kinds <= {CellKind.tick, *_YES_OR_NO, *_DIGITS} and kinds & {CellKind.tick, *_YES_OR_NO}:
        return True
    return bool(kinds & _YES_OR_NO) and not _are_country_codes(profile)


def _read_letters(profile: ColumnProfile, kinds: set[CellKind]) -> set[CellKind]:
    """Return the kinds with "N" and "J" as no and yes: the column's name says what is asked."""
    if CellKind.letter not in kinds:
        return kinds
    letters = [value for value in profile.filled if classify_cell(value) is CellKind.letter]
    answers = {CellKind.yes if has_time_or_yes(letter) else CellKind.no for letter in letters}
    return kinds - {CellKind.letter} | answers


def _are_country_codes(profile: ColumnProfile) -> bool:
    """Return True if "NO" is Norway: every value is two capitals."""
    return all(len(value.strip()) == 2 and value.strip().isupper() for value in profile.filled)


def _guess_role(profile: ColumnProfile) -> ColumnRole:
    """Return what a column most likely is; of two, what takes more people off."""
    if profile.is_tags:
        return ColumnRole.tags
    kinds = profile.kinds
    if CellKind.refusal in kinds and all(map(parse_status, profile.filled)):
        return ColumnRole.status
    if profile.sense is HeaderSense.consent:
        return ColumnRole.consent
    if profile.sense in (HeaderSense.stop, HeaderSense.unclear):
        return ColumnRole.stop
    if kinds & {*_YES_OR_NO, *_DIGITS, CellKind.letter}:
        return ColumnRole.consent
    return ColumnRole.stop


class DoubtfulColumnsError(ListError):
    """A list has columns that may say no; nothing was changed."""

    def __init__(
        self, text: str, /, *, columns: tuple[DoubtfulColumn, ...], **values: object
    ) -> None:
        super().__init__(text, **values)
        self.columns = columns
