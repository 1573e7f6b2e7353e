"""Guards written out: as the text an author reads, and as JSON for programs. Both read back to the same tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from sop_engine.guards.tree import (
    KEY,
    Always,
    And,
    Answered,
    Compare,
    DeadlineIs,
    FactIs,
    Guard,
    Includes,
    InstancesIn,
    KeyIs,
    Not,
    Or,
    PanelIs,
    QuestionRef,
    Rows,
    StateIn,
    ValueIn,
)

Json: TypeAlias = dict[str, Any]


def to_text(guard: Guard) -> str:
    """Write a guard as a declaration writes it; parsing the text gives an equal tree."""
    match guard:
        case Or(parts):
            return " or ".join(_bracketed(part, Or) for part in parts)
        case And(parts):
            return " and ".join(_bracketed(part, Or, And) for part in parts)
        case Not(ValueIn() | StateIn() | KeyIs() | DeadlineIs() | PanelIs() as inner):
            return _subject(inner) + _not_among(_members(inner))
        case Not(part):
            return "not " + _bracketed(part, Or, And)
        case ValueIn() | StateIn() | KeyIs() | DeadlineIs() | PanelIs():
            return _subject(guard) + _among(_members(guard))
        case Always():
            return "always"
        case FactIs(machine, fact):
            return _path(machine, fact)
        case Answered(question):
            return f"latest answered {_dotted(question)}" if question.latest else f"answered {_dotted(question)}"
        case Includes(question, values):
            return f"{_asked(question)} includes " + (values[0] if len(values) == 1 else f"any of {_list(values)}")
        case Compare(question, operator, number):
            return f"{_asked(question)} {operator} {number}"
        case Rows(quantity, table, test, number):
            how_many = f"at least {number} rows" if quantity == "at_least" else f"{quantity} row"
            return f"{how_many} of {_asked(table)} ({to_text(test)})"
        case InstancesIn(quantity, machine, keys, states):
            return f"{quantity} {machine} of {_list(keys) if keys else 'any'} in {_list(states)}"


def _bracketed(part: Guard, *looser: type[Or | And]) -> str:
    return f"({to_text(part)})" if isinstance(part, looser) else to_text(part)


def _subject(guard: ValueIn | StateIn | KeyIs | DeadlineIs | PanelIs) -> str:
    match guard:
        case ValueIn(question):
            return _asked(question)
        case StateIn(machine):
            return machine
        case KeyIs(machine):
            return _path(machine, KEY)
        case DeadlineIs(machine, deadline):
            return f"deadline {_path(machine, deadline)}"
        case PanelIs(machine, panel, item):
            return f"panel {_path(machine, panel)} {item}"


def _members(guard: ValueIn | StateIn | KeyIs | DeadlineIs | PanelIs) -> tuple[str | int, ...]:
    match guard:
        case ValueIn(values=found) | PanelIs(values=found):
            return found
        case StateIn(states=found) | KeyIs(keys=found) | DeadlineIs(statuses=found):
            return found


def _among(values: tuple[str | int, ...]) -> str:
    return f" is {values[0]}" if len(values) == 1 else f" in {_list(values)}"


def _not_among(values: tuple[str | int, ...]) -> str:
    return f" is not {values[0]}" if len(values) == 1 else f" not in {_list(values)}"


def _list(values: Iterable[str | int]) -> str:
    return f"[{', '.join(str(value) for value in values)}]"


def _path(*parts: str | None) -> str:
    return ".".join(part for part in parts if part)


def _dotted(question: QuestionRef) -> str:
    return _path(question.machine, question.step, question.question)


def _asked(question: QuestionRef) -> str:
    return f"latest {_dotted(question)}" if question.latest else _dotted(question)


def to_json(guard: Guard) -> Json:
    """Write a guard as JSON values. Spans are left out: they belong to a file, not to the meaning."""
    match guard:
        case Always():
            return {"always": True}
        case And(parts):
            return {"all_of": [to_json(part) for part in parts]}
        case Or(parts):
            return {"any_of": [to_json(part) for part in parts]}
        case Not(part):
            return {"not": to_json(part)}
        case FactIs(machine, fact):
            return {"fact": [machine, fact]}
        case Answered(question):
            return {"answered": _question_json(question)}
        case ValueIn(question, values):
            return {"question": _question_json(question), "is_in": list(values)}
        case Includes(question, values):
            return {"question": _question_json(question), "includes_any_of": list(values)}
        case Compare(question, operator, number):
            return {"question": _question_json(question), "operator": operator, "number": number}
        case Rows(quantity, table, test, number):
            return {"rows_of": _question_json(table), "quantity": quantity, "number": number, "test": to_json(test)}
        case StateIn(machine, states):
            return {"machine": machine, "is_in": list(states)}
        case InstancesIn(quantity, machine, keys, states):
            return {"instances_of": machine, "quantity": quantity, "keys": list(keys), "is_in": list(states)}
        case KeyIs(machine, keys):
            return {"key_of": machine, "is_in": list(keys)}
        case DeadlineIs(machine, deadline, statuses):
            return {"deadline": [machine, deadline], "is_in": list(statuses)}
        case PanelIs(machine, panel, item, values):
            return {"panel": [machine, panel], "item": item, "is_in": list(values)}


def _question_json(question: QuestionRef) -> list[Any]:
    return [question.machine, question.step, question.question, question.latest]


def from_json(value: Mapping[str, Any]) -> Guard:
    """Read back what ``to_json`` wrote. Raises ValueError for anything else."""
    match value:
        case {"always": True}:
            return Always()
        case {"all_of": list(parts)}:
            return And(tuple(from_json(part) for part in parts))
        case {"any_of": list(parts)}:
            return Or(tuple(from_json(part) for part in parts))
        case {"not": dict(part)}:
            return Not(from_json(part))
        case {"fact": [machine, fact]}:
            return FactIs(machine, fact)
        case {"answered": question}:
            return Answered(QuestionRef(*question))
        case {"question": question, "is_in": values}:
            return ValueIn(QuestionRef(*question), tuple(values))
        case {"question": question, "includes_any_of": values}:
            return Includes(QuestionRef(*question), tuple(values))
        case {"question": question, "operator": operator, "number": number}:
            return Compare(QuestionRef(*question), operator, number)
        case {"rows_of": table, "quantity": quantity, "number": number, "test": test}:
            return Rows(quantity, QuestionRef(*table), from_json(test), number)
        case {"machine": machine, "is_in": states}:
            return StateIn(machine, tuple(states))
        case {"instances_of": machine, "quantity": quantity, "keys": keys, "is_in": states}:
            return InstancesIn(quantity, machine, tuple(keys), tuple(states))
        case {"key_of": machine, "is_in": keys}:
            return KeyIs(machine, tuple(keys))
        case {"deadline": [machine, deadline], "is_in": statuses}:
            return DeadlineIs(machine, deadline, tuple(statuses))
        case {"panel": [machine, panel], "item": item, "is_in": values}:
            return PanelIs(machine, panel, item, tuple(values))
        case _:
            raise ValueError(f"This is not a guard written as JSON; its keys are {sorted(value)}.")
