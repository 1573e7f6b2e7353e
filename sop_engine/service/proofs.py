"""What was proved of the procedures in force: whether real cases may be opened under them, and the report in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sop_engine.definition.certificates import Certificate, Verdict, properties_digest
from sop_engine.definition.model import Definition, Safeguard
from sop_engine.definition.properties import read_properties
from sop_engine.service.errors import NotProved
from sop_engine.service.service import Service
from sop_engine.service.showing import Shown
from sop_engine.service.views import SourceView

WORST_FIRST = ("VIOLATED", "UNKNOWN", "NO VIOLATION UP TO k", "PROVED", "BY STRUCTURE")


@dataclass(frozen=True, slots=True)
class ProofView:
    """One safeguard with its verdict. ``verdict`` is empty where no certificate speaks of it."""

    id: str
    says: str
    rule: str
    verdict: str
    assumes: str
    why: str
    story: tuple[str, ...]
    ends_in: str
    """The state that the story ends in, of the procedure the safeguard belongs to; empty without a story."""
    sources: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True)
class ProofsView:
    """The proof report of the set in force."""

    is_green: bool
    has_certificate: bool
    counts: Mapping[str, int]
    procedures: tuple[tuple[str, str, tuple[ProofView, ...]], ...]
    """(machine, title, safeguards with the worst first)."""
    checker: str = ""


def certificate_in_force(svc: Service, definition: Definition | None = None) -> Certificate | None:
    """Return the certificate of exactly this set (left out: the one in force), or None."""
    wanted = definition or svc.current
    digest = properties_digest(svc.proofs.beside(wanted))
    return next((one for one in svc.proofs.certificates() if one.covers(wanted.digest, digest)), None)


def is_proved(svc: Service) -> bool:
    """Say whether the set in force has a green certificate."""
    found = certificate_in_force(svc)
    return found is not None and found.is_green


def require_proof(svc: Service) -> None:
    """Raise NotProved where a real case would be opened under procedures whose safeguards are not proved."""
    if svc.proofs.needed and not is_proved(svc):
        raise NotProved


def show_proofs(svc: Service, language: str) -> ProofsView:
    """Return the proof report of the set in force, in words."""
    definition = svc.current
    certificate = certificate_in_force(svc)
    verdicts = {v.of: v for v in certificate.verdicts} if certificate else {}
    wording = svc.wording(definition, language)
    shown = Shown(definition, wording, frozenset(), frozenset(), svc.clock())
    beside = read_properties(definition, svc.proofs.beside(definition))
    procedures = []
    for machine in definition.machines.values():
        own = [*machine.safeguards.values(), *(s for s in beside if s.machine == machine.name)]
        views = sorted(_views(own, verdicts, shown), key=lambda v: WORST_FIRST.index(v.verdict) if v.verdict else 0)
        if views:
            procedures.append((machine.name, wording.say(machine.title), tuple(views)))
    return ProofsView(
        is_green=certificate is not None and certificate.is_green,
        has_certificate=certificate is not None,
        counts=dict(certificate.counts) if certificate else {},
        procedures=tuple(procedures),
        checker=certificate.checker if certificate else "",
    )


def _views(safeguards: list[Safeguard], verdicts: Mapping[str, Verdict], shown: Shown) -> Iterator[ProofView]:
    say: Callable[[str], str] = shown.wording.say
    for safeguard in safeguards:
        verdict = verdicts.get(safeguard.qualified)
        yield ProofView(
            id=safeguard.qualified,
            says=say(safeguard.says),
            rule=safeguard.rule or safeguard.property_id,
            verdict=verdict.verdict if verdict else "",
            assumes=verdict.assumes if verdict else "",
            why=verdict.why if verdict else "",
            story=verdict.story if verdict else (),
            ends_in=verdict.ends_in.get(safeguard.machine, "") if verdict else "",
            sources=shown.sources(safeguard.source),
        )
