"""What happened in a case, in words: one title and one detail for each entry of its log. Shared by pages and papers.

The sentences name steps, acts, papers and rules, never what a person answered; who voted what is never in them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from sop_engine.definition.model import Definition, Machine, Question
from sop_engine.periods import Length, NotALength, say_day, say_length, say_moment
from sop_engine.records.secrecy import fact_class, may_know_act, may_know_step
from sop_engine.records.words import name_in_words
from sop_engine.vocabulary import AuditEvent

Sentence = tuple[str, str]
"""(title, detail); the detail may be empty."""

NAMES_A_VOTER = frozenset({"SeatTaken", "FileOpened", "MemberRecused", "VoteCast"})
"""Kinds whose actor is a member of a panel: the name is restricted."""


def happened(
    event: AuditEvent,
    definition: Definition,
    texts: Callable[[str], str] = str,
    *,
    holds: frozenset[str] | None = None,
) -> Sentence:
    """Return the title and the detail of one entry.

    ``holds`` are the classes of the reader: a question, step, act or fact of another class is not named. None names
    all. An entry of a kind that this program does not know is named by its kind, since a record is never cut short.
    """
    teller = _Teller(definition, texts, holds)
    say = _SENTENCES.get(event.kind)
    if say is None:
        return _plain_kind(event.kind), ""
    return say(teller, event)


def names_a_voter(event: AuditEvent) -> bool:
    """Say whether the actor of an entry may be named only to a reader who holds the restricted class."""
    return event.kind in NAMES_A_VOTER


class _Teller:
    def __init__(self, definition: Definition, texts: Callable[[str], str], holds: frozenset[str] | None) -> None:
        self.definition = definition
        self._ = texts
        self.holds = holds

    def machine_of(self, event: AuditEvent) -> Machine | None:
        """The machine of an entry's proceeding; an id is ``machine-n`` or ``machine-key-n``."""
        return self.definition.machines.get(event.proceeding.split("-", 1)[0])

    def procedure(self, machine: str, key: str | None) -> str:
        declared = self.definition.machines.get(machine)
        title = self._(declared.title) if declared else name_in_words(machine)
        if not key:
            return title
        return self._("{procedure}: {key}").format(procedure=title, key=self._(name_in_words(key)))

    def state(self, machine: Machine | None, state: str | None) -> str:
        declared = machine.states.get(str(state)) if machine else None
        if declared is None:
            return self._("new") if state in (None, "new") else name_in_words(str(state))
        return self._(declared.title)

    def step(self, machine: Machine | None, step: str) -> str:
        declared = machine.steps.get(step) if machine else None
        return self._(declared.title) if declared else name_in_words(step)

    def question(self, event: AuditEvent) -> Question | None:
        machine = self.machine_of(event)
        step = machine.steps.get(event.data["step"]) if machine else None
        return step.questions.get(event.data["question"]) if step else None

    def deadline(self, qualified: str) -> str:
        return self._(name_in_words(qualified.rpartition(".")[2]))

    def role(self, role: str) -> str:
        declared = self.definition.roles.get(role)
        return self._(declared.title) if declared else name_in_words(role)

    def panel(self, event: AuditEvent) -> str:
        return self._(name_in_words(event.data["panel"]))

    def due(self, text: str) -> str:
        """Say when a time is over; midnight is the end of the day before, as the worked sentence says it too."""
        local = self.definition.calendar.local(datetime.fromisoformat(text))
        if local.time() == time():
            return self._("due {day}, end of day").format(day=say_day(local.date() - timedelta(days=1), self._))
        return self._("due {moment}").format(moment=say_moment(local, self._))

    def safeguard(self, qualified: str) -> str:
        machine, _, name = qualified.partition(".")
        declared = (
            self.definition.machines[machine].safeguards.get(name) if machine in self.definition.machines else None
        )
        return self._(declared.says) if declared else name_in_words(name or machine)

    def may_know_fact(self, name: str) -> bool:
        machine, _, own = name.rpartition(".")
        return self.holds is None or fact_class(self.definition, machine or None, own) in self.holds

    def fact(self, name: str, value: Any) -> str:
        machine, _, own = name.rpartition(".")
        declared = (
            self.definition.machines[machine].facts.get(own)
            if machine in self.definition.machines
            else self.definition.shared.get(name)
        )
        if declared is None:
            return name_in_words(own)
        return self._(declared.says if value else declared.if_not)


