"""A demonstration: invented people of the service and cases at every stage, made by playing worked examples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sop_engine.definition.lines import unfolded
from sop_engine.definition.model import Definition
from sop_engine.periods import Length
from sop_engine.service import accounts
from sop_engine.service.rehearse import Played, play
from sop_engine.service.service import Service
from sop_engine.service.views import Reader
from sop_engine.service.worked_examples import Example, Examples, Line

STAGES = (1.0, 0.75, 0.5, 0.3, 0.15)
"""How much of each example is played: so that the lists show cases at every stage."""
MOST_OF_A_FILE = 6
NAMES = (
    "Ana Abaco",
    "Ben Barbuda",
    "Cho Caicos",
    "Dan Dominica",
    "Eva Eleuthera",
    "Fay Flamenco",
    "Gil Guana",
    "Hal Hispanola",
    "Ida Inagua",
    "Jon Jamestown",
    "Kai Kaieteur",
    "Lea Layou",
    "Mia Morant",
    "Noa Nevis",
    "Oto Orinoco",
    "Pia Paria",
    "Qui Quill",
    "Ria Roseau",
    "Sam Saba",
    "Tea Tobago",
    "Uma Union",
    "Van Vieux",
    "Wes Windward",
    "Xia Xuma",
    "Yan Yallahs",
    "Zoe Zion",
    "Abe Anegada",
    "Bea Bequia",
    "Cyd Carriacou",
    "Dov Desirade",
    "Edi Exuma",
    "Fil Frigate",
    "Gus Grenadine",
    "Hue Harbour",
    "Ivo Ibis",
    "Joy Jost",
    "Ken Kings",
    "Lio Lucayan",
    "Max Mayreau",
    "Nel Navassa",
    "Oda Orange",
    "Per Petit",
    "Rob Redonda",
    "Sil Saona",
    "Tim Tintamarre",
    "Ute Ubero",
    "Val Vega",
    "Wim Warwick",
)
"""Invented names of officers; any likeness is chance."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """How one person of the demonstration signs in."""

    username: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What was made."""

    cases: tuple[str, ...]
    people: tuple[SignIn, ...]
    differences: tuple[str, ...]


class Cast:
    """The people of a demonstration: for each set of roles as many as the examples need at once."""

    def __init__(self, svc: Service, *, office: str, password_hash: str) -> None:
        self._svc = svc
        self._office = office
        self._hash = password_hash
        self._by_roles: dict[frozenset[str], list[Reader]] = {}
        self.sign_ins: list[SignIn] = []

    def readers(self, people: Mapping[str, Iterable[str]]) -> dict[str, Reader]:
        """Return a different person for each name of an example, with the roles it asks for."""
        taken: dict[frozenset[str], int] = {}
        found: dict[str, Reader] = {}
        for name, roles in people.items():
            wanted = frozenset(roles)
            number = taken.get(wanted, 0)
            taken[wanted] = number + 1
            found[name] = self.one_of(wanted, number)
        return found

    def one_of(self, roles: frozenset[str], number: int) -> Reader:
        """Return the ``number``-th person with exactly these roles, from 0."""
        known = self._by_roles.setdefault(roles, [])
        while len(known) <= number:
            known.append(self._new(roles))
        return known[number]

    def _new(self, roles: frozenset[str]) -> Reader:
        name = NAMES[len(self.sign_ins) % len(NAMES)]
        stem = sorted(roles)[0].replace("_", "-")
        same = sum(1 for one in self.sign_ins if one.username.rstrip("-0123456789") == stem)
        username = stem if same == 0 else f"{stem}-{same + 1}"
        account = accounts.add_account(
            self._svc,
            username=username,
            person_name=name,
            password_hash=self._hash,
            office=self._office,
            roles=roles,
            by="demonstration",
        )
        self.sign_ins.append(SignIn(username, name, tuple(sorted(roles))))
        return accounts.reader_of(account, self._office)


def demonstrate(
    svc: Service, examples: Examples, *, password_hash: str, today: datetime, set_clock: Callable[[datetime], None]
) -> Demonstration:
    """Fill an empty instance with people for every role and with cases at every stage.

    The examples' dates are moved so that each case was last touched within the last days before ``today``.
    """
    office = accounts.add_office(
        svc, code="DEM", name="Demonstration office", country="XXA", time_zone=svc.current.calendar.time_zone
    )
    cast = Cast(svc, office=office.id, password_hash=password_hash)
    acting = acting_roles(svc.current)
    for role in svc.current.roles.values():
        if not role.is_person and role.name in acting:
            cast.one_of(frozenset({role.name}), 0)
    for role_name in sorted(accounts.SERVICE_ROLES):
        cast.one_of(frozenset({role_name}), 0)
    cases: list[str] = []
    differences: list[str] = []
    for number, example in enumerate(chosen(examples)):
        played = _play_moved(svc, examples, example, STAGES[number % len(STAGES)], cast, today, set_clock)
        if played.difference:
            differences.append(f"{example.name}: {played.difference}")
        if played.case_id:
            cases.append(played.case_id)
    set_clock(today)
    return Demonstration(tuple(cases), tuple(cast.sign_ins), tuple(differences))


def chosen(examples: Examples) -> tuple[Example, ...]:
    """Return some examples of every file: enough to fill each list, few enough to be made while one waits."""
    by_file: dict[str, list[Example]] = {}
    for example in examples.examples:
        by_file.setdefault(example.span.file, []).append(example)
    # The mock cases of the trainers first: they run the longest way.
    ordered = [sorted(found, key=lambda e: not e.name.startswith("M")) for found in by_file.values()]
    return tuple(example for found in ordered for example in found[:MOST_OF_A_FILE])


def acting_roles(definition: Definition) -> frozenset[str]:
    """Return the roles that do something in the procedures, beyond recording what anybody may record."""
    any_role = {role.name for role in definition.roles.values() if role.is_any_role}
    machines = definition.machines.values()
    by = [step.by for m in machines for step in m.steps.values()]
    by += [transition.by for m in machines for transition in m.transitions.values() if not transition.auto]
    return frozenset(role for roles in by if not roles >= any_role for role in roles)


def _play_moved(
    svc: Service,
    examples: Examples,
    example: Example,
    share: float,
    cast: Cast,
    today: datetime,
    set_clock: Callable[[datetime], None],
) -> Played:
    lines = unfolded(example.lines, examples.parts)
    kept = [line for line in lines if "cannot" not in line.values and "expect" not in line.values]
    cut = tuple(kept[: max(2, round(len(kept) * share))])
    zone = ZoneInfo(svc.current.calendar.time_zone)
    began = datetime.fromisoformat(example.at).replace(tzinfo=zone).astimezone(UTC)
    waits = sum((_days(line) for line in cut), timedelta())
    moved = timedelta(days=(today - timedelta(days=1) - (began + waits)).days)
    shortened = replace(example, lines=cut)
    return play(
        svc,
        shortened,
        parts={},
        readers=cast.readers(example.people),
        set_clock=set_clock,
        moved=moved,
    )


def _days(line: Line) -> timedelta:
    if "wait" not in line.values:
        return timedelta()
    length = Length.parse(line.values["wait"])
    hours = {"hours": 1, "days": 24, "working days": 34, "months": 730, "years": 8766}[length.unit]
    return timedelta(hours=length.amount * hours)
