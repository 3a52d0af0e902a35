"""Statements about subscribers and their consent."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from newsletter.domain.subscriber import Consent, Status, Subscriber, SubscriberId
from newsletter.store.tables import consents
from newsletter.store.tables import subscribers as table

#: Rows held in memory at a time when many are read.
CHUNK = 1000


def subscriber(connection: sa.Connection, number: SubscriberId) -> Subscriber | None:
    """Return a subscriber by id, or None."""
    row = connection.execute(sa.select(table).where(table.c.id == int(number))).one_or_none()
    return to_subscriber(row._mapping) if row is not None else None


def by_key(connection: sa.Connection, key: str) -> Subscriber | None:
    """Return a subscriber by `mail.address.address_key`, or None."""
    row = connection.execute(sa.select(table).where(table.c.key == key)).one_or_none()
    return to_subscriber(row._mapping) if row is not None else None


def search(connection: sa.Connection, words: str, *, most: int) -> list[Subscriber]:
    """Return at most `most` subscribers whose address or name holds these words, whatever their case, in the order of their addresses."""
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
    statement = sa.select(table).where(*wanted).order_by(table.c.email).limit(most)
    return [to_subscriber(row._mapping) for row in connection.execute(statement)]


def with_keys(
    connection: sa.Connection, numbers: Sequence[SubscriberId]
) -> dict[SubscriberId, tuple[Subscriber, str]]:
    """Return subscribers by id, each with the key of the address; who isn't there is left out."""
    rows = connection.execute(
        sa.select(table).where(table.c.id.in_([int(number) for number in numbers]))
    )
    return {SubscriberId(row.id): (to_subscriber(row._mapping), row.key) for row in rows}


def set_all(connection: sa.Connection, numbers: Sequence[SubscriberId], status: Status) -> None:
    """Change the status of many."""
    connection.execute(
        sa.update(table)
        .where(table.c.id.in_([int(number) for number in numbers]))
        .values(status=status.value)
    )


def key_of(connection: sa.Connection, number: SubscriberId) -> str | None:
    """Return the key of a subscriber's address, or None where there is no such subscriber."""
    return connection.execute(sa.select(table.c.key).where(table.c.id == int(number))).scalar()


def subscribers(
    connection: sa.Connection, *conditions: sa.ColumnElement[bool]
) -> Iterator[Subscriber]:
    """Return the subscribers that meet all conditions, streamed, in the order in which they came."""
    statement = sa.select(table).where(*conditions).order_by(table.c.id)
    for row in connection.execution_options(yield_per=CHUNK).execute(statement):
        yield to_subscriber(row._mapping)


def field_names(connection: sa.Connection) -> list[str]:
    """Return the names of all own fields, in the order in which they first came."""
    names: dict[str, None] = {}
    for fields in (
        connection.execution_options(yield_per=CHUNK)
        .execute(sa.select(table.c.fields).order_by(table.c.id))
        .scalars()
    ):
        names.update(dict.fromkeys(fields))
    return list(names)


def counts(connection: sa.Connection) -> dict[Status, int]:
    """Return how many subscribers there are in each status; all of them are named."""
    statement = sa.select(table.c.status, sa.func.count()).group_by(table.c.status)
    rows = {row[0]: row[1] for row in connection.execute(statement)}
    return {status: rows.get(status.value, 0) for status in Status}


def language_counts(connection: sa.Connection) -> dict[str, int]:
    """Return how many active subscribers read each language; "" for those who haven't said."""
    statement = sa.select(table.c.language, sa.func.count()).where(
        table.c.status == Status.active.value
    )
    return {row[0]: row[1] for row in connection.execute(statement.group_by(table.c.language))}


def tag_counts(connection: sa.Connection) -> dict[str, int]:
    """Return how many active subscribers have each tag."""
    found: dict[str, int] = {}
    active = sa.select(table.c.tags).where(table.c.status == Status.active.value)
    for tags in connection.execution_options(yield_per=CHUNK).execute(active).scalars():
        for tag in tags:
            found[tag] = found.get(tag, 0) + 1
    return dict(sorted(found.items()))


def add(connection: sa.Connection, value: Subscriber, key: str) -> SubscriberId:
    """Write a new subscriber (`id` of the value is ignored) and return the id that she got."""
    columns = {name: item for name, item in _columns(value).items() if item is not None}
    statement = (
        sa.insert(table).values(**columns, key=key, created=value.created).returning(table.c.id)
    )
    return SubscriberId(connection.execute(statement).scalar_one())


def update(connection: sa.Connection, value: Subscriber) -> None:
    """Write what is known of a subscriber over what was; address and time of arrival stay."""
    columns = _columns(value)
    del columns["email"]
    connection.execute(sa.update(table).where(table.c.id == int(value.id)).values(columns))


def set_status(connection: sa.Connection, key: str, status: Status) -> None:
    """Change the status of the subscriber with this key, if there is one."""
    connection.execute(sa.update(table).where(table.c.key == key).values(status=status.value))


def move(connection: sa.Connection, number: SubscriberId, email: str, key: str) -> None:
    """Give a subscriber another address."""
    connection.execute(
        sa.update(table).where(table.c.id == int(number)).values(email=email, key=key)
    )


def remove(connection: sa.Connection, number: SubscriberId) -> None:
    """Take a subscriber and the proofs of her consent away; her id is never given again."""
    connection.execute(sa.delete(consents).where(consents.c.subscriber == int(number)))
    connection.execute(sa.delete(table).where(table.c.id == int(number)))


def add_consent(connection: sa.Connection, number: SubscriberId, consent: Consent) -> None:
    """Keep a proof of consent."""
    values = {
        "subscriber": int(number),
        "at": consent.at,
        "source": consent.source,
        "wording": consent.wording,
        "actor": consent.actor,
    }
    connection.execute(sa.insert(consents).values(values))


def consents_of(connection: sa.Connection, number: SubscriberId) -> Sequence[Consent]:
    """Return all proofs of a subscriber's consent, oldest first."""
    statement = (
        sa.select(consents)
        .where(consents.c.subscriber == int(number))
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
        status=Status(row["status"]),
        created=row["created"],
        paused_until=row["paused_until"],
    )


def _columns(value: Subscriber) -> dict[str, Any]:
    return {
        "email": value.email,
        "name": value.name,
        "language": value.language,
        "tags": list(value.tags),
        "fields": dict(value.fields),
        "status": value.status.value,
        "paused_until": value.paused_until,
    }