def _case_opened(t: _Teller, event: AuditEvent) -> Sentence:
    number = t._("Case number {number}").format(number=event.data.get("number", ""))
    if event.data.get("from_paper"):
        return t._("Case brought in from paper"), number
    return t._("Case opened"), number


def _proceeding_opened(t: _Teller, event: AuditEvent) -> Sentence:
    procedure = t.procedure(event.data["machine"], event.data.get("key"))
    machine = t.definition.machines.get(event.data["machine"])
    state = t._("State: {state}").format(state=t.state(machine, event.data.get("state")))
    if event.data.get("paper"):
        return t._("{procedure} brought in from paper").format(procedure=procedure), state
    return t._("{procedure} opened").format(procedure=procedure), state


def _entered_from_paper(t: _Teller, event: AuditEvent) -> Sentence:
    return t._("Earlier steps on paper entered"), ""


def _step_answered(t: _Teller, event: AuditEvent) -> Sentence:
    machine = t.machine_of(event)
    if t.holds is not None and machine and not may_know_step(t.definition, machine.name, event.data["step"], t.holds):
        return t._("A restricted step was answered"), ""
    title = t._("Answered: {step}").format(step=t.step(machine, event.data["step"]))
    number = int(event.data.get("round", 1))
    return title, t._("Round {number}").format(number=number) if number > 1 else ""


def _act(t: _Teller, event: AuditEvent) -> str | None:
    """The title of the act of an entry; None when the reader may not know of it."""
    machine, _, name = str(event.data["transition"]).rpartition(".")
    home = t.definition.machines.get(machine) if machine else t.machine_of(event)
    declared = home.transitions.get(name) if home else None
    if declared is None:
        return name_in_words(name)
    if t.holds is not None and not may_know_act(t.definition, declared, t.holds):
        return None
    return t._(declared.title)


def _transition_taken(t: _Teller, event: AuditEvent) -> Sentence:
    title, data, machine = _act(t, event), event.data, t.machine_of(event)
    if title is None:
        return t._("A restricted act"), ""
    said = []
    if data.get("to") is not None:
        before, after = t.state(machine, data.get("from")), t.state(machine, data["to"])
        said.append(t._("From “{before}” to “{after}”.").format(before=before, after=after))
    said += facts_in_words(event, t.definition, t._, holds=t.holds)
    return title, " ".join(said)


def facts_in_words(
    event: AuditEvent,
    definition: Definition,
    texts: Callable[[str], str] = str,
    *,
    holds: frozenset[str] | None = None,
) -> list[str]:
    """Return the facts that a transition rested on, as the sentences of the definition; none if none were noted."""
    used = event.data.get("facts_used") or {}
    teller = _Teller(definition, texts, holds)
    noted = used.items() if isinstance(used, Mapping) else ((name, True) for name in used)
    return [teller.fact(str(name), value) for name, value in noted if teller.may_know_fact(str(name))]


def _transition_rectified(t: _Teller, event: AuditEvent) -> Sentence:
    title, machine = _act(t, event), t.machine_of(event)
    if title is None:
        return t._("A restricted act taken back as a mis-click"), ""
    before, after = t.state(machine, event.data.get("from")), t.state(machine, event.data.get("to"))
    detail = t._("From “{before}” back to “{after}”.").format(before=before, after=after)
    return t._("Taken back as a mis-click: {act}").format(act=title), detail


def _answer_corrected(t: _Teller, event: AuditEvent) -> Sentence:
    question = t.question(event)
    if question is None or (t.holds is not None and question.confidentiality not in t.holds):
        return t._("Answer corrected"), t._("The original stays beside it.")
    title = t._("Answer corrected: {question}").format(question=t._(question.ask))
    return title, t._("The original stays beside it.")


def _shared_fact_changed(t: _Teller, event: AuditEvent) -> Sentence:
    if not t.may_know_fact(str(event.data["fact"])):
        return t._("A restricted fact changed"), ""
    return t.fact(str(event.data["fact"]), event.data.get("value")), ""


def _deadline_started(t: _Teller, event: AuditEvent) -> Sentence:
    title = t._("Time limit started: {deadline}").format(deadline=t.deadline(event.data["deadline"]))
    if event.data.get("recounted"):
        title = t._("Time limit counted again: {deadline}").format(deadline=t.deadline(event.data["deadline"]))
    try:
        length = say_length(Length.parse(str(event.data.get("length", ""))), t._)
    except NotALength:
        length = ""
    due = t.due(event.data["due_at"]) if event.data.get("due_at") else ""
    return title, ", ".join(part for part in (length, due) if part)


