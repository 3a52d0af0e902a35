"""What a cell says that isn't a name: a yes, a no, a date, or words against letters."""

import re
from enum import Enum
from functools import lru_cache

from newsletter.domain.subscriber import SubscriberStatus
from newsletter.language.list_headers import fold_text, load_word_forms, split_words
from newsletter.subscribers.importing.header_sense import find_stop_status
from newsletter.subscribers.importing.status_words import parse_status

#: What people write into a box that is meant to be ticked, or not.
_TICKS = frozenset(["x", "xx", "✓", "✔", "☑", "✅", "*", "•"])
_CROSSES = frozenset(["✗", "✘", "☐", "❌"])
#: Yes and no in a single letter; "f" and "m" are women and men elsewhere.
LETTER_PAIRS = tuple(map(frozenset, ("yn", "jn", "tf", "sn", "on")))
_EMPTY = frozenset(
    ["", "-", "–", "—", ".", "null", "none", "nan", "n/a", "#n/a", "\\n", "[]", "{}"]
)
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?\b.*|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b.*"
    r"|\d{1,2}\.? ?[a-zà-ÿ]{3,10}\.?,? \d{4}\b.*|[a-zà-ÿ]{3,10}\.? \d{1,2},? \d{4}\b.*",
    re.DOTALL,
)
_NUMBER = re.compile(r"[-+]?\d[\d .,]*")
#: Zero, and MySQL's date that is none.
_NO_DATE = re.compile(r"[0\-/.:, tz]*")
#: Longest cell in characters that is read as words, and words of a cell that is about a status.
_MAX_CHARS, _STATUS_WORDS = 200, 3


class CellKind(Enum):
    """What a cell says, or looks like."""

    empty = "empty"
    yes = "yes"
    no = "no"
    one = "one"
    zero = "zero"
    tick = "tick"
    letter = "letter"
    date = "date"
    number = "number"
    #: Words against letters: "Avregistrerad", "vill inte ha nyhetsbrev".
    refusal = "refusal"
    other = "other"


@lru_cache(maxsize=4096)
def classify_cell(cell: str) -> CellKind:
    """Return what a cell looks like; in time that grows with its first 200 characters."""
    text = cell[:_MAX_CHARS].strip().casefold()
    if text in _EMPTY:
        return CellKind.empty
    if _NO_DATE.fullmatch(text):
        return CellKind.zero
    if text in ("1", "1.0", "1,0"):
        return CellKind.one
    if text in _TICKS:
        return CellKind.tick
    if text in _CROSSES:
        return CellKind.no
    if text.isascii() and text.isalpha() and len(text) == 1:
        return CellKind.letter
    if _DATE.fullmatch(text):
        return CellKind.date
    if _NUMBER.fullmatch(text):
        return CellKind.number
    return _classify_words(text)


def _classify_words(text: str) -> CellKind:
    word = fold_text(text.strip(".!"))
    if word in load_word_forms("yes").whole:
        return CellKind.yes
    if word in load_word_forms("no").whole:
        return CellKind.no
    status = parse_status(text)
    if status not in (None, "", "active"):
        return CellKind.refusal
    return CellKind.refusal if is_refusal(text) else CellKind.other


def is_refusal(text: str) -> bool:
    """Return True if words say that somebody has left, or wants no letters."""
    words = split_words(text)
    left = load_word_forms("unsubscribed")
    if any(part in word for word in words for part in left.parts):
        return True
    if len(words) <= _STATUS_WORDS and any(word.startswith(left.beginnings) for word in words):
        return True
    return load_word_forms("negations").match(words) and (
        load_word_forms("mail").match(words) or load_word_forms("consent").match(words)
    )


#: Kinds of cells that say no to what their column asks, and those that say yes.
_NOT_YES = frozenset([CellKind.empty, CellKind.no, CellKind.zero])
_PLAIN_YES = frozenset([CellKind.yes, CellKind.one, CellKind.tick, CellKind.date])
_YES_LETTERS, _NO_LETTERS = frozenset("yjtso"), frozenset("nf")


@lru_cache(maxsize=4096)
def has_time_or_yes(cell: str) -> bool:
    """Return True if a cell holds a time, a yes, or a word that isn't a no."""
    if cell.strip().casefold() in _NO_LETTERS:
        return False
    return (
        classify_cell(cell) not in _NOT_YES and parse_status(cell) != SubscriberStatus.active.value
    ) or classify_cell(cell) in _PLAIN_YES


@lru_cache(maxsize=4096)
def says_stop_in_words(cell: str) -> bool:
    """Return True if a cell holds a time, a yes, or words against letters; not just any word."""
    if classify_cell(cell) is CellKind.other:
        return find_stop_status(cell) is not None
    return cell.strip().casefold() == "none" or has_time_or_yes(cell)


@lru_cache(maxsize=4096)
def parse_consent(cell: str, refusal: SubscriberStatus) -> str | None:
    """Return the status that a cell makes which asks whether somebody wants letters.

    `refusal` is what a no makes. "" for an empty cell, None for an unknown word.
    """
    kind, letter = classify_cell(cell), cell.strip().casefold()
    if kind is CellKind.empty:
        return ""
    if kind in _PLAIN_YES or letter in _YES_LETTERS:
        return SubscriberStatus.active.value
    if kind in (CellKind.no, CellKind.zero) or letter in _NO_LETTERS:
        return refusal.value
    said = parse_status(cell)
    return refusal.value if said is None and kind is CellKind.refusal else said


def is_bare_yes_or_no(cell: str) -> bool:
    """Return True if a cell says yes or no and not to what."""
    kinds = (CellKind.yes, CellKind.no, CellKind.one, CellKind.zero, CellKind.tick, CellKind.letter)
    return classify_cell(cell) in kinds
