"""The path that was taken laid beside the expected one: what was skipped, added, done late, and what is still to come.

The expected path is a row of blocks. Within a block the order is free: acts that the pack puts in any order, and
answers to steps that follow one another. Where a pack offers several ways, the nearest one counts. Laid side by side
with the least cost: one for each act skipped, one for each act added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product

from sop_engine.training.acts import Act, Ballots, act_of_line
from sop_engine.training.model import Element, Group, PathLine

MOST_WAYS = 64


@dataclass(frozen=True, slots=True)
class Block:
    """Acts of the expected path among which the order is free."""

    needed: tuple[Act, ...]
    optional: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a path taken differs from the expected one."""

    done: tuple[Act, ...] = ()
    skipped: tuple[Act, ...] = ()
    added: tuple[Act, ...] = ()
    late: tuple[Act, ...] = ()
    early: tuple[Act, ...] = ()
    not_reached: tuple[Act, ...] = ()
    """The rest of the path, behind the last expected act that was done."""
    position: int = field(default=0, compare=False)
    """The number of expected acts up to the last one done."""

    @property
    def is_perfect(self) -> bool:
        return not (self.skipped or self.added or self.late or self.early or self.not_reached)


def ways(path: Iterable[Element]) -> tuple[tuple[Block, ...], ...]:
    """Return each way through a path as a row of blocks. The path is unfolded: it names no common stretch."""
    elements = tuple(path)
    forks = [range(len(e.branches)) if isinstance(e, Group) and e.kind == "either" else range(1) for e in elements]
    found = []
    for choice in product(*forks):
        found.append(_blocks(elements, choice))
        if len(found) >= MOST_WAYS:
            break
    return tuple(dict.fromkeys(found))


def _blocks(elements: Sequence[Element], choice: Sequence[int]) -> tuple[Block, ...]:
    found: list[Block] = []
    answers: list[PathLine] = []
    ballots = Ballots()

    def close() -> None:
        if answers:
            found.append(_block(answers))
            answers.clear()

    for element, way in zip(elements, choice, strict=True):
        if isinstance(element, Group) and element.kind == "any_order":
            close()
            together = [line for branch in element.branches for line in branch]
            found.append(_block([line for line in together if _is_counted(line, ballots)]))
            continue
        for line in (element,) if isinstance(element, PathLine) else element.branches[way]:
            act = act_of_line(line.line)
            if act is None or not _is_counted(line, ballots):
                continue
            if act.verb != "answers":
                close()
                found.append(_block([line]))
            else:
                answers.append(line)
    close()
    return tuple(block for block in found if block.needed or block.optional)


def _is_counted(line: PathLine, ballots: Ballots) -> bool:
    """Say whether a line is an act of its own: a further question of the same ballot is not, as in the log."""
    act = act_of_line(line.line)
    if act is not None and act.verb == "does":
        # An act of the procedure itself closes or interrupts its sitting.
        ballots.close(act.name.split(".")[0])
    if act is None or act.verb != "votes":
        return True
    return ballots.begins(act, str(line.line.values.get("by", "")), line.line.values.get("with", {}))


def _block(lines: Iterable[PathLine]) -> Block:
    acts = [(act, line.is_optional) for line in lines if (act := act_of_line(line.line)) is not None]
    return Block(tuple(a for a, free in acts if not free), tuple(a for a, free in acts if free))


def align(
    expected: Iterable[Sequence[Block]], taken: Sequence[Act], *, free: frozenset[str] = frozenset()
) -> Alignment:
    """Lay the acts taken beside the nearest of the expected ways.

    ``free`` names acts that are no fault when they come early or were not expected at all: facts about the person, and
    what the pack tolerates.
    """
    best: tuple[int, Alignment] | None = None
    for blocks in expected:
        cost, found = _align_one(tuple(blocks), tuple(taken), free)
        if best is None or cost < best[0]:
            best = (cost, found)
    return best[1] if best else Alignment(added=tuple(taken))


