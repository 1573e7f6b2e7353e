"""The picture of a procedure: its states, the ways between them, and where this case stands.

``picture_of`` arranges the states once, ``svg`` writes the picture for a page, and ``pdf`` draws the same one on paper.
The picture never stands alone: a page or paper gives the same as a list beside it. Acts are named in a tooltip, since
the names of forty acts would hide the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TypeAlias

from sop_engine.definition.model import Machine, StateKind
from sop_engine.records.arrangement import Arrow, Graph, Node, arranged

Translate: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Box:
    """One state: its words in lines, its middle and size in points, counted from the upper left corner.

    The first line of the present state says “you are here”.
    """

    name: str
    lines: tuple[str, ...]
    kind: StateKind
    x: float
    y: float
    width: float
    height: float
    is_start: bool = False
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """One way from a state to another: a curve (start, then handle, handle, end …) and the acts that take it."""

    start: str
    end: str
    points: tuple[tuple[float, float], ...]
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    machine: str
    width: float
    height: float
    boxes: tuple[Box, ...]
    ways: tuple[Way, ...]
    title: str
    description: str


FROM_ANYWHERE_AT_LEAST = 4
"""A way open from this many states, and from all in which the procedure runs, is written on its target, not drawn."""

LINE_HEIGHT, PADDING, LETTER_WIDTH = 14.0, 8.0, 6.6


def picture_of(machine: Machine, *, here: str | None = None, texts: Translate = str) -> Picture:
    """Return the picture of a machine, with the state ``here`` marked. Cached by what is drawn."""
    title, description = _words(machine, here, texts)
    return _picture(_graph(machine, here, texts), here, title, description)


def svg(picture: Picture) -> str:
    """Return the picture as an SVG element: classes, no inline style, fit for a strict content security policy."""
    title_id, text_id = f"diagram-{picture.machine}-title", f"diagram-{picture.machine}-text"
    head_id = f"diagram-{picture.machine}-head"
    return "".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" class="diagram" role="img" ',
            f'aria-labelledby="{title_id} {text_id}" ',
            f'viewBox="0 0 {_n(picture.width)} {_n(picture.height)}" ',
            f'width="{_n(picture.width)}" height="{_n(picture.height)}">',
            f'<title id="{title_id}">{escape(picture.title)}</title>',
            f'<desc id="{text_id}">{escape(picture.description)}</desc>',
            f'<defs><marker id="{head_id}" class="diagram-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" ',
            'markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 z"/></marker></defs>',
            *(_way(way, head_id) for way in picture.ways),
            *(_box(box) for box in picture.boxes),
            "</svg>",
        ]
    )


def _graph(machine: Machine, here: str | None, texts: Translate) -> Graph:
    """Return what is to be arranged, as one hashable value."""
    open_states = {state.name for state in machine.states.values() if state.kind != "end"}
    running = {state.name for state in machine.states.values() if state.kind in ("work", "wait")}
    acts: dict[tuple[str, str], list[str]] = {}
    anywhere: dict[str, str] = {}
    for act in machine.transitions.values():
        if act.target is None or act.target not in machine.states:
            continue
        sources = [state for state in act.from_states if state in machine.states and state != act.target]
        if len(sources) >= FROM_ANYWHERE_AT_LEAST and set(sources) | {act.target} >= running:
            is_everywhere = set(sources) | {act.target} >= open_states
            anywhere[act.target] = texts("(from any state)") if is_everywhere else texts("(from any running state)")
            continue
        for source in sources:
            acts.setdefault((source, act.target), []).append(texts(act.title))
    nodes = []
    for state in machine.states.values():
        lines = _in_lines(texts(state.title))
        if state.name in anywhere:
            lines += (anywhere[state.name],)
        if state.name == here:
            lines = (f"• {texts('You are here')}", *lines)
        width = max(len(line) for line in lines) * LETTER_WIDTH + 2 * PADDING
        height = len(lines) * LINE_HEIGHT + 2 * PADDING
        nodes.append(Node(state.name, lines, state.kind, width, height, state.name == machine.starts_in))
    arrows = tuple(Arrow(start, end, tuple(titles)) for (start, end), titles in acts.items())
    return Graph(machine.name, tuple(nodes), arrows)


def _words(machine: Machine, here: str | None, texts: Translate) -> tuple[str, str]:
    """(title, description), translated."""
    title = texts("The states of {procedure}").format(procedure=texts(machine.title))
    said = [texts("{number} states.").format(number=len(machine.states))]
    if here in machine.states:
        state = machine.states[str(here)]
        said.append(texts("The case is in the state “{state}”.").format(state=texts(state.title)))
        exits = dict.fromkeys(
            act.target for act in machine.exits(state.name) if act.target not in (None, state.name) and not act.auto
        )
        nexts = "; ".join(texts(machine.states[str(name)].title) for name in exits if name in machine.states)
        if nexts:
            said.append(texts("From here: {states}.").format(states=nexts))
    return title, " ".join(said)


@lru_cache(maxsize=256)
def _picture(graph: Graph, here: str | None, title: str, description: str) -> Picture:
    places = arranged(graph)
    boxes = tuple(
        Box(
            node.name,
            node.lines,
            node.kind,
            *places.middles[node.name],
            node.width,
            node.height,
            is_start=node.is_start,
            is_here=node.name == here,
        )
        for node in graph.nodes
    )
    ways = tuple(
        Way(arrow.start, arrow.end, curve, arrow.acts) for arrow, curve in zip(graph.arrows, places.curves, strict=True)
    )
    return Picture(graph.name, places.width, places.height, boxes, ways, title, description)


def _in_lines(words: str, longest: int = 20) -> tuple[str, ...]:
    lines: list[str] = []
    for word in words.split() or [""]:
        if lines and len(lines[-1]) + 1 + len(word) <= longest:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)


def _way(way: Way, head_id: str) -> str:
    (x, y), rest = way.points[0], way.points[1:]
    path = f"M{_n(x)} {_n(y)} C" + " ".join(f"{_n(px)} {_n(py)}" for px, py in rest)
    acts = escape("; ".join(way.acts))
    return (
        f'<path class="diagram-way" d="{path}" fill="none" stroke="currentColor" marker-end="url(#{head_id})">'
        f"<title>{acts}</title></path>"
    )


def _box(box: Box) -> str:
    classes = f"diagram-state diagram-state--{box.kind}"
    classes += " diagram-state--start" if box.is_start else ""
    classes += " diagram-state--here" if box.is_here else ""
    left, top = box.x - box.width / 2, box.y - box.height / 2
    corner = box.height / 2 if box.kind == "end" else 4.0
    frame = (
        f'<rect class="diagram-frame" x="{_n(left)}" y="{_n(top)}" width="{_n(box.width)}" height="{_n(box.height)}" '
        f'rx="{_n(min(corner, 18.0))}" fill="#ffffff" stroke="currentColor" stroke-width="{3 if box.is_here else 1}"/>'
    )
    first = box.y - (len(box.lines) - 1) * LINE_HEIGHT / 2 + 4
    lines = "".join(
        f'<text class="{"diagram-here" if box.is_here and at == 0 else "diagram-words"}" x="{_n(box.x)}" '
        f'y="{_n(first + at * LINE_HEIGHT)}" text-anchor="middle" font-size="12">{escape(line)}</text>'
        for at, line in enumerate(box.lines)
    )
    return f'<g class="{classes}">{frame}{lines}</g>'


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
