"""Releases of editions: who drafted one, who released it, and from which day it holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# As the columns were typed in this version, spelled out: a migration never changes with the program.
INSTANT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text, "sqlite")


def upgrade() -> None:
    op.create_table(
        "edition_release",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("profile", sa.Text, nullable=False),
        sa.Column("effective_on", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("drafted_by", sa.Text, nullable=False),
        sa.Column("drafted_at", INSTANT, nullable=False),
        sa.Column("released_by", sa.Text, nullable=True),
        sa.Column("released_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_edition_release")),
        sa.ForeignKeyConstraint(["digest"], ["edition.digest"], name=op.f("fk_edition_release_digest")),
    )
    op.create_index(op.f("ix_edition_release_effective_on"), "edition_release", ["effective_on"])


def downgrade() -> None:
    op.drop_table("edition_release")
