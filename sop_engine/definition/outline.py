"""The outline of a set: which names every machine declares, before any guard is read.

Guards of one machine speak of others, so all names are gathered first; then each declaration is built.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sop_engine.definition.faults import DeclarationError
from sop_engine.definition.raw import Raw, RawList, RawMap, RawText
from sop_engine.guards.tree import NOWHERE, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The names of one machine file, by section, with the raw declaration under each."""

    machine: str
    path: str
    raw: RawMap = field(repr=False)
    sections: Mapping[str, Mapping[str, Raw]] = field(repr=False)
    keys: tuple[str, ...] = ()

    def names(self, section: str) -> tuple[str, ...]:
        return tuple(self.sections.get(section, ()))

    @property
    def working_states(self) -> tuple[str, ...]:
        """Return the states that are not an end: what ``from: any`` stands for."""
        return tuple(name for name, raw in self.sections.get("states", {}).items() if _word(raw, "kind") != "end")


def outlines(machines: Mapping[str, RawMap], errors: list[DeclarationError]) -> dict[str, Outline]:
    """Return the outline of every machine by its name; a name used twice is a fault."""
    found: dict[str, Outline] = {}
    for path, raw in machines.items():
        name = raw.entries.get("machine")
        if not isinstance(name, RawText) or not name.text:
            continue
        if name.text in found:
            why = f"{found[name.text].path} declares a machine of this name already"
            errors.append(DeclarationError(name.span, f'found the machine "{name.text}"', why, "choose another name"))
            continue
        found[name.text] = Outline(
            machine=name.text,
            path=path,
            raw=raw,
            sections={key: value.entries for key, value in raw.entries.items() if isinstance(value, RawMap)},
            keys=_keys(raw),
        )
    for outline in found.values():
        _report_confusing_names(outline, found, errors)
    return found


def _keys(raw: RawMap) -> tuple[str, ...]:
    many = raw.entries.get("many_per_case")
    values = many.entries.get("values") if isinstance(many, RawMap) else None
    items = values.items if isinstance(values, RawList) else ()
    return tuple(item.text for item in items if isinstance(item, RawText))


def _report_confusing_names(outline: Outline, all_: Iterable[str], errors: list[DeclarationError]) -> None:
    """Names of steps differ from names of machines: ``a.b`` in a guard must mean one thing."""
    machines = set(all_)
    for step in outline.names("steps"):
        if step in machines:
            why = "a machine has this name, and guards could not tell them apart"
            span = key_span(outline.raw, "steps", step)
            errors.append(DeclarationError(span, f'found the step "{step}"', why, f"call it {step}_record or the like"))


def key_span(raw: RawMap, section: str, name: str) -> Span:
    """Return where a name of a section stands."""
    under = raw.entries.get(section)
    return under.key_spans.get(name, NOWHERE) if isinstance(under, RawMap) else NOWHERE


def split_qualified(text: str, *, own: str, machines: Iterable[str], parts: int = 1) -> tuple[str, str]:
    """Return (machine, rest) of ``name`` or ``machine.name``; ``parts`` is how many words ``name`` itself has."""
    words = text.split(".")
    if len(words) > parts and words[0] in machines:
        return words[0], ".".join(words[1:])
    return own, text


def _word(raw: Raw, key: str) -> str:
    found = raw.entries.get(key) if isinstance(raw, RawMap) else None
    return found.text if isinstance(found, RawText) else ""
