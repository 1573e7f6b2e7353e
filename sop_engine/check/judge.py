"""Every property of a set with its verdict, worked through one after the other under a budget of time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from sop_engine.check.bdd import Prover
from sop_engine.check.budget import clock
from sop_engine.check.carry import kept
from sop_engine.check.events import build_model, initial_state
from sop_engine.check.formula import Formula, is_contradiction, negation
from sop_engine.check.ir import Model
from sop_engine.check.properties import Obligation, Property, obligations
from sop_engine.check.reading import on_the_surface
from sop_engine.check.results import Known, Result, Word
from sop_engine.check.slices import AFTERTHOUGHTS, Slice
from sop_engine.check.stories import Story, beside, tell
from sop_engine.check.variables import slots_of
from sop_engine.check.verify import OUT_OF_TIME, Finding, discharge
from sop_engine.check.way_out import way_out
from sop_engine.definition.model import Definition, Safeguard
from sop_engine.engine.monitors import ALARM_ROLE
from sop_engine.periods import Length

ASSUMES = "no sealed answer is corrected and no act taken back (such facts raise an alarm at run time)"
PER_PROPERTY = 60.0
NOTHING_BEFORE: Mapping[str, Result] = {}
LEAST_FOR_AFTERTHOUGHTS = 2.0
"""Seconds at least for a proof that stands whatever is corrected or taken back, once one stands without."""
FIRST_LOOK = 10.0
"""Seconds for each property before the hard ones are taken up again with what was proved meanwhile."""
NOT_PLAYED = "a way was found on the model that could not be played on the engine"


def judge(
    definition: Definition,
    properties: Iterable[Property],
    *,
    budget: float = PER_PROPERTY,
    before: Mapping[str, Result] = NOTHING_BEFORE,
    harmonised: Definition | None = None,
) -> Iterator[Result]:
    """Yield the verdict on each property, none taking longer than ``budget`` seconds.

    The easy ones come first; what they prove helps with the others. ``before`` holds the results of another set, by
    property: a proof that looks only at what is the same here is kept. ``harmonised`` is the set that a story of a
    State is told beside.
    """
    chosen = tuple(properties)
    model = build_model(definition, tuple(p.safeguard for p in chosen))
    known = Known()
    waiting = []
    for one, result in kept(model, chosen, before, known):
        if result is None:
            waiting.append((one, 0.0))
        else:
            yield result
    for share in (min(budget, FIRST_LOOK), budget):
        again: list[tuple[Property, float]] = []
        for one, spent in waiting:
            result = judge_one(model, one, budget=share, known=known if share == budget else Known())
            result = replace(result, seconds=result.seconds + spent)
            known.learn(result)
            if result.verdict == "UNKNOWN" and result.why == OUT_OF_TIME and share < budget:
                again.append((one, result.seconds))
                continue
            if result.events and harmonised is not None:
                result = replace(result, story=(*result.story, beside(harmonised, result.events)))
            yield result
        waiting = again


def judge_one(model: Model, one: Property, *, budget: float = PER_PROPERTY, known: Known | None = None) -> Result:
    """Return the verdict on one property."""
    began = clock()
    safeguard = one.safeguard
    match safeguard.pattern:
        case "by_structure":
            return _said(one, began, "BY STRUCTURE", "declaration", safeguard.structure)
        case "at_least":
            return _at_least(model.definition, one, began)
        case "within":
            return _within(model, one, began)
        case "always_possible":
            found = way_out(model, safeguard, until=began + budget)
            return Result(
                of=one,
                verdict=found.verdict,
                backend=found.backend,
                seconds=clock() - began,
                states=found.states,
                why=found.why,
            )
        case _:
            return _by_obligations(model, one, began, budget, known or Known())


def _said(one: Property, began: float, verdict: Word, backend: str, why: str = "") -> Result:
    return Result(of=one, verdict=verdict, backend=backend, seconds=clock() - began, why=why)


def _by_obligations(model: Model, one: Property, began: float, budget: float, known: Known) -> Result:
    owed = obligations(model, one.safeguard)
    if not owed:
        if one.safeguard.pattern == "different_people":
            return _said(one, began, "PROVED", "separation", "every such act keeps the others' people away")
        return _said(one, began, "UNKNOWN", "none", "nothing in the set can do what the property speaks of")
    if one.safeguard.pattern in ("never", "always") and _is_vacuous(one.safeguard):
        return _said(one, began, "UNKNOWN", "logic", "vacuous: what it forbids cannot even be said of a case")
    findings: list[Finding] = []
    assumes = ""
    stories: list[Story] = []
    for number, obligation in enumerate(owed):
        left = began + budget - clock()
        share = clock() + max(1.0, left / (len(owed) - number))
        stories.clear()

        def is_played(found: Finding, owing: Obligation = obligation) -> bool:
            story = tell(model, one.safeguard, owing, found.way)
            stories.extend([story] if story else [])
            return story is not None

        found = _strong_or_weak(model, obligation, share, known, is_played)
        findings.append(found[0])
        assumes = assumes or found[1]
        if found[0].verdict != "PROVED":
            break
    worst = findings[-1]
    backends = sorted({f.backend for f in findings if f.backend})
    is_proved = all(f.verdict == "PROVED" for f in findings) and len(findings) == len(owed)
    story = stories[-1] if stories and not is_proved else None
    return Result(
        of=one,
        verdict="PROVED" if is_proved else "VIOLATED" if story else "UNKNOWN",
        backend=backends[0] if is_proved and backends else worst.backend or "bdd",
        seconds=clock() - began,
        states=max(f.states for f in findings),
        why="" if story or is_proved else worst.why or NOT_PLAYED,
        assumes=assumes if is_proved else "",
        finding=worst,
        proofs=tuple(zip(owed, findings, strict=False)),
        story=story.lines if story else (),
        ends_in=story.ends_in if story else {},
        events=story.events if story else (),
    )


def _strong_or_weak(
    model: Model, obligation: Obligation, until: float, known: Known, is_played: Callable[[Finding], bool]
) -> tuple[Finding, str]:
    """Without afterthoughts of officers first; what holds is then tried with them; where that fails the report says so.

    What cannot be proved without them cannot be proved with them either.
    """
    began = clock()
    weak = discharge(
        model,
        obligation,
        until=until,
        without=AFTERTHOUGHTS,
        lemmas=known.for_proof(is_weak=True),
        is_played=is_played,
    )
    if weak.verdict != "PROVED":
        return weak, ""
    strong = discharge(
        model,
        obligation,
        until=min(until, clock() + max(LEAST_FOR_AFTERTHOUGHTS, 2 * (clock() - began))),
        following=weak.part.followed if weak.part else frozenset(),
        lemmas=known.for_proof(is_weak=False),
        is_played=is_played,
    )
    if strong.verdict == "PROVED" or strong.is_played:
        return strong, ""
    return weak, ASSUMES


def _is_vacuous(safeguard: Safeguard) -> bool:
    """Say whether what is forbidden is impossible by its words alone, whatever the facts in it mean."""
    surface = on_the_surface(safeguard.guard)
    return is_contradiction(surface.true if safeguard.pattern == "never" else negation(surface.true))


def _cannot_be_written(model: Model, bad: Formula) -> bool:
    prover = Prover(Slice(model, frozenset(bad.support)), initial_state(model))
    return bool(prover.diagram(bad) & prover.valid(bad.support) == prover.manager.false)


def _at_least(definition: Definition, one: Property, began: float) -> Result:
    safeguard = one.safeguard
    machine, name = safeguard.deadline.split(".", 1)
    deadline = definition.machines[machine].deadlines[name]
    floor = safeguard.length or Length(0, "hours")
    short = [
        length for length in (deadline.length, *(v for v, _ in deadline.variants)) if not is_at_least(length, floor)
    ]
    if short:
        return _said(one, began, "VIOLATED", "lengths", f"{name} can be {short[0]}, and at least {floor} is owed")
    return _said(one, began, "PROVED", "lengths")


_SHORTEST_DAYS = {"hours": 1 / 24, "days": 1.0, "working days": 1.0, "months": 28.0, "years": 365.0}
_LONGEST_DAYS = {"hours": 1 / 24, "days": 1.0, "working days": 7.0, "months": 31.0, "years": 366.0}


def is_at_least(length: Length, floor: Length) -> bool:
    """Say whether a length is never shorter than a floor, whatever the calendar."""
    if length.unit == floor.unit:
        return length.amount >= floor.amount
    return length.amount * _SHORTEST_DAYS[length.unit] >= floor.amount * _LONGEST_DAYS[floor.unit]


def _within(model: Model, one: Property, began: float) -> Result:
    """The engine itself starts this clock and calls a supervisor at its end: that is what the pattern promises."""
    safeguard = one.safeguard
    if ALARM_ROLE not in model.definition.roles:
        return _said(one, began, "VIOLATED", "watch", f"nobody holds the role {ALARM_ROLE} that is called at the end")
    slots = slots_of(model.definition.machines[safeguard.machine])
    if all(_cannot_be_written(model, model.reader.true(safeguard.guard, slot)) for slot in slots):
        return _said(one, began, "UNKNOWN", "watch", "vacuous: its clock can never start")
    return _said(one, began, "PROVED", "watch", "the engine runs this clock and calls a supervisor when it ends")
