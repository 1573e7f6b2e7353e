# ruff: noqa: E501 - overlays stand here as a lawyer writes them, one change a line.
"""National overlays: what each verb does, and what is refused with both places named."""

from __future__ import annotations

import pytest

from sop_engine.definition.faults import DeclarationErrors
from sop_engine.definition.load import load_texts
from sop_engine.definition.model import Definition
from sop_engine.guards.tree import And
from sop_engine.guards.written import to_text
from tests.unit.definition.small_set import SMALL_SET

PROFILE = """\
profile: XLA
title: Libraria (invented)
edition: 2026-12-01
calendar: {weekend: [sunday], holidays: none, closures: [2026-12-24], time_zone: UTC}
law:
  LA1: {name: Library Act of Libraria (invented), at: [], provisions: {"s. 4": {says: Books., status: text, tier: 2}}}
parameters:
  system: {value: government, mark: V, source: LA1}
  convention_1951: {value: party, mark: V, source: LA1, from: 1990-06-27}
  law: {value: Library Act, mark: V, source: LA1 s. 4}
  receives_claims: [{value: The counter, mark: V, source: LA1, until: 2020}, {value: The desk, mark: G, source: LA1, from: 2020}]
  decision_shape: {value: committee_recommends, mark: V-old, source: LA1}
  application_window: {value: none, mark: V, source: LA1}
  appeal_period: {value: 14 days, mark: V, source: LA1}
  appeal_body: {value: "?"}
  suspensive: {value: "?"}
  detention_maximum: {value: "?"}
  work_pending: {value: "no", mark: D, source: LA1}
  languages: {value: [en, es], mark: V, source: LA1}
"""
HEAD = "overlay: loan\nprofile: XLA\nedition: 2026-12-01\n"
WITH_RANGE = {**SMALL_SET}


def national(changes: str, *, profile: str = PROFILE, head: str = HEAD, file: str = "loan") -> Definition:
    overlay = {f"xla/{file}.overlay.yaml": head + changes} if changes else {}
    return load_texts({**WITH_RANGE, "xla/profile.yaml": profile, **overlay})


def refused(changes: str, **more: str) -> str:
    with pytest.raises(DeclarationErrors) as found:
        national(changes, **more)
    return str(found.value)


def change(text: str, *, since: str = "2026-12-01") -> str:
    return f"changes:\n  one: {{{text}, source: LA1, from: {since}}}\n"


def test_a_profile_alone_makes_a_set_of_its_own() -> None:
    harmonised, libraria = load_texts(WITH_RANGE), national("")

    assert harmonised.national is None
    assert libraria.digest != harmonised.digest
    assert libraria.national is not None
    assert libraria.national.iso3 == "XLA"
    assert libraria.calendar.weekend == frozenset({6})
    assert [value.parameter for value in libraria.national.unset] == ["appeal_body", "suspensive", "detention_maximum"]


def test_of_a_dated_value_the_part_in_force_is_the_newest() -> None:
    profile = national("").national

    assert profile is not None
    found = profile.value("receives_claims")
    assert found is not None
    assert (found.words, found.mark, found.holds_from) == ("The desk", "G", "2020")
    assert [str(source) for source in found.source] == ["LA1 whole"]


def test_a_condition_is_joined_and_keeps_its_own_place() -> None:
    loan = national(change('rule: transitions.lend.when, and_also: "request.age > 5"')).machines["loan"]

    when = loan.transitions["lend"].when
    assert isinstance(when, And)
    assert to_text(when.parts[-1]) == "loan.request.age > 5"
    assert when.parts[-1].span.file == "xla/loan.overlay.yaml"
    assert when.parts[0].span.file == "harmonised/loan/procedure.yaml"


def test_a_set_knows_which_line_changed_a_rule() -> None:
    profile = national(change("rule: deadlines.come_back.length, shorten_to: 20 days")).national

    assert profile is not None
    (made,) = profile.changed_by("loan.deadlines.come_back")
    assert (made.verb, made.was, made.now) == ("shorten_to", "30 days", "20 days")
    assert str(made.span) == "xla/loan.overlay.yaml:5:55"


