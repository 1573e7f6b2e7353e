"""The words of the closed schema: the kinds of text and of keys that its tables are written with."""

from __future__ import annotations

from sop_engine.definition.shapes import DOTTED, NAME, Key, ListOf, Text

TEXT = Text()
PROSE = Text(longest=20_000)
GUARD = Text(longest=4000)
WORD = Text(pattern=NAME, like="case_officer", says="a name in small letters, digits and underscores")
NAMES = ListOf(WORD, or_one=True)
DOTTED_NAME = Text(pattern=DOTTED, like="case.signal_fear", says="a name, or names joined by dots")
DOTTED_NAMES = ListOf(DOTTED_NAME, or_one=True)
QUESTION_NAME = rf"{NAME}\.{NAME}"
QUESTION = Text(pattern=QUESTION_NAME, like="arrival.arrived_at", says="step.question")
LENGTH = Text(
    pattern=r"\d{1,5} +(hours?|days?|working days?|months?|years?)",
    like="24 hours, 10 working days or 18 years",
    says="a whole number and a unit (hours, days, working days, months, years)",
)
DAY = Text(pattern=r"\d{4}-\d\d-\d\d", like="2026-11-21", says="a day, year-month-day")
ID = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
IDS = ListOf(Text(pattern=ID, like="H1.4", says="the id of a row"), or_one=True)
SOURCE = Key(
    ListOf(Text(longest=300), or_one=True), "The provision it rests on: `TAG provision` of law.yaml, or policy."
)
NEEDED_SOURCE = Key(SOURCE.shape, SOURCE.says, is_required=True)
DID = Text(
    pattern=rf"(did +)?{DOTTED}",
    like="did convene_committee",
    says="did and a transition",
)


def needed(key: Key) -> Key:
    """Return the same key, which must stand there."""
    return Key(key.shape, key.says, is_required=True)


TITLE = Key(TEXT, "How it is called on screen and on paper.", is_required=True)
WHEN = Key(GUARD, "A guard: it counts only while this is true.")
