"""A procedure in words: its steps, states, actions with their conditions, time limits, safeguards and law."""

from __future__ import annotations

from sop_engine.definition.model import Definition, Machine, Source, Transition
from sop_engine.engine.wording import Wording
from sop_engine.guards.in_words import in_words
from sop_engine.guards.tree import Always
from sop_engine.service.errors import NotFound
from sop_engine.service.service import Service
from sop_engine.service.showing import Shown
from sop_engine.service.views import SopView, SourceView


def list_sops(svc: Service, language: str) -> tuple[tuple[str, str, str], ...]:
    """Return (machine, title, purpose) of every procedure in force."""
    say = svc.texts(language)
    return tuple((m.name, say(m.title), say(m.purpose)) for m in svc.current.machines.values())


def show_sop(svc: Service, language: str, machine: str, *, here: str | None = None) -> SopView:
    """Return one procedure in words; ``here`` is the state a case is in. Raises NotFound."""
    definition = svc.current
    declared = definition.machines.get(machine)
    if declared is None:
        raise NotFound
    wording = svc.wording(definition, language)
    shown = Shown(definition, wording, frozenset(), frozenset(), svc.clock())
    return SopView(
        machine=machine,
        title=wording.say(declared.title),
        purpose=wording.say(declared.purpose),
        edition=declared.edition,
        states=tuple(shown.state(machine, name) for name in declared.states),
        steps=tuple(declared.steps.values()),
        transitions=tuple(_transition(shown, declared, t) for t in declared.transitions.values()),
        safeguards=tuple(
            (s.rule or s.property_id or s.name, wording.say(s.says), s.pattern, shown.sources(s.source))
            for s in declared.safeguards.values()
        ),
        deadlines=tuple(
            (
                d.timer,
                wording.say(d.name.replace("_", " ").capitalize()),
                str(d.length),
                wording.say(d.duty),
                shown.sources(d.source),
            )
            for d in declared.deadlines.values()
        ),
        law=_law(shown, declared),
        here=here,
        documents=tuple((d.name, wording.say(d.title)) for d in declared.documents.values()),
        deviations=tuple(wording.say(d.sentence) for d in definition.deviations if machine in d.touches),
    )


def _transition(
    shown: Shown, machine: Machine, transition: Transition
) -> tuple[Transition, str, str, tuple[str, ...], str, tuple[SourceView, ...]]:
    say = shown.wording.say
    titles = [shown.state(machine.name, s).title for s in transition.from_states]
    start = ", ".join(titles) if len(titles) <= 4 else say("any state")
    if transition.from_new:
        start = ", ".join([say("start"), *titles[:3]])
    target = shown.state(machine.name, transition.target).title if transition.target else say("stays")
    by = (say("by itself"),) if transition.auto else _roles(shown.wording, shown.definition, transition)
    condition = "" if isinstance(transition.when, Always) else in_words(transition.when, shown.wording, say)
    return transition, start, target, by, condition, shown.sources(transition.source)


def _roles(wording: Wording, definition: Definition, transition: Transition) -> tuple[str, ...]:
    every = {role.name for role in definition.roles.values() if role.is_any_role}
    return (wording.say("any officer"),) if transition.by >= every else wording.role_titles(transition.by)


def _law(shown: Shown, machine: Machine) -> tuple[SourceView, ...]:
    """Return every source the procedure cites, once, by instrument."""
    cited: dict[str, Source] = {}
    declared = [*machine.steps.values(), *machine.transitions.values(), *machine.deadlines.values()]
    for one in (*declared, *machine.facts.values(), *machine.safeguards.values()):
        for source in one.source:
            cited.setdefault(str(source), source)
    return shown.sources(cited[name] for name in sorted(cited) if cited[name].mark != "policy")
