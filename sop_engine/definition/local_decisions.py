"""Where a profile says “?”, an officer decides on screen: the step that reads the value asks what holds, and why.

The questions are laid over the raw declarations like a change of an overlay, so that everything downstream (forms,
log, papers, proofs) treats them as any other question: the answers are sealed with the step, and the log says who
decided and when. No guard reads them. What protects the person meanwhile is the harmonised rule, whatever is answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sop_engine.definition.overlay_places import Trees, find, put, word
from sop_engine.definition.parameters import PARAMETERS, Parameter
from sop_engine.definition.raw import Raw, RawList, RawMap, RawText
from sop_engine.guards.tree import Span

LOCAL = "local_"
"""How the name of a question begins that only a gap in a profile asks."""
GROUND = "_ground"
HARMONISED = "The harmonised rule holds."


def is_local(question: str) -> bool:
    """Say whether a question is asked because the profile of the State says “?”."""
    return question.startswith(LOCAL)


def place_of(parameter: Parameter) -> tuple[str, str]:
    """Return the machine and the step in which a value is decided while nobody knows it; empty when no act reads it."""
    machine, _, step = (parameter.decided_in or parameter.asked_in.rpartition(".")[0]).partition(".")
    return machine, step


def questions_of(parameter: Parameter) -> tuple[str, str]:
    """Return the names of the two questions: what holds, and on which ground."""
    what = parameter.asked_in.rpartition(".")[2] or f"{LOCAL}{parameter.name}"
    return what, f"{LOCAL}{parameter.name}{GROUND}"


def ask_locally(trees: Trees, profile: RawMap) -> None:
    """Ask, in the step that reads it, for each value of the profile that nobody knows."""
    parameters = profile.entries.get("parameters")
    for name, raw in (parameters.entries if isinstance(parameters, RawMap) else {}).items():
        newest = _newest(raw)
        known = PARAMETERS.get(name)
        if known is None or word(newest, "value") != "?":
            continue
        machine, step = place_of(known)
        for path, tree in trees.machines.items():
            if word(tree, "machine") == machine and find(tree, ("steps", step)) is not None:
                for question, keys in _questions(known, step, word(profile, "title"), newest.span, tree):
                    tree = put(tree, ("questions", question), keys, key_span=newest.span)
                trees.machines[path] = tree


def _newest(raw: Raw) -> Raw:
    """Return the part of a value that holds now: the newest that has not ended."""
    if not isinstance(raw, RawList) or not raw.items:
        return raw
    running = [part for part in raw.items if not word(part, "until")]
    return (running or raw.items)[-1]


def _questions(parameter: Parameter, step: str, state: str, span: Span, tree: RawMap) -> Iterator[tuple[str, RawMap]]:
    what, ground = questions_of(parameter)
    told = f"The profile of {state} does not say: {parameter.title.lower()}. Find out, decide, and write it down. "
    told += f"Meanwhile: {parameter.meanwhile or HARMONISED}"
    shown = {"shown_when": parameter.only_if} if parameter.only_if else {}
    if parameter.asked_in:
        declared = find(tree, ("questions", f"{step}.{what}"))
        if isinstance(declared, RawMap):
            hint = RawText(f"{word(declared, 'hint')} {told}".strip(), span)
            yield f"{step}.{what}", put(declared, ("hint",), hint, key_span=span)
    else:
        asked = {
            "class": "procedure",
            "ask": f"{parameter.title}: what holds in this case?",
            "hint": told,
            "answer": "text",
            "max_length": "600",
            "may_be": "unknown",
            "source": "policy",
            **shown,
        }
        yield f"{step}.{what}", _declared(asked, span)
    why = {
        "class": "procedure",
        "ask": f"{parameter.title}: on which provision, or on whose advice?",
        "hint": "Where nobody could say: whom you asked, and when.",
        "answer": "text",
        "min_length": "5",
        "max_length": "600",
        "source": "policy",
        **shown,
    }
    yield f"{step}.{ground}", _declared(why, span)


def _declared(keys: Mapping[str, str], span: Span) -> RawMap:
    return RawMap({key: RawText(text, span) for key, text in keys.items()}, span, dict.fromkeys(keys, span))
