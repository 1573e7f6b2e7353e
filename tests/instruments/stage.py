"""A stage for the pages: an office with somebody in every role, and invented cases at every point of the procedures."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from sop_engine.definition.load import load_profile, load_set, load_translations, profiles
from sop_engine.definition.model import Definition
from sop_engine.service import accounts, take_step
from sop_engine.service.adopt_edition import adopt_current
from sop_engine.service.demonstration import Cast
from sop_engine.service.errors import InvalidAnswers, NotFound, NotOffered
from sop_engine.service.open_case import open_case
from sop_engine.service.rehearse import play
from sop_engine.service.service import Region, Service
from sop_engine.service.show_case import show_case
from sop_engine.service.views import Reader
from sop_engine.service.worked_examples import example_files, read_examples
from sop_engine.store.database import open_store
from sop_engine.store.migrations import upgrade
from tests.instruments.clock import FrozenClock
from tests.instruments.databases import sqlite_url
from tests.instruments.plausible import plausible_answers
from webui.app import create_app
from webui.settings import WebSettings

BUILT_AT = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "almond-breeze-cedar-coral"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""A cheap hash: what is tested here is never the strength of a password."""

LONG_NAME = "Wilhelmina Theophania " * 13
ARABIC_NAME = "عبد الرحمن بن محمد الأندلسي"
HOSTILE_NAME = "<script>alert(1)</script> {{7*7}} \"'><img src=x onerror=alert(2)> ${7*7} O'Brien"
NAMES = ("Amaru Ficticio", "Sin Ficticio", LONG_NAME.strip(), ARABIC_NAME, HOSTILE_NAME, "Null", "ߒߞߏ Invented", "Mo")


