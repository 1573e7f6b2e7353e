"""How ready a State is for a comprehensive asylum system: nine parts, computed from its profile where it can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sop_engine.definition.model import Definition
from sop_engine.definition.national import NationalProfile
from sop_engine.definition.parameters import NOT_RUN, PARAMETERS, READINESS
from sop_engine.service.compare import code_of, tags, title_of
from sop_engine.service.errors import NotFound

Answer: TypeAlias = Literal["yes", "partly", "no", "not known"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """One part of the system: how it stands, why we say so, and what is to be done."""

    name: str
    title: str
    answer: Answer
    why: str
    source: str = ""
    is_computed: bool = True
    """False where the State answered it itself."""
    action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessView:
    state: str
    title: str
    parts: tuple[PartView, ...]
    to_settle: tuple[tuple[str, str], ...]
    """(what nobody knows yet, what holds meanwhile)."""
    deviations: tuple[tuple[str, str], ...]
    """(title, last day)."""

    @property
    def gaps(self) -> tuple[PartView, ...]:
        """Return the action plan: every part that is not wholly there, the missing ones first."""
        order = {"no": 0, "not known": 1, "partly": 2}
        return tuple(sorted((p for p in self.parts if p.answer != "yes"), key=lambda p: order[p.answer]))


_Finding: TypeAlias = tuple[Answer, str, tuple[str, ...]]
"""Answer, why, and the parameters it rests on."""


def readiness(definition: Definition) -> ReadinessView:
    """Return the checklist of a State. Raises NotFound for the harmonised set, which is no State."""
    profile = definition.national
    if profile is None:
        raise NotFound
    return ReadinessView(
        state=code_of(definition),
        title=title_of(definition),
        parts=tuple(_part(name, title, definition, profile) for name, title in READINESS.items()),
        to_settle=tuple(
            (PARAMETERS[value.parameter].title, PARAMETERS[value.parameter].meanwhile) for value in profile.unset
        ),
        deviations=tuple((deviation.title, deviation.expires) for deviation in definition.deviations),
    )


def _part(name: str, title: str, definition: Definition, profile: NationalProfile) -> PartView:
    told = profile.readiness.get(name)
    if told is not None:
        action = "" if told.answer == "yes" else _ACTIONS[name]
        return PartView(
            name=name, title=title, answer=told.answer, why=told.note, source=tags(told.source), is_computed=False,
            action=action,
        )  # fmt: skip
    compute = _COMPUTED.get(name)
    if compute is None:
        why = "The profile cannot tell; the State answers it under readiness."
        return PartView(name=name, title=title, answer="not known", why=why, action=_ACTIONS[name])
    answer, why, parameters = compute(profile, definition)
    sources = [source for one in parameters if (value := profile.value(one)) is not None for source in value.source]
    action = "" if answer == "yes" else _ACTIONS[name]
    return PartView(name=name, title=title, answer=answer, why=why, source=tags(dict.fromkeys(sources)), action=action)


def _words(profile: NationalProfile, parameter: str) -> str:
    value = profile.value(parameter)
    return value.words if value is not None and value.is_set else ""


def _law(profile: NationalProfile, definition: Definition) -> _Finding:
    law, party = _words(profile, "law"), _words(profile, "convention_1951")
    parts = ("law", "convention_1951")
    if not law:
        return "not known", "The profile names no law.", parts
    if not law.lower().startswith("no "):
        return "yes", f"{law}. 1951 Convention: {party or 'not told'}.", parts
    answer: Answer = "partly" if "policy" in law.lower() or party.startswith("party") else "no"
    return answer, f"{law}. 1951 Convention: {party or 'not told'}.", parts


def _procedures(profile: NationalProfile, definition: Definition) -> _Finding:
    wanted = ("first_instance", "application_window", "decision_notice", "appeal_period")
    missing = [PARAMETERS[name].title.lower() for name in wanted if not _words(profile, name)]
    if _words(profile, "decision_shape") in NOT_RUN:
        return (
            "no",
            "The State runs no first instance of its own; it can adopt the harmonised text.",
            wanted,
        )
    if missing:
        return "partly", f"Not settled: {', '.join(missing)}.", wanted
    return "yes", "Who decides and every time limit of the claim are settled.", wanted


def _unit(profile: NationalProfile, definition: Definition) -> _Finding:
    body, parts = _words(profile, "receives_claims"), ("receives_claims", "system")
    if not body:
        return "not known", "Nobody told who receives claims.", parts
    is_own = _words(profile, "system") in ("government", "joint", "complementary_only")
    return ("yes" if is_own else "partly"), f"{body}.", parts


def _decision_body(profile: NationalProfile, definition: Definition) -> _Finding:
    shape, body = _words(profile, "decision_shape"), _words(profile, "first_instance")
    parts = ("decision_shape", "first_instance", "quorum")
    if not shape or shape in NOT_RUN:
        return "no", f"No body of the State decides{f' ({body})' if body else ''}.", parts
    if shape != "single_decider" and not _words(profile, "quorum"):
        return "partly", f"{body}; the quorum was not found.", parts
    return "yes", f"{body}.", parts


def _second_instance(profile: NationalProfile, definition: Definition) -> _Finding:
    body, period = _words(profile, "appeal_body"), _words(profile, "appeal_period")
    parts = ("appeal_body", "appeal_period", "suspensive")
    weak = [deviation.title for deviation in definition.deviations if "P48" in deviation.weakens]
    if body == "none":
        return "no", "There is no appeal.", parts
    if not body:
        return "not known", "Which body hears an appeal was not found.", parts
    if weak:
        return "partly", f"{body}. Deviation: {'; '.join(weak)}.", parts
    if not period or _words(profile, "suspensive") != "automatic":
        return "partly", f"{body}; the time to appeal or the effect on removal is not settled.", parts
    return "yes", f"{body}, {period}.", parts


def _alternatives(profile: NationalProfile, definition: Definition) -> _Finding:
    known = _words(profile, "alternatives")
    parts = ("alternatives", "protected_from_detention")
    if known:
        return "yes", f"{known}.", parts
    spared = _words(profile, "protected_from_detention")
    return ("partly", f"Protected: {spared}.", parts) if spared else ("not known", "No alternative was found.", parts)


def _documents(profile: NationalProfile, definition: Definition) -> _Finding:
    parts = ("document_validity", "residence_permit", "travel_document")
    found = [f"{PARAMETERS[name].title}: {_words(profile, name)}" for name in parts if _words(profile, name)]
    answer: Answer = "yes" if len(found) > 1 else "partly" if found else "not known"
    return answer, f"{'; '.join(found)}." if found else "No document was found.", parts


_COMPUTED: Mapping[str, Callable[[NationalProfile, Definition], _Finding]] = {
    "law": _law,
    "procedures": _procedures,
    "unit": _unit,
    "decision_body": _decision_body,
    "second_instance": _second_instance,
    "alternatives": _alternatives,
    "documents": _documents,
}
_ACTIONS: Mapping[str, str] = {
    "law": "Draft or complete a law: the definition, the right to ask, no return to danger, who decides, the appeal.",
    "procedures": "Adopt the harmonised procedures with an overlay, and settle every value that is not known.",
    "unit": "Name a unit that receives and registers claims, with its office, hours and officers.",
    "decision_body": "Set up a body that decides, with members, chair, quorum and a rule for a tie.",
    "second_instance": "Name an independent body for appeals on facts and law, and let nobody leave meanwhile.",
    "alternatives": "Write down the alternatives to detention that exist, and who arranges them.",
    "documents": "Issue a document for every asylum-seeker and a permit and travel document for every refugee.",
    "data": "Keep a register of claims and report statistics every half year.",
    "training": "Train every officer for the function the officer holds, and record it.",
}
