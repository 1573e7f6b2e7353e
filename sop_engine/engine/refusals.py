"""Why the engine refuses: sentences an officer can act on, and never a word of the person's file."""

from __future__ import annotations

from dataclasses import dataclass

from sop_engine.definition.model import Source
from sop_engine.guards.tree import QuestionRef


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why an action is closed.

    ``code`` is one of: role, guard, other_person, panel, safeguard, state, requires, sealed, deadline, entry.
    ``values`` fill the sentence; the words come from ``engine.wording``.
    """

    code: str
    text: str
    source: tuple[Source, ...] = ()
    cured_by: frozenset[str] = frozenset()
    """Roles that can cure it."""
    cure: tuple[QuestionRef, ...] = ()
    """Questions whose answer may open the action."""


class NotOffered(Exception):
    """The step cannot be taken now; ``reasons`` are sentences an officer can act on."""

    def __init__(self, reasons: tuple[Refusal, ...]) -> None:
        super().__init__(" ".join(reason.text for reason in reasons))
        self.reasons = reasons


class SafeguardViolated(NotOffered):
    """The decision would break a safeguard, so it is refused."""


class InvalidAnswers(ValueError):
    """Answers that cannot be recorded; ``problems`` maps each question to a message that says how to mend it."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(f"{len(problems)} answers need mending: {', '.join(sorted(problems))}.")
        self.problems = problems


class EndlessSteps(RuntimeError):
    """Automatic transitions of a definition chase each other; the definition is wrong, nothing was recorded."""
