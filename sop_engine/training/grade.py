"""Grading: what a trainee did, seen through the procedures themselves; the same trace always gives the same marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sop_engine.definition.lines import Line
from sop_engine.definition.model import Definition, Source
from sop_engine.definition.sources import parse_source
from sop_engine.training.acts import Act, path_of
from sop_engine.training.align import Alignment, align, ways
from sop_engine.training.model import Criterion, Mistake, Pack
from sop_engine.training.observe import Seen
from sop_engine.training.trace import Refused, Trace


@dataclass(frozen=True, slots=True)
class Place:
    """Where something belongs in the procedures: its title, and the provisions that say so."""

    name: str
    title: str
    source: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class ActNoted:
    """An act of the path or of the trainee, in words."""

    act: Act
    title: str


@dataclass(frozen=True, slots=True)
class IndicatorFound:
    """One indicator, noticed or missed, with the step of the procedure where it belongs."""

    id: str
    text: str
    is_noticed: bool
    is_planted: bool
    why: str
    place: Place


@dataclass(frozen=True, slots=True)
class MistakeMade:
    """One common mistake that the trace shows."""

    id: str
    text: str
    feedback: str
    place: Place | None
    source: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """One criterion with its points; ``points`` is None while a trainer has not scored it."""

    id: str
    title: str
    possible: int
    points: int | None
    is_automatic: bool
    checklist: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was asked, and how."""

    asked: int
    manners: Mapping[str, int]
    topics: tuple[str, ...]
    topics_missed: tuple[str, ...]
    revealed: tuple[str, ...]
    missed: tuple[str, ...]
    """Facts that could have come out and did not."""
    conduct: tuple[tuple[str, str, str], ...]
    """(kind, topic, why) of every unsafe question, in order."""
    safe: int
    """Questions without anything unsafe."""


@dataclass(frozen=True, slots=True)
class Grading:
    """The whole grading of one attempt."""

    pack: str
    title: str
    level: str
    alignment: Alignment
    skipped: tuple[ActNoted, ...]
    added: tuple[ActNoted, ...]
    late: tuple[ActNoted, ...]
    early: tuple[ActNoted, ...]
    not_reached: tuple[ActNoted, ...]
    indicators: tuple[IndicatorFound, ...]
    mistakes: tuple[MistakeMade, ...]
    refusals: tuple[tuple[ActNoted, Refused], ...]
    conversation: Conversation
    outcome: str
    outcome_reached: bool
    criteria: tuple[Scored, ...]
    reasons: tuple[str, ...]
    minutes: int | None
    minutes_expected: int

    @property
    def points(self) -> int:
        return sum(one.points or 0 for one in self.criteria)

    @property
    def possible(self) -> int:
        return sum(one.possible for one in self.criteria)

    @property
    def waits_for_trainer(self) -> bool:
        return any(one.points is None for one in self.criteria)

    @property
    def missed(self) -> tuple[IndicatorFound, ...]:
        return tuple(one for one in self.indicators if not one.is_noticed)


def free_acts(definition: Definition, pack: Pack) -> frozenset[str]:
    """Return the acts that are no fault whenever they are done: facts about the person, and what the pack tolerates."""
    facts = {t.qualified for m in definition.machines.values() for t in m.transitions.values() if t.is_fact}
    return frozenset(facts | set(pack.tolerated))


def align_with(
    definition: Definition, pack: Pack, trace: Trace, parts: Mapping[str, tuple[Line, ...]], *, profile: str = ""
) -> Alignment:
    """Return the path of an attempt laid beside the expected one."""
    expected = ways(path_of(pack, parts, profile))
    return align(expected, trace.acts(pack), free=free_acts(definition, pack))


