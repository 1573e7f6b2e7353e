"""From the verdicts of one run to the certificate of a set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from sop_engine.check.results import Result
from sop_engine.definition.certificates import CHECKER_VERSION, Certificate, Verdict, properties_digest, written
from sop_engine.definition.model import Definition


def certify(of: str, definition: Definition, files: Mapping[str, str], results: Iterable[Result]) -> Certificate:
    """Return the certificate that these results are worth. ``files`` are the texts of the set by path."""
    return Certificate(
        of=of,
        set_digest=definition.digest,
        properties_digest=properties_digest(files),
        checker=CHECKER_VERSION,
        verdicts=tuple(sorted((_verdict(r) for r in results), key=lambda v: v.of)),
    )


def _verdict(result: Result) -> Verdict:
    return Verdict(
        of=result.of.id,
        verdict=result.verdict,
        backend=result.backend,
        why=result.why,
        assumes=result.assumes,
        is_way_out=result.of.safeguard.pattern == "always_possible",
        story=result.story,
        ends_in=result.ends_in,
    )


def write(certificate: Certificate, folder: Path) -> Path:
    """Write a certificate into a folder, under the name of its set, and return where."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{certificate.of.lower()}.json"
    path.write_text(written(certificate), encoding="utf-8")
    return path
