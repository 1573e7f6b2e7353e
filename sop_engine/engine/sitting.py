"""What the members of a panel do in a case: sit, open the file, step back, vote."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sop_engine.definition.guard_places import inlined
from sop_engine.definition.model import Definition, Panel, PanelQuestion
from sop_engine.engine import panels
from sop_engine.engine.answers import unprintable
from sop_engine.engine.ledger import Ledger
from sop_engine.engine.permission import acting_role, from_role, from_sitting, seat_refusals
from sop_engine.engine.refusals import InvalidAnswers, NotOffered, Refusal
from sop_engine.engine.requests import need_reason, proceeding_of, refuse_if
from sop_engine.engine.wording import Wording
from sop_engine.guards.references import references
from sop_engine.vocabulary import AttendPanel, Ballot, OpenFile, Proceeding, Recuse, Vote


def _panel(ledger: Ledger, proceeding_id: str, panel: str, words: Wording) -> tuple[Proceeding, Panel, Ballot]:
    proceeding = proceeding_of(ledger, proceeding_id, words)
    declared = ledger.definition.machines[proceeding.machine].panels.get(panel)
    if declared is None:
        raise NotOffered((Refusal("state", words.say("This panel is not part of the procedure.")),))
    return proceeding, declared, proceeding.ballots.get(panel, Ballot(panel))


def attend(ledger: Ledger, event: AttendPanel, words: Wording) -> bool:
    """Take a seat on a panel, as chair or as member."""
    proceeding, panel, ballot = _panel(ledger, event.proceeding, event.panel, words)
    refuse_if(seat_refusals(ledger.reading(proceeding), proceeding, panel, event.by, words, as_chair=event.as_chair))
    if event.as_chair and ballot.chair not in (None, event.by.user):
        raise NotOffered((Refusal("panel", words.say("Another member has taken the chair."), panel.source),))
    ledger.record(
        "SeatTaken",
        proceeding=proceeding.id,
        by=event.by,
        role=acting_role(event.by, panel.members | {panel.chair}),
        data={"panel": panel.name, "as_chair": event.as_chair},
    )
    return True


def open_file(ledger: Ledger, event: OpenFile, words: Wording) -> bool:
    """Note that a member opened the file."""
    proceeding, panel, _ = _panel(ledger, event.proceeding, event.panel, words)
    refuse_if(seat_refusals(ledger.reading(proceeding), proceeding, panel, event.by, words, as_chair=False))
    role = acting_role(event.by, panel.members | {panel.chair})
    ledger.record("FileOpened", proceeding=proceeding.id, by=event.by, role=role, data={"panel": panel.name})
    return True


def recuse(ledger: Ledger, event: Recuse, words: Wording) -> bool:
    """Step back from a panel, naming the ground."""
    proceeding, panel, _ = _panel(ledger, event.proceeding, event.panel, words)
    roles = panel.members | {panel.chair}
    # A vote that has decided is not thinned out afterwards: a ground found later is a ground for a review.
    refuse_if((*from_sitting(proceeding, panel, words), *from_role(roles, event.by, words)))
    need_reason(event.ground, words)
    ledger.record(
        "MemberRecused",
        proceeding=proceeding.id,
        by=event.by,
        role=acting_role(event.by, roles),
        data={"panel": panel.name},
        personal={"ground": event.ground},
    )
    return False


def vote(ledger: Ledger, event: Vote, words: Wording) -> bool:
    """Cast votes on some or all questions of a panel in session."""
    proceeding, panel, ballot = _panel(ledger, event.proceeding, event.panel, words)
    refuse_if(seat_refusals(ledger.reading(proceeding), proceeding, panel, event.by, words, as_chair=False))
    missing: list[str] = []
    if proceeding.state not in panel.in_states:
        missing.append(words.say("Votes are cast only while the panel is in session."))
    if event.by.user not in panels.voters(ballot):
        missing.append(words.say("Take your seat before you vote."))
    if panel.must_open_file and event.by.user not in ballot.opened_file:
        missing.append(words.say("Open the file before you vote: nobody votes on a file they have not opened."))
    if missing:
        raise NotOffered(tuple(Refusal("panel", text, panel.source) for text in missing))
    _check_votes(ledger.definition, panel, event, ledger.reading(proceeding).holds, words)
    ledger.record(
        "VoteCast",
        proceeding=proceeding.id,
        by=event.by,
        role=acting_role(event.by, panel.members | {panel.chair}),
        data={"panel": panel.name, "questions": sorted(event.votes), "function": panel.function},
        personal={"votes": dict(event.votes), **({"reasons": event.reasons} if event.reasons else {})},
    )
    return True


def _check_votes(
    definition: Definition, panel: Panel, event: Vote, holds: Callable[[Any], bool | None], words: Wording
) -> None:
    before_the_panel = {question.name for question in panels.asked(panel, holds)}
    # The answer to one question may bring up the next, and a member may send both; what is never reached never counts.
    before_the_panel |= {
        question.name for question in panel.questions.values() if _may_come(definition, panel, question)
    }
    problems = {
        name: words.say("Vote yes or no on a question that is before the panel.")
        for name, vote in event.votes.items()
        if name not in before_the_panel or vote not in ("yes", "no")
    }
    if not event.votes:
        problems["votes"] = words.say("Vote on at least one question.")
    if event.reasons and unprintable(event.reasons):
        problems["reasons"] = words.say("Remove the characters that cannot be printed.")
    if problems:
        raise InvalidAnswers(problems)


def _may_come(definition: Definition, panel: Panel, question: PanelQuestion) -> bool:
    """Say whether a question depends on how the panel answers another one."""
    return any(name == panel.name for _, name, _ in references(inlined(definition, question.when)).panels)
