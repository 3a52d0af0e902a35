"""${message}."""

import sqlalchemy as sa
from alembic import op

from newsletter.store import tables

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables here."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Go back a step."""
    ${downgrades if downgrades else "pass"}
