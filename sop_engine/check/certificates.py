"""The certificate of a set: that every property of exactly this set was proved by exactly this checker.

Certificates are made by CI (``sop check --certify``) and travel with the product; nothing at run time makes one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from sop_engine.check.judge import Result
from sop_engine.check.properties import Property
from sop_engine.definition.model import Definition

CHECKER_VERSION = "1"
"""Raised whenever the model, the prover or the reading of a pattern changes."""
FOLDER = "certificates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What was proved, of what, by what. ``is_green`` only if every property that can be proved is proved."""

    set_digest: str
    properties_digest: str
    checker: str
    proved: tuple[str, ...]
    by_structure: tuple[str, ...]
    not_proved: tuple[str, ...] = ()
    """Properties without a proof, each with its verdict: they are read at run time only."""
    overlay_digest: str = ""

    @property
    def is_green(self) -> bool:
        return bool(self.proved) and not self.not_proved


def properties_digest(properties: Iterable[Property]) -> str:
    """Return the digest of what was to be proved: names, patterns, guards and sentences."""
    told = sorted(f"{p.id}|{p.beside}|{p.safeguard!r}" for p in properties)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def certify(definition: Definition, results: Iterable[Result]) -> Certificate:
    """Return the certificate that these results are worth."""
    found = tuple(results)
    structure = [r.of.id for r in found if r.verdict == "BY STRUCTURE"]
    return Certificate(
        set_digest=definition.digest,
        properties_digest=properties_digest(r.of for r in found),
        checker=CHECKER_VERSION,
        proved=tuple(sorted(r.of.id for r in found if r.is_green)),
        by_structure=tuple(sorted(structure)),
        not_proved=tuple(
            sorted(f"{r.of.id}: {r.verdict}" for r in found if not r.is_green and r.of.id not in structure)
        ),
    )


def write(certificate: Certificate, path: Path) -> None:
    """Write a certificate as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({**asdict(certificate), "green": certificate.is_green}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def certificate_of(definition: Definition, folder: Path) -> Certificate | None:
    """Return the certificate of exactly this set by this checker from ``<folder>/certificates``, or None."""
    path = folder / FOLDER / f"{definition.digest}.json"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if told.get("set_digest") != definition.digest or told.get("checker") != CHECKER_VERSION:
        return None
    names = ("proved", "by_structure", "not_proved")
    return Certificate(
        set_digest=told["set_digest"],
        properties_digest=str(told.get("properties_digest", "")),
        checker=told["checker"],
        overlay_digest=str(told.get("overlay_digest", "")),
        **{name: tuple(told.get(name, ())) for name in names},
    )
