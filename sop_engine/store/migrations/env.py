"""How Alembic meets the store: inside a transaction that `migrations` has begun, without an address of its own."""

from __future__ import annotations

from alembic import context

from sop_engine.store import training_tables  # noqa: F401 - its tables belong to the same metadata
from sop_engine.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
