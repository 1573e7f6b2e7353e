"""What can be said against the set of a State, besides what is said of the harmonised set already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sop_engine.definition.build import build
from sop_engine.definition.declarations import read_declarations, unreadable_companions
from sop_engine.definition.faults import DeclarationError, Finding, place
from sop_engine.definition.model import Definition, Safeguard, Transition
from sop_engine.definition.national import Change
from sop_engine.definition.overlay import overlaid
from sop_engine.definition.texts_check import plain_texts
from sop_engine.definition.validate import CHECKS, OF_THE_WHOLE, validate
from sop_engine.definition.words_of_guards import words_of
from sop_engine.guards.implication import Relation, relation
from sop_engine.guards.tree import Guard, Span


def lint_national(
    files: Mapping[str, str], *, harmonised: Definition, known: Iterable[Finding], today: str
) -> tuple[Finding, ...]:
    """Return the findings on a State's set that the harmonised set does not have.

    ``files`` are those of the whole set with the State's folder; ``today`` (year-month-day) tells which deviation is
    over.
    """
    declarations = read_declarations(files)
    definition, faults = build(declarations)
    laid = overlaid(declarations).declarations
    errors = (*declarations.errors, *faults, *plain_texts(laid), *unreadable_companions(files))
    checks = CHECKS if errors else (*CHECKS, *OF_THE_WHOLE)
    told = set(known)
    found = [*(Finding.of(error) for error in errors), *validate(definition, checks)]
    if not errors:
        found += [*_over(definition, today), *_conditions(definition, harmonised)]
    by_law = _fixed_by_deviation(definition)
    own = [_of_state(finding, definition) for finding in found if finding not in told and finding.span not in by_law]
    return tuple(sorted(dict.fromkeys(own), key=lambda finding: place(finding.span)))


def _fixed_by_deviation(definition: Definition) -> frozenset[Span]:
    """Return where time limits stand that a deviation fixes: their range was left knowingly."""
    rules = [c.rule.split(".") for c in definition.national.changes if c.deviation] if definition.national else []
    return frozenset(
        definition.machines[machine].deadlines[name].span
        for machine, section, name, *_ in rules
        if section == "deadlines"
    )


def _of_state(finding: Finding, definition: Definition) -> Finding:
    """Say of which State a finding in the harmonised text is: it arises only under that State's overlay."""
    if definition.national is None or not finding.span.file.startswith("harmonised/"):
        return finding
    return replace(finding, found=f"{finding.found} (in the set of {definition.national.iso3})")


def _over(definition: Definition, today: str) -> Iterator[Finding]:
    for deviation in definition.deviations:
        if deviation.is_over(today):
            found = f'found the deviation "{deviation.name}", which ended on {deviation.expires}'
            mend = "remove it, or confirm the law and write a later day"
            yield Finding.of(DeclarationError(deviation.span, found, "a deviation holds for a time only", mend))


def _conditions(definition: Definition, harmonised: Definition) -> Iterator[Finding]:
    """A further condition that changes nothing, or that stands before an act in the person's favour."""
    profile = definition.national
    for change in profile.changes if profile else ():
        if change.verb != "and_also":
            continue
        told = condition_relation(change, definition, harmonised)
        if told == "equivalent":
            why = "the harmonised text asks it already: the two are equivalent"
            yield _warning(change, f'found the condition "{change.now}"', why, "remove the change")
        machine, section, name, *_ = change.rule.split(".")
        act = definition.machines[machine].transitions.get(name) if section == "transitions" else None
        if act is not None and not act.is_adverse:
            why = f'"{act.title}" is no act against the person, and becomes harder to take'
            yield _warning(change, f'found the condition "{change.now}"', why, "make sure that it protects the person")


def condition_relation(change: Change, definition: Definition, harmonised: Definition) -> Relation:
    """Say how a changed condition stands to the harmonised one: equivalent, stricter, wider or incomparable."""
    new, old = _guard_at(change.rule, definition), _guard_at(change.rule, harmonised)
    if new is None or old is None:
        return "not settled"
    return relation(new, old, words_of(definition))


def _guard_at(rule: str, definition: Definition) -> Guard | None:
    machine, section, name, key = (rule.split(".") + [""] * 4)[:4]
    declared = definition.machines[machine]
    found: Transition | Safeguard | None = (
        declared.transitions.get(name) if section == "transitions" else declared.safeguards.get(name)
    )
    match found:
        case Transition():
            return found.requires if key == "requires" else found.when
        case Safeguard():
            return found.guard
        case _:
            return None


def _warning(change: Change, found: str, why: str, mend: str) -> Finding:
    return Finding(severity="warning", span=change.span, found=found, why=why, mend=mend)