def _deadline(title: str) -> Callable[[_Teller, AuditEvent], Sentence]:
    def say(t: _Teller, event: AuditEvent) -> Sentence:
        due = event.data.get("due_at")
        return t._(title).format(deadline=t.deadline(event.data["deadline"])), t.due(due) if due else ""

    return say


def _document_issued(t: _Teller, event: AuditEvent) -> Sentence:
    machine, _, name = str(event.data["document"]).rpartition(".")
    declared = t.definition.machines[machine].documents.get(name) if machine in t.definition.machines else None
    title = t._(declared.title) if declared else name_in_words(name)
    number = t._("Number {number}").format(number=event.data.get("number", ""))
    return t._("Paper issued: {document}").format(document=title), number if event.data.get("number") else ""


def _duty_raised(t: _Teller, event: AuditEvent) -> Sentence:
    title = t._("To do for: {role}").format(role=t.role(event.data.get("role", "")))
    return title, t._(event.data["text"]) if event.data.get("text") else ""


def _duty_finished(t: _Teller, event: AuditEvent) -> Sentence:
    name = str(event.data["duty"])
    if name.startswith("alarm/"):
        return t._("Duty done"), t.safeguard(name.removeprefix("alarm/"))
    return t._("Duty done"), t.deadline(name.split("/", 1)[0])


def _seat_taken(t: _Teller, event: AuditEvent) -> Sentence:
    return t._("The chair took the seat") if event.data.get("as_chair") else t._("A member took a seat"), t.panel(event)


def _file_opened(t: _Teller, event: AuditEvent) -> Sentence:
    return t._("A member opened the file"), t.panel(event)


def _member_recused(t: _Teller, event: AuditEvent) -> Sentence:
    return t._("A member stepped back from the case"), t.panel(event)


def _vote_cast(t: _Teller, event: AuditEvent) -> Sentence:
    return t._("A member voted"), t.panel(event)


def _family_joined(t: _Teller, event: AuditEvent) -> Sentence:
    return t._("Joined to a family group"), ""


def _edition_changed(t: _Teller, event: AuditEvent) -> Sentence:
    told = t._("Back under the earlier edition") if event.data.get("reverted") else t._("Moved to a new edition")
    return told, f"{str(event.data['was'])[:12]} → {str(event.data['set_digest'])[:12]}"


def _sitting_closed(t: _Teller, event: AuditEvent) -> Sentence:
    if event.data.get("tied"):
        return t._("The sitting closed with a tie"), t.panel(event)
    return t._("The sitting closed"), t.panel(event)


def _safeguard_alarmed(t: _Teller, event: AuditEvent) -> Sentence:
    return t._("Alarm: a safeguard does not hold"), t.safeguard(str(event.data["safeguard"]))


def _alarm_cured(t: _Teller, event: AuditEvent) -> Sentence:
    return t._("The safeguard holds again"), t.safeguard(str(event.data["safeguard"]))


def _plain_kind(kind: str) -> str:
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind).strip()
    return words[:1].upper() + words[1:]


_SENTENCES: Mapping[str, Callable[[_Teller, AuditEvent], Sentence]] = {
    "CaseOpened": _case_opened,
    "ProceedingOpened": _proceeding_opened,
    "EnteredFromPaper": _entered_from_paper,
    "StepAnswered": _step_answered,
    "TransitionTaken": _transition_taken,
    "TransitionRectified": _transition_rectified,
    "AnswerCorrected": _answer_corrected,
    "SharedFactChanged": _shared_fact_changed,
    "DeadlineStarted": _deadline_started,
    "DeadlineStopped": _deadline("Time limit ended: {deadline}"),
    "DeadlineMet": _deadline("Time limit met: {deadline}"),
    "DeadlineExpired": _deadline("Time limit passed: {deadline}"),
    "DeadlinePaused": _deadline("Time limit paused: {deadline}"),
    "DeadlineResumed": _deadline("Time limit runs again: {deadline}"),
    "DeadlineEscalated": _deadline("Time limit brought to attention: {deadline}"),
    "DocumentIssued": _document_issued,
    "DutyRaised": _duty_raised,
    "DutyFinished": _duty_finished,
    "SeatTaken": _seat_taken,
    "FileOpened": _file_opened,
    "MemberRecused": _member_recused,
    "VoteCast": _vote_cast,
    "SittingClosed": _sitting_closed,
    "FamilyJoined": _family_joined,
    "EditionChanged": _edition_changed,
    "SafeguardAlarmed": _safeguard_alarmed,
    "AlarmCured": _alarm_cured,
}
