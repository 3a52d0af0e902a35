"""Segments as conditions on subscribers, for SQLite and PostgreSQL alike.

Every value is a bound parameter.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from newsletter.domain.segment import (
    AllOf,
    AnyOf,
    Everyone,
    HasFieldValue,
    HasLanguage,
    HasTag,
    Not,
    Segment,
)
from newsletter.store.tables import subscribers as table
from newsletter.store.tables import suppressions


# SQL functions are named in lower case
class has_tag(sa.sql.functions.GenericFunction[bool]):  # noqa: N801
    """Whether one of the values stands in a JSON array: `has_tag(tags, one, other)`."""

    type = sa.Boolean()
    inherit_cache = True


@compiles(has_tag, "sqlite")
def _compile_has_tag_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    tags, *values = (compiler.process(part, **options) for part in element.clauses)
    # only compiled parts
    among = ", ".join(values)
    return f"EXISTS (SELECT 1 FROM json_each({tags}) WHERE value IN ({among}))"  # noqa: S608


@compiles(has_tag, "postgresql")
def _compile_has_tag_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    tags, *values = (compiler.process(part, **options) for part in element.clauses)
    # only compiled parts
    return (
        f"EXISTS (SELECT 1 FROM json_array_elements_text({tags}) AS tag(value)"  # noqa: S608
        f" WHERE tag.value IN ({', '.join(values)}))"
    )


class has_field(sa.sql.functions.GenericFunction[bool]):  # noqa: N801  # as above
    """Whether a JSON object of texts holds a value under a name.

    `has_field(fields, name, value)`.
    """

    type = sa.Boolean()
    inherit_cache = True


@compiles(has_field, "sqlite")
def _compile_has_field_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    fields, name, value = (compiler.process(part, **options) for part in element.clauses)
    # only compiled parts
    where = f"key = {name} AND value = {value}"
    return f"EXISTS (SELECT 1 FROM json_each({fields}) WHERE {where})"  # noqa: S608


@compiles(has_field, "postgresql")
def _compile_has_field_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    fields, name, value = (compiler.process(part, **options) for part in element.clauses)
    # only compiled parts
    return (
        f"EXISTS (SELECT 1 FROM json_each_text({fields}) AS field(key, value)"  # noqa: S608
        f" WHERE field.key = {name} AND field.value = {value})"
    )


class domain_key(sa.sql.functions.GenericFunction[str]):  # noqa: N801  # as above
    """The last part of an address key with its @: "@example.org"."""

    type = sa.Text()
    inherit_cache = True


@compiles(domain_key, "sqlite")
def _compile_domain_key_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    key = compiler.process(element.clauses, **options)
    return f"substr({key}, instr({key}, '@'))"


@compiles(domain_key, "postgresql")
def _compile_domain_key_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"'@' || split_part({compiler.process(element.clauses, **options)}, '@', 2)"


def matches_status(status: str) -> sa.ColumnElement[bool]:
    """Return the condition that a subscriber has a status ("active")."""
    return table.c.status == status


def matches_tag(tag: str) -> sa.ColumnElement[bool]:
    """Return the condition that a subscriber has a tag; SQLite's own lower() knows ASCII only."""
    spellings = dict.fromkeys((tag, tag.lower(), tag.upper(), tag.capitalize(), tag.title()))
    return has_tag(table.c.tags, *spellings)


def matches_language(language: str) -> sa.ColumnElement[bool]:
    """Return the condition that a subscriber reads a language; "en" takes in "en-GB"."""
    lower = language.lower()
    return sa.or_(
        sa.func.lower(table.c.language) == lower,
        sa.func.lower(table.c.language).startswith(f"{lower}-", autoescape=True),
    )


def matches_field(name: str, value: str) -> sa.ColumnElement[bool]:
    """Return the condition that one of a subscriber's own fields has a value."""
    return has_field(table.c.fields, name, value)


def matches_segment(segment: Segment) -> sa.ColumnElement[bool]:
    """Return the condition that a segment takes a subscriber in.

    All values are bound parameters.
    """
    match segment:
        case Everyone():
            return sa.true()
        case HasTag(tag):
            return matches_tag(tag)
        case HasLanguage(language):
            return matches_language(language)
        case HasFieldValue(name, value):
            return matches_field(name, value)
        case Not(inner):
            return sa.not_(matches_segment(inner))
        case AllOf(segments):
            return sa.and_(*(matches_segment(part) for part in segments))
        case AnyOf(segments):
            return sa.or_(*(matches_segment(part) for part in segments))


def is_suppressed(key: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Return the condition that an address, by its key, is never to be mailed.

    It, or all of its domain.
    """
    both = suppressions.alias("blocked"), suppressions.alias("blocked_domain")
    own, domain = (
        sa.exists().where(both[0].c.key == key),
        sa.exists().where(both[1].c.key == domain_key(key)),
    )
    return sa.or_(own, domain)


def is_not_suppressed() -> sa.ColumnElement[bool]:
    """Return the condition that nobody has asked us not to write to a subscriber's address."""
    return ~is_suppressed(table.c.key)


def is_not_paused(now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that a subscriber hasn't asked for a pause that still lasts."""
    return sa.or_(
        table.c.paused_until.is_(None),
        table.c.paused_until <= sa.literal(now, table.c.paused_until.type),
    )
