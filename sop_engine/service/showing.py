"""From the engine's values to the views of one reader: words in their language, answers of the classes they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sop_engine.definition.model import Deadline, Definition, Question, Source, Step, Transition
from sop_engine.engine.deadlines import calls_somebody, deadlines_of
from sop_engine.engine.offers import Offer
from sop_engine.engine.reading import CaseReading
from sop_engine.engine.refusals import Refusal
from sop_engine.engine.wording import Wording
from sop_engine.periods import Length, worked_explanation, worked_sentence
from sop_engine.records.words import answer_in_words
from sop_engine.service.identity import identity_of
from sop_engine.service.views import (
    ActionView,
    AnswerView,
    DeadlineView,
    IdentityView,
    ReasonView,
    SourceView,
    StateView,
)
from sop_engine.vocabulary import Answer, AuditEvent, Case, DeadlineRun, Proceeding


@dataclass(frozen=True, slots=True)
class Shown:
    """For whom things are shown: their words, their roles, the classes of answers they hold, and what time it is."""

    definition: Definition
    wording: Wording
    roles: frozenset[str]
    classes: frozenset[str]
    at: datetime

    def sources(self, sources: Iterable[Source]) -> tuple[SourceView, ...]:
        """Return sources with what the law register says of them."""
        return tuple(self._source(source) for source in sources)

    def _source(self, source: Source) -> SourceView:
        instrument = self.definition.law.get(source.tag)
        provision = instrument.provisions.get(source.provision) if instrument else None
        says = self.wording.say(provision.says) if provision else ""
        name = self.wording.say(instrument.name) if instrument else self.wording.say("Proposed here; States confirm it")
        return SourceView(str(source), name, says, source.mark)

    def reasons(self, refusals: Iterable[Refusal], case: Case) -> tuple[ReasonView, ...]:
        """Return refusals as reasons: the sentence, the rule, who can cure it, and where."""
        return tuple(self._reason(refusal, case) for refusal in refusals)

    def _reason(self, refusal: Refusal, case: Case) -> ReasonView:
        where = None
        for ref in refusal.cure:
            place = case.newest(ref.machine or "")
            if place is not None and self._can_answer(place, ref.step):
                where = (place.id, ref.step)
                break
        titles = self.wording.role_titles(refusal.cured_by) if len(refusal.cured_by) <= 6 else ()
        return ReasonView(refusal.text, self.sources(refusal.source), titles, where)

    def _can_answer(self, place: Proceeding, step: str) -> bool:
        machine = self.definition.machines[place.machine]
        state = machine.states.get(place.state)
        return state is not None and step in state.steps and bool(machine.steps[step].by & self.roles)

    def action(self, offer: Offer, case: Case) -> ActionView:
        """Return one offer as an action to show."""
        transition = offer.transition
        return ActionView(
            proceeding=offer.proceeding,
            transition=transition.name,
            title=self.wording.say(transition.title),
            does=self.wording.say(transition.does),
            is_open=offer.is_open,
            reasons=self.reasons(offer.refusals, case),
            source=self.sources(transition.source),
            is_adverse=transition.is_adverse,
            is_fact=transition.is_fact,
            asks=transition.asks,
            by=self.wording.role_titles(transition.by),
            is_mine=bool(transition.by & self.roles),
            told=tuple(self._told(transition)),
        )

    def _told(self, transition: Transition) -> Iterable[str]:
        machine = self.definition.machines[transition.machine]
        for name in transition.issues:
            text = self.wording.say("Issues: {paper}")
            yield text.format(paper=self.wording.say(machine.documents[name].title))
        for opening in transition.opens:
            title = self.proceeding_title(opening.machine, opening.key)
            yield self.wording.say("Starts: {procedure}").format(procedure=title)

    def proceeding_title(self, machine: str, key: str | None) -> str:
        """Return the title of a procedure, with its kind where several run."""
        title = self.wording.machine_title(machine)
        return f"{title}: {self.wording.key_title(machine, key)}" if key else title

    def state(self, machine: str, state: str) -> StateView:
        declared = self.definition.machines[machine].states.get(state)
        if declared is None:
            return StateView(state, self.wording.say("Not started"), "work")
        return StateView(state, self.wording.say(declared.title), declared.kind, self.wording.say(declared.says))

    def answer(
        self,
        step: Step,
        question: Question,
        value: Answer | None,
        *,
        told: Mapping[str, AuditEvent],
        who: Mapping[str, str],
    ) -> AnswerView:
        """Return one answer in words, or hidden when the reader does not hold its class."""
        label = self.wording.say(question.ask)
        if question.confidentiality not in self.classes and value is not None:
            return AnswerView(question, step.name, label, None, self.wording.say("Restricted"), is_hidden=True)
        text = (
            answer_in_words(question, value, self.wording.say, calendar=self.definition.calendar)
            if value is not None
            else ""
        )
        event = told.get(question.name) or told.get("")
        corrected = event is not None and event.kind == "AnswerCorrected"
        rows: tuple[Mapping[str, str], ...] = ()
        if question.answer == "table" and isinstance(value, list):
            rows = tuple(self._row(question, row) for row in value)
        return AnswerView(
            question=question,
            step=step.name,
            label=label,
            value=value,
            text=text,
            answered_by=who.get(event.by, "") if event else "",
            answered_at=event.at if event else None,
            original=answer_in_words(
                question, event.personal["before"], self.wording.say, calendar=self.definition.calendar
            )
            if corrected and event is not None
            else "",
            correction_reason=str(event.personal["reason"]) if corrected and event is not None else "",
            rows=rows,
        )

    def _row(self, question: Question, row: Mapping[str, Answer]) -> Mapping[str, str]:
        restricted = self.wording.say("Restricted")
        return {
            name: answer_in_words(column, row[name], self.wording.say, calendar=self.definition.calendar)
            if column.confidentiality in self.classes
            else restricted
            for name, column in question.columns.items()
            if name in row
        }

    def deadline(self, run: DeadlineRun) -> DeadlineView | None:
        """Return one run of a deadline as its card, with how it was counted."""
        machine, name = run.name.split(".", 1)
        declared = deadlines_of(self.definition, machine).get(name)
        if declared is None or not calls_somebody(declared):
            return None
        worked = worked_explanation(
            Length.parse(run.length),
            counted_from=run.counted_from,
            due=run.due_at,
            calendar=self.definition.calendar,
            skip_closures=declared.person_duty,
        )
        local = self.definition.calendar.local
        days = (local(run.due_at).date() - local(self.at).date()).days if run.ended_at is None else None
        return DeadlineView(
            name=run.name,
            title=self._deadline_title(declared),
            timer=declared.timer,
            status="paused" if run.paused_at else run.status,
            due_at=run.due_at,
            days_left=days,
            worked=worked_sentence(worked, self.wording.say),
            proceeding=run.proceeding,
            source=self.sources(declared.source),
            at_expiry=self.wording.say(declared.duty),
        )

    def _deadline_title(self, declared: Deadline) -> str:
        if declared.timer:
            return self.wording.say(declared.name.replace("_", " ").capitalize())
        return self.wording.say(declared.duty)

    def identity(self, case: Case) -> IdentityView:
        """Return the bar of a case. The name only to a reader who holds the class of identity."""
        who = identity_of(self.definition, case)
        reading = CaseReading(self.definition, case)
        may_name = "identity" in self.classes
        flags = tuple(
            (self.wording.fact_says(None, fact), severity)
            for fact, severity in self.definition.flags.items()
            if reading.fact(None, fact) is True
            # What is open counts as blocked until it is known.
            or (fact == "removal_blocked" and reading.fact(None, fact) is None)
        )
        return IdentityView(
            case_id=case.id,
            number=case.number,
            name=who.name if may_name else who.initials,
            age=self._age(who.age, who.date_of_birth, reading) if may_name else "",
            language=who.language if may_name else "",
            flags=flags,
            standing="; ".join(self._standing(case)),
            opened_at=case.opened_at or self.at,
        )

    def _age(self, age: str, born: str, reading: CaseReading) -> str:
        disputed = "age_disputed" in self.definition.shared and reading.fact(None, "age_disputed")
        if disputed:
            return self.wording.say("age disputed")
        if len(born) == 10:
            today = self.definition.calendar.local(self.at).date()
            year, month, day = (int(part) for part in born.split("-"))
            age = str(today.year - year - ((today.month, today.day) < (month, day)))
        return self.wording.say("{age} years").format(age=age) if age else self.wording.say("age not known")

    def _standing(self, case: Case) -> Iterable[str]:
        for proceeding in case.proceedings:
            machine = self.definition.machines[proceeding.machine]
            state = machine.states.get(proceeding.state)
            live = state is not None and state.kind in ("work", "wait") and machine.name not in ("case", "nrm")
            if live and case.newest(proceeding.machine, proceeding.key) is proceeding and state is not None:
                title = self.proceeding_title(proceeding.machine, proceeding.key)
                yield f"{title}: {self.wording.say(state.title)}"
