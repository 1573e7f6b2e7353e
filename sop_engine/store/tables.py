"""Every table of the store. The log (`event`) is the truth; tables marked *projection* can be made again from it.

Each column says in `info` which class of confidentiality it holds; a test fails on a column that does not. What is
personal goes through `Sealed`. Accounts, cases and offices are named by random ids, which say nothing.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from sop_engine.store.column_types import DueInstant, Instant, Json
from sop_engine.store.sealed import Sealed

PROCEDURE: dict[Any, Any] = {"class": "procedure"}
IDENTITY: dict[Any, Any] = {"class": "identity"}
STORY: dict[Any, Any] = {"class": "story"}
SENSITIVE: dict[Any, Any] = {"class": "sensitive"}
RESTRICTED: dict[Any, Any] = {"class": "restricted"}

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_Serial = BigInteger().with_variant(Integer, "sqlite")


def _case(*, primary_key: bool = False, nullable: bool = False) -> Column[str]:
    return Column(
        "case_id", Text, ForeignKey("case_file.id"), primary_key=primary_key, nullable=nullable, info=PROCEDURE
    )


def _account(*, primary_key: bool = False, nullable: bool = False) -> Column[str]:
    return Column("account", Text, ForeignKey("account.id"), primary_key=primary_key, nullable=nullable, info=PROCEDURE)


# --- offices, people of the service, definitions ----------------------------------------------------------------------

office = Table(
    "office",
    metadata,
    Column("id", Text, primary_key=True, info=PROCEDURE),
    Column("code", Text, nullable=False, unique=True, info=PROCEDURE),
    Column("name", Text, nullable=False, info=PROCEDURE),
    Column("country", Text, nullable=False, info=PROCEDURE),
    Column("time_zone", Text, nullable=False, info=PROCEDURE),
    # The last case number given out. Counted here, so that numbers of one office have neither gaps nor twins.
    Column("last_number", Integer, nullable=False, server_default=text("0"), info=PROCEDURE),
)

account = Table(
    "account",
    metadata,
    Column("id", Text, primary_key=True, info=PROCEDURE),
    Column("username", Text, nullable=False, unique=True, info=IDENTITY),
    Column("person_name", Sealed("account", "person_name"), nullable=False, info=IDENTITY),
    Column("password_hash", Text, nullable=True, info=RESTRICTED),
    Column("active", Boolean, nullable=False, info=PROCEDURE),
    Column("fs_uniquifier", Text, nullable=False, unique=True, info=RESTRICTED),
    Column("language", Text, nullable=False, info=PROCEDURE),
    Column("created_at", Instant, nullable=False, info=PROCEDURE),
    Column("confirmed_at", Instant, nullable=True, info=PROCEDURE),
    Column("last_sign_in_at", Instant, nullable=True, info=PROCEDURE),
    Column("failed_count", Integer, nullable=False, server_default=text("0"), info=PROCEDURE),
    Column("locked_until", Instant, nullable=True, info=PROCEDURE),
)

account_role = Table(
    "account_role",
    metadata,
    Column("account_id", Text, ForeignKey("account.id"), primary_key=True, info=PROCEDURE),
    Column("role", Text, primary_key=True, info=PROCEDURE),
    Column("office_id", Text, ForeignKey("office.id"), primary_key=True, info=PROCEDURE),
    Column("granted_by", Text, nullable=False, info=PROCEDURE),
    Column("granted_at", Instant, nullable=False, info=PROCEDURE),
    Index(None, "office_id", "role"),
)

session_row = Table(
    "session_row",
    metadata,
    # The hash of the session's id: who reads the table cannot take over a session.
    Column("id_hash", Text, primary_key=True, info=RESTRICTED),
    _account(nullable=True),
    Column("data", Sealed("session_row", "data"), nullable=False, info=RESTRICTED),
    Column("created_at", Instant, nullable=False, info=PROCEDURE),
    Column("last_seen_at", Instant, nullable=False, info=PROCEDURE),
    Column("expires_at", Instant, nullable=False, info=PROCEDURE),
    Index(None, "account"),
    Index(None, "expires_at"),
)

edition = Table(
    "edition",
    metadata,
    Column("digest", Text, primary_key=True, info=PROCEDURE),
    Column("title", Text, nullable=False, info=PROCEDURE),
    Column("files", Json, nullable=False, info=PROCEDURE),
    Column("adopted_at", Instant, nullable=False, info=PROCEDURE),
)

# An edition on its way into force: drafted by one person, released by another, in force from a day on.
edition_release = Table(
    "edition_release",
    metadata,
    Column("digest", Text, ForeignKey("edition.digest"), primary_key=True, info=PROCEDURE),
    Column("profile", Text, nullable=False, info=PROCEDURE),
    Column("effective_on", Text, nullable=False, info=PROCEDURE),
    Column("note", Text, nullable=False, info=PROCEDURE),
    Column("drafted_by", Text, nullable=False, info=PROCEDURE),
    Column("drafted_at", Instant, nullable=False, info=PROCEDURE),
    Column("released_by", Text, nullable=True, info=PROCEDURE),
    Column("released_at", Instant, nullable=True, info=PROCEDURE),
    Index(None, "effective_on"),
)

# --- a case and its log -----------------------------------------------------------------------------------------------

case_file = Table(
    "case_file",
    metadata,
    Column("id", Text, primary_key=True, info=PROCEDURE),
    Column("number", Text, nullable=False, info=PROCEDURE),
    Column("office_id", Text, ForeignKey("office.id"), nullable=False, info=PROCEDURE),
    Column("set_digest", Text, ForeignKey("edition.digest"), nullable=False, info=PROCEDURE),
    Column("seq", Integer, nullable=False, info=PROCEDURE),
    Column("chain_head", Text, nullable=False, info=PROCEDURE),
    Column("opened_at", Instant, nullable=False, info=PROCEDURE),
    Column("last_at", Instant, nullable=False, info=PROCEDURE),
    # From here on: projection.
    Column("summary", Sealed("case_file", "summary"), nullable=True, info=IDENTITY),
    Column("initials", Sealed("case_file", "initials"), nullable=True, info=IDENTITY),
    Column("next_due_at", DueInstant, nullable=False, info=PROCEDURE),
    Column("next_due_name", Text, nullable=True, info=PROCEDURE),
    Column("flags", Json, nullable=False, info=SENSITIVE),
    Column("locked", Boolean, nullable=False, info=PROCEDURE),
    Column("from_paper", Boolean, nullable=False, info=PROCEDURE),
    Column("family_group", Text, nullable=True, info=PROCEDURE),
    # A number is unique within its office: across offices, a refused number would tell that a case exists elsewhere.
    UniqueConstraint("office_id", "number"),
    Index(None, "office_id", "next_due_at", "id"),
    Index(None, "office_id", "opened_at", "id"),
    Index(None, "family_group"),
)

event = Table(
    "event",
    metadata,
    _case(primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False, info=PROCEDURE),
    Column("kind", Text, nullable=False, info=PROCEDURE),
    Column("at", Instant, nullable=False, info=PROCEDURE),
    Column("by_user", Text, nullable=False, info=PROCEDURE),
    Column("role", Text, nullable=False, info=PROCEDURE),
    Column("proceeding", Text, nullable=False, info=PROCEDURE),
    Column("data", Json, nullable=False, info=PROCEDURE),
    # [salt, values]: as confidential as the most confidential answer. Null once the values were destroyed.
    Column("personal", Sealed("event", "personal"), nullable=True, info=RESTRICTED),
    Column("commitment", Text, nullable=False, info=PROCEDURE),
    Column("hash", Text, nullable=False, info=PROCEDURE),
)

command = Table(
    "command",
    metadata,
    # Hash and keyed digest: neither the form's token nor its answers can be read or guessed from here.
    Column("form_token", Text, primary_key=True, info=PROCEDURE),
    Column("payload_digest", Text, nullable=False, info=PROCEDURE),
    Column("account", Text, nullable=False, info=PROCEDURE),
    Column("case_id", Text, nullable=True, info=PROCEDURE),
    Column("result", Json, nullable=True, info=PROCEDURE),
    Column("at", Instant, nullable=False, info=PROCEDURE),
    Index(None, "at"),
)

# --- projections of a case: what lists and queues ask -----------------------------------------------------------------

proceeding = Table(
    "proceeding",
    metadata,
    _case(primary_key=True),
    Column("id", Text, primary_key=True, info=PROCEDURE),
    Column("machine", Text, nullable=False, info=PROCEDURE),
    Column("key", Text, nullable=True, info=PROCEDURE),
    Column("state", Text, nullable=False, info=PROCEDURE),
    Column("kind", Text, nullable=False, info=PROCEDURE),
    Column("entered_at", Instant, nullable=False, info=PROCEDURE),
    Index(None, "machine", "state", "case_id"),
)

# Who can do something in a case; ``waits`` says that it waits for them, and is not merely possible. Office and due date
# stand here as well, so that a queue of one role is one walk along one index.
open_action = Table(
    "open_action",
    metadata,
    _case(primary_key=True),
    Column("proceeding", Text, primary_key=True, info=PROCEDURE),
    Column("role", Text, primary_key=True, info=PROCEDURE),
    Column("office_id", Text, nullable=False, info=PROCEDURE),
    Column("waits", Boolean, nullable=False, info=PROCEDURE),
    Column("due_at", DueInstant, nullable=False, info=PROCEDURE),
    Index(None, "office_id", "role", "waits", "due_at", "case_id"),
)

deadline = Table(
    "deadline",
    metadata,
    _case(primary_key=True),
    Column("proceeding", Text, primary_key=True, info=PROCEDURE),
    Column("name", Text, primary_key=True, info=PROCEDURE),
    Column("run", Integer, primary_key=True, autoincrement=False, info=PROCEDURE),
    Column("started_at", Instant, nullable=False, info=PROCEDURE),
    Column("due_at", Instant, nullable=False, info=PROCEDURE),
    Column("status", Text, nullable=False, info=PROCEDURE),
    Column("role", Text, nullable=False, info=PROCEDURE),
    # When the passing of time next changes something here: it falls due, or its next escalation does.
    Column("wakes_at", DueInstant, nullable=False, info=PROCEDURE),
    Index(None, "wakes_at", "case_id"),
)

duty = Table(
    "duty",
    metadata,
    _case(primary_key=True),
    Column("name", Text, primary_key=True, info=PROCEDURE),
    Column("role", Text, primary_key=True, info=PROCEDURE),
    Column("proceeding", Text, primary_key=True, info=PROCEDURE),
    Column("raised_at", Instant, primary_key=True, info=PROCEDURE),
    Column("text", Text, nullable=False, info=PROCEDURE),
    Column("done", Boolean, nullable=False, info=PROCEDURE),
    Column("office_id", Text, nullable=False, info=PROCEDURE),
    Index(None, "office_id", "role", "done", "raised_at", "case_id"),
)

document = Table(
    "document",
    metadata,
    _case(primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False, info=PROCEDURE),
    Column("name", Text, primary_key=True, info=PROCEDURE),
    Column("number", Text, primary_key=True, info=PROCEDURE),
    Column("proceeding", Text, nullable=False, info=PROCEDURE),
    Column("issued_at", Instant, nullable=False, info=PROCEDURE),
    Column("issued_by", Text, nullable=False, info=PROCEDURE),
)

participation = Table(
    "participation",
    metadata,
    _case(primary_key=True),
    Column("function", Text, primary_key=True, info=PROCEDURE),
    Column("account", Text, primary_key=True, info=PROCEDURE),
    Column("proceeding", Text, primary_key=True, info=PROCEDURE),
    Index(None, "account", "function"),
)

name_search = Table(
    "name_search",
    metadata,
    _case(primary_key=True),
    Column("key", Text, primary_key=True, info=IDENTITY),
    Column("office_id", Text, nullable=False, info=PROCEDURE),
    Index(None, "office_id", "key", "case_id"),
)

# --- around a case ----------------------------------------------------------------------------------------------------

assignment = Table(
    "assignment",
    metadata,
    _case(primary_key=True),
    _account(primary_key=True),
    Column("role", Text, primary_key=True, info=PROCEDURE),
    Column("at", Instant, nullable=False, info=PROCEDURE),
    Index(None, "account", "case_id"),
)

draft = Table(
    "draft",
    metadata,
    _account(primary_key=True),
    _case(primary_key=True),
    Column("proceeding", Text, primary_key=True, info=PROCEDURE),
    Column("step", Text, primary_key=True, info=PROCEDURE),
    Column("answers", Sealed("draft", "answers"), nullable=False, info=RESTRICTED),
    Column("updated_at", Instant, nullable=False, info=PROCEDURE),
    Index(None, "case_id"),
)

attachment = Table(
    "attachment",
    metadata,
    Column("id", Text, primary_key=True, info=PROCEDURE),
    _case(),
    Column("name", Sealed("attachment", "name"), nullable=False, info=STORY),
    Column("media_type", Text, nullable=False, info=PROCEDURE),
    Column("sha256", Text, nullable=False, info=PROCEDURE),
    Column("size", BigInteger, nullable=False, info=PROCEDURE),
    Column("content", Sealed("attachment", "content", "bytes"), nullable=False, info=RESTRICTED),
    Column("uploaded_by", Text, nullable=False, info=PROCEDURE),
    Column("at", Instant, nullable=False, info=PROCEDURE),
    Index(None, "case_id"),
)

# Each paper as it left the printer: one document gives several, one a recipient and a language.
paper = Table(
    "paper",
    metadata,
    _case(primary_key=True),
    Column("sha256", Text, primary_key=True, info=PROCEDURE),
    Column("recipient", Text, primary_key=True, info=PROCEDURE),
    Column("office_id", Text, nullable=False, info=PROCEDURE),
    Column("name", Text, nullable=False, info=PROCEDURE),
    Column("number", Text, nullable=False, info=PROCEDURE),
    Column("seq", Integer, nullable=False, info=PROCEDURE),
    Column("made_by", Text, nullable=False, info=PROCEDURE),
    Column("made_at", Instant, nullable=False, info=PROCEDURE),
    Index(None, "office_id", "sha256"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _Serial, primary_key=True, info=PROCEDURE),
    Column("kind", Text, nullable=False, info=PROCEDURE),
    _case(nullable=True),
    Column("payload", Json, nullable=False, info=PROCEDURE),
    Column("created_at", Instant, nullable=False, info=PROCEDURE),
    Column("done_at", Instant, nullable=True, info=PROCEDURE),
    Column("attempts", Integer, nullable=False, server_default=text("0"), info=PROCEDURE),
    Index(None, "done_at", "id"),
)

access_log = Table(
    "access_log",
    metadata,
    Column("id", _Serial, primary_key=True, info=PROCEDURE),
    Column("at", Instant, nullable=False, info=PROCEDURE),
    Column("account", Text, nullable=False, info=PROCEDURE),
    # No foreign key: a look at a case that does not exist is logged too.
    Column("case_id", Text, nullable=True, info=PROCEDURE),
    Column("what", Text, nullable=False, info=PROCEDURE),
    Column("purpose", Sealed("access_log", "purpose"), nullable=True, info=RESTRICTED),
    Index(None, "account", "at"),
    Index(None, "case_id", "at"),
)

APPEND_ONLY = (event, access_log)
"""What no program may change: triggers of the database refuse it."""
