"""The texts of a pack that people read: where each stands, what is not translated yet, and the pack in a language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sop_engine.definition.faults import DeclarationError, did_you_mean
from sop_engine.definition.raw import Raw, RawList, RawMap, RawText

READ_BY_PEOPLE = frozenset(
    {
        "title",
        "told",
        "text",
        "says",
        "instead",
        "ask",
        "words",
        "if_led",
        "otherwise",
        "why",
        "when",
        "unsafe",
        "feedback",
        "checklist",
        "reasons",
        "note",
    }
)
_SECTIONS = frozenset(
    {
        "title",
        "told",
        "note",
        "reasons",
        "goals",
        "cast",
        "topics",
        "questions",
        "facts",
        "documents",
        "indicators",
        "outcome",
        "injects",
        "rubric",
        "mistakes",
    }
)
_NOT_FOR_PEOPLE = frozenset({"acts", "script", "steps", "shows", "expects", "noticed_when"})


def texts_of(pack: RawMap) -> dict[str, RawText]:
    """Return place → text of everything in a pack that trainees and trainers read, in order."""
    return dict(_walk(pack, "", top=True))


def _walk(raw: Raw, place: str, *, top: bool = False) -> Iterator[tuple[str, RawText]]:
    if isinstance(raw, RawMap):
        for name, value in raw.entries.items():
            if name in _NOT_FOR_PEOPLE or (top and name not in _SECTIONS):
                continue
            if name == "when" and not isinstance(value, RawText):
                # What shows a criterion, and not when a paper is handed out.
                continue
            here = f"{place}.{name}" if place else name
            if isinstance(value, RawMap):
                yield from _walk(value, here)
            elif name in READ_BY_PEOPLE:
                yield from _texts(value, here)


def _texts(raw: Raw, place: str) -> Iterator[tuple[str, RawText]]:
    if isinstance(raw, RawText):
        # `instead: yes` of a mistake is a switch and not a sentence.
        if raw.text not in ("yes", "no"):
            yield place, raw
    elif isinstance(raw, RawList):
        for number, item in enumerate(raw.items, start=1):
            if isinstance(item, RawText):
                yield f"{place}.{number}", item


def check_translation(pack: RawMap, translation: RawMap, *, must_be_complete: bool) -> list[DeclarationError]:
    """Return what is wrong with a translation: places the pack does not have, and, if owed, places left out."""
    wanted = texts_of(pack)
    texts = translation.entries.get("texts")
    given = texts.entries if isinstance(texts, RawMap) else {}
    spans = texts.key_spans if isinstance(texts, RawMap) else {}
    faults = [
        DeclarationError(
            spans[place],
            f'found the place "{place}"',
            "the pack has no text there",
            f"remove it or name a place of the pack{did_you_mean(place, wanted)}",
        )
        for place in given
        if place not in wanted
    ]
    if must_be_complete:
        language = translation.entries.get("language")
        told = language.text if isinstance(language, RawText) else "this language"
        faults += [
            DeclarationError(
                translation.span,
                f'found no "{place}" (English at {text.span})',
                f"the pack says that it is complete in {told}",
                f'write "{place}: …" under texts, or take {told} out of the languages of the pack',
            )
            for place, text in wanted.items()
            if place not in given
        ]
    return faults


def in_language(pack: RawMap, translation: RawMap) -> RawMap:
    """Return the pack with the texts of a translation in their places; what is not translated stays English."""
    texts = translation.entries.get("texts")
    given = texts.entries if isinstance(texts, RawMap) else {}
    return _replaced(pack, "", {place: raw for place, raw in given.items() if isinstance(raw, RawText)})


def _replaced(raw: RawMap, place: str, given: Mapping[str, RawText]) -> RawMap:
    entries: dict[str, Raw] = {}
    for name, value in raw.entries.items():
        here = f"{place}.{name}" if place else name
        if isinstance(value, RawMap):
            entries[name] = _replaced(value, here, given)
        elif isinstance(value, RawList):
            items = tuple(
                RawText(given[f"{here}.{n}"].text, item.span) if f"{here}.{n}" in given else item
                for n, item in enumerate(value.items, start=1)
            )
            entries[name] = RawList(items, value.span)
        else:
            entries[name] = RawText(given[here].text, value.span) if here in given else value
    return RawMap(entries, raw.span, raw.key_spans)
