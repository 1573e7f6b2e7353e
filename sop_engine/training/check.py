"""What can be said against a pack beside its shape: names that nothing declares, facts that nobody can bring out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sop_engine.definition.faults import DeclarationError, one_of, unknown_name
from sop_engine.definition.lines import Line
from sop_engine.definition.model import Definition, Machine
from sop_engine.definition.sources import parse_source
from sop_engine.guards.tree import Span
from sop_engine.training.acts import act_of_line, play_lines, unfold_lines
from sop_engine.training.model import Group, Mistake, Observation, Pack, PathLine, Room
from sop_engine.training.roleplay import unreachable_facts

Faults = Iterator[DeclarationError]


def check_pack(
    pack: Pack, definition: Definition, *, parts: Mapping[str, tuple[Line, ...]], profiles: Iterable[str] = ()
) -> tuple[DeclarationError, ...]:
    """Return everything that is wrong with a pack, without playing it."""
    found = [
        *_sources(pack, definition),
        *_people(pack, definition),
        *_conversation(pack),
        *_lines(pack, definition, parts),
        *_observations(pack, definition),
        *_places(pack, definition),
        *_mistakes(pack, parts),
        *_scoring(pack),
        *_profiles(pack, tuple(profiles)),
    ]
    return tuple(found)


def _sources(pack: Pack, definition: Definition) -> Faults:
    cited: list[tuple[Span, tuple[str, ...]]] = [(pack.mark("source"), pack.source)]
    cited += [(pack.mark(f"goals.{name}"), goal.source) for name, goal in pack.goals.items()]
    cited += [(one.span, one.source) for one in pack.indicators.values()]
    cited += [(one.span, one.source) for one in pack.mistakes.values()]
    for span, sources in cited:
        for text in sources:
            try:
                parse_source(text, law=definition.law, at=span)
            except DeclarationError as fault:
                yield fault


def _people(pack: Pack, definition: Definition) -> Faults:
    for person, roles in pack.people.items():
        for role in roles:
            if role not in definition.roles:
                yield unknown_name(pack.mark(f"people.{person}"), role, definition.roles, "role")
    seen: dict[str, str] = {}
    for role, people in pack.team.items():
        for person in people:
            if person not in pack.people:
                yield unknown_name(pack.mark(f"team.{role}"), person, pack.people, "person of the path")
            elif person in seen:
                found = f'found "{person}" in {seen[person]} and in {role}'
                yield DeclarationError(
                    pack.mark(f"team.{role}"), found, "a person is played by one trainee", "keep one of the two"
                )
            seen[person] = role
    if not any(one.role == "applicant" for one in pack.cast.values()):
        why = "somebody tells the story"
        yield DeclarationError(
            pack.mark("cast"), "found no applicant in the cast", why, "write role: applicant for one"
        )


def _conversation(pack: Pack) -> Faults:
    for question in pack.questions.values():
        if question.topic not in pack.topics:
            yield unknown_name(question.span, question.topic, pack.topics, "topic")
        for revealed in question.reveals:
            if revealed not in pack.facts:
                yield unknown_name(question.span, revealed, pack.facts, "fact of the story")
    for one in pack.facts.values():
        if one.known != "told" and one.topic not in pack.topics:
            yield unknown_name(one.span, one.topic or "nothing", pack.topics, "topic")
        for name in one.after:
            if name not in pack.facts:
                yield unknown_name(one.span, name, pack.facts, "fact of the story")
        if one.known == "hidden" and not one.needs and not one.after:
            why = "a hidden fact comes out under conditions"
            mend = "write needs: [alone, trusted_interpreter, open_question, officer_as_asked], or known: if_asked"
            yield DeclarationError(one.span, f'found the hidden fact "{one.id}" without needs', why, mend)
    for fact in unreachable_facts(pack):
        found = f'found the fact "{fact.id}", which no question can bring out'
        why = "a trainee could never learn it" + _why_unreachable(pack, fact.topic)
        mend = f"write a question of the topic {fact.topic or '…'} that is not leading"
        if fact.needs:
            mend += f", and see that the cast lets it be said: it needs {', '.join(fact.needs)}"
        if fact.after:
            mend += f", after {', '.join(fact.after)}"
        yield DeclarationError(fact.span, found, why, mend)


def _why_unreachable(pack: Pack, topic: str) -> str:
    asked = [one for one in pack.questions.values() if one.topic == topic]
    if not asked:
        return f": no question is about {topic}" if topic else ": it has no topic"
    if all(one.manner == "leading" for one in asked):
        return ": every question about it is leading"
    return ""


def _all_lines(pack: Pack) -> list[PathLine]:
    found: list[PathLine] = []
    for element in (*pack.path, *(step for outcome in pack.outcomes.values() for step in outcome.steps)):
        found += [line for branch in element.branches for line in branch] if isinstance(element, Group) else [element]
    for mistake in pack.mistakes.values():
        found += mistake.script
    return found


def _lines(pack: Pack, definition: Definition, parts: Mapping[str, tuple[Line, ...]]) -> Faults:
    lines = _all_lines(pack)
    lines += [PathLine(line=line) for inject in pack.injects.values() for line in inject.acts]
    for one in lines:
        values, span = one.line.values, one.line.span
        if not one.asks and not any(verb in values for verb in _VERBS):
            why = "a line does one thing"
            yield DeclarationError(span, "found a line that does nothing", why, one_of(_VERBS, most=30))
        by = values.get("by")
        if by is not None and by not in pack.people:
            yield unknown_name(span, by, pack.people, "person of the path")
        for name in one.asks:
            if name not in pack.questions:
                yield unknown_name(span, name, pack.questions, "question of this pack")
        if "part" in values:
            if values["part"] not in parts:
                yield unknown_name(span, values["part"], parts, "common stretch")
            for person in values.get("people", {}).values():
                if person not in pack.people:
                    yield unknown_name(span, person, pack.people, "person of the path")
        yield from _room(pack, one.room, span)
        yield from _act(definition, values, span)
    for inject in pack.injects.values():
        yield from _room(pack, inject.room, inject.span)


_VERBS = (
    "answers", "does", "cannot", "opens", "votes", "recuses", "opens_file", "sits", "corrects", "takes_back",
    "enters_paper", "wait", "expect", "part",
)  # fmt: skip


def _room(pack: Pack, room: Room | None, span: Span) -> Faults:
    if room is None:
        return
    for who in (*room.present, *((room.interpreter,) if room.interpreter else ())):
        if who not in pack.cast:
            yield unknown_name(span, who, pack.cast, "member of the cast")


def _act(definition: Definition, values: Mapping[str, object], span: Span) -> Faults:
    for verb in ("answers", "does", "cannot"):
        if verb not in values:
            continue
        machine, _, name = str(values[verb]).partition(".")
        if machine not in definition.machines:
            yield unknown_name(span, machine, definition.machines, "procedure")
            return
        declared = definition.machines[machine]
        known = {"answers": [*declared.steps], "does": [*declared.transitions]}.get(
            verb, [*declared.steps, *declared.transitions]
        )
        if name not in known:
            yield unknown_name(span, name, known, f"step of {machine}" if verb == "answers" else f"act of {machine}")


def _observations(pack: Pack, definition: Definition) -> Faults:
    for one in all_observations(pack):
        yield from _observation(pack, definition, one)


def all_observations(pack: Pack) -> Iterator[Observation]:
    """Yield every observation of a pack."""
    for indicator in pack.indicators.values():
        yield from indicator.noticed_when
    for outcome in pack.outcomes.values():
        yield from outcome.shows
    for inject in pack.injects.values():
        yield from inject.expects
    for criterion in pack.rubric.values():
        yield from criterion.when
    for mistake in pack.mistakes.values():
        yield from mistake.shows


def _observation(pack: Pack, definition: Definition, one: Observation) -> Faults:
    match one.kind:
        case "asked" | "never_asked":
            known = [*pack.topics, *pack.questions]
            if one.name not in known:
                yield unknown_name(one.span, one.name, known, "topic or question")
        case "revealed":
            if one.name not in pack.facts:
                yield unknown_name(one.span, one.name, pack.facts, "fact of the story")
        case "conduct":
            if one.about and one.about not in (*pack.topics, *pack.questions):
                yield unknown_name(one.span, one.about, [*pack.topics, *pack.questions], "topic or question")
        case "state":
            yield from _in_machine(definition, one, one.name, "states", one.values)
        case "fact" if "." not in one.name:
            if one.name not in definition.shared:
                yield unknown_name(one.span, one.name, definition.shared, "fact of the case")
        case "fact":
            yield from _in_machine(definition, one, one.name.split(".")[0], "facts", one.name.split(".")[1:])
        case "document" | "deadline":
            machine, _, name = one.name.partition(".")
            yield from _in_machine(definition, one, machine, f"{one.kind}s", (name,))
        case "answer":
            yield from _place(definition, one.name, one.span)
            if not one.relation:
                mend = "write is, is_not, in, includes or says"
                yield DeclarationError(one.span, "found an answer without what it is", "any answer would do", mend)
        case _:
            yield from _place(definition, one.name, one.span)


def _in_machine(definition: Definition, one: Observation, machine: str, section: str, names: Iterable[str]) -> Faults:
    if machine not in definition.machines:
        yield unknown_name(one.span, machine, definition.machines, "procedure")
        return
    known = getattr(definition.machines[machine], section)
    for name in names:
        if name not in known:
            yield unknown_name(one.span, name, known, f"{section[:-1]} of {machine}")


def _place(definition: Definition, named: str, span: Span) -> Faults:
    """Check ``machine``, ``machine.step``, ``machine.act`` or ``machine.step.question``."""
    machine, *rest = named.split(".")
    if machine not in definition.machines:
        yield unknown_name(span, machine, definition.machines, "procedure")
        return
    declared = definition.machines[machine]
    if rest and rest[0] not in _names(declared):
        yield unknown_name(span, rest[0], _names(declared), f"step or act of {machine}")
    elif len(rest) > 1:
        step = declared.steps.get(rest[0])
        questions = step.questions if step else {}
        if rest[1] not in questions:
            yield unknown_name(span, rest[1], questions, f"question of {machine}.{rest[0]}")


def _names(machine: Machine) -> list[str]:
    return [*machine.steps, *machine.transitions, *machine.panels]


def _places(pack: Pack, definition: Definition) -> Faults:
    places = [(one.step, one.span) for one in pack.indicators.values()]
    places += [(one.step, one.span) for one in pack.mistakes.values() if one.step]
    for place, span in places:
        yield from _place(definition, place, span)
    for name in pack.tolerated:
        yield from _place(definition, name.split(" ")[0], pack.mark("path"))


def _mistakes(pack: Pack, parts: Mapping[str, tuple[Line, ...]]) -> Faults:
    named = known_places(pack, parts)
    for mistake in pack.mistakes.values():
        if not mistake.leaves_trace:
            continue
        if not mistake.shows or not (mistake.script or mistake.without):
            why = "a mistake that leaves a trace is made by a script, and shows"
            mend = "write at, script (or without) and shows, or leaves_trace: no"
            found = f'found the mistake "{mistake.id}" without a script or without what shows it'
            yield DeclarationError(mistake.span, found, why, mend)
        yield from _named_lines(pack, mistake, named)
    for outcome in pack.outcomes.values():
        if outcome.instead_from and outcome.instead_from not in named:
            yield unknown_name(outcome.span, outcome.instead_from, named, "line of the path")


def _named_lines(pack: Pack, mistake: Mistake, named: Iterable[str]) -> Faults:
    spoken = [mistake.at, *mistake.without]
    if mistake.until != "end":
        spoken.append(mistake.until)
    for name in spoken:
        if name and name not in named:
            yield unknown_name(mistake.span, name, named, "line of the path")
    if mistake.script and not mistake.at:
        found = f'found the mistake "{mistake.id}" without a place'
        yield DeclarationError(mistake.span, found, "it is made at one line of the path", "write at: …")


def known_places(pack: Pack, parts: Mapping[str, tuple[Line, ...]]) -> tuple[str, ...]:
    """Return every word by which a line of the path can be named: its id, or the act that it does."""
    found: dict[str, None] = {}
    for line in unfold_lines(play_lines(pack.path), parts):
        if line.id:
            found[line.id] = None
        act = act_of_line(line.line)
        if act is not None:
            found[act.named] = None
            found[act.name] = None
    return tuple(found)


def _scoring(pack: Pack) -> Faults:
    for one in pack.rubric.values():
        if bool(one.when) == bool(one.checklist):
            found = f'found the criterion "{one.id}" with {"both" if one.when else "neither"} of when and checklist'
            why = "it is scored by the program or by the trainer"
            yield DeclarationError(one.span, found, why, "write one of the two")
        if one.points < 1:
            yield DeclarationError(one.span, f"found {one.points} points", "a criterion counts", "write 1 or more")
    if not any(one.is_automatic for one in pack.rubric.values()):
        why = "the trace of a trainee tells something"
        yield DeclarationError(pack.span, "found no criterion with when", why, "write one")


def _profiles(pack: Pack, known: tuple[str, ...]) -> Faults:
    for code, outcome in pack.outcomes.items():
        if code and known and code not in known:
            yield unknown_name(outcome.span, code, known, "State with a profile")
