"""The kind of an instance, and the tables of the training sandbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# As the columns were typed in this version, spelled out: a migration never changes with the program.
INSTANT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text, "sqlite")


def upgrade() -> None:
    op.create_table(
        "instance",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance")),
    )
    op.create_table(
        "training_session",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("trainer", sa.Text, nullable=False),
        sa.Column("office_id", sa.Text, nullable=False),
        sa.Column("pace", sa.Text, nullable=False),
        sa.Column("hints", sa.Boolean, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("paused_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_session")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_training_session_office_id")),
        sa.ForeignKeyConstraint(["trainer"], ["account.id"], name=op.f("fk_training_session_trainer")),
    )
    op.create_index(op.f("ix_training_session_trainer_opened_at"), "training_session", ["trainer", "opened_at"])
    op.create_table(
        "training_participant",
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("pseudonym", sa.Text, nullable=False),
        sa.Column("attempt_id", sa.Text, nullable=True),
        sa.Column("role", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("session_id", "account", name=op.f("pk_training_participant")),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_training_participant_account")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_session.id"], name=op.f("fk_training_participant_session_id")
        ),
    )
    op.create_index(op.f("ix_training_participant_account"), "training_participant", ["account"])
    op.create_table(
        "training_attempt",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("pack", sa.Text, nullable=False),
        sa.Column("office_id", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("clock_offset", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("room", sa.Text, nullable=False),
        sa.Column("from_attempt", sa.Text, nullable=True),
        sa.Column("from_seq", sa.Integer, nullable=True),
        sa.Column("handed_at", INSTANT, nullable=False),
        sa.Column("started_at", INSTANT, nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("figures", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_attempt")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_training_attempt_office_id")),
        sa.ForeignKeyConstraint(["session_id"], ["training_session.id"], name=op.f("fk_training_attempt_session_id")),
    )
    op.create_index(op.f("ix_training_attempt_case_id"), "training_attempt", ["case_id"])
    op.create_index(op.f("ix_training_attempt_session_id_handed_at"), "training_attempt", ["session_id", "handed_at"])
    op.create_table(
        "training_seat",
        sa.Column("attempt_id", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("trainee", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("attempt_id", "role", name=op.f("pk_training_seat")),
        sa.ForeignKeyConstraint(["attempt_id"], ["training_attempt.id"], name=op.f("fk_training_seat_attempt_id")),
        sa.ForeignKeyConstraint(["trainee"], ["account.id"], name=op.f("fk_training_seat_trainee")),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_training_seat_account")),
    )
    op.create_index(op.f("ix_training_seat_trainee"), "training_seat", ["trainee"])
    op.create_table(
        "training_refusal",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("attempt_id", sa.Text, nullable=False),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=True),
        sa.Column("codes", sa.Text, nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_refusal")),
        sa.ForeignKeyConstraint(["attempt_id"], ["training_attempt.id"], name=op.f("fk_training_refusal_attempt_id")),
    )
    op.create_index(op.f("ix_training_refusal_attempt_id_at"), "training_refusal", ["attempt_id", "at"])
    op.create_table(
        "training_exchange",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("attempt_id", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("asked", sa.LargeBinary, nullable=False),
        sa.Column("reply", sa.LargeBinary, nullable=False),
        sa.Column("room", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_exchange")),
        sa.ForeignKeyConstraint(["attempt_id"], ["training_attempt.id"], name=op.f("fk_training_exchange_attempt_id")),
    )
    op.create_index(op.f("ix_training_exchange_attempt_id_at"), "training_exchange", ["attempt_id", "at"])
    op.create_table(
        "training_news",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("attempt_id", sa.Text, nullable=False),
        sa.Column("inject", sa.Text, nullable=False),
        sa.Column("words", sa.LargeBinary, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_news")),
        sa.ForeignKeyConstraint(["attempt_id"], ["training_attempt.id"], name=op.f("fk_training_news_attempt_id")),
    )
    op.create_index(op.f("ix_training_news_attempt_id_at"), "training_news", ["attempt_id", "at"])
    op.create_table(
        "training_score",
        sa.Column("attempt_id", sa.Text, nullable=False),
        sa.Column("criterion", sa.Text, nullable=False),
        sa.Column("rater", sa.Text, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("note", sa.LargeBinary, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", "criterion", "rater", name=op.f("pk_training_score")),
        sa.ForeignKeyConstraint(["rater"], ["account.id"], name=op.f("fk_training_score_rater")),
        sa.ForeignKeyConstraint(["attempt_id"], ["training_attempt.id"], name=op.f("fk_training_score_attempt_id")),
    )


def downgrade() -> None:
    op.drop_table("training_score")
    op.drop_table("training_news")
    op.drop_table("training_exchange")
    op.drop_table("training_refusal")
    op.drop_table("training_seat")
    op.drop_table("training_attempt")
    op.drop_table("training_participant")
    op.drop_table("training_session")
    op.drop_table("instance")
