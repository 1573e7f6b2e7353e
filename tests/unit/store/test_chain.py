"""The chain of a log: one canonical text for each value, and no change that goes unseen."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_engine.store.chain import (
    GENESIS,
    ChainedEvent,
    NaiveInstant,
    NotCanonical,
    canonical,
    instant_text,
    link,
    verify,
)
from sop_engine.vocabulary import AuditEvent

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
mappings = st.dictionaries(words, plain, max_size=3)
events = st.builds(
    AuditEvent,
    seq=st.just(0),
    kind=words,
    at=st.datetimes(timezones=st.just(UTC)),
    by=words,
    role=words,
    proceeding=words,
    data=mappings,
    personal=mappings,
)
logs = st.lists(events, min_size=1, max_size=5)


def chained(log: list[AuditEvent], case_id: str = "c1") -> list[ChainedEvent]:
    entries: list[ChainedEvent] = []
    for seq, event in enumerate(log, start=1):
        entries.append(link(case_id, replace(event, seq=seq), entries[-1].hash if entries else GENESIS))
    return entries


@given(plain)
def test_the_canonical_text_says_the_same_value(value: Any) -> None:
    assert json.loads(canonical(value)) == value
    assert canonical(json.loads(canonical(value))) == canonical(value)


@given(mappings)
def test_the_order_of_keys_does_not_matter(value: dict[str, Any]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)
    assert canonical(MappingProxyType(value)) == canonical(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1: "a"}, {"a": {None: 1}}, {1, 2}, "\ud800", AT, b"x"])
def test_what_has_no_canonical_text_is_refused_without_quoting_it(value: object) -> None:
    with pytest.raises(NotCanonical) as refusal:
        canonical(["Invented Person", value])

    assert "Invented" not in str(refusal.value)
    assert refusal.value.__cause__ is None


@given(st.datetimes(timezones=st.timezones()), st.datetimes(timezones=st.just(UTC)))
def test_the_text_of_instants_sorts_as_time_does(one: datetime, other: datetime) -> None:
    try:
        texts = instant_text(one), instant_text(other)
    except OverflowError:
        return  # within a day of the first or the last year there is

    assert len(texts[0]) == len(texts[1]) == 27
    assert (texts[0] < texts[1]) == (one.astimezone(UTC) < other)
    assert datetime.fromisoformat(texts[0]) == one.astimezone(UTC)


def test_an_instant_is_one_text_in_whatever_zone_it_was_given() -> None:
    assert instant_text(AT.astimezone(timezone(timedelta(hours=-4)))) == instant_text(AT)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveInstant):
        instant_text(datetime(2026, 3, 2))  # noqa: DTZ001 - on purpose


@given(logs)
def test_an_untouched_log_verifies(log: list[AuditEvent]) -> None:
    entries = chained(log)

    assert verify("c1", entries, seq=len(entries), head=entries[-1].hash) is None


@given(logs, st.data())
def test_a_changed_entry_is_named(log: list[AuditEvent], data: st.DataObject) -> None:
    entries = chained(log)
    n = data.draw(st.integers(0, len(entries) - 1))
    touched = entries[n].event
    change = data.draw(
        st.sampled_from(
            [
                {"kind": touched.kind + "x"},
                {"at": touched.at + timedelta(microseconds=1 if touched.at.year < 9999 else -1)},
                {"by": touched.by + "x"},
                {"role": touched.role + "x"},
                {"proceeding": touched.proceeding + "x"},
                {"data": {**touched.data, "x" * 9: 1}},
                {"personal": {**touched.personal, "x" * 9: 1}},
            ]
        )
    )
    entries[n] = replace(entries[n], event=replace(touched, **change))

    assert verify("c1", entries) == n + 1


@given(logs, st.data())
def test_a_changed_hash_salt_or_commitment_is_named(log: list[AuditEvent], data: st.DataObject) -> None:
    entries = chained(log)
    n = data.draw(st.integers(0, len(entries) - 1))
    name = data.draw(st.sampled_from(["hash", "salt", "commitment"]))
    was = str(getattr(entries[n], name))
    entries[n] = replace(entries[n], **{name: ("1" if was[0] == "0" else "0") + was[1:]})

    assert verify("c1", entries) == n + 1


@given(st.lists(events, min_size=2, max_size=5), st.data())
def test_a_dropped_entry_is_named(log: list[AuditEvent], data: st.DataObject) -> None:
    entries = chained(log)
    n = data.draw(st.integers(0, len(entries) - 1))
    left = entries[:n] + entries[n + 1 :]

    assert verify("c1", left, seq=len(entries), head=entries[-1].hash) == n + 1


@given(st.lists(events, min_size=2, max_size=5), st.data())
def test_swapped_entries_are_named_even_when_they_take_each_others_number(
    log: list[AuditEvent], data: st.DataObject
) -> None:
    entries = chained(log)
    n = data.draw(st.integers(0, len(entries) - 2))
    one, other = entries[n], entries[n + 1]
    entries[n] = replace(other, event=replace(other.event, seq=n + 1))
    entries[n + 1] = replace(one, event=replace(one.event, seq=n + 2))

    assert verify("c1", entries) == n + 1


@given(logs)
def test_a_log_does_not_verify_as_that_of_another_case(log: list[AuditEvent]) -> None:
    assert verify("c2", chained(log, "c1")) == 1


@given(logs, events)
def test_an_entry_added_behind_the_head_is_named(log: list[AuditEvent], added: AuditEvent) -> None:
    entries = chained(log)
    more = [*entries, link("c1", replace(added, seq=len(entries) + 1), entries[-1].hash)]

    assert verify("c1", more, seq=len(entries), head=entries[-1].hash) == len(entries) + 1


@given(logs)
def test_the_chain_outlives_the_personal_values(log: list[AuditEvent]) -> None:
    erased = [replace(entry, salt=None, event=replace(entry.event, personal={})) for entry in chained(log)]

    assert verify("c1", erased, seq=len(erased), head=erased[-1].hash) is None


def test_equal_personal_values_have_different_commitments() -> None:
    event = AuditEvent(1, "StepAnswered", AT, "ana", "officer", "p-1", {}, {"age": 17})

    assert link("c1", event, GENESIS).commitment != link("c1", event, GENESIS).commitment
