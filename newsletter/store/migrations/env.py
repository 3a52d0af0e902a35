"""What alembic runs for each command."""

from alembic import context

from newsletter.store.tables import metadata

with context.config.attributes["engine"].begin() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        # SQLite can't alter most of a table: batch mode copies it.
        render_as_batch=True,
        user_module_prefix="tables.",
        # Our own BEGIN IMMEDIATE is open already.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
