"""Tables of the sandbox: what kind of instance this is, and the classes, attempts and conversations of a training.

The training tables stay empty in a real instance; the first one stands in every instance and says which kind it is.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, text

from sop_engine.store.column_types import Instant, Json
from sop_engine.store.sealed import Sealed
from sop_engine.store.tables import PROCEDURE, STORY, metadata

# One row: real, demonstration or training. Written when the instance is made, and never changed.
instance = Table(
    "instance",
    metadata,
    Column("id", Text, primary_key=True, info=PROCEDURE),
    Column("kind", Text, nullable=False, info=PROCEDURE),
    Column("made_at", Instant, nullable=False, info=PROCEDURE),
)

training_session = Table(
    "training_session",
    metadata,
    Column("id", Text, primary_key=True, info=PROCEDURE),
    Column("title", Text, nullable=False, info=PROCEDURE),
    Column("trainer", Text, ForeignKey("account.id"), nullable=False, info=PROCEDURE),
    Column("office_id", Text, ForeignKey("office.id"), nullable=False, info=PROCEDURE),
    # own: everybody goes at their own pace. together: only the trainer lets time pass.
    Column("pace", Text, nullable=False, info=PROCEDURE),
    Column("hints", Boolean, nullable=False, info=PROCEDURE),
    Column("opened_at", Instant, nullable=False, info=PROCEDURE),
    Column("paused_at", Instant, nullable=True, info=PROCEDURE),
    Column("closed_at", Instant, nullable=True, info=PROCEDURE),
    Index(None, "trainer", "opened_at"),
)

training_participant = Table(
    "training_participant",
    metadata,
    Column("session_id", Text, ForeignKey("training_session.id"), primary_key=True, info=PROCEDURE),
    Column("account", Text, ForeignKey("account.id"), primary_key=True, info=PROCEDURE),
    # A pseudonym by rule: the sandbox knows no names.
    Column("pseudonym", Text, nullable=False, info=PROCEDURE),
    # Where the person works now.
    Column("attempt_id", Text, nullable=True, info=PROCEDURE),
    Column("role", Text, nullable=True, info=PROCEDURE),
    Index(None, "account"),
)

training_attempt = Table(
    "training_attempt",
    metadata,
    Column("id", Text, primary_key=True, info=PROCEDURE),
    Column("session_id", Text, ForeignKey("training_session.id"), nullable=False, info=PROCEDURE),
    Column("pack", Text, nullable=False, info=PROCEDURE),
    # An office of its own: nobody of another attempt reaches its case.
    Column("office_id", Text, ForeignKey("office.id"), nullable=False, info=PROCEDURE),
    Column("case_id", Text, nullable=True, info=PROCEDURE),
    Column("status", Text, nullable=False, info=PROCEDURE),
    # Scenario time = the clock of the machine + these seconds.
    Column("clock_offset", Integer, nullable=False, server_default=text("0"), info=PROCEDURE),
    Column("room", Json, nullable=False, info=PROCEDURE),
    Column("from_attempt", Text, nullable=True, info=PROCEDURE),
    Column("from_seq", Integer, nullable=True, info=PROCEDURE),
    Column("handed_at", Instant, nullable=False, info=PROCEDURE),
    Column("started_at", Instant, nullable=True, info=PROCEDURE),
    Column("finished_at", Instant, nullable=True, info=PROCEDURE),
    # The figures as they were when the attempt ended: a pack that is edited later changes no result.
    Column("figures", Json, nullable=True, info=PROCEDURE),
    Index(None, "session_id", "handed_at"),
    Index(None, "case_id"),
)

training_seat = Table(
    "training_seat",
    metadata,
    Column("attempt_id", Text, ForeignKey("training_attempt.id"), primary_key=True, info=PROCEDURE),
    Column("role", Text, primary_key=True, info=PROCEDURE),
    # Who acts in the case: an account of the seat.
    Column("account", Text, ForeignKey("account.id"), nullable=False, info=PROCEDURE),
    # Who sits there; nobody where the script plays.
    Column("trainee", Text, ForeignKey("account.id"), nullable=True, info=PROCEDURE),
    Index(None, "trainee"),
)

training_refusal = Table(
    "training_refusal",
    metadata,
    Column("id", Text, primary_key=True, info=PROCEDURE),
    Column("attempt_id", Text, ForeignKey("training_attempt.id"), nullable=False, info=PROCEDURE),
    Column("verb", Text, nullable=False, info=PROCEDURE),
    Column("name", Text, nullable=False, info=PROCEDURE),
    Column("key", Text, nullable=True, info=PROCEDURE),
    Column("codes", Json, nullable=False, info=PROCEDURE),
    Column("told", Text, nullable=False, info=PROCEDURE),
    Column("account", Text, nullable=False, info=PROCEDURE),
    Column("seq", Integer, nullable=False, info=PROCEDURE),
    Column("at", Instant, nullable=False, info=PROCEDURE),
    Index(None, "attempt_id", "at"),
)

training_exchange = Table(
    "training_exchange",
    metadata,
    Column("id", Text, primary_key=True, info=PROCEDURE),
    Column("attempt_id", Text, ForeignKey("training_attempt.id"), nullable=False, info=PROCEDURE),
    Column("account", Text, nullable=False, info=PROCEDURE),
    Column("asked", Sealed("training_exchange", "asked"), nullable=False, info=STORY),
    Column("reply", Sealed("training_exchange", "reply"), nullable=False, info=STORY),
    Column("room", Json, nullable=False, info=PROCEDURE),
    Column("seq", Integer, nullable=False, info=PROCEDURE),
    Column("at", Instant, nullable=False, info=PROCEDURE),
    Index(None, "attempt_id", "at"),
)

training_news = Table(
    "training_news",
    metadata,
    Column("id", Text, primary_key=True, info=PROCEDURE),
    Column("attempt_id", Text, ForeignKey("training_attempt.id"), nullable=False, info=PROCEDURE),
    # An inject of the pack; empty for words of the trainer.
    Column("inject", Text, nullable=False, info=PROCEDURE),
    Column("words", Sealed("training_news", "words"), nullable=False, info=STORY),
    Column("seq", Integer, nullable=False, info=PROCEDURE),
    Column("at", Instant, nullable=False, info=PROCEDURE),
    Index(None, "attempt_id", "at"),
)

training_score = Table(
    "training_score",
    metadata,
    Column("attempt_id", Text, ForeignKey("training_attempt.id"), primary_key=True, info=PROCEDURE),
    Column("criterion", Text, primary_key=True, info=PROCEDURE),
    # Several trainers may score the same attempt: how far they are apart is a figure of its own.
    Column("rater", Text, ForeignKey("account.id"), primary_key=True, info=PROCEDURE),
    Column("points", Integer, nullable=False, info=PROCEDURE),
    Column("note", Sealed("training_score", "note"), nullable=True, info=STORY),
    Column("at", Instant, nullable=False, info=PROCEDURE),
)
