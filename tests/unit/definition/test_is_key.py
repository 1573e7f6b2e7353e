"""A choice that repeats the key is refused where it could not: no keys, a key that is no choice, another type."""

from __future__ import annotations

import pytest

from sop_engine.definition.faults import DeclarationErrors
from sop_engine.definition.load import load_texts
from tests.instruments.small_set import SMALL_SET

HELP, CLAIM = "harmonised/claim/help.yaml", "harmonised/claim/procedure.yaml"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "choices: {doctor: A doctor, lawyer: A lawyer}",
            "choices: {doctor: A doctor}",
            'the key "lawyer" is none of its',
        ),
        ("many_per_case: {key: kind, values: [doctor, lawyer]}\n", "many_per_case: yes\n", "help has no keys"),
        ("answer: choice, is_key: yes,", "answer: many, is_key: yes,", "it is for choice"),
    ],
)
def test_a_choice_repeats_the_key_only_where_every_key_is_a_choice(old: str, new: str, told: str) -> None:
    assert old in SMALL_SET[HELP]

    with pytest.raises(DeclarationErrors, match=told):
        load_texts({**SMALL_SET, HELP: SMALL_SET[HELP].replace(old, new)})
