"""Statements about subscribers and their consent."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from newsletter.domain.subscriber import Consent, Subscriber, SubscriberId, SubscriberStatus
from newsletter.store.tables import consents
from newsletter.store.tables import subscribers as table

#: Rows held in memory at a time when many are read.
ROWS_PER_FETCH = 1000


def find_by_id(connection: sa.Connection, subscriber_id: SubscriberId) -> Subscriber | None:
    """Return a subscriber by id, or None."""
    row = connection.execute(sa.select(table).where(table.c.id == int(subscriber_id))).one_or_none()
    return to_subscriber(row._mapping) if row is not None else None


def find_by_key(connection: sa.Connection, key: str) -> Subscriber | None:
    """Return a subscriber by `mail.address.address_key`, or None."""
    row = connection.execute(sa.select(table).where(table.c.key == key)).one_or_none()
    return to_subscriber(row._mapping) if row is not None else None


def search(connection: sa.Connection, words: str, *, limit: int) -> list[Subscriber]:
    """Return subscribers whose address or name holds these words, whatever their case.

    In the order of their addresses, and no more than the limit.
    """
    # SQLite knows the case of English letters only: "björk" is looked for as "Björk" too.
    wanted = [
        sa.or_(
            *(
                column.icontains(one, autoescape=True)
                for column in (table.c.email, table.c.name)
                for one in (word, word.lower(), word.title())
            )
        )
        for word in words.split()
    ]
    statement = sa.select(table).where(*wanted).order_by(table.c.email).limit(limit)
    return [to_subscriber(row._mapping) for row in connection.execute(statement)]


def find_with_keys(
    connection: sa.Connection, subscriber_ids: Sequence[SubscriberId]
) -> dict[SubscriberId, tuple[Subscriber, str]]:
    """Return subscribers by id, each with the key of the address; who isn't there is left out."""
    rows = connection.execute(
        sa.select(table).where(table.c.id.in_([int(number) for number in subscriber_ids]))
    )
    return {SubscriberId(row.id): (to_subscriber(row._mapping), row.key) for row in rows}


def set_status_by_ids(
    connection: sa.Connection, subscriber_ids: Sequence[SubscriberId], status: SubscriberStatus
) -> None:
    """Change the status of many."""
    connection.execute(
        sa.update(table)
        .where(table.c.id.in_([int(number) for number in subscriber_ids]))
        .values(status=status.value)
    )


def find_key(connection: sa.Connection, subscriber_id: SubscriberId) -> str | None:
    """Return the key of a subscriber's address, or None where there is no such subscriber."""
    return connection.execute(
        sa.select(table.c.key).where(table.c.id == int(subscriber_id))
    ).scalar()


def iter_subscribers(
    connection: sa.Connection, *conditions: sa.ColumnElement[bool]
) -> Iterator[Subscriber]:
    """Yield the subscribers that meet all conditions, in the order in which they came."""
    statement = sa.select(table).where(*conditions).order_by(table.c.id)
    for row in connection.execution_options(yield_per=ROWS_PER_FETCH).execute(statement):
        yield to_subscriber(row._mapping)


def list_field_names(connection: sa.Connection) -> list[str]:
    """Return the names of all own fields, in the order in which they first came."""
    names: dict[str, None] = {}
    for fields in (
        connection.execution_options(yield_per=ROWS_PER_FETCH)
        .execute(sa.select(table.c.fields).order_by(table.c.id))
        .scalars()
    ):
        names.update(dict.fromkeys(fields))
    return list(names)


def count_by_status(connection: sa.Connection) -> dict[SubscriberStatus, int]:
    """Return how many subscribers there are in each status; all of them are named."""
    statement = sa.select(table.c.status, sa.func.count()).group_by(table.c.status)
    rows = {row[0]: row[1] for row in connection.execute(statement)}
    return {status: rows.get(status.value, 0) for status in SubscriberStatus}


