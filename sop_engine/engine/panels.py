"""Committees and appeal panels: quorum after recusals, majority, ties, and what keeps a vote from being closed.

Refusal needs a majority of those who sit; a tie is never a refusal (source: the panel's own declaration).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from sop_engine.definition.model import Panel, PanelQuestion
from sop_engine.guards.tree import Guard
from sop_engine.vocabulary import Ballot

PanelResult = Literal["carried", "failed", "tied", "open"]
Holds = Callable[[Guard], bool | None]


def voters(ballot: Ballot) -> tuple[str, ...]:
    """Return those who sit and have not stepped back, in the order in which they sat down."""
    return tuple(user for user in ballot.present if user not in ballot.recused)


def has_quorum(panel: Panel, ballot: Ballot) -> bool:
    """Say whether enough members remain after recusals, the chair among them where the panel needs one."""
    sitting = voters(ballot)
    if len(sitting) < panel.at_least:
        return False
    if panel.majority_of_members and 2 * len(sitting) <= len(set(ballot.present) | set(ballot.recused)):
        return False
    return not panel.needs_chair or ballot.chair in sitting


def result(question: PanelQuestion, ballot: Ballot) -> PanelResult:
    """Return how one question stands: open until every voter has voted on it."""
    sitting = voters(ballot)
    votes = [ballot.votes.get((question.name, user)) for user in sitting]
    if not votes or None in votes:
        return "open"
    for_it = votes.count("yes")
    against = votes.count("no")
    if for_it > against:
        return "carried"
    if for_it < against:
        return "failed"
    if ballot.ties.get(question.name, 0) < question.tie_after:
        return "tied"
    return "carried" if question.tie == "yes" else "failed"


def asked(panel: Panel, holds: Holds) -> tuple[PanelQuestion, ...]:
    """Return the questions that the panel has to answer in this case, in legal order."""
    return tuple(q for q in panel.questions.values() if holds(q.when) is True)


def tied(panel: Panel, ballot: Ballot, holds: Holds) -> tuple[str, ...]:
    """Return the names of the questions before the panel that stand at a tie."""
    return tuple(q.name for q in asked(panel, holds) if result(q, ballot) == "tied")


def missing_dissents(panel: Panel, ballot: Ballot, holds: Holds) -> tuple[str, ...]:
    """Return the voters in a minority who have given no reasons yet."""
    if not panel.reasons_if_dissent:
        return ()
    minority: list[str] = []
    for question in asked(panel, holds):
        outcome = result(question, ballot)
        if outcome not in ("carried", "failed"):
            continue
        losing = "no" if outcome == "carried" else "yes"
        minority += [u for u in voters(ballot) if ballot.votes.get((question.name, u)) == losing]
    return tuple(dict.fromkeys(u for u in minority if not ballot.dissents.get(u)))


def what_is_missing(panel: Panel, ballot: Ballot, holds: Holds) -> tuple[str, ...]:
    """Return what keeps the panel from closing its vote, as codes with which the wording makes sentences."""
    found: list[str] = []
    if not has_quorum(panel, ballot):
        found.append("quorum")
    standing = {q.name: result(q, ballot) for q in asked(panel, holds)}
    if "open" in standing.values() or not standing:
        found.append("votes")
    if "tied" in standing.values():
        found.append("tie")
    if missing_dissents(panel, ballot, holds):
        found.append("dissent")
    return tuple(found)
