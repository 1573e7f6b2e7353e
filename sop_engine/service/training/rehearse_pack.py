"""Play a pack through the whole service: its expected path in every way, and each mistake that leaves a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sop_engine.definition.lines import Line
from sop_engine.engine.permission import opening_roles
from sop_engine.engine.refusals import InvalidAnswers, NotOffered
from sop_engine.service import open_case
from sop_engine.service.rehearsal_stage import Difference, Stage
from sop_engine.service.rehearse import REFUSALS, play_line, told_of
from sop_engine.service.service import Service
from sop_engine.service.views import Reader
from sop_engine.store import cases
from sop_engine.training.acts import Act, act_of_line, is_line, path_of, play_lines, unfold_lines
from sop_engine.training.grade import Grading, grade
from sop_engine.training.model import Element, Group, Inject, Mistake, Observation, Pack, PathLine
from sop_engine.training.roleplay import Exchange, ask, safe_room
from sop_engine.training.trace import Refused, trace_of


@dataclass(frozen=True, slots=True)
class PlayedMistake:
    """How one mistake went: caught, or why not."""

    id: str
    is_caught: bool
    told: str = ""


@dataclass(frozen=True, slots=True)
class PlayedPack:
    """How a pack went: the first difference of its expected path, and its mistakes."""

    pack: str
    difference: str | None
    mistakes: tuple[PlayedMistake, ...] = ()
    untraced: tuple[str, ...] = ()
    grading: Grading | None = None
    ways: int = 1
    injects: tuple[PlayedMistake, ...] = ()
    """Whether the acts of each inject can be done somewhere on the path."""

    @property
    def is_good(self) -> bool:
        return self.difference is None and all(one.is_caught for one in (*self.mistakes, *self.injects))


class PackStage:
    """A stage on which a pack is played, with what the engine refused and what was said."""

    def __init__(
        self,
        svc: Service,
        pack: Pack,
        *,
        parts: Mapping[str, tuple[Line, ...]],
        readers: dict[str, Reader],
        set_clock: Callable[[datetime], None],
    ) -> None:
        self.pack = pack
        self.parts = parts
        self.stage = Stage(svc, set_clock, readers, parts)
        self.refusals: list[Refused] = []
        self.exchanges: list[Exchange] = []
        self.room = safe_room(pack)
        self._open()

    def _open(self) -> None:
        svc = self.stage.svc
        zone = ZoneInfo(svc.current.calendar.time_zone)
        self.stage.began = datetime.fromisoformat(self.pack.at).replace(tzinfo=zone).astimezone(UTC)
        self.stage.set_clock(self.stage.began)
        if not self.pack.opens:
            return
        machine, _, key = self.pack.opens.partition(" ")
        if machine not in svc.current.machines:
            raise Difference(f"given: “{self.pack.opens}” is no procedure")
        roles = opening_roles(svc.current.machines[machine])
        opener = next((r for r in self.stage.readers.values() if r.roles & roles), None)
        if opener is None:
            raise Difference(f"given: nobody here may open {self.pack.opens}")
        outcome = open_case.open_case(svc, opener, machine=machine, key=key or None, form_token=self.stage.token())
        self.stage.case_id = outcome.case_id

    def play(self, line: PathLine) -> None:
        """Do what one line says. Raises Difference when it does not go so."""
        try:
            self._do(line)
        except REFUSALS as refused:
            raise Difference(f"{line.line.span}: {told_of(refused)}") from None

    def try_to_play(self, line: PathLine) -> bool:
        """Do what one line says if the engine lets it; keep the refusal if not. Returns whether it was done."""
        try:
            self._do(line)
        except (NotOffered, InvalidAnswers) as refused:
            act = act_of_line(line.line)
            if act is not None:
                seq = self.stage.case().seq if self.stage.case_id else 0
                self.refusals.append(refused_of(act, refused, seq=seq))
            return False
        except REFUSALS as different:
            raise Difference(f"{line.line.span}: {told_of(different)}") from None
        return True

    def _do(self, line: PathLine) -> None:
        if line.room is not None:
            self.room = line.room
        for question in line.asks:
            known = {fact for one in self.exchanges for fact in one.reply.revealed}
            reply = ask(self.pack, room=self.room, question=question, known=known)
            seq = self.stage.case().seq if self.stage.case_id else 0
            self.exchanges.append(Exchange(self.pack.questions[question].ask, self.room, reply, seq))
        if not line.asks:
            play_line(self.stage, line.line)

    def grading(self, profile: str) -> Grading:
        """Return how what was played until now is graded."""
        svc = self.stage.svc
        with svc.store.reading() as conn:
            head = cases.find_head(conn, self.stage.case_id)
            log = cases.load_events(conn, self.stage.case_id) if head else ()
        trace = trace_of(
            svc.current,
            self.stage.case_id,
            head.office_id if head else "",
            log,
            refusals=self.refusals,
            exchanges=self.exchanges,
        )
        return grade(svc.current, self.pack, trace, self.parts, profile=profile)


def refused_of(act: Act, refused: NotOffered | InvalidAnswers, *, by: str = "", seq: int = 0) -> Refused:
    """Return a refusal of the engine as the grading keeps it."""
    if isinstance(refused, NotOffered):
        codes = tuple(dict.fromkeys(reason.code for reason in refused.reasons))
        return Refused(act, codes, " ".join(reason.text for reason in refused.reasons), by, seq)
    return Refused(act, ("answers",), "; ".join(f"{q}: {t}" for q, t in sorted(refused.problems.items())), by, seq)


Make = Callable[[], PackStage]
"""Opens a fresh stage: a new case, the clock back at the beginning."""


def play_pack(make: Make, pack: Pack, *, profile: str = "", with_mistakes: bool = True) -> PlayedPack:
    """Play a pack: every way of its expected path, and each mistake on a fresh case."""
    untraced = tuple(one.id for one in pack.mistakes.values() if not one.leaves_trace)
    grading: Grading | None = None
    count = 0
    try:
        stage = make()
        elements = path_of(pack, stage.parts, profile)
        for choices in _choices(elements):
            stage = make() if choices else stage
            for line in play_lines(elements, choices=choices):
                stage.play(line)
            found = stage.grading(profile)
            grading = grading or found
            count += 1
            _must_be_faultless(pack, found, profile, main=not choices)
    except Difference as different:
        return PlayedPack(pack.id, str(different), (), untraced, grading, count)
    traced = [one for one in pack.mistakes.values() if one.leaves_trace and with_mistakes]
    mistakes = tuple(_play_mistake(make, pack, one, profile) for one in traced)
    injects = tuple(
        _play_inject(make, pack, one, profile) for one in pack.injects.values() if one.acts and with_mistakes
    )
    return PlayedPack(pack.id, None, mistakes, untraced, grading, count, injects)


def _choices(path: Iterable[Element]) -> Iterable[Mapping[int, int]]:
    """Yield the first way, and each other way of each group by itself (by its number in the path)."""
    yield {}
    for number, element in enumerate(path):
        if isinstance(element, Group) and element.kind == "either":
            for way in range(1, len(element.branches)):
                yield {number: way}


def _must_be_faultless(pack: Pack, found: Grading, profile: str, *, main: bool) -> None:
    """Raise Difference unless the expected path, played, is graded without a fault."""
    if not found.alignment.is_perfect:
        wrong = (*found.skipped, *found.added, *found.late, *found.early, *found.not_reached)
        raise Difference(f"{pack.file}: the expected path differs from itself in {', '.join(a.title for a in wrong)}")
    for made in found.mistakes:
        mistake = pack.mistakes[made.id]
        raise Difference(
            f"{mistake.span}: the expected path makes the mistake “{made.id}”; tell more exactly how it shows"
        )
    if not main:
        return
    for one in found.missed:
        indicator = pack.indicators[one.id]
        told = f"the expected path does not notice “{one.id}”; mend noticed_when, or add a line to the path"
        raise Difference(f"{indicator.span}: {told}")
    outcome = pack.outcomes.get(profile, pack.outcomes[""])
    if not found.outcome_reached:
        where = outcome.shows[0].span if outcome.shows else outcome.span
        raise Difference(f"{where}: the expected path does not end as the outcome {outcome.code} shows")
    for scored in found.criteria:
        if scored.is_automatic and scored.points != scored.possible and not profile:
            where = pack.rubric[scored.id].span
            raise Difference(f"{where}: the expected path earns no points for “{scored.id}”; mend what shows it")


def _play_mistake(make: Make, pack: Pack, mistake: Mistake, profile: str) -> PlayedMistake:
    try:
        stage = make()
        lines = [
            line
            for line in unfold_lines(play_lines(path_of(pack, stage.parts, profile)), stage.parts)
            if "expect" not in line.line.values
        ]
        start = _index(lines, mistake.at) if mistake.at else 0
        dropped = [_index(lines, name) for name in mistake.without]
        for number, line in enumerate(lines[:start]):
            if number not in dropped:
                stage.play(line)
        for line in mistake.script:
            stage.try_to_play(line)
        if mistake.until or (mistake.without and not mistake.at):
            following = start + 1 if mistake.instead else start
            last = len(lines) - 1 if mistake.until in ("", "end") else _index(lines, mistake.until)
            for number, line in enumerate(lines[following : last + 1], start=following):
                # Where the engine lets the path go no further, the mistake has shown, or it never will.
                if number not in dropped and not stage.try_to_play(line):
                    break
        found = stage.grading(profile)
    except Difference as different:
        return PlayedMistake(mistake.id, False, f"{mistake.span}: cannot be made: {different}")
    if mistake.id in {made.id for made in found.mistakes}:
        return PlayedMistake(mistake.id, True)
    refused = (
        "; ".join(f"{one.act.named} refused: {one.told}" for one in stage.refusals) or "the engine refused nothing"
    )
    looked = ", ".join(sorted({_looked_at(one) for one in mistake.shows}))
    return PlayedMistake(mistake.id, False, f"{mistake.span}: made and not caught ({looked}); {refused}")


def _play_inject(make: Make, pack: Pack, inject: Inject, profile: str) -> PlayedMistake:
    """Try the acts of an inject in the middle of the path, then near its beginning, then at its end."""
    told = ""
    for share in (0.5, 0.15, 1.0):
        try:
            stage = make()
            lines = unfold_lines(play_lines(path_of(pack, stage.parts, profile)), stage.parts)
            for line in lines[: max(2, round(len(lines) * share))]:
                if "expect" not in line.line.values:
                    stage.play(line)
            for act in inject.acts:
                stage.play(PathLine(line=act))
        except Difference as different:
            told = told or str(different)
            continue
        return PlayedMistake(inject.id, True)
    return PlayedMistake(inject.id, False, f"{inject.span}: the inject “{inject.id}” cannot be done: {told}")


def _looked_at(one: Observation) -> str:
    return f"{one.kind} {one.name}"


def _index(lines: list[PathLine], name: str) -> int:
    for number, line in enumerate(lines):
        if is_line(line, name):
            return number
    raise Difference(f"the path has no line “{name}”")


def merged_people(pack: Pack) -> Mapping[str, tuple[str, frozenset[str]]]:
    """Return person of the path → (who plays it, with which roles): one trainee a role in the exercise."""
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for person, roles in pack.people.items():
        role = pack.team_of(person)
        if role:
            together = frozenset(r for one in pack.team[role] for r in pack.people[one])
            found[person] = (role, together)
        else:
            found[person] = (person, frozenset(roles))
    return found
