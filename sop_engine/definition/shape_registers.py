"""The closed schema of the common registers (roles, codes, law, calendars) and of ``rows.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args

from sop_engine.definition.model import Confidentiality, Mark
from sop_engine.definition.shape_words import DAY, ID, PROSE, SOURCE, TEXT, TITLE, WORD
from sop_engine.definition.shapes import CODE, YES_NO, Either, Key, ListOf, MapOf, Number, OneWord, Record, Shape, Text

ROLE = Record(
    "a role",
    {
        "title": TITLE,
        "does": Key(PROSE, "What it does.", is_required=True),
        "scope": Key(OneWord(("office", "assigned", "docket", "none")), "Which cases it may open.", is_required=True),
        "reads": Key(
            ListOf(OneWord(get_args(Confidentiality)), may_be_empty=True), "The classes it may read.", is_required=True
        ),
        "any_role": Key(YES_NO, "It is meant by any_role."),
        "person": Key(YES_NO, "A person of the case or an outsider who does not sign in."),
        "source": SOURCE,
    },
)
FUNCTION = Record("a function", {"title": TITLE, "needs": Key(PROSE, "What one must know or be."), "source": SOURCE})
ROLES_FILE = Record(
    "roles.yaml",
    {
        "roles": Key(MapOf(ROLE, key_like="case_officer"), is_required=True),
        "functions": Key(MapOf(FUNCTION, key_like="interview"), is_required=True),
        "incompatible": Key(ListOf(ListOf(WORD)), "Pairs of functions that no officer holds in the same case."),
    },
)

CODE_RECORD = Record(
    "a code",
    {
        "label": Key(TEXT, is_required=True),
        "blocks_detention": Key(YES_NO),
        "priority": Key(YES_NO),
        "class": Key(OneWord(get_args(Confidentiality))),
        "hint": Key(PROSE),
        "source": SOURCE,
    },
)
CODE_LIST = Record(
    "a code list",
    {
        "title": TITLE,
        "codes": Key(
            MapOf(Either(TEXT, CODE_RECORD), key=CODE, key_says="a code in letters, digits, - and _", key_like="SC-UC"),
            is_required=True,
        ),
        "source": SOURCE,
    },
)
CODES_FILE = Record("codes.yaml", {"lists": Key(MapOf(CODE_LIST, key_like="specific_need"), is_required=True)})

TAG = r"[A-Z0-9][A-Za-z0-9-]*( [A-Za-z0-9-]+)*"
INSTRUMENT = Record(
    "an instrument",
    {"name": Key(PROSE, is_required=True), "at": Key(ListOf(TEXT, or_one=True, may_be_empty=True)), "note": Key(PROSE)},
)
PROVISION = Record(
    "a provision",
    {
        "says": Key(PROSE, is_required=True),
        "status": Key(OneWord(tuple(m for m in get_args(Mark) if m != "policy")), is_required=True),
        "tier": Key(Number(), is_required=True),
        "note": Key(PROSE),
    },
)


def _by_tag(value: Shape) -> MapOf:
    return MapOf(value, key=TAG, key_says="a tag in capitals and digits", key_like="C51")


LAW_FILE = Record(
    "law.yaml",
    {
        "tags": Key(_by_tag(INSTRUMENT), is_required=True),
        "provisions": Key(_by_tag(MapOf(PROVISION, key=r".+", key_like='"33(1)"')), is_required=True),
    },
)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CALENDAR = Record(
    "a calendar",
    {
        "weekend": Key(ListOf(OneWord(WEEKDAYS), may_be_empty=True), "The days off."),
        "holidays": Key(Text(pattern="none|[A-Z]{2,3}", like="none or TT", says="none or a country code")),
        "closures": Key(ListOf(DAY, may_be_empty=True), "Days on which offices were closed by order."),
        "time_zone": Key(Text(pattern=r"[A-Za-z]+(/[A-Za-z_+-]+)*", like="America/Port_of_Spain", says="a time zone")),
    },
)
CALENDARS_FILE = Record("calendars.yaml", {"calendars": Key(MapOf(CALENDAR, key_like="harmonised"), is_required=True)})

ROW_KINDS = ("triggers", "fields", "timers", "hard_rules", "properties")
_ROW_IDS = ListOf(Text(pattern=ID, like="H1.4", says="the id of a row"), or_one=True, may_be_empty=True)
ROWS_FILE = MapOf(Record("rows of a machine", {kind: Key(_ROW_IDS) for kind in ROW_KINDS}))

COMMON_FILES: Mapping[str, Record] = MappingProxyType(
    {"roles.yaml": ROLES_FILE, "codes.yaml": CODES_FILE, "law.yaml": LAW_FILE, "calendars.yaml": CALENDARS_FILE}
)
