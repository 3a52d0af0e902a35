"""What the tests about deliveries share: databases of both kinds."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from newsletter.store.database import Database, open_database
from tests.store import postgresql_cluster


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Run a PostgreSQL of our own; skip where there is none (in CI there is)."""
    if postgresql_cluster.find_binaries() is None:
        pytest.skip(postgresql_cluster.MISSING)
    with postgresql_cluster.run_cluster() as url:
        open_database(f"{url}/postgres").close()  # what others are copied from
        yield url


_DATABASE_NUMBERS = itertools.count(1)


def create_postgresql_database(server: str) -> Database:
    """Make a database on that server, up to date and empty."""
    name = f"test{next(_DATABASE_NUMBERS)}"
    admin = sa.create_engine(
        f"{server.replace('postgresql:', 'postgresql+psycopg:')}/template1",
        isolation_level="AUTOCOMMIT",
    )
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE postgres")
    admin.dispose()
    return open_database(f"{server}/{name}")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Open an empty database: one contract, both kinds."""
    make: Callable[[], Database] = lambda: open_database(f"sqlite:///{tmp_path}/n.db")  # noqa: E731
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_server")
        make = lambda: create_postgresql_database(server)  # noqa: E731
    database = make()
    yield database
    database.close()