def test_words_bodies_numbers_and_lists_change_by_their_verbs() -> None:
    changes = """changes:
  title: {rule: transitions.lend.title, rename_to: Hand it over, source: LA1, from: 2026-12-01}
"""
    assert "has no title" in refused(changes)  # the small set gives this act no title of its own

    changes = """changes:
  state: {rule: states.lent, rename_to: Out of the house, source: LA1, from: 2026-12-01}
  words: {rule: deadlines.come_back.duty, replace_text: Ask kindly for the book., source: LA1, from: 2026-12-01}
  chair: {rule: panels.jury.chair, replace_body: librarian, source: LA1 s. 4, from: 2026-12-01}
  more: {rule: panels.jury.quorum.at_least, set: 5, source: LA1, from: 2026-12-01}
  apart: {rule: transitions.give_back.needs_other_person_than, add: lend, source: LA1, from: 2026-12-01}
"""
    loan = national(changes).machines["loan"]

    assert loan.states["lent"].title == "Out of the house"
    assert loan.deadlines["come_back"].duty == "Ask kindly for the book."
    assert loan.panels["jury"].chair == "librarian"
    assert loan.panels["jury"].at_least == 5
    assert loan.transitions["give_back"].needs_other_person_than == ("lend",)


def test_an_overlay_adds_questions_facts_and_safeguards_of_its_own() -> None:
    added = """steps:
  monitor: {title: Tell the monitor, by: [librarian], source: LA1}
questions:
  monitor.sent: {class: procedure, ask: Was it sent?, answer: yes_no}
facts:
  monitor_told: {when: monitor.sent is yes, source: LA1, says: The monitor was told., if_not: The monitor was not told yet.}
safeguards:
  monitored: {never: loan is lent and not monitor_told, says: The monitor knows., source: LA1}
changes:
  asked: {rule: states.requested.steps, add: monitor, source: LA1, from: 2026-12-01}
  told: {rule: transitions.lend.when, and_also: monitor_told, source: LA1, from: 2026-12-01}
"""
    loan = national(added).machines["loan"]

    assert loan.states["requested"].steps == ("request", "monitor")
    assert "monitored" in loan.safeguards


def test_a_body_that_a_question_names_is_asked_of_every_act_that_asks_it() -> None:
    files = {
        **SMALL_SET,
        "harmonised/loan/procedure.yaml": SMALL_SET["harmonised/loan/procedure.yaml"].replace(
            "  give_back: {from: [lent, lost_book], to: returned,", "  give_back: {from: [lent, lost_book], to: returned, asks: who,"
        ).replace("questions:\n", 'questions:\n  who.decides: {class: procedure, ask: "Who?", answer: choice, choices: {one: One, two: Two}}\n')
        .replace("steps:\n", "steps:\n  who: {title: Who, by: [librarian], source: policy}\n", 1),
    }  # fmt: skip
    overlay = HEAD + change("rule: questions.who.decides, replace_body: two")

    found = load_texts({**files, "xla/profile.yaml": PROFILE, "xla/loan.overlay.yaml": overlay})

    loan = found.machines["loan"]
    assert to_text(loan.transitions["give_back"].requires) == "loan.who.decides is two"
    assert loan.steps["who"].questions["decides"].hint == "The law of this State says: Two."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("rule: transitions.lendd.when, and_also: is_child", 'did you mean "lend"?'),
        ("rule: deadlines.come_back.lenght, shorten_to: 20 days", 'did you mean "length"?'),
        ("rule: deadlines.come_back.length, shorten_to: 40 days", "write lengthen_to"),
        ("rule: deadlines.come_back.length, lengthen_to: 61 days", "up to 60 days, stands at harmonised/loan/procedure.yaml"),
        ("rule: deadlines.come_back.length, shorten_to: 30 days", "remove the change"),
        ("rule: deadlines.age_question.length, shorten_to: 30 days", "gives no range"),
        ("rule: deadlines.come_back.stops_when, and_also: is_child", "is not stricter"),
        ("rule: safeguards.never_both.never, and_also: is_child", "is not stricter"),
        ("rule: safeguards.never_both.says, replace_text: Anything goes.", "what was agreed and proved"),
        ("rule: transitions.lose.when, and_also: is_child", "automatic act"),
        ("rule: panels.jury.quorum.at_least, set: 2", "less would be less protective"),
        ("rule: panels.jury.must_open_file, set: no", "less protective"),
        ("rule: transitions.lend.from, add: returned", "could weaken a rule"),
        ("rule: transitions.write_off.by, add: librarian", "more roles could then decide"),
        ("rule: transitions.lend.adverse, set: no", "no parameter"),
        ("rule: reminder.states.waitin, rename_to: Waits", 'did you mean "waiting"?'),
        ("rule: shared.banned.when, and_also: is_child", "the harmonised text has no"),
    ],
)  # fmt: skip
def test_what_would_weaken_the_harmonised_text_is_refused_with_both_places(text: str, why: str) -> None:
    told = refused(change(text))

    assert why in told
    assert told.startswith("xla/loan.overlay.yaml:")


