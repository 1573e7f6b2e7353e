"""The figures of one grading as plain values: what is kept with an attempt, and what programs are given."""

from __future__ import annotations

from typing import Any

from sop_engine.definition.model import Source
from sop_engine.training.grade import ActNoted, Grading, Place


def figures_of(found: Grading) -> dict[str, Any]:
    """Return the figures of a grading that classes are compared by: counts and names, no words of anybody."""
    return {
        "pack": found.pack,
        "level": found.level,
        "points": found.points,
        "possible": found.possible,
        "waits_for_trainer": found.waits_for_trainer,
        "outcome_reached": found.outcome_reached,
        "missed": [one.id for one in found.missed],
        "noticed": [one.id for one in found.indicators if one.is_noticed],
        "mistakes": [one.id for one in found.mistakes],
        "skipped": len(found.skipped),
        "added": len(found.added),
        "late": len(found.late),
        "refusals": len(found.refusals),
        "safeguards": sum("safeguard" in refused.codes for _, refused in found.refusals),
        "asked": found.conversation.asked,
        "unsafe": len(found.conversation.conduct),
        "minutes": found.minutes,
    }


def grading_as_json(found: Grading) -> dict[str, Any]:
    """Return a whole grading as plain values."""
    return {
        **figures_of(found),
        "title": found.title,
        "outcome": found.outcome,
        "minutes_expected": found.minutes_expected,
        "path": {
            "done": [one.named for one in found.alignment.done],
            "skipped": _acts(found.skipped),
            "added": _acts(found.added),
            "late": _acts(found.late),
            "early": _acts(found.early),
            "not_reached": _acts(found.not_reached),
        },
        "indicators": [
            {
                "id": one.id,
                "text": one.text,
                "noticed": one.is_noticed,
                "planted": one.is_planted,
                "why": one.why,
                **_place(one.place),
            }
            for one in found.indicators
        ],
        "mistakes_made": [
            {
                "id": one.id,
                "text": one.text,
                "feedback": one.feedback,
                **(_place(one.place) if one.place else {}),
                "sources": _sources((*(one.place.source if one.place else ()), *one.source)),
            }
            for one in found.mistakes
        ],
        "refused": [
            {"act": noted.act.named, "title": noted.title, "codes": list(refused.codes), "told": refused.told}
            for noted, refused in found.refusals
        ],
        "conversation": {
            "asked": found.conversation.asked,
            "manners": dict(found.conversation.manners),
            "topics": list(found.conversation.topics),
            "topics_missed": list(found.conversation.topics_missed),
            "revealed": list(found.conversation.revealed),
            "missed": list(found.conversation.missed),
            "conduct": [{"kind": kind, "about": about, "why": why} for kind, about, why in found.conversation.conduct],
            "safe": found.conversation.safe,
        },
        "criteria": [
            {
                "id": one.id,
                "title": one.title,
                "points": one.points,
                "possible": one.possible,
                "automatic": one.is_automatic,
            }
            for one in found.criteria
        ],
    }


def _acts(acts: tuple[ActNoted, ...]) -> list[dict[str, str]]:
    return [{"act": one.act.named, "title": one.title} for one in acts]


def _place(place: Place) -> dict[str, Any]:
    return {"step": place.name, "step_title": place.title, "sources": _sources(place.source)}


def _sources(sources: tuple[Source, ...]) -> list[dict[str, str]]:
    return [{"source": str(one), "mark": one.mark} for one in dict.fromkeys(sources)]
