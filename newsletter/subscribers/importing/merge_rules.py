"""Decide what the rows of a list change: of one address, and in the subscriber who has it."""

from collections.abc import Sequence
from typing import Any

from newsletter.domain.subscriber import SubscriberStatus, union_tags


def pick_more_restrictive(one: str, other: str) -> str:
    """Return which of two statuses speaks more against writing; "" says nothing."""
    if not other:
        return one
    return (
        other if SubscriberStatus(other).outweighs(SubscriberStatus(one) if one else None) else one
    )


def find_changes(row: Any) -> dict[str, Any] | None:
    """Return what a row of a list changes in the subscriber that it is about, or None."""
    before = {
        "name": row.name,
        "language": row.language,
        "tags": row.tags,
        "fields": row.fields,
        "status": row.status,
    }
    after = {
        "name": row.said_name or row.name,
        "language": row.said_language or row.language,
        "tags": list(union_tags(row.tags, row.said_tags)),
        "fields": {**row.fields, **row.said_fields},
        "status": _restrict_status(row.status, row.said_status),
    }
    return {"_id": row.id, **after} if after != before else None


def _restrict_status(status: str, imported_status: str) -> str:
    """Return the status of a subscriber that a list speaks of.

    The list can take them off, for a stronger reason than before too, and never puts them back on.
    """
    if not imported_status or not SubscriberStatus(imported_status).is_suppressed:
        return status
    return pick_more_restrictive(status, imported_status)


def merge_rows(rows: Sequence[Any]) -> dict[str, Any]:
    """Return what the rows of one address say together, the first one before all others.

    Further rows only fill what it leaves open.
    """
    first, *others = rows
    merged = {
        name: getattr(first, name) for name in ("name", "language", "tags", "fields", "status")
    }
    for row in others:
        merged = {
            "name": merged["name"] or row.name,
            "language": merged["language"] or row.language,
            "tags": list(union_tags(merged["tags"], row.tags)),
            "fields": {**row.fields, **merged["fields"]},
            "status": pick_more_restrictive(merged["status"], row.status),
        }
    return merged
