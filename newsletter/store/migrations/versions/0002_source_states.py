"""What came of reading each source is kept."""

import sqlalchemy as sa
from alembic import op

from newsletter.store import tables

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the table here."""
    op.create_table(
        "source_states",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("good", tables.UtcDateTime(timezone=True), nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_source_states")),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("source_states")
