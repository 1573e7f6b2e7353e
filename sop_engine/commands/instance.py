"""The folder of an instance (``SOP_HOME``): its database, keys and settings; and the service over it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from sop_engine.commands.places import workflows_folder
from sop_engine.definition.certificates import PROPERTIES_FILE
from sop_engine.definition.faults import Unreadable
from sop_engine.definition.load import (
    load_certificates,
    load_profile,
    load_set,
    load_translations,
    profiles,
    read_files,
)
from sop_engine.definition.model import Definition
from sop_engine.definition.texts import WRITTEN_IN
from sop_engine.service.adopt_edition import adopt_current
from sop_engine.service.editions import take_released
from sop_engine.service.sandbox import Kind, WrongInstance, enter, refuse_other_kind
from sop_engine.service.service import Proofs, Region, Service
from sop_engine.service.training.library import Library, read_library
from sop_engine.service.worked_examples import example_files, read_examples
from sop_engine.store.database import open_store
from sop_engine.store.migrations import upgrade

DATABASE_FILE = "sop.db"
PROFILE = "SOP_PROFILE"


def home() -> Path:
    """Return the folder of the instance: ``SOP_HOME``, or ``.sop`` in the present folder."""
    return Path(os.environ.get("SOP_HOME", ".sop")).absolute()


def database_url(folder: Path) -> str:
    """Return the address of the instance's database: ``SOP_DATABASE_URL``, or a file in its folder."""
    return os.environ.get("SOP_DATABASE_URL") or f"sqlite:///{folder / DATABASE_FILE}"


def now() -> datetime:
    """The one clock of the program."""
    return datetime.now(UTC)


def open_service(
    folder: Path,
    *,
    clock: Callable[[], datetime] = now,
    url: str | None = None,
    kind: Kind = "real",
    profile: str | None = None,
) -> Service:
    """Open the instance: make its folder and tables if need be, and take the present declarations into use.

    ``profile`` is the State whose set is in force (else ``SOP_PROFILE``; else the harmonised set). ``kind`` is written
    into a new database; a training sandbox opens no other one, and no other opens a sandbox. Raises Unreadable.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = open_store(url or database_url(folder))
    try:
        # Before the tables are brought up to date: what belongs to the other side is not touched at all.
        refuse_other_kind(store, kind)
        upgrade(store)
        enter(store, kind, instance_id=secrets.token_hex(16), at=clock())
    except WrongInstance as refused:
        store.close()
        raise Unreadable(str(refused)) from None
    root = workflows_folder()
    translations = load_translations(root)
    service = Service(
        store=store,
        current=load_set(root, profile or os.environ.get(PROFILE)),
        clock=clock,
        ids=lambda: secrets.token_hex(16),
        texts=lambda language: translations.get(language, translations[WRITTEN_IN]),
        is_training=kind == "training",
        library=_library(root) if kind == "training" else Library(),
        proofs=_proofs(root, kind),
        region=Region(profiles(root), lambda code: load_set(root, code), lambda code: load_profile(root, code)),
    )
    take_released(service)
    adopt_current(service)
    return service


def _proofs(root: Path, kind: Kind) -> Proofs:
    """Return how this instance learns what is proved. Invented people need no proof; real ones do."""

    @lru_cache(maxsize=8)
    def beside(state: str | None) -> Mapping[str, str]:
        return {path: text for path, text in read_files(root, state)[0].items() if path.endswith(PROPERTIES_FILE)}

    def of(definition: Definition) -> Mapping[str, str]:
        code = definition.national.iso3 if definition.national else None
        return beside(code if code in profiles(root) else None)

    return Proofs(kind == "real", lru_cache(maxsize=1)(lambda: load_certificates(root)), of)


def _library(root: Path) -> Library:
    return read_library(root, read_examples(example_files([root]), root=root).parts)


def existing_service(*, make: bool = False) -> Service:
    """Open the instance that ``SOP_HOME`` names. Raises Unreadable when there is none, unless it may be made."""
    folder = home()
    url = database_url(folder)
    if not make and url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        raise Unreadable(f"There is no instance in {folder}. Run sop demo or sop user add, or set SOP_HOME to one.")
    return open_service(folder)
