"""The closed schema of a machine file: every section, every key, and what each key means.

``docs/sop-language.md`` is the same in prose; ``schema.json`` is made from these tables for editors.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args

from sop_engine.definition.model import AnswerType, Confidentiality, StateKind
from sop_engine.definition.shape_words import (
    DAY,
    DID,
    DOTTED_NAME,
    DOTTED_NAMES,
    GUARD,
    ID,
    IDS,
    LENGTH,
    NAMES,
    NEEDED_SOURCE,
    PROSE,
    QUESTION,
    QUESTION_NAME,
    SOURCE,
    TEXT,
    TITLE,
    WHEN,
    WORD,
    needed,
)
from sop_engine.definition.shapes import (
    CODE,
    DOTTED,
    NAME,
    YES_NO,
    Either,
    Key,
    ListOf,
    MapOf,
    Number,
    OneWord,
    Record,
    Section,
    Text,
)

STEP = Record(
    "a step",
    {
        "title": TITLE,
        "by": Key(NAMES, "The roles that may answer it, or any_role.", is_required=True),
        "why": Key(PROSE, "What the step is for, shown to the officer."),
        "say": Key(PROSE, "Words for the person."),
        "help": Key(PROSE, "Longer guidance for the officer."),
        "function": Key(WORD, "Who answers is recorded as having done this function (separation of duties)."),
        "source": NEEDED_SOURCE,
    },
    reference="step",
)

_CHOICES = Either(
    scalar=Text(pattern=r"(?!)", like="{yes_there: Label} or {list: name}", says="a mapping"),
    mapping=MapOf(TEXT, key=CODE, key_says="a code in letters, digits, - and _", key_like="rescue_at_sea"),
)

_SINGLE = OneWord(tuple(answer for answer in get_args(AnswerType) if answer != "table"))
_COLUMN_KEYS: dict[str, Key] = {
    "class": Key(
        OneWord(get_args(Confidentiality)),
        "Who may read the answer: procedure, identity, story, sensitive or restricted. Every question has one.",
        is_required=True,
    ),
    "ask": Key(TEXT, "The words of the question.", is_required=True),
    "answer": Key(_SINGLE, "The type of the answer.", is_required=True),
    "hint": Key(PROSE, "Help under the question."),
    "why": Key(PROSE, "Why it is asked; officers and the person may read it."),
    "choices": Key(_CHOICES, "For choice and many: `code: Label`, or `list: name` of common/codes.yaml."),
    "from": Key(Number(), "The lowest number."),
    "to": Key(Number(), "The highest number."),
    "min_length": Key(Number(), "The shortest text."),
    "max_length": Key(Number(), "The longest text (4000 when left out)."),
    "partial": Key(YES_NO, "A date may be a year or a month only."),
    "required": Key(
        Text(pattern=r"yes|no|when [^\0]+", like="when fear_expressed", says="yes, no, or when and a guard"),
        "yes (default), no, or when and a guard.",
    ),
    "shown_when": Key(GUARD, "A guard over earlier answers; a question not shown is not required."),
    "asked_of": Key(OneWord(("person",)), "The person is asked: adds the answers unknown and prefers_not_to_say."),
    "may_be": Key(ListOf(OneWord(("unknown", "prefers_not_to_say")), or_one=True), "Adds answers that are no answer."),
    "not_future": Key(YES_NO, "A date or moment that may not lie ahead."),
    "multiline": Key(YES_NO, "A text area."),
    "field": Key(IDS, "The row of rows.yaml it carries, when its name differs."),
    "refuse_if_only": Key(ListOf(TEXT, or_one=True), "A text that rests on these words alone is refused."),
    "counted_in": Key(NAMES, "A number: states of this machine in which other files count; the answer is never below."),
    "is_key": Key(YES_NO, "A choice that repeats the key of the instance; no other answer is accepted."),
    "source": SOURCE,
}
COLUMN = Record("a column", _COLUMN_KEYS, reference="column")
QUESTION_RECORD = Record(
    "a question",
    {
        **_COLUMN_KEYS,
        "answer": Key(OneWord(get_args(AnswerType)), "The type of the answer.", is_required=True),
        "columns": Key(MapOf(COLUMN, key_like="date_of_birth"), "For a table: its columns."),
    },
    reference="question",
)

FACT = Record(
    "a fact",
    {
        "when": Key(GUARD, "A guard over answers, states, facts, deadlines and panels.", is_required=True),
        "says": Key(PROSE, "The full sentence while it is true.", is_required=True),
        "if_not": Key(PROSE, "The full sentence while it is not true.", is_required=True),
        "source": NEEDED_SOURCE,
    },
    reference="fact",
)

SHARED_FACT = Record(
    "a shared fact",
    {
        "kind": Key(
            OneWord(("latch", "switch", "derived")), "latch (never unset), switch or derived.", is_required=True
        ),
        "when": Key(GUARD, "For derived: the guard."),
        "set_by": Key(DOTTED_NAMES, "Qualified transitions that set it, case.signal_fear."),
        "cleared_by": Key(DOTTED_NAMES, "Qualified transitions that clear a switch."),
        "set_when": Key(GUARD, "Read after every step: sets it."),
        "cleared_when": Key(GUARD, "Read after every step: clears a switch."),
        "says": Key(PROSE, "The full sentence while it is true.", is_required=True),
        "if_not": Key(PROSE, "The full sentence while it is not true.", is_required=True),
        "source": NEEDED_SOURCE,
    },
    reference="shared_fact",
)

STATE = Record(
    "a state",
    {
        "title": TITLE,
        "kind": Key(OneWord(get_args(StateKind)), "work, wait, rest or end.", is_required=True),
        "steps": Key(ListOf(WORD, or_one=True, may_be_empty=True), "Steps that can be answered in this state."),
        "says": Key(PROSE, "What the state means for the person and the officer."),
        "point": Key(OneWord(("rule", "discretion")), "rule: exits exhaustive and exclusive; discretion: one is open."),
        "source": SOURCE,
    },
    reference="state",
)

OPENING = Record(
    "an opening",
    {
        "machine": Key(WORD, "The machine that is opened.", is_required=True),
        "key": Key(WORD, "The key of the instance, for many-per-case machines."),
        "in": Key(WORD, "The state it starts in, when not starts_in."),
        "when": WHEN,
    },
    reference="opening",
)

TRANSITION = Record(
    "a transition",
    {
        "from": Key(NAMES, "A state, a list of states, any, or new.", is_required=True),
        "to": Key(WORD, "The state it leads to."),
        "stays": Key(OneWord(("yes",)), "The state stays."),
        "by": Key(NAMES, "The roles that may take it, or any_role."),
        "auto": Key(YES_NO, "Fired by the system as soon as `when` is true; never adverse."),
        "when": Key(GUARD, "Guard over what is already on file."),
        "asks": Key(WORD, "A step whose questions are answered in the act itself."),
        "requires": Key(GUARD, "Guard over those answers, checked when the act is confirmed."),
        "does": Key(PROSE, "What the act does, in law: the sentence before the button."),
        "title": Key(TEXT, "The button; default from the name."),
        "opens": Key(ListOf(OPENING, or_one=True), "Machines that it opens."),
        "issues": Key(NAMES, "Documents of this machine that it issues."),
        "function": Key(WORD, "The function recorded for the actor."),
        "needs_other_person_than": Key(NAMES, "The actor did none of these functions in this case."),
        "other_than_earlier_round": Key(NAMES, "The actor did none of these in an earlier instance."),
        "decided_by": Key(WORD, "A panel of this machine, which must have concluded."),
        "fact": Key(YES_NO, "Records a fact about the person: never refused."),
        "adverse": Key(YES_NO, "Against the person's interest: never auto, shown with care."),
        "irreversible": Key(YES_NO, "Cannot be rectified as a mis-click."),
        "removal": Key(YES_NO, "The person leaves the territory by act of an authority; only in departure."),
        "trigger": Key(IDS, "The row of rows.yaml it carries, when its name differs."),
        "source": NEEDED_SOURCE,
    },
    exactly_one_of=(("to", "stays"),),
    reference="transition",
)

RANGE = Record("a range", {"from": Key(LENGTH, "The shortest."), "to": Key(LENGTH, "The longest.")}, reference="range")
ESCALATION = Record(
    "an escalation",
    {
        "to": Key(WORD, "The role that gets a duty.", is_required=True),
        "after": Key(LENGTH, "How long after expiry (at once when left out)."),
    },
    reference="escalation",
)
DEADLINE = Record(
    "a deadline",
    {
        "timer": Key(Text(pattern=ID, like="T02", says="the id of a row"), "The row of rows.yaml it carries."),
        "length": Key(LENGTH, "How long.", is_required=True),
        "range": Key(RANGE, "What a national profile may choose."),
        "since": Key(QUESTION, "A date or moment question to count from (default: the instant it starts)."),
        "starts_when": Key(GUARD, "Guard, read after each step.", is_required=True),
        "stops_when": Key(GUARD, "Guard, read after each step."),
        "paused_when": Key(GUARD, "Guard: the time does not run."),
        "person_duty": Key(YES_NO, "A duty of the person: office closures pause it."),
        "values": Key(MapOf(LENGTH, key_like="child"), "Other lengths by name."),
        "value_when": Key(MapOf(GUARD, key_like="child"), "The guard under which each of `values` applies."),
        "escalate": Key(ListOf(ESCALATION, or_one=True), "Duties raised at expiry.", is_required=True),
        "duty": Key(PROSE, "What has to be done, and that the person stays protected.", is_required=True),
        "source": NEEDED_SOURCE,
    },
    reference="deadline",
)

QUORUM = Record(
    "a quorum",
    {
        "at_least": Key(Number(), "How many must be present.", is_required=True),
        "majority_of_members": Key(YES_NO, "And more than half of the members who were not recused."),
        "chair": Key(YES_NO, "And the chair."),
    },
    reference="quorum",
)
PANEL_QUESTION = Record(
    "a question of a panel",
    {
        "ask": Key(TEXT, "The question voted on.", is_required=True),
        "tie": Key(YES_NO, "The answer of a tie.", is_required=True),
        "tie_after": Key(Number(), "How many ties are deferred first (1 when left out)."),
        "when": WHEN,
        "source": SOURCE,
    },
    reference="panel_question",
)
PANEL = Record(
    "a panel",
    {
        "title": Key(TEXT, "How it is called."),
        "in": Key(NAMES, "The states in which it sits.", is_required=True),
        "listed_in": Key(NAMES, "The states in which the case waits for it."),
        "chair": Key(WORD, "The role of the chair.", is_required=True),
        "members": Key(NAMES, "The roles of the members.", is_required=True),
        "quorum": Key(QUORUM, "When it may vote.", is_required=True),
        "must_open_file": Key(YES_NO, "A member opens the file before voting."),
        "reasons_if_dissent": Key(YES_NO, "Who dissents writes why."),
        "questions": Key(
            MapOf(PANEL_QUESTION, key_like="inclusion"), "What is voted on, in legal order.", is_required=True
        ),
        "needs_other_person_than": Key(NAMES, "Members did none of these functions in this case."),
        "function": Key(WORD, "The function recorded for who votes (vote when left out)."),
        "source": NEEDED_SOURCE,
    },
    reference="panel",
)

_BLOCK_KINDS: dict[str, Key] = {
    "identity": Key(YES_NO, "Who the person is."),
    "text": Key(PROSE, "Fixed words."),
    "answers": Key(DOTTED_NAMES, "Steps whose answers are printed, step or machine.step."),
    "table": Key(DOTTED_NAME, "A table question."),
    "deadlines": Key(DOTTED_NAMES, "Deadlines with their worked counting."),
    "votes": Key(WORD, "The votes of a panel."),
    "reasons": Key(DOTTED_NAME, "A text question printed as reasons."),
    "remedy": Key(PROSE, "How to challenge it, where, until when."),
    "timeline": Key(YES_NO, "What happened, in order."),
    "law": Key(YES_NO, "The sources, with their marks."),
    "signatures": Key(ListOf(TEXT, or_one=True), "Who signs."),
    "machine_readable_zone": Key(
        DOTTED_NAMES,
        "The lines of a travel document that machines read: its data step, and the step with the lines read back.",
    ),
    "qr": Key(YES_NO, "A code by which the paper can be verified."),
}
BLOCK = Record("a block", {**_BLOCK_KINDS, "when": WHEN}, exactly_one_of=(tuple(_BLOCK_KINDS),), reference="block")
BLOCK_KINDS = tuple(_BLOCK_KINDS)
DOCUMENT = Record(
    "a document",
    {
        "title": TITLE,
        "class": Key(OneWord(get_args(Confidentiality)), "The highest class of what it prints.", is_required=True),
        "for": Key(NAMES, "The recipients that may hold it.", is_required=True),
        "number": Key(YES_NO, "It bears a number (yes when left out)."),
        "blocks": Key(ListOf(BLOCK), "Its parts, in order.", is_required=True),
        "source": SOURCE,
    },
    reference="document",
)

BEFORE = Record(
    "a before pattern",
    {
        "enter": Key(NAMES, "The states of this machine.", is_required=True),
        "requires": Key(ListOf(DID, or_one=True), "What must have been done before.", is_required=True),
        "since": Key(DID, "Counted since this was last done."),
    },
    reference="before",
)
WITHIN = Record(
    "a within pattern",
    {
        "length": Key(LENGTH, "How long.", is_required=True),
        "from": Key(GUARD, "The guard that starts it.", is_required=True),
        "until": Key(GUARD, "The guard that must be true in time.", is_required=True),
    },
    reference="within",
)
AT_LEAST = Record(
    "an at_least pattern",
    {
        "deadline": Key(DOTTED_NAME, "The deadline.", is_required=True),
        "length": Key(LENGTH, "It is never shorter.", is_required=True),
    },
    reference="at_least",
)
PATTERNS = (
    "never", "always", "doing", "before", "within", "different_people", "at_least", "always_possible", "by_structure"
)  # fmt: skip
SAFEGUARD = Record(
    "a safeguard",
    {
        "rule": Key(IDS, "The hard rule it carries (H…)."),
        "property": Key(IDS, "The property it carries (P…)."),
        "says": Key(PROSE, "The rule in words.", is_required=True),
        "never": Key(GUARD, "A guard that is never true."),
        "always": Key(GUARD, "A guard that is always true."),
        "doing": Key(DOTTED_NAME, "A transition; `require` must be true when it is taken."),
        "require": Key(GUARD, "With doing: the guard."),
        "before": Key(BEFORE, "What must be done before a state is entered."),
        "within": Key(WITHIN, "What must follow in time."),
        "different_people": Key(NAMES, "Functions that no officer shares in a case."),
        "at_least": Key(AT_LEAST, "A deadline is never shorter than this."),
        "always_possible": Key(NAMES, "From everywhere one of these states of this machine can be reached."),
        "by_structure": Key(PROSE, "How the declaration itself keeps the rule."),
        "carried_by": Key(
            ListOf(Text(pattern=DOTTED, like="transitions.record_consent", says="section.name"), or_one=True),
            "With by_structure: the declarations that keep it.",
        ),
        "source": NEEDED_SOURCE,
    },
    exactly_one_of=(PATTERNS,),
    reference="safeguard",
)

MANY = Record(
    "many_per_case",
    {
        "key": Key(WORD, "The name of the key.", is_required=True),
        "values": Key(ListOf(WORD), "Its values.", is_required=True),
    },
    reference="many_per_case",
)
TEXTS = Record(
    "texts",
    {
        "written_in": Key(Text(pattern="[a-z]{2,3}", like="en", says="a language code"), "", is_required=True),
        "translated_into": Key(ListOf(Text(pattern="[a-z]{2,3}(_[A-Z]{2})?", like="es", says="a language code"))),
    },
    reference="texts",
)


def _section(name: str, record: Record, says: str, *, key: str = NAME, like: str, key_says: str = "") -> Section:
    words = key_says or "a name in small letters, digits and underscores"
    return Section(name, MapOf(record, key=key, key_says=words, key_like=like), says, record)


SECTIONS: Mapping[str, Section] = MappingProxyType(
    {
        section.name: section
        for section in (
            _section("steps", STEP, "Who asks, and under which provision.", like="needs_check"),
            _section(
                "questions",
                QUESTION_RECORD,
                "What is asked: step.question.",
                key=QUESTION_NAME,
                like="needs_check.urgent_medical",
                key_says="step.question in small letters",
            ),
            _section("facts", FACT, "The vocabulary of every guard.", like="language_fixed"),
            _section("states", STATE, "Where a proceeding can stand.", like="under_screening"),
            _section("transitions", TRANSITION, "The acts that move it.", like="confirm_no_indicator"),
            _section("panels", PANEL, "Who decides together, and how.", like="eligibility_committee"),
            _section("deadlines", DEADLINE, "What must be done in time.", like="screening_complete"),
            _section("documents", DOCUMENT, "The papers.", like="screening_record"),
            _section("safeguards", SAFEGUARD, "What can never happen.", like="two_officers"),
            _section("shared", SHARED_FACT, "Facts of the case; only in common/procedure.yaml.", like="fear_expressed"),
        )
    }
)

_REFERENCES = ListOf(Text(pattern=rf"{NAME}\.{NAME}\.{NAME}", like="registration.names.full_name"), or_one=True)
_PARTS_OF_IDENTITY = (
    "name", "latin_name", "other_names", "date_of_birth", "age", "language", "nationality", "photo", "sex"
)  # fmt: skip
_IDENTITY = Record(
    "identity",
    {part: Key(_REFERENCES) for part in _PARTS_OF_IDENTITY},
)
_FLAGS = MapOf(OneWord(("alarm", "care", "info")), key_like="removal_blocked")

UPGRADE_RULE = Text(
    pattern=r"moves|finish|map to [a-z0-9_]+",
    like="map to registered",
    says="moves, finish or map to a state",
)

MACHINE_FILE = Record(
    "a machine file",
    {
        "sop": Key(WORD, "The name of the folder.", is_required=True),
        "machine": Key(WORD, "The name of the machine, unique in the whole set.", is_required=True),
        "title": TITLE,
        "edition": Key(DAY, "The day of the edition.", is_required=True),
        "purpose": Key(PROSE, "What the machine is for.", is_required=True),
        "starts_in": Key(WORD, "The state a new instance starts in.", is_required=True),
        "many_per_case": Key(Either(YES_NO, MANY), "Several run at once, one instance per key value."),
        "one_running": Key(YES_NO, "A new one only after the last ended."),
        "texts": Key(TEXTS, "The languages of its texts."),
        "running_cases": Key(
            MapOf(UPGRADE_RULE, key_says="a state of the edition before, or all", key_like="requested"),
            "Transitional rules: what happens to a running case when this edition takes effect.",
        ),
        "identity": Key(_IDENTITY, "Only in common: where the answers stand that the bar of a case shows."),
        "flags": Key(_FLAGS, "Only in common: shared facts shown on every page of a case."),
        "source": SOURCE,
        **{name: Key(section.shape, section.says) for name, section in SECTIONS.items()},
        "states": needed(Key(SECTIONS["states"].shape, SECTIONS["states"].says)),
    },
)