def grade(
    definition: Definition,
    pack: Pack,
    trace: Trace,
    parts: Mapping[str, tuple[Line, ...]],
    *,
    profile: str = "",
    scores: Mapping[str, int] | None = None,
    minutes: int | None = None,
) -> Grading:
    """Grade one attempt. ``scores`` are what a trainer gave, by criterion; ``minutes`` how long it took."""
    alignment = align_with(definition, pack, trace, parts, profile=profile)
    seen = Seen(definition, pack, trace, alignment)
    outcome = pack.outcomes.get(profile, pack.outcomes[""])

    def noted(acts: Iterable[Act]) -> tuple[ActNoted, ...]:
        return tuple(ActNoted(act, title_of(definition, act.name)) for act in acts)

    return Grading(
        pack=pack.id,
        title=pack.title,
        level=pack.level,
        alignment=alignment,
        skipped=noted(alignment.skipped),
        added=noted(alignment.added),
        late=noted(alignment.late),
        early=noted(alignment.early),
        not_reached=noted(alignment.not_reached),
        indicators=tuple(
            IndicatorFound(
                id=one.id,
                text=one.text,
                is_noticed=seen.any_of(one.noticed_when),
                is_planted=one.is_planted,
                why=one.why,
                place=place_of(definition, one.step, also=one.source),
            )
            for one in pack.indicators.values()
        ),
        mistakes=tuple(
            _made(definition, one) for one in pack.mistakes.values() if one.leaves_trace and seen.any_of(one.shows)
        ),
        refusals=tuple((noted([one.act])[0], one) for one in trace.refusals),
        conversation=_conversation(pack, trace),
        outcome=outcome.code,
        outcome_reached=bool(outcome.shows) and seen.all_of(outcome.shows),
        criteria=tuple(_scored(one, seen, scores or {}) for one in pack.rubric.values()),
        reasons=pack.reasons,
        minutes=minutes,
        minutes_expected=pack.minutes,
    )


def title_of(definition: Definition, name: str) -> str:
    """Return the title of a machine, a step, an act or a question by its qualified name."""
    machine_name, *rest = name.split(".")
    machine = definition.machines.get(machine_name)
    if machine is None:
        return name
    if not rest:
        return machine.title
    if rest[0] in machine.transitions:
        return machine.transitions[rest[0]].title
    if rest[0] in machine.steps:
        step = machine.steps[rest[0]]
        return step.questions[rest[1]].ask if len(rest) > 1 and rest[1] in step.questions else step.title
    return machine.panels[rest[0]].title or name if rest[0] in machine.panels else name


def place_of(definition: Definition, name: str, *, also: Iterable[str] = ()) -> Place:
    """Return where something belongs in the procedures, with its source and those the pack adds."""
    machine_name, *rest = name.split(".")
    machine = definition.machines[machine_name]
    own: tuple[Source, ...] = machine.source
    if rest and rest[0] in machine.transitions:
        own = machine.transitions[rest[0]].source
    elif rest and rest[0] in machine.steps:
        step = machine.steps[rest[0]]
        asked = step.questions[rest[1]].source if len(rest) > 1 and rest[1] in step.questions else ()
        own = asked or step.source or machine.source
    added = _sources(definition, also)
    return Place(name, title_of(definition, name), tuple(dict.fromkeys((*own, *added))))


def _sources(definition: Definition, cited: Iterable[str]) -> tuple[Source, ...]:
    return tuple(parse_source(text, law=definition.law, at=definition.machines["case"].span) for text in cited)


def _made(definition: Definition, one: Mistake) -> MistakeMade:
    place = place_of(definition, one.step) if one.step else None
    return MistakeMade(one.id, one.text, one.feedback, place, _sources(definition, one.source))


def _scored(one: Criterion, seen: Seen, scores: Mapping[str, int]) -> Scored:
    if one.is_automatic:
        has = seen.all_of(one.when) if one.needs_all else seen.any_of(one.when)
        return Scored(one.id, one.title, one.points, one.points if has else 0, True)
    given = scores.get(one.id)
    return Scored(
        one.id, one.title, one.points, None if given is None else max(0, min(given, one.points)), False, one.checklist
    )


def _conversation(pack: Pack, trace: Trace) -> Conversation:
    replies = [exchange.reply for exchange in trace.exchanges]
    revealed = tuple(dict.fromkeys(fact for reply in replies for fact in reply.revealed))
    topics = tuple(dict.fromkeys(reply.topic for reply in replies if reply.topic))
    could = [fact.id for fact in pack.facts.values() if fact.known != "told"]
    return Conversation(
        asked=len(replies),
        manners=dict(Counter(reply.manner for reply in replies)),
        topics=topics,
        topics_missed=tuple(topic for topic in pack.topics if topic not in topics),
        revealed=revealed,
        missed=tuple(fact for fact in could if fact not in revealed),
        conduct=tuple((one.kind, one.about, one.why) for reply in replies for one in reply.conduct),
        safe=sum(1 for reply in replies if not reply.conduct),
    )
