"""A small invented procedure and an invented person's case, to make papers of. Nobody here exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sop_engine.definition.model import (
    Block,
    Deadline,
    Definition,
    Document,
    Instrument,
    Machine,
    Panel,
    PanelQuestion,
    Provision,
    Question,
    Role,
    Safeguard,
    SharedFact,
    Source,
    State,
    Step,
    Transition,
)
from sop_engine.engine.evolve import fold
from sop_engine.engine.reading import CaseReading
from sop_engine.guards.tree import Answered, FactIs, Guard, QuestionRef, ValueIn
from sop_engine.periods import Calendar, Length
from sop_engine.records.content import DeadlineWords, RecordInput
from sop_engine.vocabulary import SYSTEM, AuditEvent, Case

WORKED = "10 working days from 2 March 2026; due Sunday 15 March 2026, end of day."
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
POLICY = Source("policy", "", "policy")
NON_REFOULEMENT = Source("C51", "33(1)", "text")
UNCONFIRMED = Source("RSD-2003", "4.1", "unconfirmed")

REFERRED = ValueIn(QuestionRef("hearing", "statement", "afraid"), ("yes",))


def question(name: str, ask: str, answer: str, confidentiality: str, **rest: Any) -> Question:
    rest.setdefault("source", (POLICY,))
    return Question(name=name, ask=ask, answer=answer, confidentiality=confidentiality, **{"step": "", **rest})  # type: ignore[arg-type]


def step(name: str, title: str, *questions: Question, source: tuple[Source, ...] = (POLICY,)) -> Step:
    held = {q.name: replace(q, step=name) for q in questions}
    return Step(name=name, title=title, by=frozenset({"case_officer"}), questions=held, source=source)


PERSON = step(
    "person",
    "Who the person is",
    question("full_name", "What is the person's name?", "text", "identity", asked_of_person=True),
    question("born", "When was the person born?", "date", "identity", partial=True),
    question("phone", "How can the person be reached?", "text", "identity"),
    question("interpreter", "Who interprets?", "person", "identity"),
    question("brother", "Who is the person's brother?", "person", "identity", asked_of_person=True, required=False),
    question("photo", "Photograph", "file", "identity", required=False),
)
STATEMENT = step(
    "statement",
    "Statement",
    question("afraid", "Is the person afraid of returning?", "yes_no", "story"),
    question("account", "What happened?", "text", "story", asked_of_person=True, multiline=True),
    question("note", "What did the officer notice?", "text", "story", multiline=True),
    question("health", "What care does the person need?", "text", "sensitive"),
    question("security", "Is there a reason to look at exclusion?", "text", "restricted"),
    question(
        "journey",
        "Which way did the person come?",
        "table",
        "story",
        columns={
            "country": question("country", "Country", "text", "story"),
            "arrived": question("arrived", "Arrived", "date", "story", partial=True),
            "smuggler": question("smuggler", "Who brought the person?", "text", "restricted"),
        },
    ),
    question("route", "How did the person travel?", "choice", "story", choices={"sea": "By sea", "land": "By land"}),
    question(
        "boat", "What boat was it?", "text", "story",
        shown_when=ValueIn(QuestionRef("hearing", "statement", "route"), ("sea",)),
    ),
    source=(NON_REFOULEMENT,),
)  # fmt: skip
OUTCOME = step(
    "outcome",
    "Outcome",
    question("reasons", "Why?", "text", "story", multiline=True),
)


def transition(name: str, start: str, target: str | None, title: str, **rest: Any) -> Transition:
    return Transition(
        name=name,
        machine="hearing",
        from_states=(start,),
        from_new=False,
        target=target,
        title=title,
        does=rest.pop("does", f"{title}, in law."),
        by=frozenset({"case_officer"}),
        source=rest.pop("source", (POLICY,)),
        **rest,
    )


DECISION_LETTER = Document(
    name="decision_letter",
    machine="hearing",
    title="Decision letter",
    confidentiality="sensitive",
    recipients=("applicant", "file", "appeal", "quality"),
    source=(UNCONFIRMED,),
    blocks=(
        Block(kind="identity", argument=()),
        Block(kind="text", argument=("This letter tells what was decided.",)),
        Block(kind="answers", argument=("hearing.statement",)),
        Block(kind="table", argument=("hearing.statement.journey",)),
        Block(kind="text", argument=("The person is afraid of returning.",), when=REFERRED),
        Block(kind="votes", argument=("hearing.committee",)),
        Block(kind="reasons", argument=("hearing.outcome.reasons",)),
        Block(kind="deadlines", argument=("hearing.appeal_window",)),
        Block(kind="remedy", argument=("You can challenge this decision.",)),
        Block(kind="timeline", argument=()),
        Block(kind="law", argument=()),
        Block(kind="signatures", argument=("Officer", "Applicant", "Interpreter")),
        Block(kind="qr", argument=()),
    ),
)
TRAVEL_NOTE = Document(
    name="travel_note",
    machine="hearing",
    title="Announcement of a traveller",
    confidentiality="identity",
    recipients=("destination",),
    blocks=(
        Block(kind="identity", argument=()),
        Block(kind="answers", argument=("hearing.statement", "hearing.person")),
        Block(kind="qr", argument=()),
    ),
)

HEARING = Machine(
    name="hearing",
    sop="hearing",
    title="Hearing",
    purpose="Hear the person.",
    edition="2026-01-01",
    starts_in="opened",
    steps={s.name: s for s in (PERSON, STATEMENT, OUTCOME)},
    states={
        "opened": State(name="opened", title="Opened", kind="work", steps=("person", "statement")),
        "in_session": State(name="in_session", title="Committee in session", kind="work"),
        "decided": State(name="decided", title="Decided", kind="end"),
    },
    transitions={
        t.name: t
        for t in (
            transition("submit", "opened", "in_session", "Submit to the committee"),
            transition(
                "decide",
                "in_session",
                "decided",
                "Close the decision",
                decided_by="committee",
                asks="outcome",
                is_adverse=True,
                issues=("decision_letter",),
                source=(NON_REFOULEMENT,),
            ),
        )
    },
    panels={
        "committee": Panel(
            name="committee",
            machine="hearing",
            in_states=("in_session",),
            listed_in=(),
            chair="committee_chair",
            members=frozenset({"committee_member"}),
            at_least=2,
            majority_of_members=False,
            needs_chair=True,
            must_open_file=False,
            reasons_if_dissent=True,
            questions={"inclusion": PanelQuestion(name="inclusion", ask="Is the person a refugee?", tie="yes")},
            source=(POLICY,),
        )
    },
    deadlines={
        "appeal_window": Deadline(
            name="appeal_window",
            machine="hearing",
            timer="T10",
            length=Length(10, "working days"),
            starts_when=FactIs(None, "fear_expressed"),
            stops_when=FactIs(None, "fear_expressed"),
            source=(UNCONFIRMED,),
        )
    },
    documents={"decision_letter": DECISION_LETTER, "travel_note": TRAVEL_NOTE},
    safeguards={
        "heard": Safeguard(name="heard", machine="hearing", pattern="always", says="Everybody is heard.", rule="H1.1")
    },
)

ROLES = {
    name: Role(name=name, title=title, does="", scope="office", reads=frozenset({"procedure"}))
    for name, title in (
        ("case_officer", "Case officer"),
        ("committee_chair", "Committee chair"),
        ("committee_member", "Committee member"),
    )
}

DEFINITION = Definition(
    digest="d1" * 32,
    machines={"hearing": HEARING},
    shared={
        "fear_expressed": SharedFact(
            name="fear_expressed", kind="latch", says="The person is afraid.", if_not="No fear is on record."
        ),
        "exclusion_trigger": SharedFact(
            name="exclusion_trigger",
            kind="latch",
            set_when=Answered(QuestionRef("hearing", "statement", "security")),
            says="CANARYFACT is to be examined.",
            if_not="CANARYFACT is not to be examined.",
        ),
    },
    roles=ROLES,
    functions={},
    incompatible=(),
    lists={},
    law={
        "C51": Instrument(
            name="Convention relating to the Status of Refugees",
            tag="C51",
            provisions={
                "33(1)": Provision(
                    tag="C51", number="33(1)", says="Nobody is returned to danger.", status="text", tier=1
                )
            },
        )
    },
    calendar=Calendar("invented", time_zone="America/Port_of_Spain"),
    identity={
        "name": (QuestionRef("hearing", "person", "full_name"),),
        "date_of_birth": (QuestionRef("hearing", "person", "born"),),
    },
)

NAMES = {
    "account-1": "Olive Officer",
    "account-2": "Carla Chair",
    "account-3": "Mina Member",
    "account-4": "Remy Recused",
}

ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "person": {
        "full_name": "Amina Ejemplo",
        "born": "1990-04",
        "phone": "+1 555 0100",
        "interpreter": {"name": "Ivo Invented", "relation": "interpreter", "contact": "+1 555 0199"},
        "brother": {"name": "Bruno Ejemplo", "relation": "brother", "contact": "+1 555 0101"},
        "photo": {"name": "amina-ejemplo.jpg", "media_type": "image/jpeg", "sha256": "00", "size": 20000},
    },
    "statement": {
        "afraid": "yes",
        "account": "They came for me at night. Amina, they said, you and Bruno must go.",
        "note": "Ms Ejemplo spoke calmly.",
        "health": "CANARYHEALTH insulin",
        "security": "CANARYEXCLUSION served in a unit",
        "journey": [
            {"country": "Utopia", "arrived": "2025", "smuggler": "CANARYSMUGGLER"},
            {"country": "Arcadia", "arrived": "2026-02"},
        ],
        "route": "land",
    },
    "outcome": {"reasons": "The account is credible. CANARYREASONS"},
}


class Log:
    """Writes audit events one after the other, an hour apart."""

    def __init__(self) -> None:
        self.events: list[AuditEvent] = []

    def add(
        self,
        kind: str,
        by: str = SYSTEM,
        role: str = SYSTEM,
        proceeding: str = "hearing-1",
        personal: Mapping[str, Any] | None = None,
        **data: Any,
    ) -> Log:
        number = len(self.events) + 1
        at = START + timedelta(hours=number - 1)
        self.events.append(AuditEvent(number, kind, at, by, role, proceeding, data, personal or {}))
        return self


def whole_log() -> tuple[AuditEvent, ...]:
    """A hearing from its opening to a decision by a committee, with a correction, a recusal and a dissent."""
    log = Log()
    log.add(
        "CaseOpened",
        "account-1",
        "case_officer",
        "",
        number="TST-2026-000007",
        office="o1",
        set_digest=DEFINITION.digest,
    )
    log.add("ProceedingOpened", "account-1", "case_officer", machine="hearing", key=None, state="opened")
    log.add(
        "StepAnswered", "account-1", "case_officer", personal={"answers": ANSWERS["person"]}, step="person", round=1
    )
    log.add(
        "StepAnswered",
        "account-1",
        "case_officer",
        personal={"answers": ANSWERS["statement"]},
        step="statement",
        round=1,
    )
    log.add("SharedFactChanged", proceeding="", fact="fear_expressed", value=True)
    submit = {"transition": "hearing.submit", "from": "opened", "to": "in_session"}
    log.add(
        "TransitionTaken", "account-1", "case_officer", **submit, sealed=[["person", 1], ["statement", 1]], rounds={}
    )
    correction = {"before": "Ms Ejemplo spoke calmly.", "after": "Ms Ejemplo wept.", "reason": "I mixed up two files."}
    place: dict[str, Any] = {"step": "statement", "round": 1, "question": "note"}
    log.add("AnswerCorrected", "account-1", "case_officer", **place, personal=correction)
    log.add("SeatTaken", "account-2", "committee_chair", panel="committee", as_chair=True)
    log.add("SeatTaken", "account-3", "committee_member", panel="committee", as_chair=False)
    log.add(
        "MemberRecused",
        "account-4",
        "committee_member",
        panel="committee",
        personal={"ground": "CANARYGROUND a relative"},
    )
    vote: dict[str, Any] = {"panel": "committee", "questions": ["inclusion"]}
    log.add("VoteCast", "account-2", "committee_chair", **vote, personal={"votes": {"inclusion": "yes"}})
    dissent = {"votes": {"inclusion": "no"}, "reasons": "CANARYDISSENT I doubt it."}
    log.add("VoteCast", "account-3", "committee_member", **vote, personal=dissent)
    decide = {"transition": "hearing.decide", "from": "in_session", "to": "decided", "asks": "outcome"}
    given = {"answers": ANSWERS["outcome"]}
    log.add(
        "TransitionTaken", "account-2", "committee_chair", **decide, asks_round=1, sealed=[], rounds={}, personal=given
    )
    number = "TST-2026-000007/decision-letter/1"
    log.add("DocumentIssued", "account-2", "committee_chair", document="hearing.decision_letter", number=number)
    count = {"counted_from": START.isoformat(), "due_at": "2026-03-16T04:00:00+00:00", "length": "10 working days"}
    log.add("DeadlineStarted", deadline="hearing.appeal_window", **count)
    log.add("SharedFactChanged", proceeding="", fact="exclusion_trigger", value=True)
    return tuple(log.events)


def record_of(events: tuple[AuditEvent, ...], definition: Definition = DEFINITION, **rest: Any) -> RecordInput:
    """Return what the service would hand over for a log; ``case`` stands in for what the log tells."""
    case: Case = rest.pop("case", None) or fold(Case("c0ffee" * 5, definition.digest, "o1"), events)

    def reading(guard: Guard, proceeding: str) -> bool | None:
        return CaseReading(definition, case, case.proceeding(proceeding)).holds(guard)

    given: dict[str, Any] = {
        "names": NAMES,
        "office_name": "Invented Asylum Office",
        "deadlines": tuple(
            DeadlineWords(run.name, run.proceeding, run.status, run.due_at, WORKED) for run in case.deadlines
        ),
    }
    return RecordInput(
        case=case, definition=definition, events=events, chain_head="ab" * 32, reading=reading, **{**given, **rest}
    )


def whole_record(**rest: Any) -> RecordInput:
    return record_of(whole_log(), **rest)
