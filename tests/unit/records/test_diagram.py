"""The picture of a procedure: the same states and ways with and without Graphviz, safe to put on a page."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_engine.definition.model import Machine, State
from sop_engine.records.arrangement import Arrow, Graph, Node, by_graphviz, in_layers
from sop_engine.records.diagram import picture_of, svg
from tests.unit.records.example import HEARING, transition

SVG = "{http://www.w3.org/2000/svg}"


def test_every_state_has_a_box_and_every_way_an_arrow() -> None:
    drawn = picture_of(HEARING)

    assert {box.name for box in drawn.boxes} == set(HEARING.states)
    assert {(way.start, way.end, way.acts) for way in drawn.ways} == {
        ("opened", "in_session", ("Submit to the committee",)),
        ("in_session", "decided", ("Close the decision",)),
    }


def test_the_present_state_is_marked_in_the_picture_and_in_words() -> None:
    drawn = picture_of(HEARING, here="in_session")

    assert [box.name for box in drawn.boxes if box.is_here] == ["in_session"]
    assert "The case is in the state “Committee in session”. From here: Decided." in drawn.description
    assert "You are here" in svg(drawn)


def test_the_svg_has_a_name_a_description_and_no_inline_style_or_script() -> None:
    written = svg(picture_of(HEARING, here="opened"))

    root = ElementTree.fromstring(written)  # noqa: S314 - our own picture
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"].split() == [title.attrib["id"], description.attrib["id"]]
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|href", written)


def test_titles_that_look_like_markup_stay_words() -> None:
    states = {**HEARING.states, "opened": State(name="opened", title="<script>alert(1)</script> & co", kind="work")}

    written = svg(picture_of(replace(HEARING, title='"><x', states=states)))
    assert "<script>" not in written
    ElementTree.fromstring(written)  # noqa: S314 - our own picture


def test_a_way_open_from_everywhere_is_written_on_its_target() -> None:
    names = ("one", "two", "three", "four", "five")
    states = {name: State(name=name, title=name, kind="work") for name in names}
    states["left"] = State(name="left", title="Left", kind="end")
    leave = replace(transition("leave", "one", "left", "Leave"), from_states=names)
    machine = replace(HEARING, starts_in="one", states=states, transitions={"leave": leave})

    drawn = picture_of(machine)
    assert drawn.ways == ()
    assert "(from any state)" in next(box for box in drawn.boxes if box.name == "left").lines


def test_the_same_picture_is_arranged_once() -> None:
    assert picture_of(HEARING, here="opened") is picture_of(HEARING, here="opened")


def test_a_changed_machine_of_the_same_name_has_a_picture_of_its_own() -> None:
    renamed: Machine = replace(
        HEARING, states={**HEARING.states, "opened": State(name="opened", title="Renamed", kind="work")}
    )

    assert "Renamed" not in svg(picture_of(HEARING))
    assert "Renamed" in svg(picture_of(renamed))


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    count = draw(st.integers(1, 12))
    names = [f"s{number}" for number in range(count)]
    nodes = tuple(Node(name, (name,), "work", draw(st.floats(20, 160)), 30.0, name == "s0") for name in names)
    pairs = draw(st.sets(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=20))
    return Graph("m", nodes, tuple(Arrow(start, end, ()) for start, end in sorted(pairs) if start != end))


@given(graphs())
def test_our_own_arrangement_sets_no_box_on_another_and_keeps_all_inside(graph: Graph) -> None:
    places = in_layers(graph)

    boxes = [(*places.middles[node.name], node.width, node.height) for node in graph.nodes]
    for at, (x, y, width, height) in enumerate(boxes):
        assert x - width / 2 >= 0
        assert x + width / 2 <= places.width
        assert y - height / 2 >= 0
        assert y + height / 2 <= places.height
        for other_x, other_y, other_width, other_height in boxes[at + 1 :]:
            beside = abs(x - other_x) >= (width + other_width) / 2 - 0.2
            above = abs(y - other_y) >= (height + other_height) / 2 - 0.2
            assert beside or above
    assert len(places.curves) == len(graph.arrows)
    assert all(len(curve) % 3 == 1 for curve in places.curves)


def test_graphviz_draws_the_same_states_and_ways() -> None:
    pytest.importorskip("pygraphviz")
    nodes = tuple(Node(name, (name,), "work", 80.0, 30.0, name == "a") for name in "abc")
    graph = Graph("m", nodes, (Arrow("a", "b", ()), Arrow("b", "c", ()), Arrow("c", "a", ())))

    places = by_graphviz(graph)
    assert set(places.middles) == {"a", "b", "c"}
    assert len(places.curves) == 3
    assert all(len(curve) % 3 == 1 for curve in places.curves)
    assert places.middles["a"][1] < places.middles["b"][1] < places.middles["c"][1]