def test_no_deadline_falls_below_what_a_safeguard_promises() -> None:
    file = "harmonised/loan/procedure.yaml"
    longer = SMALL_SET[file].replace("{deadline: come_back, length: 7 days}", "{deadline: come_back, length: 14 days}")
    overlay = HEAD + change("rule: deadlines.come_back.length, shorten_to: 10 days")

    with pytest.raises(DeclarationErrors) as found:
        load_texts({**SMALL_SET, file: longer, "xla/profile.yaml": PROFILE, "xla/loan.overlay.yaml": overlay})

    assert 'the safeguard "long_enough" promises at least 14 days at harmonised/loan/procedure.yaml' in str(found.value)
    assert "no verb removes a safeguard" in str(found.value)


def test_two_changes_of_one_place_are_refused_with_both_lines() -> None:
    changes = """changes:
  first: {rule: deadlines.come_back.length, shorten_to: 20 days, source: LA1, from: 2026-12-01}
  second: {rule: deadlines.come_back.length, lengthen_to: 40 days, source: LA1, from: 2026-12-01}
"""
    told = refused(changes)

    assert told.startswith("xla/loan.overlay.yaml:6:18: found a second change of loan.deadlines.come_back.length")
    assert '"first" stands at xla/loan.overlay.yaml:5:17' in told


def test_several_further_conditions_of_one_act_go_together() -> None:
    changes = """changes:
  first: {rule: transitions.lend.when, and_also: is_child, source: LA1, from: 2026-12-01}
  second: {rule: transitions.lend.when, and_also: not banned, source: LA1, from: 2026-12-01}
"""
    when = national(changes).machines["loan"].transitions["lend"].when

    assert isinstance(when, And)
    assert [part.span.line for part in when.parts] == [36, 5, 6]


def test_declaring_what_the_harmonised_text_declares_is_refused_with_both_places() -> None:
    told = refused("facts:\n  is_child: {when: banned, source: LA1, says: A., if_not: B.}\n")

    assert 'found "is_child" under facts: the harmonised text declares it at harmonised/loan/procedure.yaml' in told


@pytest.mark.parametrize(
    ("profile", "why"),
    [
        (PROFILE.replace("XLA", "BLX"), "the folder xla belongs to the State XLA"),
        (PROFILE.replace("until: 2020}", "until: 2020, from: 2021}"), "the date goes backwards"),
        (PROFILE.replace("G, source: LA1, from: 2020", "G, source: LA1, from: 2028"), "the date goes backwards"),
        (PROFILE.replace("from: 1990-06-27", "from: 1990-06-31"), "there is no such day"),
        (PROFILE.replace(", mark: V-old, source: LA1", ""), "found no mark"),
        (PROFILE.replace("mark: V-old, source: LA1", "mark: V-old"), "found no source"),
        (PROFILE.replace("committee_recommends", "committee_recomends"), 'did you mean "committee_recommends"?'),
        (PROFILE.replace("appeal_body", "apeal_body"), 'did you mean "appeal_body"?'),
        (PROFILE.replace("14 days", "fortnight"), "a length of time"),
        (PROFILE.replace("LA1: {name", "LIB: {name"), "the harmonised register has it"),
    ],
)
def test_a_profile_that_cannot_be_right_is_refused(profile: str, why: str) -> None:
    assert why in refused("", profile=profile)


