"""Separation of functions: the same person never does two functions that the procedure keeps apart, in one case.

Source: the matrix of incompatible functions, the safeguards that ask for different people, and each transition's own
list, all declared with their provisions.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations

from sop_engine.definition.model import Definition, Transition
from sop_engine.vocabulary import CASE_MACHINE, Case


def functions_of(case: Case, user: str) -> frozenset[str]:
    """Return what a person already did in this case, in any proceeding and any round."""
    return frozenset(p.function for p in case.participations if p.user == user)


def conflicts(definition: Definition, case: Case, user: str, function: str | None) -> frozenset[str]:
    """Return the functions of this person that the definition keeps apart from ``function``."""
    if function is None:
        return frozenset()
    return functions_of(case, user) & kept_apart(definition).get(function, frozenset())


_KEPT_APART: dict[str, Mapping[str, frozenset[str]]] = {}


def kept_apart(definition: Definition) -> Mapping[str, frozenset[str]]:
    """Return function → the functions that no one may do beside it in a case, worked out once an edition.

    A safeguard over different people keeps them apart before the act: told afterwards, it would cost the person a step
    that has to be done again.
    """
    found = _KEPT_APART.get(definition.digest)
    if found is None:
        pairs = set(definition.incompatible)
        for machine in definition.machines.values():
            for safeguard in machine.safeguards.values():
                pairs |= set(permutations(safeguard.functions, 2))
        apart: dict[str, frozenset[str]] = {}
        for one, other in pairs:
            apart[one] = apart.get(one, frozenset()) | {other}
            apart[other] = apart.get(other, frozenset()) | {one}
        found = _KEPT_APART[definition.digest] = apart
    return found


def transition_conflicts(
    definition: Definition, case: Case, user: str, transition: Transition, proceeding: str
) -> frozenset[str]:
    """Return the functions of this person that stand against taking this transition."""
    mine = functions_of(case, user)
    found = mine & frozenset(transition.needs_other_person_than)
    if not transition.is_fact:
        # Whoever learns a fact records it, whatever they did before; only what the act itself names keeps them away.
        found |= conflicts(definition, case, user, transition.function)
    earlier = earlier_round(case, transition.machine, proceeding)
    in_earlier_rounds = frozenset(p.function for p in case.participations if p.user == user and p.proceeding in earlier)
    return found | (in_earlier_rounds & frozenset(transition.other_than_earlier_round))


def earlier_round(case: Case, machine: str, proceeding: str) -> frozenset[str]:
    """Return the proceedings that belong to an earlier round of the claim than this one.

    Those that a newer instance of the same machine and key replaced; and, where this machine ran before, all that were
    opened before its last run: that run rested on them. ``proceeding`` may be one that is only about to start.
    """
    places = case.proceedings
    own = next((p for p in places if p.id == proceeding), None)
    key = own.key if own else key_of_new(proceeding)
    newest = {(p.machine, p.key): p.id for p in places} | {(machine, key): proceeding}
    earlier = {p.id for p in places if newest[p.machine, p.key] != p.id and p is not own}
    until = places.index(own) if own else len(places)
    last_run = max((i for i, p in enumerate(places[:until]) if (p.machine, p.key) == (machine, key)), default=-1)
    earlier |= {p.id for p in places[: last_run + 1] if p.machine != CASE_MACHINE}
    return frozenset(earlier)


def key_of_new(proceeding: str) -> str | None:
    """Return the key of an instance that is about to start, written ``new machine key``."""
    words = proceeding.split(" ")
    return words[2] if len(words) > 2 else None