class InMemory(BytecodeCache):
    """Compiled templates, shared by all apps of a test run."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = InMemory()


@dataclass
class Stage:
    """What a test of pages stands on."""

    service: Service
    clock: FrozenClock
    office: str
    other_office: str
    usernames: dict[str, str] = field(default_factory=dict)
    """role → username."""
    cases: list[str] = field(default_factory=list)
    """Cases walked on by plausible answers, in the order of NAMES."""
    played: dict[str, str] = field(default_factory=dict)
    """Worked example → its case."""
    foreign_case: str = ""

    def app(self, **settings: Any) -> Flask:
        app = create_app(self.service, WebSettings(secret_key="s" * 40, banner="Demonstration", **settings))
        app.jinja_env.bytecode_cache = COMPILED
        return app

    def reader(self, role: str) -> Reader:
        found = accounts.account_by_username(self.service, self.usernames[role])
        assert found is not None
        return accounts.reader_of(found, self.office)

    def close(self) -> None:
        self.service.store.close()

    def as_json(self) -> str:
        kept = {k: getattr(self, k) for k in ("office", "other_office", "usernames", "cases", "played", "foreign_case")}
        return json.dumps(kept)


def the_set() -> Definition:
    return load_set(ROOT / "workflows")


def open_stage(folder: Path, definition: Definition) -> Stage:
    """Open the stage that was built in a folder (or a copy of it)."""
    root, kept = ROOT / "workflows", folder / "stage.json"
    translations = load_translations(root)
    clock = FrozenClock(BUILT_AT + timedelta(hours=1) if kept.exists() else BUILT_AT)
    service = Service(
        store=open_store(sqlite_url(folder / "stage.db")),
        current=definition,
        clock=clock,
        ids=lambda: secrets.token_hex(16),
        texts=lambda language: translations.get(language, translations["en"]),
        region=Region(profiles(root), lambda code: load_set(root, code), lambda code: load_profile(root, code)),
    )
    known = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {"office": "", "other_office": ""}
    return Stage(service, clock, **known)


PLAYED: tuple[tuple[str, int, str, str], ...] = (
    ("M01 The radio presenter", 45, "", ""),
    ("Detention, a missed review and release by the system", 2, "expect", "review_due"),
    ("An alternative to detention and a missed appointment", 1, "does", "reception.impose_atd"),
    ("A letter that reaches the person", 60, "", ""),
    ("A tie is never a refusal", 60, "votes", ""),
)
"""Worked examples on the stage: name, days ago that it began, the act after which it stops (nothing: at its end)."""


def build_stage(
    folder: Path,
    definition: Definition,
    *,
    walked: tuple[int, ...] = (0, 2, 14, 16, 18, 24, 40, 60),
    played: tuple[tuple[str, int, str, str], ...] = PLAYED,
) -> None:
    """Build a stage in a folder: people for every role, worked examples, and cases walked on by so many acts."""
    store = open_store(sqlite_url(folder / "stage.db"))
    upgrade(store)
    store.close()
    stage = open_stage(folder, definition)
    svc, now = stage.service, stage.clock.now
    adopt_current(svc)
    hashed = QUICK.hash(PASSWORD)
    zone = definition.calendar.time_zone
    stage.office = accounts.add_office(svc, code="DEM", name="Demonstration office", country="XXA", time_zone=zone).id
    cast = Cast(svc, office=stage.office, password_hash=hashed)
    acting = [r.name for r in definition.roles.values() if not r.is_person and r.scope != "none"]
    # Who walks a case on is asked in this order: the officer who knows the person first.
    for role in ("frontline_officer", *acting, *sorted(accounts.SERVICE_ROLES)):
        cast.one_of(frozenset({role}), 0)
    for person in cast.sign_ins:
        stage.usernames[person.roles[0]] = person.username
    _play(stage, cast, played)
    stage.other_office = accounts.add_office(svc, code="OTH", name="Other office", country="XXB", time_zone=zone).id
    for role in ("committee_member", "frontline_officer"):
        for number in (2, 3):
            username = f"extra-{role.replace('_', '-')}-{number}"
            stage.usernames[f"{role}_{number}"] = _person(stage, username, role, hashed, stage.office)
    stage.usernames["elsewhere"] = _person(stage, "elsewhere", "frontline_officer", hashed, stage.other_office)

    officer = stage.reader("frontline_officer")
    for number, length in enumerate(walked):
        case_id = open_case(svc, officer, form_token=secrets.token_hex(16)).case_id
        stage.cases.append(case_id)
        stage.clock.tick(minutes=1)
        walk(stage, case_id, length, name=NAMES[number % len(NAMES)], pick=1 if number == 1 else 0)
    stage.clock.set(now + timedelta(hours=1))
    foreign = accounts.account_by_username(svc, "elsewhere")
    assert foreign is not None
    outsider = accounts.reader_of(foreign, stage.other_office)
    stage.foreign_case = open_case(svc, outsider, form_token=secrets.token_hex(16)).case_id
    (folder / "stage.json").write_text(stage.as_json(), encoding="utf-8")
    stage.close()


def _play(stage: Stage, cast: Cast, played: tuple[tuple[str, int, str, str], ...]) -> None:
    svc, now = stage.service, stage.clock.now
    root = ROOT / "workflows"
    known = read_examples(example_files([root]), root=root)
    for name, days_ago, verb, what in played:
        example = next(e for e in known.examples if e.name == name)
        ends = (n for n, line in enumerate(example.lines, 1) if verb in line.values and what in str(line.values[verb]))
        example = replace(example, lines=example.lines[: next(ends)] if verb else example.lines)
        began = datetime.fromisoformat(example.at).replace(tzinfo=UTC)
        moved = timedelta(days=(now - timedelta(days=days_ago) - began).days)
        readers = cast.readers(example.people)
        found = play(svc, example, parts=known.parts, readers=readers, set_clock=stage.clock.set, moved=moved)
        stage.played[name] = found.case_id
        if found.difference or stage.clock.now > now:
            print(f"{name}: {found.difference or f'ends at {stage.clock.now}, which is not yet'}")
    stage.clock.set(now)


def _person(stage: Stage, username: str, role: str, hashed: str, office: str) -> str:
    accounts.add_account(
        stage.service,
        username=username,
        person_name=f"{username.replace('-', ' ').title()} Ficticia",
        password_hash=hashed,
        office=office,
        roles=[role],
        by="stage",
    )
    return username


def walk(stage: Stage, case_id: str, acts: int, *, name: str = "Amaru Ficticio", pick: int = 0) -> int:
    """Let whoever may do something do it, so many times; return how often something was done."""
    done = 0
    tried: set[tuple[str, str]] = set()
    while done < acts and _one_act(stage, case_id, tried, name, pick):
        done += 1
        stage.clock.tick(seconds=20)
    return done


def _one_act(stage: Stage, case_id: str, tried: set[tuple[str, str]], name: str, pick: int) -> bool:
    for role in stage.usernames:
        if role in ("elsewhere", *accounts.SERVICE_ROLES):
            continue
        reader = stage.reader(role)
        try:
            case = show_case(stage.service, reader, case_id)
        except NotFound:
            continue
        for p in case.proceedings:
            for step in p.steps:
                key = (p.id, f"{step.step.name}/{step.round}/{p.state.name}")
                if step.is_mine and step.status != "done" and key not in tried:
                    tried.add(key)
                    if _answer(stage, reader, case_id, p.id, step.step.name, name, pick):
                        return True
            for action in p.actions:
                key = (p.id, f"do {action.transition} from {p.state.name}")
                if action.is_open and not action.is_adverse and not action.is_fact and key not in tried:
                    tried.add(key)
                    if _take(stage, reader, case_id, p.id, action.transition, pick):
                        return True
    return False


def _answer(stage: Stage, reader: Reader, case_id: str, proceeding: str, step: str, name: str, pick: int) -> bool:
    svc = stage.service
    given: dict[str, Any] = {}
    for ref in svc.current.identity.get("name", ()):
        if ref.step == step and proceeding.startswith(f"{ref.machine}-"):
            asked = svc.current.machines[str(ref.machine)].steps[step].questions[ref.question]
            given[ref.question] = name[: asked.max_length]
    try:
        answers = plausible_answers(svc, reader, case_id, proceeding=proceeding, step=step, given=given, pick=pick)
        take_step.answer_step(
            svc,
            reader,
            case_id,
            proceeding=proceeding,
            step=step,
            answers=answers,
            seq=None,
            form_token=secrets.token_hex(16),
        )
    except (InvalidAnswers, NotOffered, NotFound):
        return False
    return True


def _take(stage: Stage, reader: Reader, case_id: str, proceeding: str, transition: str, pick: int) -> bool:
    svc = stage.service
    try:
        answers = plausible_answers(svc, reader, case_id, proceeding=proceeding, transition=transition, pick=pick)
        take_step.take_transition(
            svc,
            reader,
            case_id,
            proceeding=proceeding,
            transition=transition,
            answers=answers,
            seq=None,
            form_token=secrets.token_hex(16),
        )
    except (InvalidAnswers, NotOffered, NotFound):
        return False
    return True
