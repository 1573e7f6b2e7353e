"""The digest of a set names its content, all of it and nothing else."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from sop_engine.definition.editions import content_digest
from sop_engine.definition.load import load_texts
from tests.unit.definition.small_set import SMALL_SET, changed

FILES = st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=20), max_size=5)


@given(FILES, st.randoms(use_true_random=False))
def test_the_order_of_files_does_not_matter(files: dict[str, str], chance: random.Random) -> None:
    shuffled = list(files.items())
    chance.shuffle(shuffled)

    assert content_digest(dict(shuffled)) == content_digest(files)


@given(FILES, st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8))
def test_another_path_or_another_word_is_another_edition(files: dict[str, str], path: str, word: str) -> None:
    before = content_digest(files)

    after = content_digest({**files, path: files.get(path, "") + "\nx" + word.strip() + "x"})

    assert after != before


def test_moving_a_line_from_one_file_to_the_next_is_another_edition() -> None:
    assert content_digest({"a": "1\n", "b": "2\n"}) != content_digest({"a": "1\n2\n", "b": ""})


def test_spaces_at_line_ends_make_no_other_edition() -> None:
    assert content_digest({"a": "1 \n2\n\n"}) == content_digest({"a": "1\n2"})


def test_rows_and_examples_are_no_part_of_an_edition_and_comments_are() -> None:
    digest = load_texts(SMALL_SET).digest
    without_rows = {path: text for path, text in SMALL_SET.items() if not path.endswith("rows.yaml")}

    assert load_texts(without_rows).digest == digest
    assert load_texts({**SMALL_SET, "harmonised/loan/examples.yaml": "examples: {}\n"}).digest == digest
    assert load_texts(changed("steps:\n", "# Reading: a child may borrow alone.\nsteps:\n")).digest != digest


def test_a_set_kept_elsewhere_loads_again_as_the_same_set() -> None:
    first = load_texts(SMALL_SET)

    again = load_texts(first.files)

    assert again == first
    assert "harmonised/loan/rows.yaml" not in first.files
