"""The lines of a travel document that machines read, on a paper: written from answers, compared with what was read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sop_engine.definition.build_documents import ZONE_DATA, ZONE_READ
from sop_engine.records.content import Heading, MachineReadableLines, Notice, Paragraph, Part, Text
from sop_engine.records.disclosure import Disclosure
from sop_engine.records.machine_readable_zone import CannotBeWritten, Holder, faults_of, lines_for
from sop_engine.vocabulary import NOT_AN_ANSWER_OF_SUBSTANCE, Proceeding

Place = tuple[Proceeding | None, str, str]
"""A proceeding, its machine, and a step of it."""


def zone_parts(disclosure: Disclosure, steps: Sequence[Place]) -> Iterator[Part]:
    """Yield the lines for the data of the first step; with a second step, whether the lines read back are the same."""
    texts = disclosure.texts
    yield Heading(texts("Machine readable zone"), 2)
    if not _may_read(disclosure, steps):
        yield Paragraph(disclosure.restricted())
        return
    given = _answers(steps[0], (*ZONE_DATA, "optional"))
    missing = [name for name in ZONE_DATA if name not in given and name != "given_names"]
    if missing:
        # Not even the wording of what is missing: the page beside it shows the questions.
        yield Paragraph(Text(texts("The lines are written when the data page is complete.")))
        return
    data = {name: "" if given.get(name) in NOT_AN_ANSWER_OF_SUBSTANCE else given.get(name, "") for name in given}
    try:
        lines = lines_for(Holder(**{"given_names": "", **data}))
    except CannotBeWritten as error:
        yield Notice("care", texts("The lines cannot be written"), Text(str(error)))
        return
    yield MachineReadableLines(lines)
    read = tuple(_answers(steps[1], ZONE_READ).values()) if len(steps) > 1 else ()
    if read:
        yield _compared(disclosure, lines, tuple("".join(line.upper().split()) for line in read))


def _compared(disclosure: Disclosure, lines: tuple[str, ...], read: tuple[str, ...]) -> Part:
    texts = disclosure.texts
    faults = faults_of(read)
    if read == lines and not faults:
        agrees = "The lines read from the finished document are these, and every check digit agrees."
        return Paragraph(Text(texts(agrees)))
    told = [texts(fault) for fault in faults] or [texts("Every check digit agrees, but the lines are not these.")]
    title = texts("The lines read from the finished document differ; do not hand it out")
    return Notice("care", title, Text("\n".join(told)))


def _may_read(disclosure: Disclosure, steps: Sequence[Place]) -> bool:
    questions = (
        question
        for _, machine, step in steps
        for question in disclosure.record.definition.machines[machine].steps[step].questions.values()
    )
    wanted = {*ZONE_DATA, *ZONE_READ, "optional"}
    return all(disclosure.holds(question.confidentiality) for question in questions if question.name in wanted)


def _answers(place: Place, names: Sequence[str]) -> dict[str, str]:
    proceeding, _, step = place
    if proceeding is None:
        return {}
    found = {name: proceeding.latest_answer(step, name) for name in names}
    return {name: str(answer) for name, answer in found.items() if answer is not None}