def count_by_language(connection: sa.Connection) -> dict[str, int]:
    """Return how many active subscribers read each language; "" for those who haven't said."""
    statement = sa.select(table.c.language, sa.func.count()).where(
        table.c.status == SubscriberStatus.active.value
    )
    return {row[0]: row[1] for row in connection.execute(statement.group_by(table.c.language))}


def count_by_tag(connection: sa.Connection) -> dict[str, int]:
    """Return how many active subscribers have each tag."""
    found: dict[str, int] = {}
    active = sa.select(table.c.tags).where(table.c.status == SubscriberStatus.active.value)
    for tags in connection.execution_options(yield_per=ROWS_PER_FETCH).execute(active).scalars():
        for tag in tags:
            found[tag] = found.get(tag, 0) + 1
    return dict(sorted(found.items()))


def add(connection: sa.Connection, subscriber: Subscriber, key: str) -> SubscriberId:
    """Write a new subscriber (`id` of the value is ignored) and return the id that they got."""
    columns = {name: item for name, item in _to_columns(subscriber).items() if item is not None}
    statement = (
        sa.insert(table)
        .values(**columns, key=key, created=subscriber.created)
        .returning(table.c.id)
    )
    return SubscriberId(connection.execute(statement).scalar_one())


def update(connection: sa.Connection, subscriber: Subscriber) -> None:
    """Write what is known of a subscriber over what was; address and time of arrival stay."""
    columns = _to_columns(subscriber)
    del columns["email"]
    connection.execute(sa.update(table).where(table.c.id == int(subscriber.id)).values(columns))


def set_status(connection: sa.Connection, key: str, status: SubscriberStatus) -> None:
    """Change the status of the subscriber with this key, if there is one."""
    connection.execute(sa.update(table).where(table.c.key == key).values(status=status.value))


def change_address(
    connection: sa.Connection, subscriber_id: SubscriberId, email: str, key: str
) -> None:
    """Give a subscriber another address."""
    connection.execute(
        sa.update(table).where(table.c.id == int(subscriber_id)).values(email=email, key=key)
    )


def delete(connection: sa.Connection, subscriber_id: SubscriberId) -> None:
    """Take a subscriber and the proofs of their consent away; the id is never given again."""
    connection.execute(sa.delete(consents).where(consents.c.subscriber == int(subscriber_id)))
    connection.execute(sa.delete(table).where(table.c.id == int(subscriber_id)))


def add_consent(connection: sa.Connection, subscriber_id: SubscriberId, consent: Consent) -> None:
    """Keep a proof of consent."""
    values = {
        "subscriber": int(subscriber_id),
        "at": consent.at,
        "source": consent.source,
        "wording": consent.wording,
        "actor": consent.actor,
    }
    connection.execute(sa.insert(consents).values(values))


def list_consents(connection: sa.Connection, subscriber_id: SubscriberId) -> Sequence[Consent]:
    """Return all proofs of a subscriber's consent, oldest first."""
    statement = (
        sa.select(consents)
        .where(consents.c.subscriber == int(subscriber_id))
        .order_by(consents.c.at, consents.c.id)
    )
    return [
        Consent(at=row.at, source=row.source, wording=row.wording, actor=row.actor)
        for row in connection.execute(statement)
    ]


def to_subscriber(row: Mapping[Any, Any]) -> Subscriber:
    """Turn a row of the table into a value."""
    return Subscriber(
        id=SubscriberId(row["id"]),
        email=row["email"],
        name=row["name"],
        language=row["language"],
        tags=tuple(row["tags"]),
        fields=row["fields"],
        status=SubscriberStatus(row["status"]),
        created=row["created"],
        paused_until=row["paused_until"],
    )


def _to_columns(subscriber: Subscriber) -> dict[str, Any]:
    return {
        "email": subscriber.email,
        "name": subscriber.name,
        "language": subscriber.language,
        "tags": list(subscriber.tags),
        "fields": dict(subscriber.fields),
        "status": subscriber.status.value,
        "paused_until": subscriber.paused_until,
    }
