"""What is left of a trainee's work on one case: its log, what the engine refused, what was asked and answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sop_engine.definition.model import Definition
from sop_engine.engine.evolve import fold
from sop_engine.training.acts import Act, acts_of_log
from sop_engine.training.model import Pack
from sop_engine.training.roleplay import Exchange
from sop_engine.vocabulary import Answer, AuditEvent, Case


@dataclass(frozen=True, slots=True)
class Refused:
    """One act that the engine refused. ``codes`` are those of the reasons: role, guard, safeguard, answers …"""

    act: Act
    codes: tuple[str, ...]
    told: str
    by: str = ""
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Trace:
    """One attempt at a scenario, as it is graded. ``case`` is the fold of ``log``."""

    case: Case
    log: tuple[AuditEvent, ...]
    refusals: tuple[Refused, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    injected: tuple[str, ...] = ()
    outside: frozenset[str] = field(default=frozenset())
    """Accounts of people outside the team: what they do is news, and neither done nor added by anybody."""

    def acts(self, pack: Pack) -> tuple[Act, ...]:
        """Return what people did, in order; the opening of the case is given and no act."""
        found = [act for act, event in acts_of_log(self.log) if event.by not in self.outside]
        if pack.opens:
            machine, _, key = pack.opens.partition(" ")
            given = Act("opens", machine, key or None)
            if given in found:
                found.remove(given)
        return tuple(found)

    def answers(self, machine: str, step: str, question: str, key: str | None = None) -> tuple[Answer, ...]:
        """Return every answer that was ever given to a question, replaced and corrected ones too."""
        found: list[Answer] = []
        places = {p.id: p for p in self.case.proceedings if p.machine == machine and (key is None or p.key == key)}
        for event in self.log:
            if event.proceeding not in places:
                continue
            named = event.data.get("step") or event.data.get("asks")
            if event.kind in ("StepAnswered", "TransitionTaken") and named == step:
                given = event.personal.get("answers", {})
                if question in given:
                    found.append(given[question])
            elif event.kind == "AnswerCorrected" and named == step and event.data.get("question") == question:
                found.append(event.personal["after"])
        return tuple(found)


def trace_of(
    definition: Definition,
    case_id: str,
    office: str,
    log: Iterable[AuditEvent],
    *,
    refusals: Iterable[Refused] = (),
    exchanges: Iterable[Exchange] = (),
    injected: Iterable[str] = (),
    outside: Iterable[str] = (),
) -> Trace:
    """Return the trace of a case from its log."""
    events = tuple(log)
    case = fold(Case(case_id, definition.digest, office), events)
    return Trace(case, events, tuple(refusals), tuple(exchanges), tuple(injected), frozenset(outside))
