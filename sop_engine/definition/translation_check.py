"""Which languages a procedure promises, and which of its texts are still in English only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sop_engine.definition.declarations import Declarations, folder_of
from sop_engine.definition.faults import DeclarationError, Finding
from sop_engine.definition.model import Definition
from sop_engine.definition.raw import RawList, RawMap, RawText
from sop_engine.definition.texts import catalogue, texts_of


def translations(
    declarations: Declarations, definition: Definition, catalogues: Mapping[str, str]
) -> Iterator[Finding]:
    """Find promised languages without a catalogue, and catalogues that leave texts in English."""
    told: set[str] = set()
    for path, tree in declarations.machines.items():
        texts = tree.entries.get("texts")
        promised = texts.entries.get("translated_into") if isinstance(texts, RawMap) else None
        languages = [
            item
            for item in (promised.items if isinstance(promised, RawList) else ())
            if isinstance(item, RawText) and _catalogue_path(path, item.text) not in told
        ]
        told |= {_catalogue_path(path, item.text) for item in languages}
        absent = [item for item in languages if _catalogue_path(path, item.text) not in catalogues]
        if absent:
            names = ", ".join(item.text for item in absent)
            found = f"found {names} promised without a catalogue"
            mend = f"write {_catalogue_path(path, absent[0].text)}, or promise a language when it is there"
            yield _warning(absent[0], found, mend)
        for item in languages:
            if item not in absent:
                yield from _gaps(item, path, definition, catalogues)


def _gaps(language: RawText, path: str, definition: Definition, catalogues: Mapping[str, str]) -> Iterator[Finding]:
    expected = _catalogue_path(path, language.text)
    try:
        known = catalogue(catalogues[expected], path=expected)
    except DeclarationError as error:
        yield Finding.of(error)
        return
    missing = [text for text in dict.fromkeys(texts_of(definition, folder_of(path))) if text not in known]
    if missing:
        found = f'found {len(missing)} texts without a translation into "{language.text}", the first is “{missing[0]}”'
        yield _warning(language, found, f"translate them in {expected}")


def _catalogue_path(path: str, language: str) -> str:
    return f"{path.rsplit('/', 1)[0]}/locale/{language}.po"


def _warning(language: RawText, found: str, mend: str) -> Finding:
    why = "officers and persons would read these texts in English"
    return Finding(severity="warning", span=language.span, found=found, why=why, mend=mend)
