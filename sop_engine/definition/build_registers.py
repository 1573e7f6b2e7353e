"""The registers every procedure speaks with: roles and functions, code lists, law, the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias, cast

from sop_engine.definition.entries import Context, Entry
from sop_engine.definition.faults import DeclarationError
from sop_engine.definition.model import Code, CodeList, Instrument, Mark, Provision, Role
from sop_engine.definition.raw import RawList, RawMap, RawText
from sop_engine.definition.shape_registers import WEEKDAYS
from sop_engine.guards.tree import NOWHERE
from sop_engine.guards.types import Names
from sop_engine.periods import Calendar, NoSuchCalendar, national_calendar

Scope: TypeAlias = Literal["office", "assigned", "docket", "none"]

HARMONISED_CALENDAR = "harmonised"
NO_CALENDAR = Calendar("harmonised")
_HOLIDAY_YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    """The common files, read."""

    roles: Mapping[str, Role]
    functions: Mapping[str, str]
    incompatible: tuple[tuple[str, str], ...]
    lists: Mapping[str, CodeList]
    law: Mapping[str, Instrument]
    calendar: Calendar

    @property
    def any_role(self) -> frozenset[str]:
        return frozenset(name for name, role in self.roles.items() if role.is_any_role)


def build_registers(common: Mapping[str, RawMap], errors: list[DeclarationError]) -> Registers:
    """Return the registers of a set; faults are added to ``errors``."""
    without_law = Context(Names(machines={}), {}, errors)
    law = _law(_entry(common, "law.yaml", without_law))
    context = Context(Names(machines={}), law, errors)
    roles = _entry(common, "roles.yaml", context)
    functions = {name: entry.text("title", name) for name, entry in roles.named("functions").items()}
    return Registers(
        roles={name: _role(entry) for name, entry in roles.named("roles").items()},
        functions=functions,
        incompatible=_incompatible(roles, functions),
        lists={name: _list(entry) for name, entry in _entry(common, "codes.yaml", context).named("lists").items()},
        law=law,
        calendar=_calendar(_entry(common, "calendars.yaml", context)),
    )


def _entry(common: Mapping[str, RawMap], name: str, context: Context) -> Entry:
    return Entry(common.get(name) or RawMap({}, NOWHERE), context)


def _role(entry: Entry) -> Role:
    return Role(
        name=entry.name,
        span=entry.span,
        source=entry.sources(),
        title=entry.text("title"),
        does=entry.text("does"),
        scope=cast(Scope, entry.text("scope", "none")),
        reads=frozenset(entry.texts("reads")),
        is_any_role=entry.yes("any_role"),
        is_person=entry.yes("person"),
    )


def _incompatible(roles: Entry, functions: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    declared = roles.raw.entries.get("incompatible")
    for item in declared.items if isinstance(declared, RawList) else ():
        words = [word for word in (item.items if isinstance(item, RawList) else ()) if isinstance(word, RawText)]
        if len(words) != 2:
            found = f"found {len(words)} functions in a pair"
            roles.context.refuse(
                item.span, found, "two functions are incompatible with each other", "write [one, other]"
            )
            continue
        for word in words:
            if word.text not in functions:
                roles.unknown(word.span, word.text, functions, "function")
        if words[0].text == words[1].text:
            why = "nobody could ever do it a second time"
            roles.context.refuse(words[1].span, f'found "{words[1].text}" apart from itself', why, "name two functions")
        pairs.append((words[0].text, words[1].text))
    return tuple(pairs)


def _list(entry: Entry) -> CodeList:
    codes = entry.raw.entries.get("codes")
    written = codes.entries if isinstance(codes, RawMap) else {}
    records = entry.named("codes")
    found = {}
    for code, raw in written.items():
        record = records.get(code)
        if record is not None:
            record.sources()
            found[code] = Code(
                code=code,
                label=record.text("label", code),
                blocks_detention=record.yes("blocks_detention"),
                is_priority=record.yes("priority"),
            )
        elif isinstance(raw, RawText):
            found[code] = Code(code=code, label=raw.text.strip())
    return CodeList(name=entry.name, span=entry.span, source=entry.sources(), title=entry.text("title"), codes=found)


def _law(entry: Entry) -> Mapping[str, Instrument]:
    provisions = entry.named("provisions")
    instruments = entry.named("tags")
    for tag, under in provisions.items():
        if tag not in instruments:
            under.unknown(under.span, tag, instruments, "tag")
    return {
        tag: Instrument(
            tag=tag,
            name=instrument.text("name"),
            addresses=instrument.texts("at"),
            provisions=_provisions(tag, entry.record("provisions")),
        )
        for tag, instrument in instruments.items()
    }


def _provisions(tag: str, all_provisions: Entry | None) -> Mapping[str, Provision]:
    if all_provisions is None:
        return {}
    return {
        number: Provision(
            tag=tag,
            number=number,
            says=row.text("says"),
            status=cast(Mark, row.text("status", "unconfirmed")),
            tier=row.number("tier") or 0,
            note=row.text("note"),
        )
        for number, row in all_provisions.named(tag).items()
    }


def _calendar(entry: Entry) -> Calendar:
    calendars = entry.named("calendars")
    declared = calendars.get(HARMONISED_CALENDAR)
    if declared is None:
        if calendars:
            entry.unknown(entry.span_of("calendars"), "harmonised", calendars, "calendar")
        return NO_CALENDAR
    weekend = frozenset(WEEKDAYS.index(day) for day in declared.texts("weekend") if day in WEEKDAYS)
    closures = set()
    for day in declared.scalars("closures"):
        try:
            closures.add(date.fromisoformat(day.text))
        except ValueError:
            declared.context.refuse(day.span, f'found "{day.text}"', "there is no such day", "write year-month-day")
    country = declared.text("holidays", "none")
    zone = declared.text("time_zone", "UTC")
    try:
        years = _HOLIDAY_YEARS if country != "none" else ()
        return national_calendar(None if country == "none" else country, years, weekend, frozenset(closures), zone)
    except (NoSuchCalendar, ValueError, LookupError) as error:
        # LookupError: a time zone that this machine does not know.
        declared.context.refuse(declared.span, f"found a calendar that cannot be used ({error})", "", "")
        return NO_CALENDAR
