"""The draw of a quality cycle: complete where it must be, spread where it can be, the same whenever it is repeated."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sop_engine.engine.sampling import LEAST, SampleFile, draw, groups_of, population_hash

NAMES = st.integers(0, 400).map(lambda n: f"{n:032x}")
FILES = st.lists(
    st.builds(
        SampleFile,
        case_id=NAMES,
        layer=st.sampled_from(["exclusion", "uasc", "detention", "rest", "rest", "rest", "rest"]),
        result=st.sampled_from(["positive", "negative", "none"]),
        officer=st.sampled_from(["ana", "ben", "cho"]),
        nationality=st.sampled_from(["HTI", "CUB", "VEN", ""]),
    ),
    max_size=80,
    unique_by=lambda file: file.case_id,
)
SEEDS = st.text(min_size=8, max_size=20)


@given(FILES, SEEDS, st.randoms())
def test_the_same_seed_draws_the_same_sample_whatever_the_order(files: list[SampleFile], seed: str, chance) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(files)
    chance.shuffle(shuffled)

    assert draw(files, seed=seed) == draw(shuffled, seed=seed)


@given(FILES, SEEDS)
def test_every_exclusion_child_alone_and_long_detention_is_in_the_sample(files: list[SampleFile], seed: str) -> None:
    drawn = {one.file for one in draw(files, seed=seed).drawn}

    assert {file for file in files if file.layer != "rest"} <= drawn
    assert drawn <= set(files)


@given(FILES, SEEDS, st.integers(0, 3), st.integers(10, 100))
def test_the_rest_gives_its_share_and_each_stratum_its_number(
    files: list[SampleFile], seed: str, per_stratum: int, share: int
) -> None:
    rest = [file for file in files if file.layer == "rest"]

    sample = draw(files, seed=seed, per_stratum=per_stratum, share=share)
    drawn = [one for one in sample.drawn if one.file.layer == "rest"]

    assert len(drawn) >= min(len(rest), max(LEAST, -(-len(rest) * share // 100)))
    for stratum in sample.strata:
        assert stratum.drawn >= min(per_stratum, stratum.files)
    assert sum(stratum.files for stratum in sample.strata) == len(rest)


@given(FILES, SEEDS)
def test_positive_and_negative_results_are_both_looked_at(files: list[SampleFile], seed: str) -> None:
    results = {one.file.result for one in draw(files, seed=seed).drawn}

    assert {file.result for file in files} - {"none"} <= results


@given(FILES, SEEDS)
def test_pseudonyms_tell_the_files_apart_and_nothing_else(files: list[SampleFile], seed: str) -> None:
    sample = draw(files, seed=seed, share=100)
    names = [one.pseudonym for one in sample.drawn]

    assert len(set(names)) == len(names)
    assert not any(one.file.case_id[:6] in one.pseudonym for one in sample.drawn if one.file.case_id[:6] != "000000")


def test_another_seed_draws_another_sample_and_gives_other_pseudonyms() -> None:
    files = [
        SampleFile(case_id=f"{n:032x}", layer="rest", result="negative", officer="ana", nationality="HTI")
        for n in range(200)
    ]

    first, second = draw(files, seed="first seed"), draw(files, seed="second seed")

    assert {one.file.case_id for one in first.drawn} != {one.file.case_id for one in second.drawn}
    assert not {one.pseudonym for one in first.drawn} & {one.pseudonym for one in second.drawn}
    assert first.population_hash == second.population_hash


def test_a_changed_list_is_noticed() -> None:
    file = SampleFile(case_id="a", layer="rest", result="none", officer="ana")
    decided = SampleFile(case_id="a", layer="rest", result="positive", officer="ana")

    assert population_hash([file]) != population_hash([decided])
    assert population_hash([file]) != population_hash([])


def test_a_nationality_of_few_stands_with_the_others() -> None:
    many = [
        SampleFile(case_id=str(n), layer="rest", result="none", officer="ana", nationality="HTI") for n in range(LEAST)
    ]
    few = SampleFile(case_id="x", layer="rest", result="none", officer="ana", nationality="CUB")

    assert groups_of([*many, few]) == {**dict.fromkeys("01234", "HTI"), "x": "other"}
