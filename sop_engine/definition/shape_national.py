"""The closed schema of a country's files: ``profile.yaml`` and ``<procedure>.overlay.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

from sop_engine.definition.national import ProfileMark, Verb
from sop_engine.definition.raw import Raw, RawList
from sop_engine.definition.shape import SECTIONS, UPGRADE_RULE
from sop_engine.definition.shape_registers import CALENDAR, FUNCTION, PROVISION, ROLE, TAG
from sop_engine.definition.shape_words import DAY, LENGTH, NAMES, PROSE, TEXT, TITLE, WORD
from sop_engine.definition.shapes import CODE, DOTTED, Faults, Key, ListOf, MapOf, OneWord, Record, Text

PROFILE = "profile.yaml"
OVERLAY = ".overlay.yaml"
ISO3 = Text(pattern="[A-Z]{3}", like="BLZ", says="an ISO 3166 code of three capital letters")
WHEN_IT_HOLDS = Text(pattern=r"\d{4}(-\d\d(-\d\d)?)?", like="2015-06-01", says="a year, a month or a day")
RULE = Text(pattern=rf"{DOTTED}(\.[A-Za-z0-9_-]+)*", like="deadlines.decide.length", says="names joined by dots")
VERBS: tuple[str, ...] = get_args(Verb)
CITED = Key(
    ListOf(Text(longest=300), or_one=True), "The national source (its tag), a provision of the register, or policy."
)


@dataclass(frozen=True, slots=True)
class Anything:
    """Whatever the verb brings; what it may be is checked where it lands."""

    def check(self, raw: Raw, what: str, faults: Faults) -> None:
        return

    def json_schema(self) -> dict[str, Any]:
        return {}


@dataclass(frozen=True, slots=True)
class OneOrDated:
    """One record, or several for one stretch of time after the other."""

    record: Record

    def check(self, raw: Raw, what: str, faults: Faults) -> None:
        (ListOf(self.record) if isinstance(raw, RawList) else self.record).check(raw, what, faults)

    def json_schema(self) -> dict[str, Any]:
        one = self.record.definition()
        return {"anyOf": [one, {"type": "array", "items": one}]}


VALUE = Record(
    "a value of a profile",
    {
        "value": Key(ListOf(PROSE, or_one=True), 'What holds; "?" when nobody found it.', is_required=True),
        "mark": Key(OneWord(get_args(ProfileMark)), "How sure we are. Left out only beside ?."),
        "source": Key(ListOf(Text(longest=300), or_one=True), "The tag of the source. Left out only beside ?."),
        "from": Key(WHEN_IT_HOLDS, "The day, month or year from which it holds."),
        "until": Key(WHEN_IT_HOLDS, "The day, month or year until which it held."),
        "note": Key(PROSE, "What a reader should know besides."),
    },
)
NATIONAL_INSTRUMENT = Record(
    "a national source",
    {
        "name": Key(PROSE, "Its title.", is_required=True),
        "at": Key(ListOf(TEXT, or_one=True, may_be_empty=True), "Where it was read, without http://."),
        "status": Key(OneWord(("text", "excerpt", "unconfirmed")), "How it was read (excerpt when left out)."),
        "provisions": Key(MapOf(PROVISION, key=r".+", key_like='"s. 6(1)"'), "Provisions cited one by one."),
    },
)
PROFILE_FILE = Record(
    "a profile",
    {
        "profile": Key(ISO3, "The State.", is_required=True),
        "title": TITLE,
        "edition": Key(DAY, "The day on which the profile was written.", is_required=True),
        "calendar": Key(CALENDAR, "Weekend, public holidays (a country code), closures, time zone.", is_required=True),
        "law": Key(
            MapOf(NATIONAL_INSTRUMENT, key=TAG, key_says="a tag in capitals and digits", key_like="BZ3"),
            "The national sources, by tag.",
            is_required=True,
        ),
        "parameters": Key(MapOf(OneOrDated(VALUE), key_like="appeal_period"), "What the State does.", is_required=True),
        "readiness": Key(
            MapOf(Record("an answer", {
                "answer": Key(OneWord(("yes", "partly", "no")), "Is it there?", is_required=True),
                "note": Key(PROSE, "What is there, what is missing."),
                "source": CITED,
            })),
            "Answers to what the profile cannot tell (training, data).",
        ),
        "transition": Key(
            MapOf(
                UPGRADE_RULE,
                key=DOTTED, key_says="a machine or machine.state", key_like="registration.registered",
            ),
            "Transitional rules: what happens to a running case when this edition takes effect.",
        ),
    },
)  # fmt: skip

_CHANGE_KEYS: dict[str, Key] = {
    "rule": Key(RULE, "The rule it touches, section.name.key.", is_required=True),
    "add": Key(Anything(), "Adds to a list."),
    "and_also": Key(Text(longest=4000), "A further condition of an act: stricter."),
    "shorten_to": Key(LENGTH, "A shorter time, within the harmonised range."),
    "lengthen_to": Key(LENGTH, "A longer time, within the harmonised range."),
    "rename_to": Key(TEXT, "What it is called here."),
    "replace_text": Key(PROSE, "Other words of the same meaning."),
    "set": Key(Text(longest=300), "A parameter, never less protective."),
    "replace_body": Key(NAMES, "Who acts or decides here."),
    "because": Key(PROSE, "Why, in one sentence."),
    "source": Key(CITED.shape, CITED.says, is_required=True),
    "from": Key(WHEN_IT_HOLDS, "The day from which it holds.", is_required=True),
}
CHANGE = Record("a change", _CHANGE_KEYS, exactly_one_of=(VERBS,))
DEVIATION = Record(
    "a deviation",
    {
        "title": TITLE,
        "says": Key(PROSE, "What is different, for the person and the officer.", is_required=True),
        "law": Key(TEXT, "The legal reference.", is_required=True),
        "weakens": Key(
            ListOf(Text(pattern=CODE, like="P45", says="a property or a hard rule"), or_one=True),
            "The properties and hard rules that do not fully hold.",
            is_required=True,
        ),
        "touches": Key(NAMES, "Other machines on whose pages it is shown."),
        "source": Key(CITED.shape, CITED.says, is_required=True),
        "from": Key(WHEN_IT_HOLDS, "The day from which it holds.", is_required=True),
        "expires": Key(DAY, "The day on which it ends and must be looked at again.", is_required=True),
        "changes": Key(MapOf(CHANGE, key_like="five_days"), "Changes that only this deviation allows."),
    },
)
OVERLAY_FILE = Record(
    "an overlay",
    {
        "overlay": Key(WORD, "The procedure it changes, the name of its folder.", is_required=True),
        "machine": Key(WORD, "The machine its added declarations belong to, when not the folder's own."),
        "profile": Key(ISO3, "The State.", is_required=True),
        "edition": Key(DAY, "The day of the overlay.", is_required=True),
        "extends": Key(DAY, "The edition of the harmonised procedure it was written for."),
        "roles": Key(MapOf(ROLE, key_like="independent_monitor"), "Roles that only this State has."),
        "functions": Key(MapOf(FUNCTION, key_like="monitor"), "Functions that only this State has."),
        **{name: Key(section.shape, section.says) for name, section in SECTIONS.items() if name != "shared"},
        "changes": Key(MapOf(CHANGE, key_like="five_days"), "Each change: a name, a rule, one verb, a source, a day."),
        "deviations": Key(
            MapOf(DEVIATION, key_like="fourteen_days"), "What weakens a safeguard, by law and for a time."
        ),
    },
)
