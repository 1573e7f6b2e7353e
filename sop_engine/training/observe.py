"""Whether something shows in what a trainee did: the one way in which findings, mistakes and scores are seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sop_engine.definition.model import Definition
from sop_engine.engine.reading import CaseReading
from sop_engine.training.acts import Act
from sop_engine.training.align import Alignment
from sop_engine.training.model import Observation, Pack
from sop_engine.training.trace import Trace
from sop_engine.vocabulary import NOT_OPENED


class Seen:
    """What can be seen of one attempt. Made once; asked for many observations."""

    def __init__(self, definition: Definition, pack: Pack, trace: Trace, alignment: Alignment) -> None:
        self.definition = definition
        self.pack = pack
        self.trace = trace
        self.alignment = alignment
        self.acts = trace.acts(pack)
        self.reading = CaseReading(definition, trace.case)

    def any_of(self, observations: Iterable[Observation]) -> bool:
        """Say whether any of these shows."""
        return any(self.shows(one) for one in observations)

    def all_of(self, observations: Iterable[Observation]) -> bool:
        """Say whether all of these show."""
        return all(self.shows(one) for one in observations)

    def shows(self, one: Observation) -> bool:
        """Say whether this shows."""
        return _KINDS[one.kind](self, one)


def _named(acts: Iterable[Act], one: Observation) -> bool:
    wanted = f"{one.name} {one.key}" if one.key else one.name
    return any(act.is_named(wanted) for act in acts)


def _answer(seen: Seen, one: Observation) -> bool:
    machine, step, question = one.name.split(".")
    return any(_matches(answer, one) for answer in seen.trace.answers(machine, step, question, one.key))


def _matches(answer: Any, one: Observation) -> bool:
    words = [word.casefold() for word in one.values]
    match one.relation:
        case "is" | "in":
            return str(answer).casefold() in words
        case "is_not":
            return str(answer).casefold() not in words
        case "includes":
            return isinstance(answer, list) and any(_in_list(word, answer) for word in words)
        case "says":
            said = _said(answer)
            return any(word in said for word in words)
    return True


def _in_list(word: str, answer: list[Any]) -> bool:
    return any(word == str(item).casefold() if not isinstance(item, dict) else word in _said(item) for item in answer)


def _said(answer: Any) -> str:
    """Return all words of an answer, tables and people included."""
    if isinstance(answer, dict):
        return " ".join(_said(value) for value in answer.values())
    if isinstance(answer, list):
        return " ".join(_said(value) for value in answer)
    return str(answer).casefold()


def _refused(seen: Seen, one: Observation) -> bool:
    wanted = f"{one.name} {one.key}" if one.key else one.name
    return any(
        refusal.act.is_named(wanted)
        and (not one.values or any(word.casefold() in refusal.told.casefold() for word in one.values))
        for refusal in seen.trace.refusals
    )


def _asked(seen: Seen, one: Observation) -> bool:
    return any(
        one.name in (exchange.reply.topic, exchange.reply.question)
        and (one.relation != "manner" or exchange.reply.manner in one.values)
        for exchange in seen.trace.exchanges
    )


def _conduct(seen: Seen, one: Observation) -> bool:
    return any(
        conduct.kind == one.name and (not one.about or one.about in (conduct.about, exchange.reply.question))
        for exchange in seen.trace.exchanges
        for conduct in exchange.reply.conduct
    )


def _revealed(seen: Seen, one: Observation) -> bool:
    return any(one.name in exchange.reply.revealed for exchange in seen.trace.exchanges)


def _fact(seen: Seen, one: Observation) -> bool:
    machine, _, name = one.name.rpartition(".")
    value = {True: "yes", False: "no", None: "open"}[seen.reading.fact(machine or None, name)]
    return value in one.values if one.values else value == "yes"


def _state(seen: Seen, one: Observation) -> bool:
    found = seen.trace.case.newest(one.name, one.key)
    if one.relation == "is":
        return (found.state if found else NOT_OPENED) in one.values
    if one.relation == "is_not":
        return (found.state if found else NOT_OPENED) not in one.values
    # Visited at any time: in, includes.
    visited = {state for p in seen.trace.case.instances(one.name) if one.key in (None, p.key) for state in p.visited}
    return bool(visited & set(one.values))


def _document(seen: Seen, one: Observation) -> bool:
    return any(document.name == one.name for document in seen.trace.case.documents)


def _deadline(seen: Seen, one: Observation) -> bool:
    runs = [run.status for run in seen.trace.case.deadlines if run.name == one.name] or ["not_started"]
    return any(status in one.values for status in runs) if one.relation == "in" else runs[-1] in one.values


_KINDS: Mapping[str, Callable[[Seen, Observation], bool]] = {
    "answer": _answer,
    "act": lambda seen, one: _named(seen.acts, one),
    "no_act": lambda seen, one: not _named(seen.acts, one),
    "refused": _refused,
    "skipped": lambda seen, one: _named((*seen.alignment.skipped, *seen.alignment.late), one),
    "added": lambda seen, one: _named((*seen.alignment.added, *seen.alignment.early), one),
    "late": lambda seen, one: _named(seen.alignment.late, one),
    "asked": _asked,
    "never_asked": lambda seen, one: not _asked(seen, one),
    "conduct": _conduct,
    "revealed": _revealed,
    "fact": _fact,
    "state": _state,
    "document": _document,
    "deadline": _deadline,
}
