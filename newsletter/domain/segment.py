"""Segments: the subscribers that an issue goes to, as a value.

`subscribers.segment.parse` reads one.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Everyone:
    """All active subscribers."""


@dataclass(frozen=True, slots=True)
class HasTag:
    """Subscribers with a tag, in whatever case."""

    tag: str


@dataclass(frozen=True, slots=True)
class HasLanguage:
    """Subscribers who read a language; "en" takes in "en-GB"."""

    language: str


@dataclass(frozen=True, slots=True)
class HasFieldValue:
    """Subscribers with a value in one of the list's own fields."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    """Everyone else."""

    segment: "Segment"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Subscribers that every part takes in."""

    segments: "tuple[Segment, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Subscribers that at least one part takes in."""

    segments: "tuple[Segment, ...]"


Segment = Everyone | HasTag | HasLanguage | HasFieldValue | Not | AllOf | AnyOf
