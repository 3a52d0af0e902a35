"""Segments: the subscribers that an issue goes to, as a value.

`subscribers.segment.parse` reads one.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Everyone:
    """All active subscribers."""


@dataclass(frozen=True, slots=True)
class Tag:
    """Subscribers with a tag, in whatever case."""

    tag: str


@dataclass(frozen=True, slots=True)
class Language:
    """Subscribers who read a language; "en" takes in "en-GB"."""

    language: str


@dataclass(frozen=True, slots=True)
class Field:
    """Subscribers with a value in one of the list's own fields."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    """Everyone else."""

    segment: "Segment"


@dataclass(frozen=True, slots=True)
class All:
    """Subscribers that every part takes in."""

    segments: "tuple[Segment, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    """Subscribers that at least one part takes in."""

    segments: "tuple[Segment, ...]"


Segment = Everyone | Tag | Language | Field | Not | All | Some
