"""What is refused in a pack, with its line and a hint."""

from __future__ import annotations

from pathlib import Path

import pytest

import sop_engine.training
from sop_engine.definition.model import Definition
from sop_engine.definition.raw import parse
from sop_engine.training.check import check_pack
from sop_engine.training.schema import pack_schema_text
from sop_engine.training.shape import TRANSLATION_FILE
from sop_engine.training.texts import check_translation, in_language, texts_of
from tests.unit.training.small_pack import FILE, TEXT, read, small_pack


def wrong(definition: Definition, *changes: tuple[str, str]) -> str:
    pack, faults = read(*changes)
    found = check_pack(pack, definition, parts={}, profiles=["BLZ"]) if pack is not None else tuple(faults)
    return "\n".join(str(fault) for fault in found)


def line_of(words: str) -> int:
    return TEXT[: TEXT.index(words)].count("\n") + 1


def test_nothing_is_wrong_with_the_small_pack(definition: Definition) -> None:
    assert check_pack(small_pack(), definition, parts={}) == ()


@pytest.mark.parametrize(
    ("before", "after", "hint"),
    [
        ("reasons: [She", "reassons: [She", 'did you mean "reasons"'),
        ("level: basic", "level: baisc", 'did you mean "basic"'),
        ("topic: home, manner: open", "topic: hone, manner: open", 'did you mean "home"'),
        ("manner: open}", "manner: opne}", 'did you mean "open"'),
        ("known: if_asked", "known: if_aksed", 'did you mean "if_asked"'),
        ("after: [debt]", "after: [dept]", 'did you mean "debt"'),
        ("does: screening.start}", "does: screening.strat}", 'did you mean "start"'),
        ("answers: screening.arrival", "answers: screning.arrival", 'did you mean "screening"'),
        ("by: ana, does", "by: anna, does", 'did you mean "ana"'),
        ("noticed_when: {act: screening.start}", "noticed_when: {act: screening.satrt}", 'did you mean "start"'),
        ("noticed_when: {act:", "noticed_when: {atc:", 'did you mean "act"'),
        ("step: screening.start", "step: screening.stat", 'did you mean "start"'),
        ("role: applicant", "role: aplicant", 'did you mean "applicant"'),
        ("[frontline_officer]", "[frontlin_officer]", 'did you mean "frontline_officer"'),
        ("team: {officer: [ana]}", "team: {officer: [anna]}", 'did you mean "ana"'),
    ],
)
def test_a_typo_is_refused_with_its_line_and_what_was_meant(
    definition: Definition, before: str, after: str, hint: str
) -> None:
    told = wrong(definition, (before, after))

    # A declaration of several lines is named by its first.
    assert any(f"{FILE}:{line}:" in told for line in (line_of(before), line_of(before) - 1))
    assert hint in told


def test_a_fact_that_no_question_can_bring_out_is_refused(definition: Definition) -> None:
    told = wrong(definition, ("after: [debt]", "after: [sister]"))

    assert f"{FILE}:{line_of('  sister: {')}:" in told
    assert 'the fact "sister", which no question can bring out' in told
    assert "write a question of the topic home" in told


def test_a_topic_that_is_only_asked_about_in_a_leading_way_is_told_so(definition: Definition) -> None:
    leading = "manner: leading"

    told = wrong(
        definition,
        ("topic: home, manner: open", f"topic: home, {leading}"),
        ("topic: home, manner: closed", f"topic: home, {leading}"),
    )

    assert "every question about it is leading" in told


def test_a_hidden_fact_says_what_it_needs(definition: Definition) -> None:
    told = wrong(definition, (",\n    needs: [officer_as_asked], after: [debt]", ""))

    assert 'the hidden fact "sister" without needs' in told


def test_a_mistake_that_leaves_a_trace_says_how_it_is_made_and_shows(definition: Definition) -> None:
    told = wrong(definition, ("leaves_trace: no", "leaves_trace: yes"))

    assert "without a script or without what shows it" in told


def test_a_source_is_one_of_the_law_register(definition: Definition) -> None:
    assert "is no tag of the law register" in wrong(definition, ("source: policy", "source: C15 33"))


def test_a_criterion_is_scored_by_the_program_or_by_the_trainer(definition: Definition) -> None:
    told = wrong(definition, ("checklist: [Was kind.]}", "checklist: [Was kind.], when: {act: screening.start}}"))

    assert "both of when and checklist" in told


def test_a_path_line_does_one_thing(definition: Definition) -> None:
    assert "a line that does nothing" in wrong(definition, ("- {by: ana, does: screening.start}", "- {by: ana}"))


def test_what_is_not_translated_is_named_with_its_place() -> None:
    pack, _ = parse(TEXT, file=FILE)
    spanish, _ = parse(
        "translation: small\nlanguage: es\ntexts: {title: El caso, tilte: x}\n", file="training/small.es.yaml"
    )
    faults: list[object] = []
    TRANSLATION_FILE.check(spanish, "the file", faults)  # type: ignore[arg-type]

    told = [str(fault) for fault in check_translation(pack, spanish, must_be_complete=True)]

    assert faults == []
    assert any('"tilte"' in one and 'did you mean "title"' in one for one in told)
    assert any('found no "facts.debt.says"' in one and f"{FILE}:{line_of('I owe him')}:" in one for one in told)
    assert not any('found no "title"' in one for one in told)


def test_a_translation_changes_texts_and_nothing_else() -> None:
    pack, _ = parse(TEXT, file=FILE)
    places = {place: f"«{text.text}»" for place, text in texts_of(pack).items()}
    written = "\n".join(f'  {place}: "{text}"' for place, text in places.items())
    other, faults = parse(f"translation: small\nlanguage: fr\ntexts:\n{written}\n", file="training/small.fr.yaml")

    changed = in_language(pack, other)

    assert faults == []
    assert {place: text.text for place, text in texts_of(changed).items()} == places
    assert changed.entries["path"] == pack.entries["path"]


def test_the_schema_for_editors_is_that_of_the_lint() -> None:
    kept = Path(sop_engine.training.__file__).with_name("schema.json").read_text(encoding="utf-8")

    assert kept == pack_schema_text(), "write it again: sop schema --of pack --out sop_engine/training/schema.json"
