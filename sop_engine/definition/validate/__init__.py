"""Sound declarations that still make no sound procedure: dead states, guards nobody can satisfy, rules nobody keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from sop_engine.definition.faults import Finding
from sop_engine.definition.model import Definition
from sop_engine.definition.validate.deadlines import deadlines
from sop_engine.definition.validate.facts import circles_of_facts
from sop_engine.definition.validate.graph import graph
from sop_engine.definition.validate.open_answers import open_answers
from sop_engine.definition.validate.people import people
from sop_engine.definition.validate.questions import questions
from sop_engine.definition.validate.use import use
from sop_engine.definition.validate.whole import endless_acts, unheard_functions, unused_facts

Check: TypeAlias = Callable[[Definition], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (graph, people, questions, circles_of_facts, open_answers, deadlines, use)
OF_THE_WHOLE: tuple[Check, ...] = (unused_facts, endless_acts, unheard_functions)


def validate(definition: Definition, checks: tuple[Check, ...] = (*CHECKS, *OF_THE_WHOLE)) -> tuple[Finding, ...]:
    """Return every finding on a definition whose names are all resolved."""
    return tuple(finding for check in checks for finding in check(definition))