def test_an_unknown_state_is_refused() -> None:
    codes = SMALL_SET["harmonised/common/codes.yaml"] + "  country:\n    title: Countries\n    codes: {BLZ: Belize}\n"
    files = {**SMALL_SET, "harmonised/common/codes.yaml": codes, "blx/profile.yaml": PROFILE.replace("XLA", "BLX")}

    with pytest.raises(DeclarationErrors) as found:
        load_texts(files)

    assert 'did you mean "BLZ"?' in str(found.value)


def test_an_overlay_is_of_its_day_and_of_its_edition() -> None:
    assert "an edition says what holds on its day" in refused(
        change("rule: deadlines.come_back.length, shorten_to: 20 days", since="2027-01-01")
    )
    early = HEAD.replace("2026-12-01", "2020-01-01")
    assert "dates would go backwards" in refused(
        change("rule: deadlines.come_back.length, shorten_to: 20 days"), head=early
    )
    assert "it was written for another edition" in refused("extends: 2025-01-01\n")


def test_an_overlay_on_no_procedure_is_refused() -> None:
    head = HEAD.replace("overlay: loan", "overlay: lone")

    told = refused(change("rule: x.y, set: 1"), head=head, file="lone")

    assert 'did you mean "loan"?' in told


DEVIATION = """\
deviations:
  two_days:
    title: Two days to read
    says: The law gives two days.
    law: Library Act s. 9
    weakens: [P01]
    source: LA1
    from: 2020
    expires: 2027-01-01
    changes:
      two: {rule: deadlines.come_back.length, shorten_to: 2 days, source: LA1, from: 2020}
"""


def test_a_deviation_has_a_name_a_reference_and_a_last_day_and_is_shown() -> None:
    found = national(DEVIATION.replace("P01", "P45").replace("shorten_to: 2 days", "lengthen_to: 90 days"))

    (deviation,) = found.deviations
    assert deviation.touches == ("loan", "reminder")
    assert deviation.sentence.endswith("Legal basis: Library Act s. 9. This deviation ends on 2027-01-01.")
    assert deviation.is_over("2027-01-01")
    assert not deviation.is_over("2026-12-31")
    assert str(found.machines["loan"].deadlines["come_back"].length) == "90 days"
    assert found.national is not None
    assert found.national.changes[0].deviation == "two_days"


def test_a_deviation_from_what_no_state_can_switch_off_is_refused() -> None:
    assert "no law of one State can switch this property off" in refused(DEVIATION)
    assert "no safeguard carries that rule" in refused(DEVIATION.replace("P01", "H9.9"))


def test_a_deviation_that_names_the_promise_shortens_it_and_says_so() -> None:
    file = "harmonised/loan/procedure.yaml"
    promised = SMALL_SET[file].replace("long_enough: {at_least", "long_enough: {property: P48, at_least")
    overlay = HEAD + DEVIATION.replace("P01", "P48")

    found = load_texts({**SMALL_SET, file: promised, "xla/profile.yaml": PROFILE, "xla/loan.overlay.yaml": overlay})

    safeguard = found.machines["loan"].safeguards["long_enough"]
    assert str(safeguard.length) == "2 days"
    assert safeguard.says.endswith("In this State it is 2 days, by a named deviation.")


def test_a_deviation_that_ends_before_it_begins_is_refused() -> None:
    told = refused(DEVIATION.replace("P01", "P45").replace("expires: 2027-01-01", "expires: 2019-01-01"))

    assert "it begins on 2020 at xla/loan.overlay.yaml" in told
