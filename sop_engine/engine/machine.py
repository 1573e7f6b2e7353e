"""The only module that knows the ``transitions`` library: a machine, compiled once, that says where a step leads.

``auto_transitions`` stays off: left on, every object would carry ``to_<state>()`` methods that pass by all guards. The
library never owns a case's state; our log does. A compiled machine is shared by all cases of an edition.
"""

from __future__ import annotations

from transitions import Machine as LibraryMachine

from sop_engine.definition.model import NEW, Definition, Machine


class NoSuchMove(ValueError):
    """A transition does not start from the state the proceeding is in."""


class CompiledMachine:
    """Where each transition of one machine leads, from each state."""

    def __init__(self, machine: Machine) -> None:
        library = LibraryMachine(
            model=None,
            states=[*machine.states, NEW],
            transitions=[
                {"trigger": t.name, "source": source, "dest": t.target or "="}
                for t in machine.transitions.values()
                for source in (*t.from_states, *((NEW,) if t.from_new else ()))
            ],
            initial=machine.starts_in,
            auto_transitions=False,
            send_event=False,
        )
        self._moves = {
            (source, trigger): move.dest if move.dest is not None else source
            for trigger, event in library.events.items()
            for source, moves in event.transitions.items()
            for move in moves
        }

    def target(self, state: str, transition: str) -> str:
        """Return the state after the transition. Raises NoSuchMove when it does not start here."""
        try:
            return self._moves[state, transition]
        except KeyError:
            raise NoSuchMove(f"“{transition}” does not start from “{state}”.") from None


_COMPILED: dict[tuple[str, str], CompiledMachine] = {}


def compiled(definition: Definition, machine: str) -> CompiledMachine:
    """Return the compiled machine, made once per edition and never per request."""
    key = (definition.digest, machine)
    found = _COMPILED.get(key)
    if found is None:
        found = _COMPILED[key] = CompiledMachine(definition.machines[machine])
    return found


__all__ = ["CompiledMachine", "NoSuchMove", "compiled"]
