"""A certificate speaks of one text only, is read as it was written, and is green only when everything is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_engine.definition.certificates import (
    CHECKER_VERSION,
    Certificate,
    Verdict,
    properties_digest,
    read_certificate,
    written,
)

VERDICTS = ("PROVED", "BY STRUCTURE", "NO VIOLATION UP TO k", "UNKNOWN", "VIOLATED")
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=30)
verdicts = st.builds(
    Verdict,
    of=words,
    verdict=st.sampled_from(VERDICTS),
    backend=words,
    assumes=words,
    is_way_out=st.booleans(),
    story=st.lists(words, max_size=3).map(tuple),
    ends_in=st.dictionaries(words, words, max_size=2),
)
certificates = st.builds(
    Certificate,
    of=words,
    set_digest=words,
    properties_digest=words,
    checker=words,
    verdicts=st.lists(verdicts, max_size=6).map(tuple),
)


@given(certificates)
def test_a_certificate_is_read_as_it_was_written(certificate: Certificate) -> None:
    assert read_certificate(written(certificate)) == certificate


@given(certificates)
def test_one_safeguard_that_is_not_proved_makes_it_not_green(certificate: Certificate) -> None:
    worst = [v for v in certificate.verdicts if v.verdict in ("UNKNOWN", "VIOLATED")]
    worst += [v for v in certificate.verdicts if v.verdict == "NO VIOLATION UP TO k" and not v.is_way_out]

    assert not (certificate.is_green and worst)


def proved() -> Certificate:
    verdict = Verdict(of="reception.no_child_detained", verdict="PROVED", ends_in={})
    return Certificate(
        of="harmonised", set_digest="abc", properties_digest="def", checker=CHECKER_VERSION, verdicts=(verdict,)
    )


def test_a_certificate_covers_exactly_its_text_its_properties_and_its_checker() -> None:
    assert proved().covers("abc", "def")
    assert not proved().covers("abd", "def")
    assert not proved().covers("abc", "deg")
    assert not replace(proved(), checker="0").covers("abc", "def")


def test_a_way_on_that_no_search_found_closed_does_not_stop_use_and_is_never_called_proved() -> None:
    way_on = Verdict(of="referral.nobody_stuck", verdict="NO VIOLATION UP TO k", is_way_out=True, ends_in={})
    certificate = replace(proved(), verdicts=(*proved().verdicts, way_on))

    assert certificate.is_green
    assert not way_on.is_green
    assert certificate.counts["NO VIOLATION UP TO k"] == 1


def test_a_certificate_of_nothing_is_not_green() -> None:
    assert not replace(proved(), verdicts=()).is_green


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"verdicts": 3}', "null", '{"of": "x", "verdicts": [{}]}'])
def test_what_cannot_be_read_certifies_nothing(text: str) -> None:
    assert read_certificate(text) is None


def test_only_properties_beside_the_procedures_count_for_their_digest() -> None:
    beside = {"harmonised/departure/properties.yaml": "machine: departure\n"}

    assert properties_digest(beside) == properties_digest({**beside, "harmonised/departure/procedure.yaml": "x"})
    assert properties_digest(beside) != properties_digest({"harmonised/departure/properties.yaml": "machine: case\n"})
