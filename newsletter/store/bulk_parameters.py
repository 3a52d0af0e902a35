"""Many rows in one parameter.

The statement is the same for any number of them, so that it is made once.

SQLAlchemy takes 60 µs to write a list of another length into an IN, and 15 to bind the values of
one more row.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles

from newsletter.store.tables import UtcDateTime
from newsletter.store.tables import deliveries as table


class IntArray(sa.TypeDecorator[Collection[int]]):
    """Many numbers in one parameter, so that the statement is the same for any number of them."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """PostgreSQL has arrays; SQLite reads JSON."""
        return dialect.type_descriptor(
            postgresql.ARRAY(sa.Integer) if dialect.name == "postgresql" else sa.Text()
        )

    def process_bind_param(self, value: Collection[int] | None, dialect: sa.Dialect) -> Any:
        """Write them as the database reads them."""
        numbers = [int(number) for number in value or ()]
        return numbers if dialect.name == "postgresql" else json.dumps(numbers)


# SQL functions are named in lower case
class is_among(sa.sql.functions.GenericFunction[Any]):  # noqa: N801
    """Whether a number is one of `Numbers`."""

    #: Not Boolean: for SQLite that would become `… = 1`, and no index would be used.
    type = sa.types.NullType()
    inherit_cache = True


@compiles(is_among, "sqlite")
def _compile_is_among_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    number, numbers = (compiler.process(part, **options) for part in element.clauses)
    # only compiled parts
    return f"{number} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608


@compiles(is_among, "postgresql")
def _compile_is_among_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    number, numbers = (compiler.process(part, **options) for part in element.clauses)
    return f"{number} = ANY ({numbers})"


class ResultRows(sa.TypeDecorator[Sequence[Mapping[str, Any]]]):
    """What servers said of some rows, in one parameter.

    A value a row costs less in it than a parameter.
    """

    impl = sa.Text
    cache_ok = True
    FIELDS = ("id", "state", "due", "code", "status", "reply")

    def process_bind_param(
        self, value: Sequence[Mapping[str, Any]] | None, dialect: sa.Dialect
    ) -> str:
        """Write JSON, with times as the database keeps them."""

        def _to_stored_time(moment: datetime) -> str:
            keep = UtcDateTime().dialect_impl(dialect).bind_processor(dialect) or str
            return str(keep(moment))

        # SQLite finds the place in a list sooner than the name in an object; PostgreSQL wants
        # names.
        rows = value or ()
        return json.dumps(
            (
                rows
                if dialect.name == "postgresql"
                else [[row[name] for name in ResultRows.FIELDS] for row in rows]
            ),
            default=_to_stored_time,
        )


class result_rows(sa.sql.functions.GenericFunction[Any]):  # noqa: N801  # as above
    """The rows of `Told`, as a table."""

    inherit_cache = True


@compiles(result_rows, "sqlite")
def _compile_result_rows_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    rows = compiler.process(element.clauses, **options)
    fields = ", ".join(
        f"json_extract(value, '$[{at}]') AS {name}" for at, name in enumerate(ResultRows.FIELDS)
    )
    return f"(SELECT {fields} FROM json_each({rows}))"  # noqa: S608  # only compiled parts


@compiles(result_rows, "postgresql")
def _compile_result_rows_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    rows = compiler.process(element.clauses, **options)
    fields = ", ".join(
        f"{name} {table.c[name].type.compile(compiler.dialect)}" for name in ResultRows.FIELDS
    )
    return f"ROWS FROM (json_to_recordset(CAST({rows} AS json)) AS ({fields}))"
