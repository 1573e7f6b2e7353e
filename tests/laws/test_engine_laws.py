"""Laws of the engine, on walks at random through the small set and the real one.

Half of the walks begin where a procedure stands deep: in the real set where a worked example ended. A walk is the same
for the same seed, and a shorter one is the beginning of a longer: Hypothesis shrinks a failure to the shortest of them.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from sop_engine.definition.model import Definition
from sop_engine.engine.apply import apply
from sop_engine.engine.evolve import evolve, fold
from sop_engine.engine.ledger import Ledger
from sop_engine.engine.monitors import violated
from sop_engine.engine.offers import at_instant, offers
from sop_engine.engine.permission import may_run_beside
from sop_engine.engine.refusals import InvalidAnswers, NotOffered
from sop_engine.engine.settle import settle
from sop_engine.store.chain import canonical
from sop_engine.vocabulary import THE_SYSTEM, Actor, AuditEvent, Case, PassTime, Proceeding, TakeTransition
from tests.instruments.walks import Walked
from tests.laws.trails import FIRST_SEED, LONGEST, POOL, Ground, Trail, on_trails


def test_the_walks_meet_what_the_laws_speak_of(ground: Ground) -> None:
    trails = [ground.trail(FIRST_SEED + seed, LONGEST[ground.name]) for seed in range(POOL[ground.name])]
    met = {event.kind for trail in trails for step in trail.steps for event in step.events}

    assert met >= {
        "AnswerCorrected", "AlarmCured", "DeadlineExpired", "DeadlineStopped", "DocumentIssued", "ProceedingOpened",
        "SafeguardAlarmed", "SharedFactChanged", "StepAnswered", "TransitionRectified", "TransitionTaken",
    }  # fmt: skip
    if ground.name == "small":
        assert met >= {"VoteCast", "SittingClosed", "MemberRecused", "DeadlinePaused", "DeadlineResumed"}
    assert any(isinstance(step.refused, NotOffered) for trail in trails for step in trail.steps)


def as_stored(event: AuditEvent) -> AuditEvent:
    """An entry as it comes back from the store: through text, sharing nothing with what was written."""
    return replace(event, data=json.loads(canonical(event.data)), personal=json.loads(canonical(event.personal)))


def empty(trail: Trail) -> Case:
    return Case(trail.case.id, trail.definition.digest, trail.case.office)


def test_the_log_alone_tells_the_case_after_every_step(ground: Ground) -> None:
    def law(trail: Trail) -> None:
        replayed = fold(empty(trail), map(as_stored, trail.begin_log))
        for step in trail.steps:
            # Also: nothing that was sent reached back into the case as it was before.
            assert step.before == replayed
            for event in step.events:
                replayed = evolve(replayed, as_stored(event))
            assert step.after == replayed

    on_trails(ground, law)


def test_entries_number_on_by_one_and_are_never_changed(ground: Ground) -> None:
    def law(trail: Trail) -> None:
        written = [canonical([e.seq, e.kind, e.data, e.personal]) for e in trail.begin_log]
        for step in trail.steps:
            written += [canonical([e.seq, e.kind, e.data, e.personal]) for e in step.events]
            assert [e.seq for e in step.events] == list(range(step.before.seq + 1, step.after.seq + 1))
            instants = [step.before.last_at, *(e.at for e in step.events), step.event.at]
            assert instants == sorted(instants, key=lambda at: at or step.event.at)
        assert [canonical([e.seq, e.kind, e.data, e.personal]) for e in trail.log] == written

    on_trails(ground, law)


def test_apply_is_the_same_every_time(ground: Ground) -> None:
    def law(trail: Trail) -> None:
        for step in trail.steps:
            if step.refused is None:
                assert apply(trail.definition, step.before, step.event) == (step.after, step.events)
            else:
                with pytest.raises(type(step.refused)) as again:
                    apply(trail.definition, step.before, step.event)
                assert str(again.value) == str(step.refused)

    on_trails(ground, law)


def test_after_every_step_the_case_is_at_rest(ground: Ground) -> None:
    def law(trail: Trail) -> None:
        for step in trail.steps:
            ledger = Ledger(trail.definition, step.after, step.event.at)
            if step.refused is None:
                settle(ledger)
            assert ledger.events == []
            assert (
                apply(trail.definition, step.after, PassTime(by=THE_SYSTEM, at=step.event.at))[1] == () or step.refused
            )

    on_trails(ground, law)


def test_it_does_not_matter_how_often_anybody_looks_at_the_clock(ground: Ground) -> None:
    def law(trail: Trail) -> None:
        later = trail.at + timedelta(days=40)
        at_once = at_instant(trail.definition, trail.case, later)
        often, at, chance = trail.case, trail.at, Random(trail.seed)
        while at < later:
            at += timedelta(hours=chance.choice((1, 7, 24, 100)))
            often = at_instant(trail.definition, often, min(at, later))
        assert often == at_once

    on_trails(ground, law)


def sealed_answers(p: Proceeding) -> dict[Any, Any]:
    return {key: value for key, value in p.answers.items() if key[:2] in p.sealed}


def test_sealed_answers_change_only_by_a_correction(ground: Ground) -> None:
    def law(trail: Trail) -> None:
        for step in trail.steps:
            corrected = {
                (e.proceeding, e.data["step"], e.data["round"], e.data["question"])
                for e in step.events
                if e.kind == "AnswerCorrected"
            }
            for p in step.before.proceedings:
                after = step.after.proceeding(p.id)
                for key, value in sealed_answers(p).items():
                    assert after.answers.get(key) == value or (p.id, *key) in corrected, (p.id, key)
                    # A seal is taken off only together with the click that set it.
                    is_back = any(e.kind == "TransitionRectified" and e.proceeding == p.id for e in step.events)
                    assert key[:2] in after.sealed or is_back

    on_trails(ground, law)


def test_a_new_round_is_unanswered(ground: Ground) -> None:
    def law(trail: Trail) -> None:
        for step in trail.steps:
            for event in step.events:
                for name in event.data.get("rounds", {}) if event.kind == "TransitionTaken" else ():
                    place = step.after.proceeding(event.proceeding)
                    opened = event.data["rounds"][name]
                    before = step.before.proceeding(event.proceeding)
                    assert not [key for key in before.answers if key[:2] == (name, opened)]
                    assert place.current_round(name) >= opened

    on_trails(ground, law)


def test_a_latch_is_never_unset(ground: Ground) -> None:
    def law(trail: Trail) -> None:
        latches = {name for name, fact in trail.definition.shared.items() if fact.kind == "latch"}
        for step in trail.steps:
            assert latches & set(step.before.shared) <= set(step.after.shared)
            assert all(trail.definition.shared[name].kind != "derived" for name in step.after.shared)

    on_trails(ground, law)


def test_the_system_does_nothing_adverse(ground: Ground) -> None:
    def law(trail: Trail) -> None:
        for step in trail.steps:
            for event in step.events:
                if event.kind == "TransitionTaken" and event.by == THE_SYSTEM.user:
                    taken = trail.definition.transition(event.data["transition"])
                    assert not taken.is_adverse
                    assert not taken.is_removal
                    assert taken.auto

    on_trails(ground, law)


def test_the_alarms_are_what_the_settled_case_breaks(ground: Ground) -> None:
    def law(trail: Trail) -> None:
        for step in trail.steps:
            assert set(step.after.alarms) == {s.qualified for s in violated(trail.definition, step.after)}
            calling = {d.name for d in step.after.duties if d.name.startswith("alarm/")}
            assert {f"alarm/{alarm}" for alarm in step.after.alarms} <= calling

    on_trails(ground, law)


def test_no_decision_breaks_a_safeguard(ground: Ground) -> None:
    def law(trail: Trail) -> None:
        for step in trail.steps:
            if not isinstance(step.event, TakeTransition) or step.refused is not None:
                continue
            machine = step.event.proceeding.removeprefix("new ").split("-")[0].split(" ")[0]
            taken = trail.definition.machines[machine].transitions[step.event.transition]
            if not taken.is_fact:
                stood = set(at_instant(trail.definition, step.before, step.event.at).alarms)
                assert set(step.after.alarms) <= stood

    on_trails(ground, law)


def test_no_fact_is_refused_by_a_safeguard(ground: Ground) -> None:
    def law(trail: Trail) -> None:
        for step in trail.steps:
            if isinstance(step.refused, NotOffered) and "safeguard" in {r.code for r in step.refused.reasons}:
                assert not _is_fact(trail.definition, step)

    on_trails(ground, law)


def _is_fact(definition: Definition, step: Walked) -> bool:
    if not isinstance(step.event, TakeTransition):
        return not type(step.event).__name__.startswith(("Open", "Attend", "Vote", "Rectify", "Issue"))
    machine = step.event.proceeding.removeprefix("new ").split("-")[0].split(" ")[0]
    taken = definition.machines[machine].transitions.get(step.event.transition)
    return taken is not None and taken.is_fact


def test_what_is_offered_is_what_is_accepted(ground: Ground) -> None:
    def law(trail: Trail) -> None:
        role = Random(trail.seed).choice(sorted(trail.definition.roles))
        for who in (Actor(f"{role}1", frozenset({role})), Actor("all1", frozenset(trail.definition.roles))):
            for offer in offers(trail.definition, trail.case, who, trail.at):
                event = TakeTransition(
                    by=who, at=trail.at, proceeding=offer.proceeding, transition=offer.transition.name
                )
                found = _result(trail.definition, trail.case, event)
                if not offer.is_open:
                    assert isinstance(found, NotOffered), (offer.transition.qualified, found)
                elif offer.transition.asks is None:
                    assert found is None, (offer.transition.qualified, found)
                else:
                    # Some answers open it: only answers, or what is required of them, may still be missing.
                    is_about_answers = isinstance(found, InvalidAnswers) or found is None
                    codes = {r.code for r in found.reasons} if isinstance(found, NotOffered) else set()
                    assert is_about_answers or codes <= {"requires", "safeguard"}, (offer.transition.qualified, codes)

    on_trails(ground, law)


def _result(definition: Definition, case: Case, event: TakeTransition) -> NotOffered | InvalidAnswers | None:
    try:
        apply(definition, case, event)
    except (NotOffered, InvalidAnswers) as refused:
        return refused
    return None


def test_what_is_not_offered_is_not_accepted(ground: Ground) -> None:
    """No transition passes by the list of offers: what it does not name cannot be taken."""

    def law(trail: Trail) -> None:
        who = Actor("all1", frozenset(trail.definition.roles))
        listed = {(o.proceeding, o.transition.name) for o in offers(trail.definition, trail.case, who, trail.at)}
        for p in trail.case.proceedings:
            for name in trail.definition.machines[p.machine].transitions:
                if (p.id, name) not in listed:
                    event = TakeTransition(by=who, at=trail.at, proceeding=p.id, transition=name)
                    assert isinstance(_result(trail.definition, trail.case, event), NotOffered)

    on_trails(ground, law)


def test_every_refusal_has_words_and_a_known_code(ground: Ground) -> None:
    known = {"role", "guard", "other_person", "panel", "safeguard", "state", "requires", "sealed", "deadline", "entry"}

    def law(trail: Trail) -> None:
        for step in trail.steps:
            if isinstance(step.refused, NotOffered):
                assert step.refused.reasons
                for reason in step.refused.reasons:
                    assert reason.text.strip()
                    assert "{" not in reason.text
                    assert reason.code in known
            elif step.refused is not None:
                assert all(message.strip() and "{" not in message for message in step.refused.problems.values())

    on_trails(ground, law)


def test_nobody_does_two_things_that_are_kept_apart(ground: Ground) -> None:
    def law(trail: Trail) -> None:
        did: dict[str, set[str]] = {}
        for p in trail.case.participations:
            did.setdefault(p.user, set()).add(p.function)
        for one, other in trail.definition.incompatible:
            assert not [user for user, functions in did.items() if {one, other} <= functions]

    on_trails(ground, law)


def test_no_instance_starts_while_one_of_its_kind_runs(ground: Ground) -> None:
    def law(trail: Trail) -> None:
        for step in trail.steps:
            case = step.before
            for event in step.events:
                if event.kind == "ProceedingOpened":
                    machine = trail.definition.machines[event.data["machine"]]
                    newest = case.newest(machine.name, event.data["key"])
                    assert event.data["key"] in (machine.key_values or (None,))
                    is_at_rest = newest is None or machine.states[newest.state].kind in ("end", "rest")
                    assert is_at_rest or may_run_beside(machine)
                case = evolve(case, event)
            assert all(p.state in trail.definition.machines[p.machine].states for p in step.after.proceedings)

    on_trails(ground, law)


def test_deadlines_keep_their_order(ground: Ground) -> None:
    def law(trail: Trail) -> None:
        for step in trail.steps:
            if step.refused is not None:
                continue
            unfinished = [(r.name, r.proceeding) for r in step.after.deadlines if r.ended_at is None]
            assert len(unfinished) == len(set(unfinished))
            for run in step.after.deadlines:
                overdue = run.status == "running" and run.paused_at is None and run.ended_at is None
                assert not (overdue and run.due_at <= step.event.at), run

    on_trails(ground, law)
