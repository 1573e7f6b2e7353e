"""Codes in place of people, for copies from which quality can be judged and nobody recognised.

Names, contacts and identity details become codes, also where a name stands inside an account. This hides names; it
does not make an account anonymous, and no paper says that it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from sop_engine.definition.model import Question
from sop_engine.records.content import RecordInput
from sop_engine.vocabulary import NOT_AN_ANSWER_OF_SUBSTANCE, Answer

SHORTEST_NAME = 3
"""Shorter parts of a name ("da", "El") stay inside an account: hiding them would hide words."""
LONGEST_DETAIL = 80
"""A longer text is an account and not a name."""


def pseudonyms_of(record: RecordInput) -> Mapping[str, str]:
    """Return name, contact or detail → code, for everybody whom the answers and the log of a case name."""
    texts = record.texts
    codes: dict[str, str] = {}
    counts = {"person": 0, "detail": 0, "officer": 0}
    words = {
        "person": texts("Person {number}"),
        "detail": texts("Detail {number}"),
        "officer": texts("Officer {number}"),
    }

    def give(kind: str, *values: str) -> None:
        new = [value for value in values if len(value.strip()) >= SHORTEST_NAME and value not in codes]
        if not new:
            return
        counts[kind] += 1
        for value in new:
            codes[value] = words[kind].format(number=counts[kind])

    people = {
        (ref.machine, ref.step, ref.question)
        for part in _NAME_PARTS
        for ref in record.definition.identity.get(part, ())
    }
    own_names: list[str] = []
    details: list[str] = []
    others: list[tuple[str, str]] = []
    for place, question, value in _answers(record):
        for its, answer in _simple(question, value):
            if its.answer == "person" and isinstance(answer, dict):
                others.append((str(answer.get("name") or ""), str(answer.get("contact") or "")))
            elif its.confidentiality == "identity" and its.answer == "text" and isinstance(answer, str):
                is_name = place in people or "name" in its.name.split("_") or "names" in its.name.split("_")
                (own_names if is_name else details).append(answer)
    for name in own_names:
        give("person", *_name_and_parts(name))
    for name, contact in others:
        give("person", *_name_and_parts(name))
        give("detail", contact)
    for detail in details:
        if len(detail) <= LONGEST_DETAIL and detail not in NOT_AN_ANSWER_OF_SUBSTANCE:
            give("detail", detail)
    for user in dict.fromkeys(event.by for event in record.events):
        if user in record.names:
            give("officer", *_name_and_parts(record.names[user]), user)
    return codes


def hidden(words: str, codes: Mapping[str, str]) -> str:
    """Return the words with every name in them replaced by its code."""
    if not codes:
        return words
    folded = {name.casefold(): code for name, code in codes.items()}
    return _pattern(tuple(codes)).sub(lambda found: folded.get(found[0].casefold(), found[0]), words)


_NAME_PARTS = ("name", "other_names")


@lru_cache(maxsize=64)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(name) for name in longest_first) + r")(?!\w)", re.IGNORECASE)


def _name_and_parts(name: str) -> tuple[str, ...]:
    parts = re.split(r"[\s,;/()]+", name)
    return (name.strip(), *(part for part in parts if len(part) >= SHORTEST_NAME))


def _answers(record: RecordInput) -> Iterator[tuple[tuple[str | None, str, str], Question, Answer]]:
    """Every answer that was ever on file: the present ones, and those that a correction replaced."""
    for proceeding in record.case.proceedings:
        machine = record.definition.machines.get(proceeding.machine)
        if machine is None:
            continue
        for (step, _, name), value in proceeding.answers.items():
            declared = machine.steps.get(step)
            if declared and name in declared.questions:
                yield (machine.name, step, name), declared.questions[name], value
    for event in record.events:
        machine = record.definition.machines.get(event.proceeding.split("-", 1)[0])
        step = str(event.data.get("step") or event.data.get("asks") or "")
        declared = machine.steps.get(step) if machine else None
        if machine is None or declared is None:
            continue
        given = dict(event.personal.get("answers") or {})
        if event.kind == "AnswerCorrected":
            given[str(event.data["question"])] = event.personal.get("before")
        for name, value in given.items():
            if name in declared.questions and value is not None:
                yield (machine.name, step, name), declared.questions[name], value


def _simple(question: Question, value: Answer) -> Iterator[tuple[Question, Answer]]:
    if question.answer != "table":
        yield question, value
        return
    for row in value if isinstance(value, list) else ():
        for name, column in question.columns.items():
            if isinstance(row, dict) and row.get(name) is not None:
                yield column, row[name]
