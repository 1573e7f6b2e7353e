"""Who answered what and when, what was corrected, who sat and voted: read from the log of a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from types import MappingProxyType

from sop_engine.vocabulary import AuditEvent, Ballot

StepKey = tuple[str, str, int]
"""(proceeding id, step, round)."""
AnswerPlace = tuple[str, str, int, str]
"""(proceeding id, step, round, question)."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """One sitting of a panel on a case, as its entries tell; ``ballot`` is complete once the sitting closed."""

    proceeding: str
    ballot: Ballot
    is_closed: bool = False
    tied: tuple[str, ...] = ()
    """Questions on which the sitting closed with a tie."""

    salt: str = ""

    def number_of(self, user: str) -> int:
        """Return the number under which a member appears."""
        return self.members.index(user) + 1

    @property
    def members(self) -> tuple[str, ...]:
        """Everybody who sat down, voted or stepped back, in an order that tells nothing.

        The order in which they sat down would show the chair, who sits first and whose name everybody knows; a fixed
        order would show a member to who compares several cases.
        """
        voted = tuple(user for _, user in self.ballot.votes)
        everybody = {*self.ballot.present, *self.ballot.recused, *voted}
        return tuple(sorted(everybody, key=lambda user: sha256(f"{self.salt}/{user}".encode()).digest()))


@dataclass(frozen=True, slots=True)
class History:
    answered: Mapping[StepKey, AuditEvent] = field(default_factory=lambda: MappingProxyType({}))
    """The entry that put the present answers of a step on file."""
    corrected: Mapping[AnswerPlace, tuple[AuditEvent, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """The corrections of one answer, oldest first."""
    sittings: tuple[Sitting, ...] = ()

    def sittings_of(self, proceeding: str, panel: str) -> tuple[Sitting, ...]:
        return tuple(s for s in self.sittings if s.proceeding == proceeding and s.ballot.panel == panel)


def history_of(events: Iterable[AuditEvent], *, case_id: str) -> History:
    """Return the history that the entries of the log of a case tell."""
    answered: dict[StepKey, AuditEvent] = {}
    corrected: dict[AnswerPlace, tuple[AuditEvent, ...]] = {}
    sittings: list[Sitting] = []
    for event in events:
        data = event.data
        match event.kind:
            case "StepAnswered":
                answered[(event.proceeding, data["step"], data["round"])] = event
            case "TransitionTaken" if data.get("asks"):
                answered[(event.proceeding, data["asks"], data.get("asks_round", 1))] = event
            case "AnswerCorrected":
                place = (event.proceeding, data["step"], data["round"], data["question"])
                corrected[place] = (*corrected.get(place, ()), event)
            case "SeatTaken" | "MemberRecused" | "VoteCast" | "FileOpened" | "SittingClosed":
                _sit(sittings, event, case_id)
    return History(MappingProxyType(answered), MappingProxyType(corrected), tuple(sittings))


def _sit(sittings: list[Sitting], event: AuditEvent, case_id: str) -> None:
    panel = event.data["panel"]
    at = next(
        (
            number
            for number, sitting in enumerate(sittings)
            if (sitting.proceeding, sitting.ballot.panel) == (event.proceeding, panel) and not sitting.is_closed
        ),
        None,
    )
    if at is None:
        if event.kind == "SittingClosed":
            return
        earlier = [s for s in sittings if (s.proceeding, s.ballot.panel) == (event.proceeding, panel)]
        # Ties of earlier sittings count towards the result of a later one; who stepped back stays out.
        ties = dict(earlier[-1].ballot.ties) if earlier else {}
        for question in earlier[-1].tied if earlier else ():
            ties[question] = ties.get(question, 0) + 1
        recused = earlier[-1].ballot.recused if earlier else ()
        salt = f"{case_id}/{event.proceeding}/{panel}"
        sittings.append(Sitting(event.proceeding, Ballot(panel, recused=recused, ties=ties), salt=salt))
        at = len(sittings) - 1
    sitting = sittings[at]
    ballot = sitting.ballot
    match event.kind:
        case "SeatTaken":
            present = tuple(dict.fromkeys((*ballot.present, event.by)))
            chair = event.by if event.data.get("as_chair") else ballot.chair
            ballot = replace(ballot, present=present, chair=chair)
        case "FileOpened":
            ballot = replace(ballot, opened_file=ballot.opened_file | {event.by})
        case "MemberRecused":
            votes = {place: vote for place, vote in ballot.votes.items() if place[1] != event.by}
            ballot = replace(ballot, recused=tuple(dict.fromkeys((*ballot.recused, event.by))), votes=votes)
        case "VoteCast":
            cast = {(question, event.by): vote for question, vote in event.personal.get("votes", {}).items()}
            reasons = event.personal.get("reasons")
            dissents = {**ballot.dissents, event.by: reasons} if reasons else ballot.dissents
            ballot = replace(ballot, votes={**ballot.votes, **cast}, dissents=dissents)
        case "SittingClosed":
            sitting = replace(sitting, is_closed=True, tied=tuple(event.data.get("tied", ())))
    sittings[at] = replace(sitting, ballot=ballot)
