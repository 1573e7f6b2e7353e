"""Two-valued formulas over variables with finitely many values: what guards become when they are proved.

Equal formulas are one object, so that a fact used in a hundred guards is stored, and drawn as a decision diagram, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["true", "false", "literal", "and", "or", "not"]


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """True, false, ``variable in values``, or a combination. Make them with the functions below."""

    kind: Kind
    variable: str = ""
    values: frozenset[str] = frozenset()
    parts: tuple[Formula, ...] = ()
    support: frozenset[str] = frozenset()


TRUE = Formula("true")
FALSE = Formula("false")
_KNOWN: dict[tuple[object, ...], Formula] = {}


def literal(variable: str, values: Iterable[str]) -> Formula:
    """Return ``variable in values``; false when no value is left."""
    wanted = frozenset(values)
    if not wanted:
        return FALSE
    key = ("literal", variable, wanted)
    found = _KNOWN.get(key)
    if found is None:
        found = _KNOWN[key] = Formula("literal", variable, wanted, (), frozenset({variable}))
    return found


def all_of(*parts: Formula) -> Formula:
    """Return the conjunction."""
    return _combined("and", parts, TRUE, FALSE)


def any_of(*parts: Formula) -> Formula:
    """Return the disjunction."""
    return _combined("or", parts, FALSE, TRUE)


def negation(part: Formula) -> Formula:
    """Return the negation."""
    if part.kind == "not":
        return part.parts[0]
    if part is TRUE or part is FALSE:
        return FALSE if part is TRUE else TRUE
    return _made("not", (part,))


def implies(condition: Formula, consequence: Formula) -> Formula:
    return any_of(negation(condition), consequence)


def _combined(kind: Literal["and", "or"], parts: tuple[Formula, ...], neutral: Formula, absorbing: Formula) -> Formula:
    flat: dict[int, Formula] = {}
    for part in parts:
        for inner in part.parts if part.kind == kind else (part,):
            if inner is absorbing:
                return absorbing
            if inner is not neutral:
                flat[id(inner)] = inner
    if len(flat) == 1:
        return next(iter(flat.values()))
    return _made(kind, tuple(flat.values())) if flat else neutral


def _made(kind: Kind, parts: tuple[Formula, ...]) -> Formula:
    key = (kind, *(id(part) for part in parts))
    found = _KNOWN.get(key)
    if found is None:
        support = frozenset().union(*(part.support for part in parts))
        found = _KNOWN[key] = Formula(kind, parts=parts, support=support)
    return found


def assume(formula: Formula, variable: str, value: str) -> Formula:
    """Return the formula where a variable has a value, as far as it simplifies."""
    if variable not in formula.support:
        return formula
    match formula.kind:
        case "literal":
            return TRUE if value in formula.values else FALSE
        case "not":
            return negation(assume(formula.parts[0], variable, value))
        case "and":
            return all_of(*(assume(part, variable, value) for part in formula.parts))
        case _:
            return any_of(*(assume(part, variable, value) for part in formula.parts))


def is_contradiction(formula: Formula) -> bool:
    """Say whether a formula is false whatever its variables are (by trying the values it names, one by one)."""
    if formula is TRUE or formula is FALSE:
        return formula is FALSE
    name = min(formula.support)
    values = {value for one in _literals(formula) if one.variable == name for value in one.values}
    return all(is_contradiction(assume(formula, name, value)) for value in (*sorted(values), "(none of these)"))


def _literals(formula: Formula) -> list[Formula]:
    if formula.kind == "literal":
        return [formula]
    return [one for part in formula.parts for one in _literals(part)]


def holds(formula: Formula, state: Mapping[str, str]) -> bool:
    """Say whether a formula is true of a state (variable → value)."""
    match formula.kind:
        case "true":
            return True
        case "false":
            return False
        case "literal":
            return state[formula.variable] in formula.values
        case "and":
            return all(holds(part, state) for part in formula.parts)
        case "or":
            return any(holds(part, state) for part in formula.parts)
        case "not":
            return not holds(formula.parts[0], state)


class Truth(NamedTuple):
    """When a guard is true, and when it is false; where it is neither, it is open."""

    true: Formula
    false: Formula


CERTAIN = Truth(TRUE, FALSE)


def two_valued(formula: Formula) -> Truth:
    """Return the truth of something that is never open."""
    return Truth(formula, negation(formula))
