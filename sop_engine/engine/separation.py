"""Separation of functions: the same person never does two functions that the procedure keeps apart, in one case.

Source: the matrix of incompatible functions and each transition's own list, both declared with their provisions.
"""

from __future__ import annotations

from sop_engine.definition.model import Definition, Transition
from sop_engine.vocabulary import Case


def functions_of(case: Case, user: str) -> frozenset[str]:
    """Return what a person already did in this case, in any proceeding and any round."""
    return frozenset(p.function for p in case.participations if p.user == user)


def conflicts(definition: Definition, case: Case, user: str, function: str | None) -> frozenset[str]:
    """Return the functions of this person that the matrix keeps apart from ``function``."""
    if function is None:
        return frozenset()
    apart = {b for a, b in definition.incompatible if a == function} | {
        a for a, b in definition.incompatible if b == function
    }
    return functions_of(case, user) & apart


def transition_conflicts(
    definition: Definition, case: Case, user: str, transition: Transition, proceeding: str
) -> frozenset[str]:
    """Return the functions of this person that stand against taking this transition."""
    mine = functions_of(case, user)
    found = mine & frozenset(transition.needs_other_person_than)
    found |= conflicts(definition, case, user, transition.function)
    newest = {p.id for p in case.proceedings if case.newest(p.machine, p.key) is p and p.id != proceeding}
    in_earlier_rounds = frozenset(
        p.function
        for p in case.participations
        if p.user == user and p.proceeding != proceeding and p.proceeding not in newest
    )
    return found | (in_earlier_rounds & frozenset(transition.other_than_earlier_round))
