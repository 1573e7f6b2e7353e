"""Texts of the procedures in other languages: gettext catalogues beside each procedure, English where they are silent.

``<procedure>/locale/<language>.po`` maps the English text of a declaration, exactly as the definition holds it, to its
translation. A translation marked fuzzy is not used: nobody has confirmed it. Translations are no part of an edition.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sop_engine.definition.faults import DeclarationError, DeclarationErrors
from sop_engine.definition.guard_places import questions_of
from sop_engine.definition.model import Definition, Machine
from sop_engine.guards.tree import Span

WRITTEN_IN = "en"


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of every procedure in one language."""

    language: str
    translations: Mapping[str, str] = field(default_factory=dict, repr=False)

    def translate(self, text: str) -> str:
        """Return the text in this language, or in English while nobody has translated it."""
        return self.translations.get(text, text)

    __call__ = translate


def read_texts(catalogues: Mapping[str, str]) -> Mapping[str, Texts]:
    """Return language → texts, from path → text of every catalogue. English is always there.

    A text that two procedures translate differently is said as the first of them (by path) says it. Raises
    DeclarationErrors for catalogues that cannot be read.
    """
    found: dict[str, dict[str, str]] = {WRITTEN_IN: {}}
    errors = []
    for path, text in sorted(catalogues.items()):
        try:
            translations = catalogue(text, path=path)
        except DeclarationError as error:
            errors.append(error)
            continue
        under = found.setdefault(language_of(path), {})
        for original, translation in translations.items():
            under.setdefault(original, translation)
    if errors:
        raise DeclarationErrors(errors)
    return {language: Texts(language, translations) for language, translations in found.items()}


def catalogue(text: str, *, path: str) -> Mapping[str, str]:
    """Return English → translation of one catalogue. Raises DeclarationError when it is not a gettext catalogue."""
    # Here, since it is slow to import and most commands translate nothing.
    from babel.core import UnknownLocaleError
    from babel.messages.pofile import PoFileError, read_po

    try:
        messages = read_po(io.StringIO(text), locale=language_of(path), abort_invalid=True)
    except (PoFileError, UnknownLocaleError, ValueError) as error:
        line = getattr(error, "lineno", None) or 0
        found, mend = f"found a catalogue that cannot be read ({error})", "save it again with a gettext editor"
        raise DeclarationError(Span(path, line + 1, 1), found, "its texts would stay in English", mend) from error
    return {
        message.id: message.string
        for message in messages
        if isinstance(message.id, str) and isinstance(message.string, str)
        if message.id and message.string and not message.fuzzy
    }


def language_of(path: str) -> str:
    """Return the language of a catalogue, which is the name of its file."""
    return path.rsplit("/", 1)[-1].removesuffix(".po")


def texts_of(definition: Definition, sop: str) -> Iterator[str]:
    """Yield every text of a procedure that somebody reads on a screen or on paper; a text may come twice."""
    for machine in definition.machines.values():
        if machine.sop == sop:
            yield from (text for text in _machine_texts(machine) if text)
    if sop == "common":
        yield from _common_texts(definition)


def _machine_texts(machine: Machine) -> Iterator[str]:
    yield from (machine.title, machine.purpose)
    for step in machine.steps.values():
        yield from (step.title, step.why, step.say, step.help)
    for question in questions_of(machine):
        yield from (question.ask, question.hint, question.why)
        if question.list_name is None:
            yield from question.choices.values()
    for fact in machine.facts.values():
        yield from (fact.says, fact.if_not)
    for state in machine.states.values():
        yield from (state.title, state.says)
    for transition in machine.transitions.values():
        yield from (transition.title, transition.does)
    for deadline in machine.deadlines.values():
        yield deadline.duty
    for panel in machine.panels.values():
        yield from (asked.ask for asked in panel.questions.values())
    for document in machine.documents.values():
        yield document.title
        for block in document.blocks:
            if block.kind in ("text", "remedy", "signatures"):
                yield from block.argument
    for safeguard in machine.safeguards.values():
        yield from (safeguard.says, safeguard.structure)


def _common_texts(definition: Definition) -> Iterator[str]:
    for shared in definition.shared.values():
        yield from (shared.says, shared.if_not)
    for role in definition.roles.values():
        yield from (role.title, role.does)
    yield from definition.functions.values()
    for list_ in definition.lists.values():
        yield list_.title
        yield from (code.label for code in list_.codes.values())
