"""Laws of the alignment: what holds of every expected path and every path taken."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from sop_engine.training.acts import Act
from sop_engine.training.align import Alignment, Block, align, cheapest_cuts, cuts_within
from sop_engine.training.classes import agreement, fleiss_kappa, heat

ACTS = st.sampled_from([Act(verb, f"m.{letter}") for verb in ("does", "answers") for letter in "abcdef"])
BLOCKS = st.builds(
    Block,
    needed=st.lists(ACTS, max_size=3).map(tuple),
    optional=st.lists(ACTS, max_size=1).map(tuple),
).filter(lambda block: bool(block.needed or block.optional))
PATHS = st.lists(BLOCKS, min_size=1, max_size=6).map(tuple)
TAKEN = st.lists(ACTS, max_size=10).map(tuple)


def as_written(path: tuple[Block, ...]) -> tuple[Act, ...]:
    return tuple(act for block in path for act in block.needed)


@given(PATHS)
def test_a_path_aligned_with_itself_has_no_findings(path: tuple[Block, ...]) -> None:
    found = align([path], as_written(path))

    assert found.is_perfect
    assert Counter(found.done) == Counter(as_written(path))


@given(PATHS)
def test_what_is_optional_may_be_done_or_left_out(path: tuple[Block, ...]) -> None:
    with_options = tuple(act for block in path for act in (*block.needed, *block.optional))

    assert align([path], with_options).is_perfect


@given(PATHS, st.randoms(use_true_random=False))
def test_within_a_block_the_order_is_free(path: tuple[Block, ...], random: object) -> None:
    taken: list[Act] = []
    for block in path:
        acts = list(block.needed)
        random.shuffle(acts)  # type: ignore[attr-defined]
        taken += acts

    assert align([path], tuple(taken)).is_perfect


@given(PATHS, TAKEN)
def test_every_needed_act_is_accounted_for_once(path: tuple[Block, ...], taken: tuple[Act, ...]) -> None:
    found = align([path], taken)
    optional = Counter(act for block in path for act in block.optional)

    told = Counter((*found.done, *found.skipped, *found.late, *found.early, *found.not_reached))
    assert not Counter(as_written(path)) - told
    assert not told - Counter(as_written(path)) - optional


@given(PATHS, TAKEN)
def test_nothing_is_added_that_was_not_done(path: tuple[Block, ...], taken: tuple[Act, ...]) -> None:
    found = align([path], taken)

    assert not Counter((*found.done, *found.added, *found.late, *found.early)) - Counter(taken)


@given(PATHS)
def test_nothing_done_means_nothing_skipped_yet(path: tuple[Block, ...]) -> None:
    found = align([path], ())

    assert found.skipped == ()
    assert Counter(found.not_reached) == Counter(as_written(path))


@given(PATHS, st.data())
def test_an_act_that_no_path_has_is_the_only_finding(path: tuple[Block, ...], data: st.DataObject) -> None:
    strange = Act("does", "m.strange")
    taken = list(as_written(path))
    taken.insert(data.draw(st.integers(0, len(taken))), strange)

    found = align([path], tuple(taken))

    assert found.added == (strange,)
    assert not found.skipped
    assert not found.late
    assert not found.early


@given(PATHS)
def test_a_fact_may_come_at_any_time(path: tuple[Block, ...]) -> None:
    fact = Act("does", "case.signal_fear")

    assert align([path], (fact, *as_written(path)), free=frozenset({fact.name})).is_perfect


@given(PATHS, TAKEN)
def test_looking_near_the_path_first_finds_what_looking_everywhere_finds(
    path: tuple[Block, ...], taken: tuple[Act, ...]
) -> None:
    assert cheapest_cuts(path, taken)[1] == cuts_within(path, taken, 1000)[1]


@given(PATHS, TAKEN, PATHS)
def test_another_way_never_makes_it_worse(
    path: tuple[Block, ...], taken: tuple[Act, ...], other: tuple[Block, ...]
) -> None:
    def faults(found: Alignment) -> int:
        moved = 2 * (len(found.late) + len(found.early))
        return len(found.skipped) + len(found.added) + len(found.not_reached) + moved

    # Answers given again are no fault, so paths are compared by their acts alone.
    acts = tuple(act for act in taken if act.verb == "does")
    assert faults(align([path, other], acts)) <= faults(align([path], acts))


@given(st.lists(st.sampled_from(["yes", "no"]), min_size=2, max_size=9))
def test_the_share_of_pairs_alike_is_a_share(answers: list[str]) -> None:
    share = agreement("inclusion", answers).pairs_alike

    assert share is not None
    assert 0.0 <= share <= 1.0
    assert (share == 1.0) == (len(set(answers)) == 1)


@given(st.lists(st.lists(st.sampled_from(["yes", "no"]), min_size=3, max_size=3), min_size=1, max_size=8))
def test_kappa_is_one_where_all_agree_and_answers_differ(items: list[list[str]]) -> None:
    kappa = fleiss_kappa(items)
    all_agree = all(len(set(one)) == 1 for one in items)

    if len({answer for one in items for answer in one}) == 1:
        assert kappa is None
    else:
        assert kappa is not None
        assert kappa <= 1.0
        assert (abs(kappa - 1.0) < 1e-9) == all_agree


@given(st.lists(st.sets(st.sampled_from("abc")), max_size=8))
def test_a_heat_map_counts_each_attempt_once(marks: list[set[str]]) -> None:
    cells = heat(marks, {name: name.upper() for name in "abc"})

    assert sum(cell.count for cell in cells) == sum(len(one) for one in marks)
    assert all(cell.of == len(marks) for cell in cells)
    assert [cell.count for cell in cells] == sorted((cell.count for cell in cells), reverse=True)
