"""The closed schema of a scenario pack and of its translations: every key, and what it means to a trainer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from sop_engine.definition.faults import DeclarationError
from sop_engine.definition.lines import STEP_KEYS
from sop_engine.definition.raw import Raw, RawMap, RawText
from sop_engine.definition.shape_national import ISO3, Anything
from sop_engine.definition.shape_words import NAMES, PROSE, TEXT, TITLE, WORD
from sop_engine.definition.shapes import NAME, YES_NO, Faults, Key, ListOf, MapOf, Number, OneWord, Record, Shape, Text
from sop_engine.training.model import LANGUAGES, CastRole, Known, Level, Manner, Need

ACT = Text(
    pattern=rf"{NAME}(\.{NAME}){{1,2}}( {NAME})?",
    like="screening.start",
    says="machine.act, or machine.act and the key of one of several: referral.send asylum",
)
QUESTION_OF_STEP = Text(
    pattern=rf"{NAME}\.{NAME}\.{NAME}", like="screening.account.q_return_fear", says="machine.step.question"
)
STATE_OF = Text(pattern=rf"{NAME}( {NAME})?", like="referral asylum", says="a machine, or a machine and a key")
PLACE = Text(pattern=rf"{NAME}(\.{NAME})*( {NAME})?", like="screening.account", says="names joined by dots")
CONDUCT = ("leading", "in_earshot", "unsafe_interpreter", "unsafe_question", "not_as_asked")
SOURCE = Key(ListOf(Text(longest=300), or_one=True), "Where it is written: a provision of the law register, or policy.")
NEEDED_SOURCE = Key(SOURCE.shape, SOURCE.says, is_required=True)
TEXT_NEEDED = Key(PROSE, "In words.", is_required=True)

OBSERVATIONS: Mapping[str, str] = {
    "answer": "an answer on file of this question",
    "act": "this act was done",
    "no_act": "this act was not done",
    "refused": "the engine refused this act, or these answers",
    "skipped": "an act of the expected path that was left out",
    "added": "an act that the expected path does not have",
    "late": "an act done later than on the expected path",
    "asked": "this topic or question was asked about",
    "never_asked": "this topic or question was never asked about",
    "conduct": "how it was asked",
    "revealed": "this fact of the story came out",
    "fact": "a fact of the procedures",
    "state": "where a proceeding stands",
    "document": "a paper was issued",
    "deadline": "how a deadline stands",
}
_OBSERVED: Mapping[str, Shape] = {"answer": QUESTION_OF_STEP, "state": STATE_OF, "conduct": OneWord(CONDUCT)}
RELATIONS = ("is", "is_not", "in", "includes", "says")
WORDS = ListOf(Text(longest=300), or_one=True)
OBSERVATION = Record(
    "an observation",
    {
        **{name: Key(_OBSERVED.get(name, PLACE), f"Seen when: {says}.") for name, says in OBSERVATIONS.items()},
        **{name: Key(WORDS, "What it must be.") for name in RELATIONS},
        "key": Key(WORD, "Which of several: asylum."),
        "about": Key(WORD, "For conduct: the topic or the question."),
        "because": Key(Text(longest=300), "For a refusal: some words of its reason."),
        "manner": Key(OneWord(get_args(Manner)), "For a question: how it was asked."),
    },
    exactly_one_of=(tuple(OBSERVATIONS),),
    reference="observation",
)
SEEN = ListOf(OBSERVATION, or_one=True)

ROOM_KEYS: Mapping[str, Key] = {
    "present": Key(
        ListOf(WORD, or_one=True, may_be_empty=True), "Who of the cast is in the room, beside the interpreter."
    ),
    "interpreter": Key(WORD, "Who of the cast interprets; none where nobody does."),
    "officer_as_asked": Key(YES_NO, "The officer is of the sex that the person asked for (yes when left out)."),
}
LINE = Record(
    "a line of the path",
    {
        **{
            name: Key(WORD if name == "by" else Anything(), "As in a worked example: docs/write-an-example.md.")
            for name in sorted(STEP_KEYS)
        },
        "id": Key(WORD, "A name for the line, where a mistake or an outcome speaks of it."),
        "optional": Key(YES_NO, "It may be left out."),
        "asks": Key(ListOf(WORD, or_one=True), "Questions of this pack asked in the conversation."),
        **ROOM_KEYS,
    },
    reference="line",
)


@dataclass(frozen=True, slots=True)
class PathShape:
    """A path: lines, and groups of lines in any order or of which one way is taken."""

    def check(self, raw: Raw, what: str, faults: Faults) -> None:
        ListOf(_Element(), may_be_empty=True).check(raw, what, faults)

    def json_schema(self) -> dict[str, Any]:
        line = LINE.json_schema()
        group = {"type": "array", "items": {"anyOf": [line, {"type": "array", "items": line}]}}
        any_order = {"type": "object", "properties": {"any_order": group}, "additionalProperties": False}
        either = {"type": "object", "properties": {"either": group}, "additionalProperties": False}
        return {"type": "array", "items": {"anyOf": [line, any_order, either]}}


@dataclass(frozen=True, slots=True)
class _Element:
    def check(self, raw: Raw, what: str, faults: Faults) -> None:
        if not isinstance(raw, RawMap):
            LINE.check(raw, what, faults)
            return
        kind = next((name for name in ("any_order", "either") if name in raw.entries), "")
        if not kind:
            LINE.check(raw, what, faults)
            return
        for name in raw.entries:
            if name != kind:
                found = f'found "{name}" beside {kind}'
                faults.append(DeclarationError(raw.key_spans[name], found, "a group has only its lines", "remove it"))
        ListOf(_Branch()).check(raw.entries[kind], kind, faults)

    def json_schema(self) -> dict[str, Any]:
        return {}


@dataclass(frozen=True, slots=True)
class _Branch:
    def check(self, raw: Raw, what: str, faults: Faults) -> None:
        if isinstance(raw, RawMap | RawText):
            LINE.check(raw, what, faults)
        else:
            ListOf(LINE).check(raw, what, faults)

    def json_schema(self) -> dict[str, Any]:
        return {}


PATH = PathShape()


def _record(called: str, /, **keys: Key) -> Record:
    return Record(called, keys)


def _each(record: Shape, like: str) -> MapOf:
    return MapOf(record, key_like=like)


def _needed(shape: Shape, says: str) -> Key:
    return Key(shape, says, is_required=True)


OUTCOME_KEYS: dict[str, Key] = {
    "code": _needed(WORD, "The outcome, as in the codes: recognised_1951."),
    "why": Key(PROSE, "Why, in one or two sentences."),
    "shows": Key(SEEN, "What shows that the case ended so."),
}
PACK_FILE = Record(
    "a scenario pack",
    {
        "pack": _needed(WORD, "The name of the file without .yaml."),
        "mock_case": Key(Text(pattern=r"M\d\d", like="M14"), "The number of the mock case."),
        "level": _needed(OneWord(get_args(Level)), "How hard it is."),
        "title": TITLE,
        "minutes": _needed(Number(), "How long it takes, without the debrief."),
        "languages": _needed(ListOf(OneWord(LANGUAGES), or_one=True), "The languages in which all of it can be read."),
        "source": NEEDED_SOURCE,
        "goals": _needed(
            _each(_record("a goal", text=TEXT_NEEDED, source=SOURCE), "transit_is_territory"),
            "What a trainee can do afterwards.",
        ),
        "told": _needed(PROSE, "What the trainees are told at the beginning."),
        "cast": _needed(
            _each(
                _record(
                    "somebody of the cast",
                    name=_needed(TEXT, "An invented name."),
                    role=_needed(OneWord(get_args(CastRole)), "What the person is in the story."),
                    text=TEXT_NEEDED,
                    is_safe=Key(YES_NO, "Can the person speak freely before this one? (yes when left out)"),
                    why=Key(PROSE, "Why not."),
                ),
                "samir",
            ),
            "Who appears.",
        ),
        "topics": Key(
            _each(
                _record(
                    "a topic",
                    title=TITLE,
                    words=_needed(PROSE, "Words by which a written question is known: army, soldier, service."),
                    otherwise=_needed(PROSE, "What the person says when nothing new comes of a question."),
                    if_led=_needed(PROSE, "What the person says to a leading question."),
                    neutral=Key(YES_NO, "Nothing that could harm the person if others hear it."),
                ),
                "why_he_left",
            ),
            "What can be spoken about in the conversation.",
        ),
        "questions": Key(
            _each(
                _record(
                    "a question",
                    ask=_needed(PROSE, "The question in words."),
                    topic=_needed(WORD, "The topic it is about."),
                    manner=_needed(OneWord(get_args(Manner)), "How it is asked."),
                    reveals=Key(NAMES, "The facts it can bring out (all of its topic when left out)."),
                    unsafe=Key(PROSE, "Why it must not be asked."),
                    words=Key(PROSE, "Words by which the same question, written freely, is known."),
                ),
                "what_happened",
            ),
            "Questions that can be picked.",
        ),
        "facts": _needed(
            _each(
                _record(
                    "a fact of the story",
                    text=TEXT_NEEDED,
                    known=_needed(OneWord(get_args(Known)), "Told to the trainee, said if asked, or hidden."),
                    topic=Key(WORD, "The topic under which it comes out."),
                    says=Key(PROSE, "What the person says then."),
                    instead=Key(PROSE, "What the person says while it cannot be said."),
                    needs=Key(ListOf(OneWord(get_args(Need)), or_one=True), "What it takes to be said."),
                    after=Key(NAMES, "Facts that have to be out before."),
                ),
                "he_deserted",
            ),
            "The facts sheet.",
        ),
        "documents": Key(
            _each(
                _record(
                    "a paper",
                    title=TITLE,
                    text=TEXT_NEEDED,
                    when=Key(PROSE, "When it is handed out (at the beginning when left out)."),
                ),
                "passport",
            ),
            "Papers to hand out.",
        ),
        "team": _needed(
            _each(NAMES, "officer"), "Role in the exercise: the people of the path that one trainee plays."
        ),
        "path": _needed(
            _record(
                "the path",
                given=_needed(
                    _record(
                        "what is given",
                        at=_needed(Text(longest=20), "When it begins: 2026-03-02 09:00."),
                        people=_needed(_each(NAMES, "ana"), "The people, and their roles."),
                        open=Key(TEXT, "The procedure opened on a fresh case."),
                    ),
                    "As in a worked example.",
                ),
                steps=_needed(PATH, "What is done, in order."),
                tolerated=Key(ListOf(ACT, or_one=True), "Acts that are no addition wherever they are done."),
            ),
            "The expected path.",
        ),
        "indicators": _needed(
            _each(
                _record(
                    "an indicator",
                    text=TEXT_NEEDED,
                    step=_needed(PLACE, "Where it belongs: machine.step.question, machine.step or machine.act."),
                    noticed_when=_needed(SEEN, "What shows that it was noticed; any of several."),
                    planted=Key(YES_NO, "It is an error planted in the papers or the briefing."),
                    why=Key(PROSE, "Why it matters."),
                    source=SOURCE,
                ),
                "fear_in_own_words",
            ),
            "What a good officer notices.",
        ),
        "outcome": _needed(
            _record(
                "the outcome",
                **OUTCOME_KEYS,
                profiles=Key(
                    MapOf(
                        _record(
                            "the outcome under a profile",
                            **OUTCOME_KEYS,
                            instead_from=Key(PLACE, "The line from which the path is another one."),
                            steps=Key(PATH, "The path from there."),
                        ),
                        key=ISO3.pattern,
                        key_says=ISO3.says,
                        key_like="BLZ",
                    ),
                    "Where a State's law gives another outcome.",
                ),
            ),
            "How it ends when it is done well.",
        ),
        "injects": Key(
            _each(
                Record(
                    "an inject",
                    {
                        "title": TITLE,
                        "text": TEXT_NEEDED,
                        "acts": Key(ListOf(LINE), "What others then do on the case."),
                        **ROOM_KEYS,
                        "expects": Key(SEEN, "What a good team does then."),
                    },
                ),
                "cousin_interprets",
            ),
            "News a trainer can drop into the session.",
        ),
        "rubric": _needed(
            _each(
                _record(
                    "a criterion",
                    title=TITLE,
                    points=_needed(Number(), "How much it counts."),
                    when=Key(SEEN, "What shows it: then it is scored by the program."),
                    all=Key(YES_NO, "All of these must be seen, not any."),
                    checklist=Key(ListOf(PROSE), "What the trainer looks at, where judgement is needed."),
                ),
                "fear_recorded",
            ),
            "The scoring.",
        ),
        "mistakes": _needed(
            _each(
                _record(
                    "a mistake",
                    text=TEXT_NEEDED,
                    leaves_trace=_needed(YES_NO, "Can the program see it?"),
                    feedback=_needed(PROSE, "What to say to who makes it."),
                    step=Key(PLACE, "Where it belongs in the procedures."),
                    source=SOURCE,
                    at=Key(PLACE, "The line of the path (its id, or its act) before which it is made."),
                    instead=Key(YES_NO, "It is made instead of that line."),
                    script=Key(ListOf(LINE), "How it is made, in lines of a worked example."),
                    without=Key(ListOf(PLACE, or_one=True), "Lines of the path that are left out."),
                    until=Key(PLACE, "Then the path goes on until this line; end: to its end."),
                    shows=Key(SEEN, "How it shows; any of several."),
                ),
                "carrier_takes_him_back",
            ),
            "Common mistakes.",
        ),
        "reasons": _needed(ListOf(PROSE), "The points a good reasoning holds."),
        "note": _needed(PROSE, "The teaching note for the trainer."),
    },
)
TRANSLATION_FILE = Record(
    "a translation of a pack",
    {
        "translation": _needed(WORD, "The name of the pack."),
        "language": _needed(OneWord(LANGUAGES[1:]), "The language."),
        "texts": _needed(
            MapOf(PROSE, key=r"[a-z][A-Za-z0-9_.]*", key_says="a place in the pack", key_like="goals.transit.text"),
            "Place of the text in the pack: the text in this language.",
        ),
    },
)
