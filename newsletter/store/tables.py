"""The tables, for SQLite and PostgreSQL alike.

`migrations/` brings a database here step by step; a test proves that the two agree.
"""

from datetime import UTC, datetime

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; SQLite itself knows no zones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse naive times: they would be wrong twice a year."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone can't be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    # the base names it
    def process_result_value(
        self,
        value: datetime | None,
        dialect: sa.Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: Facts about this newsletter that must never change: its List-Id, say.
identity = sa.Table(
    "identity",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

#: Keys that links are signed with; the newest signs, all of them verify.
token_keys = sa.Table(
    "token_keys",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("created", UtcDateTime, nullable=False),
)

#: What a server said of an address last time (ETag, Last-Modified).
fetches = sa.Table(
    "fetches",
    metadata,
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("etag", sa.Text, nullable=False),
    sa.Column("last_modified", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)

#: What came of reading each source the last time, for people: `domain.post.SourceState`.
source_states = sa.Table(
    "source_states",
    metadata,
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    #: When it could be read the last time.
    sa.Column("good", UtcDateTime),
    #: Sentences as `i18n.Phrase.plain` writes them.
    sa.Column("said", sa.JSON, nullable=False),
)

#: The ledger of posts: every post ever seen, with its text, so that none falls out of a short feed
#: unannounced.
posts = sa.Table(
    "posts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("guid", sa.Text),
    sa.Column("url", sa.Text),
    #: `posts.identity.url_key` of the address: without scheme, www, fragment, tracking words.
    sa.Column("url_key", sa.Text),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("published", UtcDateTime),
    sa.Column("excerpt", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False, server_default=""),
    sa.Column("picture_url", sa.Text),
    sa.Column("picture_alt", sa.Text),
    sa.Column("categories", sa.JSON, nullable=False),
    sa.Column("authors", sa.JSON, nullable=False),
    sa.Column("language", sa.Text),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("first_seen", UtcDateTime, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("issue", sa.Text),
    sa.Column("changed", sa.Boolean, nullable=False),
    sa.Index(None, "source", "guid"),
    sa.Index(None, "url_key"),
    sa.Index(None, "state"),
)

#: Summaries that a language model wrote and that passed the guard, by model, version of the prompt,
#: and text.
summaries = sa.Table(
    "summaries",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)

subscribers = sa.Table(
    "subscribers",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.Text, nullable=False),
    #: `mail.address.address_key` of it: two spellings of one mailbox are one subscriber.
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("tags", sa.JSON, nullable=False),
    sa.Column("fields", sa.JSON, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("created", UtcDateTime, nullable=False),
    #: She gets nothing until then; null: no pause.
    sa.Column("paused_until", UtcDateTime),
    # An id lives on in links that were sent: it is never given to another person.
    sqlite_autoincrement=True,
)

consents = sa.Table(
    "consents",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "subscriber",
        sa.Integer,
        sa.ForeignKey("subscribers.id", ondelete="CASCADE"),
        nullable=False,
    ),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("wording", sa.Text, nullable=False),
    #: The member of staff who wrote it down; "" where the reader did it herself.
    sa.Column("actor", sa.Text, nullable=False, server_default=""),
    sa.Index(None, "subscriber"),
)

#: Addresses never to be mailed. A key is an address, "@example.org" for all of a domain, or "#…"
#: for who was erased.
suppressions = sa.Table(
    "suppressions",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)

#: What people asked for that waits for a confirmation by mail; gone after two days.
requests = sa.Table(
    "requests",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("subscriber", sa.Integer),
    #: name, language, tags, wording, source.
    sa.Column("said", sa.JSON, nullable=False),
    sa.Column("created", UtcDateTime, nullable=False),
    sa.Column("used", UtcDateTime),
    #: An address change is confirmed at both ends.
    sa.Column("old_end", UtcDateTime),
    sa.Column("new_end", UtcDateTime),
    sa.Index(None, "key"),
    sa.Index(None, "subscriber"),
    # Its id stands in links.
    sqlite_autoincrement=True,
)

#: Mails of our own that wait for the mail server; a row goes when the server has taken it.
outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("request", sa.Integer),
    sa.Column("subscriber", sa.Integer),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due", UtcDateTime, nullable=False),
    sa.Column("created", UtcDateTime, nullable=False),
    sa.Index(None, "state", "due"),
    # Message-IDs are made of it.
    sqlite_autoincrement=True,
)

#: How often something was done since when: sign-ups of an address, a domain, a client. Buckets are
#: keyed hashes.
rates = sa.Table(
    "rates",
    metadata,
    sa.Column("bucket", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("expires", UtcDateTime, nullable=False),
    sa.Index(None, "expires"),
)

#: Answers of the JSON API by the hash of their Idempotency-Key, for a day.
answers = sa.Table(
    "answers",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    #: Hash of what was asked.
    sa.Column("asked", sa.Text, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)

#: Why readers left, counted by month, without a name.
leavings = sa.Table(
    "leavings",
    metadata,
    sa.Column("month", sa.Text, primary_key=True),
    sa.Column("reason", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)

#: Issues from the moment that they are scheduled or sent, with what was sent: a restart sends
#: exactly that.
issues = sa.Table(
    "issues",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("state", sa.Text, nullable=False),
    #: Why it is paused, in words; "" otherwise.
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("segment", sa.Text, nullable=False),
    #: `domain.issue.Rendered` as JSON; null until the audience is frozen.
    sa.Column("rendered", sa.JSON),
    sa.Column("started", UtcDateTime),
    sa.Column("finished", UtcDateTime),
)

#: The journal. One row a reader and issue; a restart believes it.
deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("issue", sa.Integer, sa.ForeignKey("issues.id"), nullable=False),
    # No foreign key: a row outlives the erasure of its reader, and counts on without a name.
    sa.Column("subscriber", sa.Integer, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    #: When a deferred row may be claimed again.
    sa.Column("due", UtcDateTime),
    #: When it was first tried; it is given up five days later (RFC 5321, 4.5.4.1).
    sa.Column("first_tried", UtcDateTime),
    #: The process that holds it; results of any other are ignored.
    sa.Column("owner", sa.Text),
    sa.Column("at", UtcDateTime),
    sa.Column("code", sa.Integer, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("reply", sa.Text, nullable=False),
    sa.UniqueConstraint("issue", "subscriber"),
    # Small, because most rows leave it at once: what is still to be done. NOT IN, because SQLite
    # would walk through an IN state by state, and sort what it finds.
    sa.Index(
        "ix_deliveries_open",
        "issue",
        "state",
        "due",
        sqlite_where=sa.text("state NOT IN ('accepted', 'refused', 'unknown', 'suppressed')"),
        postgresql_where=sa.text("state NOT IN ('accepted', 'refused', 'unknown', 'suppressed')"),
    ),
)

schedules = sa.Table(
    "schedules",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("issue", sa.Text, nullable=False, unique=True),
    sa.Column("due", UtcDateTime, nullable=False),
    sa.Column("typed", sa.Text, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("fold", sa.Integer),
    sa.Column("state", sa.Text, nullable=False),
)

#: What people decided, and when: accepted checks, a resend of unknown rows, a cancelled schedule.
log = sa.Table(
    "log",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("issue", sa.Text),
    sa.Column("detail", sa.JSON, nullable=False),
)
