"""Who the person of a case is, as far as the case knows: from the questions that the definition names for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sop_engine.definition.model import Definition
from sop_engine.vocabulary import NOT_AN_ANSWER_OF_SUBSTANCE, Answer, Case


@dataclass(frozen=True, slots=True)
class Identity:
    """Name as first written by the person's own papers or words, with what else the bar of a case shows."""

    name: str = ""
    other_names: tuple[str, ...] = ()
    date_of_birth: str = ""
    age: str = ""
    language: str = ""
    nationality: tuple[str, ...] = ()
    latin_name: str = ""

    @property
    def transliterations(self) -> Mapping[str, str]:
        """The name, and its spelling in Latin letters where one is on file: for papers that cannot draw its letters."""
        return {self.name: self.latin_name} if self.name and self.latin_name else {}

    @property
    def is_known(self) -> bool:
        return bool(self.name)

    @property
    def initials(self) -> str:
        """The first letters of the first and the last part of the name; lists show no more."""
        parts = self.name.split()
        if not parts:
            return ""
        return f"{parts[0][0]}. {parts[-1][0]}." if len(parts) > 1 else f"{parts[0][0]}."

    def as_summary(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "initials": self.initials,
            "age": self.age,
            "date_of_birth": self.date_of_birth,
            "language": self.language,
        }


def identity_of(definition: Definition, case: Case) -> Identity:
    """Return what is on file of the person's identity; empty parts where nothing is."""
    found: Mapping[str, Answer | None] = {
        part: _first_answer(definition, case, part)
        for part in ("name", "latin_name", "other_names", "date_of_birth", "age", "language", "nationality")
    }
    nationality = found["nationality"]
    return Identity(
        name=_text(found["name"]),
        other_names=tuple(part.strip() for part in _text(found["other_names"]).split(";") if part.strip()),
        date_of_birth=_text(found["date_of_birth"]),
        age=_text(found["age"]),
        language=_text(found["language"]),
        nationality=tuple(str(n) for n in nationality) if isinstance(nationality, list) else (),
        latin_name=_text(found["latin_name"]),
    )


def _first_answer(definition: Definition, case: Case, part: str) -> Answer | None:
    for ref in definition.identity.get(part, ()):
        proceeding = case.newest(ref.machine or "")
        answer = proceeding.latest_answer(ref.step, ref.question) if proceeding else None
        if answer is not None and answer not in ("", *NOT_AN_ANSWER_OF_SUBSTANCE):
            return answer
    return None


def _text(answer: Answer | None) -> str:
    if isinstance(answer, dict):
        return str(answer.get("name", ""))
    return "" if answer is None or isinstance(answer, list) else str(answer)
