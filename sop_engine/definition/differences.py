"""Two sets compared: what one has that the other has not, and where a rule is tighter or weaker.

Read as “this set against that one”: *tightened* means that less passes, or an authority has less time; *weakened* that
more passes, or that the person has less. What cannot be ordered, such as other words or another body, is *changed*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from sop_engine.definition.guard_places import questions_of
from sop_engine.definition.local_decisions import GROUND, is_local
from sop_engine.definition.model import (
    Deadline,
    Declared,
    Definition,
    Fact,
    Machine,
    Panel,
    Question,
    Safeguard,
    Source,
    State,
    Step,
    Transition,
)
from sop_engine.definition.words_of_guards import words_of
from sop_engine.guards.implication import Relation, Vocabulary, relation
from sop_engine.guards.tree import Guard
from sop_engine.guards.written import to_text

Kind: TypeAlias = Literal["added", "removed", "tightened", "weakened", "changed"]
KINDS: tuple[Kind, ...] = ("added", "removed", "tightened", "weakened", "changed")
_OF_RELATION: Mapping[Relation, Kind] = {
    "stricter": "tightened", "wider": "weakened", "incomparable": "changed", "not settled": "changed"
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference: where, what about it, what stood there and what stands there, and on which source."""

    kind: Kind
    place: str
    """Qualified: ``decision.deadlines.decide``."""
    title: str
    what: str
    before: str = ""
    after: str = ""
    source: tuple[Source, ...] = ()
    at: str = ""
    """The line of the overlay, or of the text that differs."""
    deviation: str = ""
    relation: str = ""
    """How a changed condition stands to the other: stricter, wider, incomparable."""
    conditions: tuple[Guard, Guard] | None = None
    """What a changed condition was and is, for whoever says it in sentences."""
    before_says: str = ""
    after_says: str = ""


def differences(this: Definition, that: Definition) -> tuple[Difference, ...]:
    """Return how ``this`` set differs from ``that`` one, in the order of its machines and sections."""
    return tuple(_Comparing(this, that).run())


