"""The profile of a State, from its declaration to the model: values with source and mark, changes, deviations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from sop_engine.definition.entries import Context, Entry
from sop_engine.definition.faults import DeclarationError, unknown_name
from sop_engine.definition.model import Machine, Source
from sop_engine.definition.national import (
    Change,
    Deviation,
    NationalProfile,
    ProfileMark,
    ProfileValue,
    ReadinessAnswer,
    Verb,
)
from sop_engine.definition.overlay import Applied, Overlaid
from sop_engine.definition.parameters import PARAMETERS, READINESS, REQUIRED, Parameter
from sop_engine.definition.raw import Raw, RawList, RawMap, RawText
from sop_engine.definition.sources import parse_source
from sop_engine.periods import Length, NotALength

UNSET = "?"


def build_profile(found: Overlaid, context: Context, machines: Mapping[str, Machine]) -> NationalProfile | None:
    """Return the profile that the overlay was laid from; None for the harmonised set."""
    if found.profile is None:
        return None
    entry = Entry(found.profile, context, span=found.profile.span)
    _check_transition(entry, machines)
    transition = found.profile.entries.get("transition")
    return NationalProfile(
        iso3=entry.text("profile"),
        title=entry.text("title"),
        edition=entry.text("edition"),
        values=_values(found.profile, context),
        changes=tuple(_change(one, context) for one in found.applied),
        readiness=_readiness(entry, context),
        transition={
            name: raw.text
            for name, raw in (transition.entries if isinstance(transition, RawMap) else {}).items()
            if isinstance(raw, RawText)
        },
        span=found.profile.span,
    )


def build_deviations(found: Overlaid, context: Context, machines: Mapping[str, Machine]) -> tuple[Deviation, ...]:
    """Return the deviations of a State."""
    made = []
    for procedure, name, raw in found.deviations:
        entry = Entry(raw, context, name=name, span=raw.span)
        own = tuple(machine.name for machine in machines.values() if machine.sop == procedure)
        also = entry.all_known("touches", machines, "machine")
        made.append(
            Deviation(
                name=name,
                title=entry.text("title"),
                says=entry.text("says"),
                law=entry.text("law"),
                weakens=entry.texts("weakens"),
                touches=tuple(dict.fromkeys((*own, *also))),
                holds_from=entry.text("from"),
                expires=entry.text("expires"),
                source=_sources(raw.entries.get("source"), context),
                span=raw.span,
            )
        )
    return tuple(made)


def _values(profile: RawMap, context: Context) -> dict[str, tuple[ProfileValue, ...]]:
    written = profile.entries.get("parameters")
    entries = written.entries if isinstance(written, RawMap) else {}
    for name in entries:
        if name not in PARAMETERS and isinstance(written, RawMap):
            context.errors.append(unknown_name(written.key_spans[name], name, PARAMETERS, "parameter"))
    for name in REQUIRED:
        if isinstance(written, RawMap) and name not in entries:
            found = f'found no parameter "{name}" ({PARAMETERS[name].title.lower()})'
            mend = f'write {name}: {{value: "?"}} when nobody knows'
            why = "every profile says it, be it only that nobody knows"
            context.errors.append(DeclarationError(written.span, found, why, mend))
    return {
        name: tuple(_value(parameter, part, context) for part in _parts(entries.get(name)))
        for name, parameter in PARAMETERS.items()
    }


def _readiness(profile: Entry, context: Context) -> dict[str, ReadinessAnswer]:
    found = {}
    for name, entry in profile.named("readiness").items():
        if name not in READINESS:
            context.errors.append(unknown_name(entry.span, name, READINESS, "part of the checklist"))
        found[name] = ReadinessAnswer(
            answer=cast(Literal["yes", "partly", "no"], entry.text("answer")),
            note=entry.text("note"),
            source=_sources(entry.raw.entries.get("source"), context),
        )
    return found


def _parts(raw: Raw | None) -> tuple[RawMap, ...]:
    items = raw.items if isinstance(raw, RawList) else (raw,)
    return tuple(item for item in items if isinstance(item, RawMap))


def _value(parameter: Parameter, raw: RawMap, context: Context) -> ProfileValue:
    entry = Entry(raw, context, name=parameter.name, span=raw.span)
    values = entry.scalars("value")
    is_unset = any(item.text.strip() == UNSET for item in values)
    mark = entry.text("mark", UNSET if is_unset else "")
    sources = _sources(raw.entries.get("source"), context)
    if is_unset and mark != UNSET:
        context.refuse(raw.span, f'found "?" with the mark {mark}', "what nobody found has no mark", "leave mark out")
    if not is_unset:
        if mark in ("", UNSET):
            known = "V, V-old, V-weak, D or G"
            context.refuse(
                raw.span,
                f'found no mark in "{parameter.name}"',
                "a reader must know how sure it is",
                f"write mark: {known}",
            )
        if not raw.entries.get("source"):
            context.refuse(
                raw.span,
                f'found no source in "{parameter.name}"',
                "a value rests on something",
                "write source: and a tag",
            )
        for item in values:
            _check_kind(parameter, item, context)
    return ProfileValue(
        parameter=parameter.name,
        values=() if is_unset else tuple(item.text.strip() for item in values),
        mark=cast(ProfileMark, mark or UNSET),
        source=sources,
        holds_from=entry.text("from"),
        until=entry.text("until"),
        note=entry.text("note"),
        span=raw.span,
    )


def _check_kind(parameter: Parameter, item: RawText, context: Context) -> None:
    if parameter.kind == "choice" and item.text not in parameter.choices:
        context.errors.append(unknown_name(item.span, item.text, parameter.choices, f"value of {parameter.name}"))
    elif parameter.kind == "yes_no" and item.text not in ("yes", "no"):
        context.refuse(item.span, f'found "{item.text}"', f"{parameter.name} is yes or no", "write yes or no")
    elif parameter.kind == "length" and item.text != "none":
        try:
            Length.parse(item.text)
        except NotALength:
            mend = 'write 14 days, 10 working days or the like; none when there is no limit; "?" when nobody knows'
            context.refuse(item.span, f'found "{item.text}"', f"{parameter.name} is a length of time", mend)


def _change(one: Applied, context: Context) -> Change:
    return Change(
        name=one.name,
        rule=one.place.qualified,
        verb=cast(Verb, one.verb),
        was=in_words(one.was),
        now=in_words(one.brought),
        source=_sources(one.raw.entries.get("source"), context),
        holds_from=Entry(one.raw, context).text("from"),
        also=one.also,
        deviation=one.deviation,
        span=one.brought.span,
    )


def in_words(raw: Raw | None) -> str:
    """Return a raw value in one line, for lists of changes."""
    match raw:
        case None:
            return ""
        case RawText():
            return " and ".join(" ".join(part.text.split()) for part in (raw, *raw.also))
        case RawList():
            return ", ".join(in_words(item) for item in raw.items)
        case RawMap():
            for key in ("title", "ask"):
                title = raw.entries.get(key)
                if isinstance(title, RawText):
                    return title.text
            return ", ".join(f"{key}: {in_words(value)}" for key, value in raw.entries.items())


def _sources(raw: Raw | None, context: Context) -> tuple[Source, ...]:
    """Return the sources that a record cites."""
    found = []
    for item in raw.items if isinstance(raw, RawList) else (raw,):
        if not isinstance(item, RawText):
            continue
        try:
            found.append(parse_source(item.text.strip(), law=context.law, at=item.span))
        except DeclarationError as error:
            context.errors.append(error)
    return tuple(found)


def _check_transition(entry: Entry, machines: Mapping[str, Machine]) -> None:
    """Transitional rules name machines and states that exist."""
    raw = entry.raw.entries.get("transition")
    for name, rule in (raw.entries if isinstance(raw, RawMap) else {}).items():
        machine, _, state = name.partition(".")
        span = raw.key_spans[name] if isinstance(raw, RawMap) else entry.span
        if machine not in machines:
            entry.unknown(span, machine, machines, "machine")
            continue
        target = (
            rule.text.removeprefix("map to ") if isinstance(rule, RawText) and rule.text.startswith("map to ") else ""
        )
        if target and target not in machines[machine].states:
            entry.unknown(rule.span, target, machines[machine].states, f"state of {machine}")
        elif target and not state:
            mend = f"write {machine}.<old state>: map to {target}"
            entry.context.refuse(span, f'found "{name}"', "a mapping starts from one state", mend)
