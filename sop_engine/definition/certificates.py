"""The certificate of a set: that its safeguards were proved of exactly this text by exactly this checker.

Certificates are made by ``sop check --certify`` and travel with the product. Nothing at run time makes one; without a
green one the set opens no new real case.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sop_engine.definition.editions import content_digest

CHECKER_VERSION = "2"
"""Raised whenever the model, the prover or the reading of a pattern changes: older certificates then count no more."""
PROPERTIES_FILE = "properties.yaml"

PROVED = "PROVED"
BY_STRUCTURE = "BY STRUCTURE"
VIOLATED = "VIOLATED"
NO_VIOLATION = "NO VIOLATION UP TO k"
GREEN = frozenset({PROVED, BY_STRUCTURE})
"""``BY STRUCTURE``: carried by declarations that were checked to be there; no machine judges the sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one safeguard. ``story`` tells, line by line, how it is broken; ``ends_in`` machine → state."""

    of: str
    verdict: str
    backend: str = ""
    why: str = ""
    assumes: str = ""
    is_way_out: bool = False
    """Whether it promises a way on (something good stays possible), and not that something bad never happens."""
    story: tuple[str, ...] = ()
    ends_in: Mapping[str, str]

    @property
    def is_green(self) -> bool:
        return self.verdict in GREEN

    @property
    def stops_use(self) -> bool:
        """Whether it keeps the set from being used: all that is not green, but a way on that no search found closed.

        See ``docs/adr/0010-what-a-green-certificate-says.md``.
        """
        return not self.is_green and not (self.is_way_out and self.verdict == NO_VIOLATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What was proved, of what, by what."""

    of: str
    """``harmonised`` or the ISO 3166 code of a State."""
    set_digest: str
    properties_digest: str
    checker: str
    verdicts: tuple[Verdict, ...]

    @property
    def is_green(self) -> bool:
        """Whether every safeguard is proved or stands by structure and no way on is closed; unknown is not green."""
        return any(v.verdict == PROVED for v in self.verdicts) and not any(v.stops_use for v in self.verdicts)

    @property
    def counts(self) -> Mapping[str, int]:
        return Counter(v.verdict for v in self.verdicts)

    def covers(self, set_digest: str, properties: str) -> bool:
        """Say whether it speaks of this set and these properties, by this version of the checker."""
        known = (self.set_digest, self.properties_digest, self.checker)
        return known == (set_digest, properties, CHECKER_VERSION)


def properties_digest(files: Mapping[str, str]) -> str:
    """Return the digest of the properties that stand beside the procedures (those in them count with the set)."""
    return content_digest({path: text for path, text in files.items() if path.rsplit("/", 1)[-1] == PROPERTIES_FILE})


def written(certificate: Certificate) -> str:
    """Return a certificate as JSON, one safeguard a line."""
    head = {
        "of": certificate.of,
        "green": certificate.is_green,
        "checker": certificate.checker,
        "set_digest": certificate.set_digest,
        "properties_digest": certificate.properties_digest,
    }
    lines = [json.dumps(_told(v), ensure_ascii=False) for v in certificate.verdicts]
    start = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    return start + ',\n "verdicts": [\n  ' + ",\n  ".join(lines) + "\n ]\n}\n"


def _told(verdict: Verdict) -> dict[str, Any]:
    told: dict[str, Any] = {"property": verdict.of, "verdict": verdict.verdict, "backend": verdict.backend}
    more = {
        "why": verdict.why if not verdict.is_green else "",
        "assumes": verdict.assumes,
        "is_way_out": verdict.is_way_out,
        "story": list(verdict.story),
        "ends_in": dict(verdict.ends_in),
    }
    return told | {name: value for name, value in more.items() if value}


def read_certificate(text: str) -> Certificate | None:
    """Return the certificate that a text holds, or None for anything else: what cannot be read certifies nothing."""
    try:
        told = json.loads(text)
        verdicts = tuple(
            Verdict(
                of=str(v["property"]),
                verdict=str(v["verdict"]),
                backend=str(v.get("backend", "")),
                why=str(v.get("why", "")),
                assumes=str(v.get("assumes", "")),
                is_way_out=v.get("is_way_out") is True,
                story=tuple(map(str, v.get("story", ()))),
                ends_in={str(m): str(s) for m, s in dict(v.get("ends_in", {})).items()},
            )
            for v in told["verdicts"]
        )
        return Certificate(
            of=str(told["of"]),
            set_digest=str(told["set_digest"]),
            properties_digest=str(told["properties_digest"]),
            checker=str(told["checker"]),
            verdicts=verdicts,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