class _Comparing:
    def __init__(self, this: Definition, that: Definition) -> None:
        self.this = this
        self.that = that
        self.words: Vocabulary = words_of(this)

    def run(self) -> Iterator[Difference]:
        for deviation in self.this.deviations:
            if deviation not in self.that.deviations:
                yield Difference(
                    kind="weakened",
                    place=", ".join(deviation.touches),
                    title=deviation.title,
                    what=f"deviation from {', '.join(deviation.weakens)}",
                    after=f"{deviation.says} {deviation.law}; ends on {deviation.expires}",
                    source=deviation.source,
                    at=str(deviation.span),
                    deviation=deviation.name,
                )
        for deviation in self.that.deviations:
            if deviation not in self.this.deviations:
                yield Difference(
                    kind="tightened",
                    place=", ".join(deviation.touches),
                    title=deviation.title,
                    what=f"no such deviation from {', '.join(deviation.weakens)}",
                    before=f"{deviation.says} {deviation.law}; ends on {deviation.expires}",
                    source=deviation.source,
                    at=str(deviation.span),
                )
        yield from self.section("common", "roles", self.this.roles, self.that.roles)
        for name, machine in self.this.machines.items():
            if name in self.that.machines:
                yield from self.machine(machine, self.that.machines[name])
            else:
                yield self.make("added", name, machine, "procedure", after=machine.title)
        for name, machine in self.that.machines.items():
            if name not in self.this.machines:
                yield self.make("removed", name, machine, "procedure", before=machine.title)

    def machine(self, this: Machine, that: Machine) -> Iterator[Difference]:
        for what in ("title", "purpose"):
            yield from self.same(this.name, this, what, getattr(this, what), getattr(that, what))
        sections: tuple[tuple[str, Mapping[str, Declared], Mapping[str, Declared]], ...] = (
            ("steps", this.steps, that.steps),
            ("questions", _questions(this), _questions(that)),
            ("facts", this.facts, that.facts),
            ("states", this.states, that.states),
            ("transitions", this.transitions, that.transitions),
            ("panels", this.panels, that.panels),
            ("deadlines", this.deadlines, that.deadlines),
            ("documents", this.documents, that.documents),
            ("safeguards", this.safeguards, that.safeguards),
        )
        for section, own, other in sections:
            yield from self.section(this.name, section, own, other)

    def section(
        self, machine: str, section: str, this: Mapping[str, Declared], that: Mapping[str, Declared]
    ) -> Iterator[Difference]:
        for name, declared in this.items():
            place = f"{machine}.{section}.{name}"
            if name not in that and not _is_beside(name, this):
                what = "local decision" if is_local(declared.name) else section.removesuffix("s")
                yield self.make("added", place, declared, what, after=title_of(declared))
            elif name not in that:
                continue
            elif declared != that[name]:
                yield from self.declared(place, declared, that[name])
        for name, declared in that.items():
            if name not in this and not _is_beside(name, that):
                place = f"{machine}.{section}.{name}"
                yield self.make("removed", place, declared, section.removesuffix("s"), before=title_of(declared))

    def declared(self, place: str, this: Declared, that: Declared) -> Iterator[Difference]:
        match this, that:
            case Deadline(), Deadline():
                yield from self.deadline(place, this, that)
            case Transition(), Transition():
                yield from self.guard(place, this, "condition", this.when, that.when)
                yield from self.guard(place, this, "condition on the answers", this.requires, that.requires)
                yield from self.names(
                    place, this, "apart from", this.needs_other_person_than, that.needs_other_person_than
                )
                yield from self.same(place, this, "who", sorted(this.by), sorted(that.by))
                yield from self.same(place, this, "papers", this.issues, that.issues)
            case Fact(), Fact():
                told = relation(this.when, that.when, self.words)
                if told != "equivalent":
                    yield self.condition("changed", place, this, "meaning", this.when, that.when, told)
            case Panel(), Panel():
                if this.at_least != that.at_least:
                    kind: Kind = "tightened" if this.at_least > that.at_least else "weakened"
                    yield self.make(kind, place, this, "quorum", before=str(that.at_least), after=str(this.at_least))
                yield from self.same(place, this, "chair", this.chair, that.chair)
                yield from self.same(place, this, "members", sorted(this.members), sorted(that.members))
            case Safeguard(), Safeguard():
                if this.length and that.length and this.length != that.length:
                    kind = "weakened" if this.length.is_at_most(that.length) else "tightened"
                    before, after = str(that.length), str(this.length)
                    yield self.make(kind, place, this, "promised time", before=before, after=after)
                elif this.guard != that.guard:
                    told = relation(this.guard, that.guard, self.words)
                    yield self.condition("changed", place, this, "rule", this.guard, that.guard, told)
            case Step(), Step():
                yield from self.same(place, this, "who", sorted(this.by), sorted(that.by))
            case State(), State():
                yield from self.same(place, this, "steps", this.steps, that.steps)
            case Question(), Question():
                yield from self.same(place, this, "choices", list(this.choices), list(that.choices))
            case _:
                pass
        for what in ("title", "ask", "hint", "why", "says", "if_not", "does", "say", "help", "duty"):
            yield from self.same(place, this, what, getattr(this, what, ""), getattr(that, what, ""))

    def deadline(self, place: str, this: Deadline, that: Deadline) -> Iterator[Difference]:
        pairs = [("length", this.length, that.length)]
        pairs += [
            (f"variant {at + 1}", own[0], other[0])
            for at, (own, other) in enumerate(zip(this.variants, that.variants, strict=False))
        ]
        for what, own, other in pairs:
            if own != other:
                is_less = own.is_at_most(other)
                is_tighter = not is_less if self.is_for_the_person(this) else is_less
                kind: Kind = "tightened" if is_tighter else "weakened"
                yield self.make(kind, place, this, what, before=str(other), after=str(own))

    def is_for_the_person(self, deadline: Deadline) -> bool:
        """Say whether the time is the person's: then less of it is weaker."""
        promised = {
            safeguard.deadline
            for machine in self.that.machines.values()
            for safeguard in machine.safeguards.values()
            if safeguard.pattern == "at_least"
        }
        return deadline.person_duty or deadline.qualified in promised

    def guard(self, place: str, declared: Declared, what: str, this: Guard, that: Guard) -> Iterator[Difference]:
        if this == that:
            return
        told = relation(this, that, self.words)
        if told != "equivalent":
            yield self.condition(_OF_RELATION[told], place, declared, what, this, that, told)

    def condition(
        self, kind: Kind, place: str, declared: Declared, what: str, this: Guard, that: Guard, told: Relation
    ) -> Difference:
        made = self.make(kind, place, declared, what, before=to_text(that), after=to_text(this), relation=told)
        return replace(made, conditions=(that, this))

    def names(
        self, place: str, declared: Declared, what: str, this: tuple[str, ...], that: tuple[str, ...]
    ) -> Iterator[Difference]:
        if set(this) != set(that):
            kind: Kind = "tightened" if set(this) > set(that) else "weakened" if set(this) < set(that) else "changed"
            yield self.make(kind, place, declared, what, before=", ".join(that), after=", ".join(this))

    def same(self, place: str, declared: Declared, what: str, this: object, that: object) -> Iterator[Difference]:
        if this != that:
            yield self.make("changed", place, declared, what, before=_words(that), after=_words(this))

    def make(
        self,
        kind: Kind,
        place: str,
        declared: Declared,
        what: str,
        *,
        before: str = "",
        after: str = "",
        relation: str = "",
    ) -> Difference:
        change = None
        for definition in (self.this, self.that):
            found = definition.national.changed_by(place) if definition.national else ()
            change = change or next(iter(found), None)
        return Difference(
            kind=kind,
            place=place,
            title=title_of(declared),
            what=what,
            before=before,
            after=after,
            source=change.source if change else self.source_of(place, declared),
            at=str(change.span if change else declared.span),
            deviation=change.deviation if change else "",
            relation=relation,
        )

    def source_of(self, place: str, declared: Declared) -> tuple[Source, ...]:
        """Return the source of a declaration; a question without one rests on that of its step."""
        if declared.source or not isinstance(declared, Question):
            return declared.source
        for definition in (self.this, self.that):
            machine = definition.machines.get(place.split(".")[0])
            step = machine.steps.get(declared.step) if machine else None
            if step is not None:
                return step.source
        return ()


def title_of(declared: Declared) -> str:
    """Return what a reader calls a declaration."""
    for key in ("title", "ask"):
        found = getattr(declared, key, "")
        if found:
            return str(found)
    return declared.name.replace("_", " ").capitalize()


def _is_beside(name: str, declared: Mapping[str, Declared]) -> bool:
    """Say whether a question asks the ground of a local decision that is listed itself."""
    return is_local(name.rpartition(".")[2]) and name.endswith(GROUND) and name.removesuffix(GROUND) in declared


def _questions(machine: Machine) -> dict[str, Declared]:
    return {f"{question.step}.{question.name}": question for question in questions_of(machine) if question.step}


def _words(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)
