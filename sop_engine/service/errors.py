"""What a use case can refuse with, beside the engine's own refusals."""

from __future__ import annotations

from sop_engine.engine.refusals import InvalidAnswers, NotOffered, Refusal, SafeguardViolated
from sop_engine.engine.upgrade import NotMovable
from sop_engine.service.views import TimelineEntry
from sop_engine.store.faults import OtherPayload, StoreBusy, StoreFull

__all__ = [
    "InvalidAnswers",
    "NotFound",
    "NotMovable",
    "NotOffered",
    "NotProved",
    "OtherPayload",
    "Refusal",
    "SafeguardViolated",
    "Stale",
    "StoreBusy",
    "StoreFull",
]


class NotFound(LookupError):
    """There is no such thing for this reader: it does not exist, or they may not know that it does."""

    def __init__(self) -> None:
        super().__init__("There is nothing here that you can open.")


class NotProved(Exception):
    """The procedures in force have no green certificate, so no new real case is opened; nothing was recorded."""

    def __init__(self) -> None:
        super().__init__(
            "The safeguards of the procedures in force are not proved, so no new case can be opened with them. "
            "Run sop check --certify on this set, or put the last proved edition in force again."
        )


class Stale(Exception):
    """The case went on since the page was shown; ``changed`` says what happened, and nothing was recorded."""

    def __init__(self, changed: tuple[TimelineEntry, ...]) -> None:
        super().__init__("The case went on since this page was shown.")
        self.changed = changed
