"""From the raw tree of a pack, already checked against its schema, to the pack itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from sop_engine.definition.lines import STEP_KEYS, Line, plain
from sop_engine.definition.raw import Raw, RawList, RawMap, RawText
from sop_engine.guards.tree import Span
from sop_engine.training.model import (
    CastMember,
    Criterion,
    Element,
    Goal,
    Group,
    HandOut,
    Indicator,
    Inject,
    Mistake,
    Observation,
    Outcome,
    Pack,
    PathLine,
    PersonFact,
    Question,
    Room,
    Topic,
)
from sop_engine.training.shape import OBSERVATIONS, RELATIONS

T = TypeVar("T")


def build_pack(tree: RawMap, *, file: str) -> Pack:
    """Return the pack that a tree declares. The tree has passed ``shape.PACK_FILE`` without a fault."""
    path = _map(tree, "path")
    given = _map(path, "given")
    outcome = _map(tree, "outcome")
    return Pack(
        id=_text(tree, "pack"),
        mock_case=_text(tree, "mock_case"),
        level=cast(Any, _text(tree, "level")),
        title=_text(tree, "title"),
        minutes=int(_text(tree, "minutes")),
        languages=_texts(tree, "languages"),
        source=_texts(tree, "source"),
        told=_text(tree, "told"),
        note=_text(tree, "note"),
        goals=_each(tree, "goals", lambda n, r: Goal(name=n, text=_text(r, "text"), source=_texts(r, "source"))),
        cast=_each(tree, "cast", _cast),
        topics=_each(tree, "topics", _topic),
        questions=_each(tree, "questions", _question),
        facts=_each(tree, "facts", _fact),
        documents=_each(tree, "documents", _hand_out),
        at=_text(given, "at"),
        people={name: _listed(roles) for name, roles in _map(given, "people").entries.items()},
        opens=_text(given, "open") or None,
        team={name: _listed(people) for name, people in _map(tree, "team").entries.items()},
        path=elements(path.entries.get("steps")),
        tolerated=_texts(path, "tolerated"),
        indicators=_each(tree, "indicators", _indicator),
        outcomes={
            "": _outcome("", outcome),
            **{code: _outcome(code, one) for code, one in _map(outcome, "profiles").entries.items()},
        },
        injects=_each(tree, "injects", _inject),
        rubric=_each(tree, "rubric", _criterion),
        mistakes=_each(tree, "mistakes", _mistake),
        reasons=_texts(tree, "reasons"),
        file=file,
        span=tree.span,
        marks=_marks(tree, given),
    )


def _marks(tree: RawMap, given: RawMap) -> Mapping[str, Span]:
    found = {name: span for name, span in tree.key_spans.items() if name in ("source", "cast", "path")}
    inner = {"goals": _map(tree, "goals"), "team": _map(tree, "team"), "people": _map(given, "people")}
    return found | {f"{name}.{key}": span for name, raw in inner.items() for key, span in raw.key_spans.items()}


def elements(raw: Raw | None) -> tuple[Element, ...]:
    """Return the lines and groups of a path."""
    if not isinstance(raw, RawList):
        return ()
    return tuple(_element(item) for item in raw.items if isinstance(item, RawMap))


def _element(raw: RawMap) -> Element:
    for kind in ("any_order", "either"):
        branches = raw.entries.get(kind)
        if isinstance(branches, RawList):
            found = tuple(
                (path_line(one),)
                if isinstance(one, RawMap)
                else tuple(path_line(line) for line in one.items if isinstance(line, RawMap))
                for one in branches.items
                if isinstance(one, RawMap | RawList)
            )
            return Group(kind=cast(Any, kind), branches=found, span=raw.span)
    return path_line(raw)


def path_line(raw: RawMap) -> PathLine:
    """Return one line of a path or of a script."""
    values = {name: plain(value) for name, value in raw.entries.items() if name in STEP_KEYS}
    return PathLine(
        line=Line(values, raw.span),
        id=_text(raw, "id"),
        is_optional=_text(raw, "optional") == "yes",
        asks=_texts(raw, "asks"),
        room=_room(raw),
    )


def _room(raw: RawMap) -> Room | None:
    if not {"present", "interpreter", "officer_as_asked"} & set(raw.entries):
        return None
    interpreter = _text(raw, "interpreter")
    return Room(
        present=_texts(raw, "present"),
        interpreter="" if interpreter == "none" else interpreter,
        officer_as_asked=_text(raw, "officer_as_asked") != "no",
    )


def observations(raw: Raw | None) -> tuple[Observation, ...]:
    """Return the observations of a place: one, or a list of which any counts."""
    if isinstance(raw, RawMap):
        return (_observation(raw),)
    if isinstance(raw, RawList):
        return tuple(_observation(item) for item in raw.items if isinstance(item, RawMap))
    return ()


def _observation(raw: RawMap) -> Observation:
    kind = next(name for name in OBSERVATIONS if name in raw.entries)
    relation = next((name for name in RELATIONS if name in raw.entries), "")
    named = _text(raw, kind)
    name, _, key = named.partition(" ")
    values = _texts(raw, relation) if relation else ()
    if kind == "refused" and "because" in raw.entries:
        relation, values = "says", (_text(raw, "because"),)
    if kind == "asked" and "manner" in raw.entries:
        relation, values = "manner", (_text(raw, "manner"),)
    return Observation(
        kind=kind,
        name=name,
        relation=relation,
        values=values,
        key=_text(raw, "key") or key or None,
        about=_text(raw, "about"),
        span=raw.span,
    )


def _cast(name: str, raw: RawMap) -> CastMember:
    return CastMember(
        id=name,
        name=_text(raw, "name"),
        role=cast(Any, _text(raw, "role")),
        text=_text(raw, "text"),
        is_safe=_text(raw, "is_safe") != "no",
        why=_text(raw, "why"),
    )


def _topic(name: str, raw: RawMap) -> Topic:
    return Topic(
        id=name,
        title=_text(raw, "title"),
        words=_text(raw, "words"),
        otherwise=_text(raw, "otherwise"),
        if_led=_text(raw, "if_led"),
        is_neutral=_text(raw, "neutral") == "yes",
        span=raw.span,
    )


def _question(name: str, raw: RawMap) -> Question:
    return Question(
        id=name,
        ask=_text(raw, "ask"),
        topic=_text(raw, "topic"),
        manner=cast(Any, _text(raw, "manner")),
        reveals=_texts(raw, "reveals"),
        unsafe=_text(raw, "unsafe"),
        words=_text(raw, "words"),
        span=raw.span,
    )


def _fact(name: str, raw: RawMap) -> PersonFact:
    return PersonFact(
        id=name,
        text=_text(raw, "text"),
        known=cast(Any, _text(raw, "known")),
        topic=_text(raw, "topic"),
        says=_text(raw, "says"),
        instead=_text(raw, "instead"),
        needs=cast(Any, _texts(raw, "needs")),
        after=_texts(raw, "after"),
        span=raw.span,
    )


def _hand_out(name: str, raw: RawMap) -> HandOut:
    return HandOut(id=name, title=_text(raw, "title"), text=_text(raw, "text"), when=_text(raw, "when"))


def _indicator(name: str, raw: RawMap) -> Indicator:
    return Indicator(
        id=name,
        text=_text(raw, "text"),
        step=_text(raw, "step"),
        noticed_when=observations(raw.entries.get("noticed_when")),
        is_planted=_text(raw, "planted") == "yes",
        why=_text(raw, "why"),
        source=_texts(raw, "source"),
        span=raw.span,
    )


def _outcome(profile: str, raw: Raw) -> Outcome:
    if not isinstance(raw, RawMap):
        raise TypeError(profile)
    return Outcome(
        profile=profile,
        code=_text(raw, "code"),
        why=_text(raw, "why"),
        shows=observations(raw.entries.get("shows")),
        instead_from=_text(raw, "instead_from"),
        steps=elements(raw.entries.get("steps")),
        span=raw.span,
    )


def _inject(name: str, raw: RawMap) -> Inject:
    acts = raw.entries.get("acts")
    return Inject(
        id=name,
        title=_text(raw, "title"),
        text=_text(raw, "text"),
        acts=tuple(path_line(item).line for item in acts.items if isinstance(item, RawMap))
        if isinstance(acts, RawList)
        else (),
        room=_room(raw),
        expects=observations(raw.entries.get("expects")),
        span=raw.span,
    )


def _criterion(name: str, raw: RawMap) -> Criterion:
    return Criterion(
        id=name,
        title=_text(raw, "title"),
        points=int(_text(raw, "points")),
        when=observations(raw.entries.get("when")),
        needs_all=_text(raw, "all") == "yes",
        checklist=_texts(raw, "checklist"),
        span=raw.span,
    )


def _mistake(name: str, raw: RawMap) -> Mistake:
    script = raw.entries.get("script")
    return Mistake(
        id=name,
        text=_text(raw, "text"),
        leaves_trace=_text(raw, "leaves_trace") == "yes",
        feedback=_text(raw, "feedback"),
        step=_text(raw, "step"),
        source=_texts(raw, "source"),
        at=_text(raw, "at"),
        instead=_text(raw, "instead") == "yes",
        script=tuple(path_line(item) for item in script.items if isinstance(item, RawMap))
        if isinstance(script, RawList)
        else (),
        without=_texts(raw, "without"),
        until=_text(raw, "until"),
        shows=observations(raw.entries.get("shows")),
        span=raw.span,
    )


def _each(tree: RawMap, name: str, make: Callable[[str, RawMap], T]) -> Mapping[str, T]:
    return {key: make(key, raw) for key, raw in _map(tree, name).entries.items() if isinstance(raw, RawMap)}


def _map(tree: RawMap, name: str) -> RawMap:
    found = tree.entries.get(name)
    return found if isinstance(found, RawMap) else RawMap({}, tree.span)


def _text(tree: RawMap, name: str) -> str:
    found = tree.entries.get(name)
    return found.text if isinstance(found, RawText) else ""


def _texts(tree: RawMap, name: str) -> tuple[str, ...]:
    found = tree.entries.get(name)
    return _listed(found) if found is not None else ()


def _listed(raw: Raw) -> tuple[str, ...]:
    if isinstance(raw, RawText):
        return (raw.text,)
    if isinstance(raw, RawList):
        return tuple(item.text for item in raw.items if isinstance(item, RawText))
    return ()
