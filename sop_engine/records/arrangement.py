"""Where the boxes of a picture go: by Graphviz when it is installed, else in layers by a simple rule of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from sop_engine.definition.model import StateKind

Point: TypeAlias = tuple[float, float]
MARGIN, BETWEEN, BETWEEN_LAYERS = 18.0, 24.0, 44.0
_INCH = 72.0


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    lines: tuple[str, ...]
    kind: StateKind
    width: float
    height: float
    is_start: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    start: str
    end: str
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """What is to be arranged, hashable, so that the same graph is arranged once."""

    name: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Middles of the nodes and curves of the arrows, in points from the upper left corner."""

    width: float
    height: float
    middles: Mapping[str, Point]
    curves: tuple[tuple[Point, ...], ...]


@lru_cache(maxsize=256)
def arranged(graph: Graph) -> Places:
    """Return the places of nodes and arrows; cached."""
    try:
        return by_graphviz(graph)
    except (ImportError, OSError, RuntimeWarning, ValueError):
        # Graphviz is an author's tool. Without it, or when it fails, the picture is plainer and still true.
        return in_layers(graph)


def by_graphviz(graph: Graph) -> Places:
    """Arrange by Graphviz. Raises ImportError where pygraphviz is not installed."""
    import pygraphviz

    drawn = pygraphviz.AGraph(directed=True, strict=False, rankdir="TB", nodesep="0.3", ranksep="0.5")
    for node in graph.nodes:
        size = {"width": f"{node.width / _INCH:.4f}", "height": f"{node.height / _INCH:.4f}"}
        drawn.add_node(node.name, shape="box", fixedsize="true", label="", **size)
    for number, arrow in enumerate(graph.arrows):
        drawn.add_edge(arrow.start, arrow.end, key=str(number))
    drawn.layout(prog="dot")
    middles = {node.name: _point(drawn.get_node(node.name).attr["pos"]) for node in graph.nodes}
    curves = [
        _spline(drawn.get_edge(arrow.start, arrow.end, key=str(number)).attr["pos"])
        for number, arrow in enumerate(graph.arrows)
    ]
    # Graphviz counts upwards from the lower left corner.
    return _framed(graph, {name: (x, -y) for name, (x, y) in middles.items()}, [_flipped(curve) for curve in curves])


def in_layers(graph: Graph) -> Places:
    """Arrange in layers: a state stands below the first that leads to it, near those that lead to it."""
    layers = _layers(graph)
    sizes = {node.name: (node.width, node.height) for node in graph.nodes}
    middles: dict[str, Point] = {}
    top = 0.0
    for layer in layers:
        tallest = max(sizes[name][1] for name in layer)
        whole = sum(sizes[name][0] for name in layer) + BETWEEN * (len(layer) - 1)
        left = -whole / 2
        for name in layer:
            middles[name] = (left + sizes[name][0] / 2, top + tallest / 2)
            left += sizes[name][0] + BETWEEN
        top += tallest + BETWEEN_LAYERS
    curves = [_bow(middles[a.start], sizes[a.start], middles[a.end], sizes[a.end]) for a in graph.arrows]
    return _framed(graph, middles, curves)


def _layers(graph: Graph) -> list[list[str]]:
    names = [node.name for node in graph.nodes]
    exits: dict[str, list[str]] = {name: [] for name in names}
    for arrow in graph.arrows:
        exits[arrow.start].append(arrow.end)
    depth: dict[str, int] = {}
    starts = [node.name for node in graph.nodes if node.is_start] + names
    for start in starts:
        if start in depth:
            continue
        reached = [start]
        depth[start] = 0
        while reached:
            name = reached.pop(0)
            for following in exits[name]:
                if following not in depth:
                    depth[following] = depth[name] + 1
                    reached.append(following)
    layers: list[list[str]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for name in names:
        layers[depth[name]].append(name)
    for above, layer in pairwise(layers):
        at = {name: number for number, name in enumerate(above)}
        parents = {name: [at[a.start] for a in graph.arrows if a.end == name and a.start in at] for name in layer}
        layer.sort(key=lambda name: sum(parents[name]) / len(parents[name]) if parents[name] else 0.0)
    return [layer for layer in layers if layer]


def _bow(start: Point, start_size: Point, end: Point, end_size: Point) -> tuple[Point, ...]:
    """A curve downwards from box to box; one that leads back up or sideways goes round on the right."""
    (x1, y1), (x2, y2) = start, end
    if y2 > y1:
        first, last = (x1, y1 + start_size[1] / 2), (x2, y2 - end_size[1] / 2)
        half = (last[1] - first[1]) / 2
        return first, (first[0], first[1] + half), (last[0], last[1] - half), last
    first, last = (x1 + start_size[0] / 2, y1), (x2 + end_size[0] / 2, y2)
    aside = max(first[0], last[0]) + 40
    return first, (aside, y1), (aside, y2), last


def _framed(graph: Graph, middles: Mapping[str, Point], curves: list[tuple[Point, ...]]) -> Places:
    """Move everything so that the upper left corner is the origin, with a margin (and room for “you are here”)."""
    xs = [x for curve in curves for x, _ in curve]
    ys = [y for curve in curves for _, y in curve]
    for node in graph.nodes:
        x, y = middles[node.name]
        xs += [x - node.width / 2, x + node.width / 2]
        ys += [y - node.height / 2, y + node.height / 2]
    left, top = min(xs, default=0.0) - MARGIN, min(ys, default=0.0) - MARGIN

    def moved(point: Point) -> Point:
        return round(point[0] - left, 1), round(point[1] - top, 1)

    return Places(
        round(max(xs, default=0.0) + MARGIN - left, 1),
        round(max(ys, default=0.0) + MARGIN - top, 1),
        {name: moved(point) for name, point in middles.items()},
        tuple(tuple(moved(point) for point in curve) for curve in curves),
    )


def _point(text: str) -> Point:
    x, y = text.split(",")
    return float(x), float(y)


def _spline(text: str) -> tuple[Point, ...]:
    """Read a Graphviz curve: an end point “e,x,y”, then points; the curve is drawn on to its end."""
    end: Point | None = None
    points: list[Point] = []
    for part in text.replace("\\\n", "").split():
        if part.startswith("e,"):
            end = _point(part[2:])
        elif not part.startswith("s,"):
            points.append(_point(part))
    if end is not None:
        points = [*points[:-1], end]
    return tuple(points)


def _flipped(curve: tuple[Point, ...]) -> tuple[Point, ...]:
    return tuple((x, -y) for x, y in curve)
