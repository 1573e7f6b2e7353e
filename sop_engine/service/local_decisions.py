"""What the profile of a State does not say, as far as it matters to one case, and what was decided for it on screen."""

from __future__ import annotations

from dataclasses import dataclass

from sop_engine.definition.local_decisions import place_of, questions_of
from sop_engine.definition.model import Definition
from sop_engine.definition.parameters import PARAMETERS
from sop_engine.records.words import answer_in_words
from sop_engine.service import access
from sop_engine.service.service import Service
from sop_engine.service.views import Reader
from sop_engine.vocabulary import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalDecision:
    """One value that nobody knows: what holds meanwhile, in which step it is decided, and what was decided here."""

    title: str
    meanwhile: str
    step: str
    decided: str = ""
    """Empty while nobody has decided it in this case."""
    ground: str = ""


def local_decisions_of_case(svc: Service, reader: Reader, case_id: str) -> tuple[LocalDecision, ...]:
    """Return the values that the profile leaves open and that the procedures of this case read. Raises NotFound."""
    if svc.current.national is None:
        return ()
    with svc.store.reading() as conn:
        head = access.find(conn, svc.current, reader, case_id)
        definition = svc.definition(conn, head.set_digest)
        if "procedure" not in access.classes_read(definition, reader):
            return ()
        return local_decisions(svc, definition, svc.load(conn, head), reader.language)


def local_decisions(svc: Service, definition: Definition, case: Case, language: str) -> tuple[LocalDecision, ...]:
    """Return the local decisions of a case, asked for or made, in the order of the profile."""
    say = svc.texts(language)
    found = []
    for value in definition.national.unset if definition.national else ():
        parameter = PARAMETERS[value.parameter]
        machine, step = place_of(parameter)
        running = case.newest(machine) if machine else None
        declared = definition.machines[machine].steps.get(step) if running else None
        if running is None or declared is None:
            continue
        words = []
        for name in questions_of(parameter):
            answer = running.latest_answer(step, name)
            question = declared.questions.get(name)
            words.append(answer_in_words(question, answer, say) if question and answer is not None else "")
        found.append(
            LocalDecision(
                title=say(parameter.title),
                meanwhile=say(parameter.meanwhile),
                step=say(declared.title),
                decided=words[0],
                ground=words[1],
            )
        )
    return tuple(found)
