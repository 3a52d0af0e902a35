"""Bring a database to the newest step."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config


def upgrade(engine: sa.Engine) -> None:
    """Run every step that this database hasn't had, each in a transaction.

    A second process waits for the first.
    """
    command.upgrade(build_config(engine), "head")


def build_config(engine: sa.Engine) -> Config:
    """Return alembic's settings: no alembic.ini, the engine handed over."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["engine"] = engine
    return config
