"""Scenario packs at the command line: what is wrong with them, and playing them in a throw-away store."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from sop_engine.commands.instance import open_service
from sop_engine.commands.places import workflows_folder
from sop_engine.definition.faults import DeclarationError, DeclarationErrors, Finding, Unreadable
from sop_engine.definition.lines import Line
from sop_engine.definition.load import load_set, profiles
from sop_engine.guards.tree import Span
from sop_engine.service.accounts import add_account, add_office, reader_of
from sop_engine.service.errors import InvalidAnswers
from sop_engine.service.training.library import PackFile, pack_paths, read_pack
from sop_engine.service.training.rehearse_pack import PackStage, PlayedPack, merged_people, play_pack
from sop_engine.service.views import Reader
from sop_engine.service.worked_examples import example_files, read_examples
from sop_engine.training.check import check_pack
from sop_engine.training.model import Pack
from sop_engine.training.texts import texts_of


def common_parts(root: Path) -> Mapping[str, tuple[Line, ...]]:
    """Return the common stretches of the worked examples, which the paths of packs may use."""
    return read_examples(example_files([root]), root=root).parts


def lint_packs(paths: Iterable[Path], root: Path, *, play: bool) -> list[Finding]:
    """Return everything that is wrong with packs; with ``play``, also where an expected path cannot be played."""
    definition, parts, states = load_set(root), common_parts(root), profiles(root)
    found: list[Finding] = []
    sound: list[Pack] = []
    for path in pack_paths(paths):
        try:
            one = read_pack(path, root=root)
        except DeclarationErrors as faults:
            found += [Finding.of(error) for error in faults.errors]
            continue
        wrong = check_pack(one.pack, definition, parts=parts, profiles=states)
        found += [Finding.of(error) for error in wrong]
        if not wrong:
            sound.append(one.pack)
            found += [*_untraced(one.pack), *_unfinished(one)]
    if play:
        for played in play_packs(sound, parts, with_mistakes=False):
            if played.difference is not None:
                pack = next(one for one in sound if one.id == played.pack)
                found.append(_unplayable(pack, played.difference))
    return found


def _unfinished(one: PackFile) -> list[Finding]:
    """Warn of every text that is still to be written."""
    return [
        Finding(severity="warning", span=text.span, found="found TODO", why="a trainee would read it", mend="write it")
        for text in texts_of(one.tree).values()
        if "TODO" in text.text
    ]


def _untraced(pack: Pack) -> list[Finding]:
    """Warn of a pack whose mistakes mostly cannot be seen: a trainee would learn nothing from the program."""
    traced = [one for one in pack.mistakes.values() if one.leaves_trace]
    if len(traced) * 2 >= len(pack.mistakes):
        return []
    span = next(iter(pack.mistakes.values())).span
    told = f"found that {len(pack.mistakes) - len(traced)} of {len(pack.mistakes)} mistakes leave no trace"
    return [
        Finding(
            severity="warning", span=span, found=told, why="most mistakes show somewhere", mend="write how they show"
        )
    ]


def _unplayable(pack: Pack, difference: str) -> Finding:
    """Say where the path cannot be played: the difference names its line and the refusal of the engine."""
    place, _, told = difference.partition(": ")
    span = Span(pack.file, pack.span.line, pack.span.column)
    parts = place.rsplit(":", 2)
    if len(parts) == 3 and parts[1].isdigit() and parts[2].isdigit():
        span = Span(parts[0], int(parts[1]), int(parts[2]))
    else:
        told = difference
    error = DeclarationError(
        span, f"found a path that cannot be played so: {told}", f"the pack {pack.id} plays its path", "mend this line"
    )
    return Finding.of(error)


def rehearse_packs(paths: Iterable[Path], arguments: argparse.Namespace) -> int:
    """Play packs and print how they went. Returns the exit status."""
    root = workflows_folder()
    definition, parts, states = load_set(root), common_parts(root), profiles(root)
    chosen: list[Pack] = []
    for path in pack_paths(paths):
        one = read_pack(path, root=root)
        wrong = check_pack(one.pack, definition, parts=parts, profiles=states)
        if wrong:
            raise DeclarationErrors(wrong)
        words = f"{one.pack.mock_case} {one.pack.id} {one.pack.title}".casefold()
        if not arguments.only or arguments.only.casefold() in words:
            chosen.append(one.pack)
    if not chosen:
        raise Unreadable("There is no pack to play in what was named.")
    played = play_packs(chosen, parts)
    if arguments.json:
        print(json.dumps({"packs": [_as_json(one) for one in played]}, ensure_ascii=False, indent=2))
    else:
        _print(played, quiet=arguments.quiet)
    return 0 if all(one.is_good for one in played) else 1


def play_packs(
    chosen: Iterable[Pack], parts: Mapping[str, tuple[Line, ...]], *, with_mistakes: bool = True
) -> list[PlayedPack]:
    """Play packs one after the other in throw-away stores, each also under every profile it speaks of."""
    packs = list(chosen)
    found: list[PlayedPack] = []
    for profile in sorted({code for pack in packs for code in pack.outcomes}):
        wanted = [pack for pack in packs if profile in pack.outcomes]
        found += _play_under(profile, wanted, parts, with_mistakes=with_mistakes and not profile)
    return found


def _play_under(
    profile: str, packs: list[Pack], parts: Mapping[str, tuple[Line, ...]], *, with_mistakes: bool
) -> list[PlayedPack]:
    instant = [datetime(2026, 3, 2, 9, 0, tzinfo=UTC)]
    number = [0]
    with tempfile.TemporaryDirectory(prefix="sop-packs-") as folder:
        service = open_service(
            Path(folder),
            clock=lambda: instant[0],
            url=f"sqlite:///{folder}/sop.db",
            profile=profile or None,
            kind="demonstration",
        )
        office = add_office(service, code="PCK", name="Rehearsal office", country="XXA", time_zone="UTC")

        def stage(pack: Pack) -> PackStage:
            number[0] += 1
            people: dict[str, Reader] = {}
            accounts: dict[str, Reader] = {}
            for person, (who, roles) in merged_people(pack).items():
                if who not in accounts:
                    account = add_account(
                        service,
                        username=f"{who}.{number[0]}",
                        person_name=who.capitalize(),
                        password_hash=None,
                        office=office.id,
                        roles=roles,
                        by="rehearsal",
                    )
                    accounts[who] = reader_of(account, office.id)
                people[person] = accounts[who]
            return PackStage(
                service, pack, parts=parts, readers=people, set_clock=lambda now: instant.__setitem__(0, now)
            )

        played: list[PlayedPack] = []
        for pack in packs:
            try:
                one = play_pack(lambda pack=pack: stage(pack), pack, profile=profile, with_mistakes=with_mistakes)  # type: ignore[misc]
            except InvalidAnswers as refused:
                one = PlayedPack(pack.id, f"{pack.span}: given: {'; '.join(refused.problems.values())}")
            played.append(one)
        service.store.close()
    return played


def _print(played: list[PlayedPack], *, quiet: bool) -> None:
    for one in played:
        if one.difference:
            print(f"✗ {one.pack}\n    {one.difference}", file=sys.stderr)
        elif not quiet:
            more = f", {one.ways} ways" if one.ways > 1 else ""
            print(f"✓ {one.pack}: {len(one.mistakes)} mistakes made{more}")
        for mistake in one.mistakes:
            if not mistake.is_caught:
                print(f"    ✗ {mistake.id}: {mistake.told}", file=sys.stderr)
            elif not quiet:
                print(f"    ✓ {mistake.id} is caught")
        for inject in one.injects:
            if not inject.is_caught:
                print(f"    ✗ {inject.told}", file=sys.stderr)
        if not quiet:
            for name in one.untraced:
                print(f"    – {name} leaves no trace")
    mistakes = [mistake for one in played for mistake in one.mistakes]
    caught = sum(mistake.is_caught for mistake in mistakes)
    differ = sum(one.difference is not None for one in played)
    print(f"{len(played)} packs played, {differ} differ; {caught} of {len(mistakes)} mistakes caught.")


def _as_json(one: PlayedPack) -> dict[str, object]:
    return {
        "pack": one.pack,
        "difference": one.difference,
        "ways": one.ways,
        "mistakes": [asdict(mistake) for mistake in one.mistakes],
        "untraced": list(one.untraced),
        "injects": [asdict(inject) for inject in one.injects],
    }
