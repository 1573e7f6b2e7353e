"""What explanations need to know of a definition: its own words for everything a guard can name."""

from __future__ import annotations

from typing import Protocol

from sop_engine.guards.tree import Guard, QuestionRef


class Wording(Protocol):
    """The words of a definition, already in the reader's language."""

    def question_text(self, ref: QuestionRef, /) -> str:
        """Return the words in which the question is asked."""

    def choice_text(self, ref: QuestionRef, value: str, /) -> str:
        """Return the label of an answer, ``yes``, ``no`` and ``unknown`` included."""

    def column_text(self, table: QuestionRef, column: str, /) -> str:
        """Return the words in which the column of a table is asked."""

    def column_choice_text(self, table: QuestionRef, column: str, value: str, /) -> str:
        """Return the label of an answer in a column."""

    def fact_says(self, machine: str | None, fact: str, /) -> str:
        """Return the sentence that holds when the fact is true."""

    def fact_if_not(self, machine: str | None, fact: str, /) -> str:
        """Return the sentence that holds when the fact is false."""

    def fact_guard(self, machine: str | None, fact: str, /) -> Guard | None:
        """Return the guard that defines the fact, or None for one that is set and cleared."""

    def machine_title(self, machine: str, /) -> str:
        """Return the title of a procedure."""

    def state_title(self, machine: str, state: str, /) -> str:
        """Return the title of a state."""

    def key_title(self, machine: str, key: str, /) -> str:
        """Return the title of one kind of a procedure that runs several times, by its key."""

    def deadline_title(self, machine: str | None, deadline: str, /) -> str:
        """Return the title of a deadline."""

    def panel_title(self, machine: str | None, panel: str, /) -> str:
        """Return the title of a panel."""

    def panel_question(self, machine: str | None, panel: str, item: str, /) -> str:
        """Return the words of a question that a panel votes on."""
