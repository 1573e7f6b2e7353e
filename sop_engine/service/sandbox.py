"""The wall between the sandbox and everything real: a database is opened by its own kind of instance only."""

from __future__ import annotations

from datetime import datetime

from sop_engine.service.errors import InvalidAnswers
from sop_engine.store import instance
from sop_engine.store.database import Store
from sop_engine.store.faults import WrongInstance
from sop_engine.store.instance import Kind

SANDBOX_MARK = b"sop-engine-training-sandbox"
"""Stands in every paper of the sandbox (``records.pdf``)."""

__all__ = ["Kind", "WrongInstance", "enter", "refuse_from_sandbox", "refuse_other_kind"]


def refuse_other_kind(store: Store, kind: Kind) -> None:
    """Raise WrongInstance before anything of a database of the other side is read, migrated or written."""
    with store.reading() as conn:
        found = instance.kind_of(conn)
        if found is None and kind == "training" and instance.is_used(conn):
            # An instance of before the mark: nobody says that it is a sandbox, so it is none.
            found = "real"
    if found is None or (found == "training") == (kind == "training"):
        return
    if kind == "training":
        raise WrongInstance(
            f"This database belongs to a {found} instance. The training sandbox opens its own database only: "
            "give it a folder of its own (SOP_TRAINING_HOME)."
        )
    raise WrongInstance(
        "This database belongs to the training sandbox: its people are invented and its papers count for nothing. "
        "Open it with sop training, and keep real cases in a folder of their own (SOP_HOME)."
    )


def enter(store: Store, kind: Kind, *, instance_id: str, at: datetime) -> Kind:
    """Mark a new database with its kind, and return the kind that it has. Raises WrongInstance."""
    refuse_other_kind(store, kind)
    with store.reading() as conn:
        found = instance.kind_of(conn)
    if found is None:
        with store.writing() as conn:
            instance.mark(conn, kind=kind, instance_id=instance_id, at=at)
            found = kind
    return next(one for one in instance.KINDS if one == found)


def refuse_from_sandbox(content: bytes) -> None:
    """Raise InvalidAnswers for a paper that was made in a training sandbox: it is no evidence of anything."""
    if SANDBOX_MARK in content:
        raise InvalidAnswers({"file": "This paper was made in the training sandbox. It cannot be used in a real case."})
