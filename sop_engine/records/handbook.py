"""The procedures in force as a manual that a ministry can sign: who does what, when, by which law, what never happens.

Everything is printed from the declarations, so the manual and the system cannot say different things.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from sop_engine.definition.model import Deadline, Definition, Machine, Question, Safeguard, Source, Step, Transition
from sop_engine.definition.national import MARK_WORDS, NationalProfile
from sop_engine.definition.parameters import GROUPS, PARAMETERS
from sop_engine.definition.parameters import in_words as in_words_of
from sop_engine.engine.wording import Wording
from sop_engine.guards.in_words import in_words
from sop_engine.guards.tree import Always
from sop_engine.records.content import (
    Diagram,
    Entry,
    Facts,
    Heading,
    Notice,
    PageBreak,
    Paper,
    Paragraph,
    Part,
    Signatures,
    Table,
    Text,
)
from sop_engine.records.diagram import picture_of
from sop_engine.records.sources import law_of
from sop_engine.records.words import name_in_words

ANSWERS: Mapping[str, str] = {
    "yes_no": "yes or no",
    "choice": "one of a list",
    "many": "several of a list",
    "number": "a number",
    "date": "a date",
    "moment": "a date and time",
    "text": "words",
    "person": "a person",
    "file": "a file",
    "table": "a table",
}
HOW_TO_READ = (
    "Each procedure is a set of states. A person’s case stands in one state of each procedure that runs; an act moves "
    "it on. An act is open only to the roles named, and only while its condition holds; an answer nobody gave yet "
    "never opens a door. Safeguards are rules that no act can break. A time limit that passes never does anything "
    "against the person: it calls somebody."
)
MOST_CHOICES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class HandbookInput:
    """What a handbook is printed from. ``verdicts``: safeguard or property → what a certificate says of it."""

    definition: Definition
    texts: Callable[[str], str] = str
    language: str = "en"
    verdicts: Mapping[str, str] = field(default_factory=dict)
    certificate: str = ""
    """The name of the certificate the verdicts come from; empty when there is none."""
    machines: tuple[str, ...] = ()
    """Only these procedures; all when empty."""


def handbook(given: HandbookInput) -> Paper:
    """Return the manual of a set."""
    national = given.definition.national
    place = national.title if national else given.texts("all States of the region")
    title = given.texts("Standard operating procedures of {place}").format(place=place)
    return Paper(
        title=title,
        reference=given.texts("Edition {day}").format(day=_edition(given.definition)),
        office=national.title if national else given.texts("Harmonised procedures"),
        recipient=given.texts("For the authorities that sign it"),
        set_digest=given.definition.digest,
        chain_head="",
        parts=tuple(_Writer(given).parts()),
        language=given.language,
        page_words=given.texts("Page {page} of {pages}"),
        edition_words=given.texts("Edition {digest}"),
    )


def _edition(definition: Definition) -> str:
    days = [machine.edition for machine in definition.machines.values()]
    return definition.national.edition if definition.national else max(days, default="")


class _Writer:
    def __init__(self, given: HandbookInput) -> None:
        self.given = given
        self.definition = given.definition
        self.say = given.texts
        self.wording = Wording(given.definition, say=given.texts)
        self.cited: list[Source] = []

    def parts(self) -> Iterator[Part]:
        yield from self.preface()
        yield from self.deviations()
        if self.definition.national:
            yield from self.profile(self.definition.national)
        yield from self.roles()
        for machine in self.definition.machines.values():
            if not self.given.machines or machine.name in self.given.machines:
                yield PageBreak()
                yield from self.procedure(machine)
        yield PageBreak()
        yield Heading(self.say("Law register"))
        yield Paragraph(Text(self.say("Every provision relied on, with how sure we are of its text.")))
        yield law_of(self.cited, self.definition, self.say)
        yield from self.adoption()

    def cite(self, sources: tuple[Source, ...]) -> str:
        self.cited += sources
        return ", ".join(
            self.say("rule of these procedures") if source.mark == "policy" else str(source).removesuffix(" whole")
            for source in sources
        )

    def preface(self) -> Iterator[Part]:
        say = self.say
        yield Paragraph(Text(say(HOW_TO_READ)))
        unsure = sum(
            1 for law in self.definition.law.values() for p in law.provisions.values() if p.status == "unconfirmed"
        )
        entries = [
            Entry(say("Edition of the whole set"), Text(self.definition.digest)),
            Entry(say("Procedures"), Text(", ".join(say(m.title) for m in self.definition.machines.values()))),
            Entry(say("Provisions still to be confirmed"), Text(str(unsure))),
            Entry(say("Proofs"), Text(self.given.certificate or say("No certificate was given to this handbook."))),
        ]
        yield Facts(tuple(entries))

    def deviations(self) -> Iterator[Part]:
        title = self.say("This country deviates from the harmonised procedure")
        for deviation in self.definition.deviations:
            cited = self.cite(deviation.source)
            words = f"{deviation.sentence} ({', '.join(deviation.weakens)}; {cited})"
            yield Notice("deviation", title, Text(words))

    def profile(self, profile: NationalProfile) -> Iterator[Part]:
        say = self.say
        yield Heading(say("The State"))
        for group, title in GROUPS.items():
            own = [parts[-1] for name, parts in profile.values.items() if parts and PARAMETERS[name].group == group]
            rows = [
                (
                    Text(say(PARAMETERS[value.parameter].title)),
                    Text(
                        say(in_words_of(value.parameter, value.values)) + (f"\n{say(value.note)}" if value.note else "")
                    ),
                    Text(say(MARK_WORDS[value.mark])),
                    Text(self.cite(value.source)),
                )
                for value in own
                if value.is_set
            ]
            if rows:
                yield Heading(say(title), 2)
                yield Table((say("What"), say("Rule of this State"), say("How sure"), say("Source")), tuple(rows))
        unset = tuple(
            (Text(say(PARAMETERS[v.parameter].title)), Text(say(PARAMETERS[v.parameter].meanwhile) or "–"))
            for v in profile.unset
        )
        if unset:
            yield Heading(say("Not settled"), 2)
            yield Table((say("What nobody found"), say("What holds until it is decided")), unset)
        changes = tuple(
            (
                Text(name_in_words(change.name)),
                Text(change.rule),
                Text(f"{change.was or '–'} → {change.now}" if change.verb != "and_also" else f"+ {change.now}"),
                Text(f"{self.cite(change.source)}; {change.holds_from}"),
            )
            for change in profile.changes
        )
        if changes:
            yield Heading(say("Changes of the harmonised text"), 2)
            yield Table((say("Change"), say("Rule"), say("What stands here"), say("Source and day")), changes)

    def roles(self) -> Iterator[Part]:
        say = self.say
        yield Heading(say("Roles"))
        rows = tuple(
            (Text(say(role.title)), Text(say(role.does)), Text(", ".join(sorted(role.reads)) or "–"))
            for role in self.definition.roles.values()
        )
        yield Table((say("Role"), say("What it does"), say("May read")), rows)
        yield Heading(say("Never the same person in one case"), 2)
        functions = self.definition.functions
        pairs = tuple(
            (Text(say(functions.get(one, one))), Text(say(functions.get(other, other))))
            for one, other in self.definition.incompatible
        )
        yield Table((say("Who did this"), say("does not do this")), pairs, say("None."))

    def procedure(self, machine: Machine) -> Iterator[Part]:
        say = self.say
        yield Heading(say(machine.title))
        yield Paragraph(Text(say(machine.purpose)))
        for deviation in self.definition.deviations:
            if machine.name in deviation.touches:
                yield Notice("deviation", say("Deviation"), Text(deviation.sentence))
        yield Diagram(picture_of(machine, texts=say))
        yield Heading(say("States"), 2)
        states = tuple((Text(say(s.title)), Text(say(s.says) or "–")) for s in machine.states.values())
        yield Table((say("State"), say("What it means")), states)
        yield Heading(say("Steps"), 2)
        for step in machine.steps.values():
            yield from self.step(step)
        yield Heading(say("Acts"), 2)
        for act in machine.transitions.values():
            yield from self.act(machine, act)
        yield Heading(say("Time limits"), 2)
        limits = tuple(self.limit(deadline) for deadline in machine.deadlines.values())
        columns = (say("Time limit"), say("Length"), say("When it passes"), say("Law"))
        yield Table(columns, limits, say("None."))
        yield Heading(say("Safeguards"), 2)
        safeguards = tuple(self.safeguard(one) for one in machine.safeguards.values())
        yield Table((say("Rule"), say("What can never happen"), say("Proof"), say("Law")), safeguards, say("None."))
        if machine.documents:
            yield Heading(say("Papers"), 2)
            papers = tuple((Text(say(d.title)), Text(", ".join(d.recipients))) for d in machine.documents.values())
            yield Table((say("Paper"), say("For")), papers)

    def step(self, step: Step) -> Iterator[Part]:
        say = self.say
        yield Heading(say(step.title), 3)
        entries = [Entry(say("Who"), Text(self.who(step.by)))]
        for label, words in (("Why", step.why), ("Say to the person", step.say), ("Guidance", step.help)):
            if words:
                entries.append(Entry(say(label), Text(say(words))))
        entries.append(Entry(say("Law"), Text(self.cite(step.source))))
        yield Facts(tuple(entries))
        rows = tuple(self.question(question) for question in step.questions.values())
        yield Table((say("Question"), say("Answer"), say("Class")), rows, say("No question."))

    def question(self, question: Question) -> tuple[Text, ...]:
        say = self.say
        asked = say(question.ask)
        for more in (question.hint, question.why):
            asked += f"\n{say(more)}" if more else ""
        answer = say(ANSWERS[question.answer])
        if question.choices:
            labels = [say(label) for label in question.choices.values()]
            shown = labels[:MOST_CHOICES] + ([f"… ({len(labels)})"] if len(labels) > MOST_CHOICES else [])
            answer += f": {'; '.join(shown)}"
        if question.columns:
            answer += f": {'; '.join(say(column.ask) for column in question.columns.values())}"
        if not question.required:
            answer += f" ({say('may stay empty')})"
        self.cited += question.source
        return Text(asked), Text(answer), Text(say(question.confidentiality))

    def act(self, machine: Machine, act: Transition) -> Iterator[Part]:
        say = self.say
        starts = [say(machine.states[name].title) for name in act.from_states]
        start = ", ".join(starts) if len(starts) <= 4 else say("any state")
        target = say(machine.states[act.target].title) if act.target else say("stays")
        yield Heading(say(act.title), 3)
        if act.does:
            yield Paragraph(Text(say(act.does)))
        entries = [
            Entry(say("From and to"), Text(f"{say('start') if act.from_new else start} → {target}")),
            Entry(say("By"), Text(say("the system, by itself") if act.auto else self.who(act.by))),
        ]
        for guard in (act.when, act.requires):
            if not isinstance(guard, Always):
                entries.append(Entry(say("Only if"), Text(in_words(guard, self.wording, say))))
        if act.needs_other_person_than:
            names = [say(self.definition.functions.get(one, one)) for one in act.needs_other_person_than]
            entries.append(Entry(say("Never somebody who"), Text("; ".join(names))))
        entries.append(Entry(say("Law"), Text(self.cite(act.source))))
        yield Facts(tuple(entries))

    def who(self, roles: frozenset[str]) -> str:
        every = {role.name for role in self.definition.roles.values() if role.is_any_role}
        return self.say("any officer") if roles >= every else ", ".join(self.wording.role_titles(roles))

    def limit(self, deadline: Deadline) -> tuple[Text, ...]:
        say = self.say
        title = say(name_in_words(deadline.name)) + (f" ({deadline.timer})" if deadline.timer else "")
        length = str(deadline.length)
        if deadline.shortest and deadline.longest:
            between = say("a State may choose {low} to {high}").format(low=deadline.shortest, high=deadline.longest)
            length += f"\n{between}"
        return Text(title), Text(length), Text(say(deadline.duty)), Text(self.cite(deadline.source))

    def safeguard(self, safeguard: Safeguard) -> tuple[Text, ...]:
        ids = ", ".join(filter(None, (safeguard.rule, safeguard.property_id)))
        verdicts = self.given.verdicts
        verdict = verdicts.get(safeguard.qualified) or verdicts.get(safeguard.property_id) or "–"
        return (
            Text(ids or name_in_words(safeguard.name)),
            Text(self.say(safeguard.says)),
            Text(verdict),
            Text(self.cite(safeguard.source)),
        )

    def adoption(self) -> Iterator[Part]:
        say = self.say
        yield Heading(say("Adoption"))
        yield Paragraph(Text(say("These procedures are adopted and hold from the day written here.")))
        labels = (say("For the Ministry"), say("For the authority that decides"), say("Day from which they hold"))
        yield Signatures(labels, say("Name, office, signature, date"))