def _align_one(blocks: tuple[Block, ...], taken: tuple[Act, ...], free: frozenset[str]) -> tuple[int, Alignment]:
    cuts, cost = cheapest_cuts(blocks, taken)
    done: list[Act] = []
    skipped: list[tuple[int, Act]] = []
    added: list[tuple[int, Act]] = []
    last = -1
    for number, block in enumerate(blocks):
        part = taken[cuts[number] : cuts[number + 1]]
        hits = Counter(block.needed) + Counter(block.optional)
        for act in part:
            if hits[act] > 0:
                hits[act] -= 1
                done.append(act)
                last = number
            else:
                added.append((number, act))
        missing = Counter(block.needed) - Counter(part)
        for act in block.needed:
            if missing[act] > 0:
                missing[act] -= 1
                skipped.append((number, act))
    if not blocks:
        added = [(0, act) for act in taken]
    late, early = _moved(skipped, added)
    not_reached = tuple(act for number, act in skipped if number > last)
    position = sum(len(block.needed) for block in blocks[: last + 1])
    known = set(done) | set(late) | set(early)
    return cost, Alignment(
        done=tuple(done),
        skipped=tuple(act for number, act in skipped if number <= last),
        added=tuple(
            act for _, act in added if not _is_free(act, free) and not (act.verb == "answers" and act in known)
        ),
        late=late,
        early=tuple(act for act in early if not _is_free(act, free)),
        not_reached=not_reached,
        position=position,
    )


def _is_free(act: Act, free: frozenset[str]) -> bool:
    return act.name in free or act.named in free


def _moved(skipped: list[tuple[int, Act]], added: list[tuple[int, Act]]) -> tuple[tuple[Act, ...], tuple[Act, ...]]:
    """Take what was skipped in one place and done in another out of both; return what was late and what was early."""
    late: list[Act] = []
    early: list[Act] = []
    for place, act in list(skipped):
        elsewhere = next((one for one in added if one[1] == act), None)
        if elsewhere is not None:
            skipped.remove((place, act))
            added.remove(elsewhere)
            (late if elsewhere[0] > place else early).append(act)
    return tuple(late), tuple(early)


_FAR = 10**9
_FIRST_WIDTH = 6


def cheapest_cuts(blocks: tuple[Block, ...], taken: tuple[Act, ...]) -> tuple[list[int], int]:
    """Return where to cut the acts taken so that each piece lies beside its block at the least cost, and that cost."""
    if not blocks:
        return [len(taken)], len(taken)
    # A path of cost d strays from the expected one by at most d acts: look near it first, and further if need be.
    width = _FIRST_WIDTH
    while True:
        cuts, cost = cuts_within(blocks, taken, width)
        if cost <= width:
            return cuts, cost
        width = max(2 * width, min(cost, len(taken) + sum(len(block.needed) for block in blocks)))


def cuts_within(blocks: tuple[Block, ...], taken: tuple[Act, ...], width: int) -> tuple[list[int], int]:
    """Return the cheapest cuts that stray at most ``width`` acts from the expected path, and their cost."""
    size = len(taken)
    reach = width + sum(len(block.optional) for block in blocks)
    cost = [0] + [_FAR] * size
    came_from: list[list[int]] = []
    place = 0
    for block in blocks:
        following = [_FAR] * (size + 1)
        origin = [0] * (size + 1)
        after = place + len(block.needed)
        for start in range(max(0, place - width), min(size, place + reach) + 1):
            if cost[start] >= _FAR:
                continue
            needed, optional = Counter(block.needed), Counter(block.optional)
            price = cost[start] + len(block.needed)
            if price < following[start]:
                following[start], origin[start] = price, start
            for end in range(start, min(size, after + reach)):
                act = taken[end]
                if needed[act] > 0:
                    needed[act] -= 1
                    price -= 1
                elif optional[act] > 0:
                    optional[act] -= 1
                else:
                    price += 1
                if price < following[end + 1]:
                    following[end + 1], origin[end + 1] = price, start
        cost, place = following, after
        came_from.append(origin)
    if cost[size] >= _FAR:
        return [], width + 1
    cuts = [size]
    for origin in reversed(came_from):
        cuts.append(origin[cuts[-1]])
    return cuts[::-1], cost[size]
