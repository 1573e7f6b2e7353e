"""A new pack to be filled in: its path from lines that were played, the rest left for a trainer to tell."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML

HEAD = """\
# A scenario pack to be finished: docs/write-a-scenario.md explains every line. Replace every TODO.
# Invented people only.
# Then: sop lint {path}, and sop rehearse {path}
"""
TELL = "TODO"


def skeleton(
    *,
    name: str,
    title: str,
    at: str,
    people: Mapping[str, Iterable[str]],
    opens: str | None,
    steps: Sequence[Mapping[str, Any]],
    mock_case: str = "",
    told: str = "",
    shows: Sequence[Mapping[str, Any]] = (),
    outcome: str = "recognised_1951",
) -> str:
    """Return the text of a pack with this path; it can be linted and played at once."""
    first_act = next((step for step in steps if "does" in step), {"does": "screening.start"})
    act = str(first_act["does"]) + (f" {first_act['key']}" if first_act.get("key") else "")
    teams = _teams(people)
    pack: dict[str, Any] = {
        "pack": name,
        **({"mock_case": mock_case} if mock_case else {}),
        "level": "basic",
        "title": title,
        "minutes": "90",
        "languages": ["en"],
        "source": "policy",
        "goals": {"first_goal": {"text": f"{TELL}: what a trainee can do afterwards."}},
        "told": told or f"{TELL}: what the trainees are told at the beginning.",
        "cast": {
            "applicant": {"name": TELL, "role": "applicant", "text": f"{TELL}: who tells the story."},
            "interpreter": {"name": TELL, "role": "interpreter", "text": f"{TELL}: an interpreter without ties."},
        },
        "topics": {
            "return": {
                "title": "What happens if the person goes back",
                "words": "return, go back, afraid, fear, home",
                "otherwise": f"{TELL}: what the person says when nothing new comes of a question.",
                "if_led": f"{TELL}: what the person says to a leading question.",
            }
        },
        "questions": {
            "what_if_return": {
                "ask": "What do you think would happen if you went back?",
                "topic": "return",
                "manner": "open",
            }
        },
        "facts": {
            "fear": {
                "text": f"{TELL}: what the person fears.",
                "known": "hidden",
                "topic": "return",
                "says": f"{TELL}: in the person's words.",
                "needs": ["alone", "trusted_interpreter", "open_question"],
            }
        },
        "team": teams,
        "path": {
            "given": {
                "at": at,
                "people": {who: list(roles) for who, roles in people.items()},
                **({"open": opens} if opens else {}),
            },
            "steps": [
                {"by": teams["officer"][0], "asks": ["what_if_return"], "interpreter": "interpreter"},
                *(dict(step) for step in steps),
            ],
        },
        "indicators": {
            "first_indicator": {
                "text": f"{TELL}: what a good officer notices.",
                "step": act.split(" ")[0],
                "noticed_when": {"act": act},
            }
        },
        "outcome": {"code": outcome, "why": f"{TELL}: why it ends so.", "shows": list(shows) or [{"act": act}]},
        "rubric": {
            "first_criterion": {"title": f"{TELL}: what is scored.", "points": "1", "when": {"act": act}},
            "reasons": {"title": "The reasons", "points": "5", "checklist": [f"{TELL}: what the reasons hold."]},
        },
        "mistakes": {
            "first_mistake": {
                "text": f"{TELL}: a common mistake.",
                "leaves_trace": "no",
                "feedback": f"{TELL}: what to say to who makes it.",
            }
        },
        "reasons": [f"{TELL}: a point that good reasons hold."],
        "note": f"{TELL}: the teaching note.",
    }
    return HEAD.format(path=f"workflows/training/{name}.yaml") + _as_yaml(pack)


def _teams(people: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Return a first proposal: whoever works on the file is the officer; the rest is played by the script."""
    chosen = [who for who, roles in people.items() if set(roles) & {"frontline_officer", "case_officer"}]
    return {"officer": chosen[:1] or [next(iter(people))]}


def _as_yaml(value: dict[str, Any]) -> str:
    out = io.StringIO()
    yaml = YAML()
    yaml.width = 120
    yaml.default_flow_style = False
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(value, out)
    return out.getvalue()
