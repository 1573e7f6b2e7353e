"""The law that a paper relies on: provisions with their words, and how sure we are of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sop_engine.definition.model import Definition, Mark, Source
from sop_engine.records.content import Law, LawEntry

MARK_WORDS: Mapping[Mark, str] = {
    "text": "Read in the text",
    "excerpt": "Read in an excerpt",
    "unconfirmed": "To be confirmed",
    "policy": "Proposed here; to be confirmed by States",
}


def law_of(sources: Iterable[Source], definition: Definition, texts: Callable[[str], str]) -> Law:
    """Return the sources, each once, in the order in which they are first relied on."""
    entries = []
    for source in dict.fromkeys(sources):
        instrument = definition.law.get(source.tag)
        provision = instrument.provisions.get(source.provision) if instrument else None
        name = texts("Rule of these procedures") if source.mark == "policy" else str(source)
        entries.append(
            LawEntry(
                name,
                texts(instrument.name) if instrument else "",
                texts(provision.says) if provision and provision.says else "",
                texts(MARK_WORDS[source.mark]),
            )
        )
    return Law(tuple(entries), (texts("Provision"), texts("What it says"), texts("How sure we are of the text")))
