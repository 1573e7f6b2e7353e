"""The first tables, and the triggers that keep the log and the access log append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# As the columns were typed in this version, spelled out: a migration never changes with the program.
INSTANT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text, "sqlite")
SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
APPEND_ONLY = {"event": "case_id = NEW.case_id AND seq = NEW.seq", "access_log": "id = NEW.id"}


def upgrade() -> None:
    _make_tables()
    for table, same_row in APPEND_ONLY.items():
        if op.get_bind().dialect.name == "sqlite":
            _refuse_changes_in_sqlite(table, same_row)
        else:
            _refuse_changes_in_postgres(table)


def downgrade() -> None:
    op.drop_table("proceeding")
    op.drop_table("participation")
    op.drop_table("paper")
    op.drop_table("outbox")
    op.drop_table("open_action")
    op.drop_table("name_search")
    op.drop_table("event")
    op.drop_table("duty")
    op.drop_table("draft")
    op.drop_table("document")
    op.drop_table("deadline")
    op.drop_table("attachment")
    op.drop_table("assignment")
    op.drop_table("session_row")
    op.drop_table("case_file")
    op.drop_table("account_role")
    op.drop_table("office")
    op.drop_table("edition")
    op.drop_table("command")
    op.drop_table("account")
    op.drop_table("access_log")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def _refuse_changes_in_sqlite(table: str, same_row: str) -> None:
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    # INSERT OR REPLACE deletes a row, and fires no trigger for it unless the connection asked for that.
    op.execute(
        f"CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table} "  # noqa: S608 - fixed words of this file
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same_row}) "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _refuse_changes_in_postgres(table: str) -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuses_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _make_tables() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=True),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("purpose", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_access_log"),
    )
    op.create_index("ix_access_log_account_at", "access_log", ["account", "at"])
    op.create_index("ix_access_log_case_id_at", "access_log", ["case_id", "at"])
    op.create_table(
        "account",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("person_name", sa.LargeBinary, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=True),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("fs_uniquifier", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("last_sign_in_at", INSTANT, nullable=True),
        sa.Column("failed_count", sa.Integer, server_default=sa.text("0"), nullable=False),
        sa.Column("locked_until", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("fs_uniquifier", name="uq_account_fs_uniquifier"),
        sa.UniqueConstraint("username", name="uq_account_username"),
    )
    op.create_table(
        "command",
        sa.Column("form_token", sa.Text, nullable=False),
        sa.Column("payload_digest", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=True),
        sa.Column("result", sa.Text, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("form_token", name="pk_command"),
    )
    op.create_index("ix_command_at", "command", ["at"])
    op.create_table(
        "edition",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("files", sa.Text, nullable=False),
        sa.Column("adopted_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_edition"),
    )
    op.create_table(
        "office",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        sa.Column("last_number", sa.Integer, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_office"),
        sa.UniqueConstraint("code", name="uq_office_code"),
    )
    op.create_table(
        "account_role",
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("office_id", sa.Text, nullable=False),
        sa.Column("granted_by", sa.Text, nullable=False),
        sa.Column("granted_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_account_role_account_id"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_account_role_office_id"),
        sa.PrimaryKeyConstraint("account_id", "role", "office_id", name="pk_account_role"),
    )
    op.create_index("ix_account_role_office_id_role", "account_role", ["office_id", "role"])
    op.create_table(
        "case_file",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("office_id", sa.Text, nullable=False),
        sa.Column("set_digest", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("chain_head", sa.Text, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.Column("summary", sa.LargeBinary, nullable=True),
        sa.Column("initials", sa.LargeBinary, nullable=True),
        sa.Column("next_due_at", INSTANT, nullable=False),
        sa.Column("next_due_name", sa.Text, nullable=True),
        sa.Column("flags", sa.Text, nullable=False),
        sa.Column("locked", sa.Boolean, nullable=False),
        sa.Column("from_paper", sa.Boolean, nullable=False),
        sa.Column("family_group", sa.Text, nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_case_file_office_id"),
        sa.ForeignKeyConstraint(["set_digest"], ["edition.digest"], name="fk_case_file_set_digest"),
        sa.PrimaryKeyConstraint("id", name="pk_case_file"),
        sa.UniqueConstraint("office_id", "number", name="uq_case_file_office_id_number"),
    )
    op.create_index("ix_case_file_family_group", "case_file", ["family_group"])
    op.create_index("ix_case_file_office_id_next_due_at_id", "case_file", ["office_id", "next_due_at", "id"])
    op.create_index("ix_case_file_office_id_opened_at_id", "case_file", ["office_id", "opened_at", "id"])
    op.create_table(
        "session_row",
        sa.Column("id_hash", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_session_row_account"),
        sa.PrimaryKeyConstraint("id_hash", name="pk_session_row"),
    )
    op.create_index("ix_session_row_account", "session_row", ["account"])
    op.create_index("ix_session_row_expires_at", "session_row", ["expires_at"])
    op.create_table(
        "assignment",
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_assignment_account"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_assignment_case_id"),
        sa.PrimaryKeyConstraint("case_id", "account", "role", name="pk_assignment"),
    )
    op.create_index("ix_assignment_account_case_id", "assignment", ["account", "case_id"])
    op.create_table(
        "attachment",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("uploaded_by", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_attachment_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
    )
    op.create_index("ix_attachment_case_id", "attachment", ["case_id"])
    op.create_table(
        "deadline",
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("proceeding", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("run", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("wakes_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_deadline_case_id"),
        sa.PrimaryKeyConstraint("case_id", "proceeding", "name", "run", name="pk_deadline"),
    )
    op.create_index("ix_deadline_wakes_at_case_id", "deadline", ["wakes_at", "case_id"])
    op.create_table(
        "document",
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("proceeding", sa.Text, nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("issued_by", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_document_case_id"),
        sa.PrimaryKeyConstraint("case_id", "seq", "name", "number", name="pk_document"),
    )
    op.create_table(
        "draft",
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("proceeding", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("answers", sa.LargeBinary, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_draft_account"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_draft_case_id"),
        sa.PrimaryKeyConstraint("account", "case_id", "proceeding", "step", name="pk_draft"),
    )
    op.create_index("ix_draft_case_id", "draft", ["case_id"])
    op.create_table(
        "duty",
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("proceeding", sa.Text, nullable=False),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
        sa.Column("office_id", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_duty_case_id"),
        sa.PrimaryKeyConstraint("case_id", "name", "role", "proceeding", "raised_at", name="pk_duty"),
    )
    op.create_index(
        "ix_duty_office_id_role_done_raised_at_case_id", "duty", ["office_id", "role", "done", "raised_at", "case_id"]
    )
    op.create_table(
        "event",
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by_user", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("proceeding", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("personal", sa.LargeBinary, nullable=True),
        sa.Column("commitment", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_event_case_id"),
        sa.PrimaryKeyConstraint("case_id", "seq", name="pk_event"),
    )
    op.create_table(
        "name_search",
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("office_id", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_name_search_case_id"),
        sa.PrimaryKeyConstraint("case_id", "key", name="pk_name_search"),
    )
    op.create_index("ix_name_search_office_id_key_case_id", "name_search", ["office_id", "key", "case_id"])
    op.create_table(
        "open_action",
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("proceeding", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("office_id", sa.Text, nullable=False),
        sa.Column("waits", sa.Boolean, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_open_action_case_id"),
        sa.PrimaryKeyConstraint("case_id", "proceeding", "role", name="pk_open_action"),
    )
    op.create_index(
        "ix_open_action_office_id_role_waits_due_at_case_id",
        "open_action",
        ["office_id", "role", "waits", "due_at", "case_id"],
    )
    op.create_table(
        "outbox",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=True),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer, server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_outbox_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_done_at_id", "outbox", ["done_at", "id"])
    op.create_table(
        "paper",
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("office_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_paper_case_id"),
        sa.PrimaryKeyConstraint("case_id", "sha256", "recipient", name="pk_paper"),
    )
    op.create_index("ix_paper_office_id_sha256", "paper", ["office_id", "sha256"])
    op.create_table(
        "participation",
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("function", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("proceeding", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_participation_case_id"),
        sa.PrimaryKeyConstraint("case_id", "function", "account", "proceeding", name="pk_participation"),
    )
    op.create_index("ix_participation_account_function", "participation", ["account", "function"])
    op.create_table(
        "proceeding",
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("machine", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_proceeding_case_id"),
        sa.PrimaryKeyConstraint("case_id", "id", name="pk_proceeding"),
    )
    op.create_index("ix_proceeding_machine_state_case_id", "proceeding", ["machine", "state", "case_id"])
