"""From declarations to the model: defaults, lists, sources, guards and names."""

from __future__ import annotations

from datetime import date

import pytest

from sop_engine.definition.build import build
from sop_engine.definition.declarations import read_declarations
from sop_engine.definition.faults import DeclarationErrors
from sop_engine.definition.load import load_texts
from sop_engine.definition.model import Definition, Opening, Source
from sop_engine.guards.tree import (
    And,
    Answered,
    FactIs,
    InstancesIn,
    Not,
    PanelIs,
    QuestionRef,
    Rows,
    StateIn,
    ValueIn,
)
from sop_engine.periods import Length
from tests.unit.definition.small_set import CASE_FILE, LOAN_FILE, SMALL_SET, changed


@pytest.fixture(scope="module")
def small() -> Definition:
    return load_texts(SMALL_SET)


def _told(files: dict[str, str]) -> str:
    declarations = read_declarations(files)
    _definition, errors = build(declarations)
    assert not declarations.errors, declarations.errors
    return "\n".join(str(error) for error in errors)


def test_machines_keep_what_they_declare(small: Definition) -> None:
    loan, reminder = small.machines["loan"], small.machines["reminder"]

    assert (loan.sop, loan.starts_in, loan.edition, loan.many_per_case) == ("loan", "requested", "2026-11-21", False)
    assert (reminder.key_name, reminder.key_values, reminder.many_per_case) == ("way", ("letter", "call"), True)
    assert str(loan.states["lent"].span) == "harmonised/loan/procedure.yaml:32:3"


def test_a_question_has_the_choices_of_its_list(small: Definition) -> None:
    genre = small.machines["loan"].steps["request"].questions["genre"]

    assert (genre.list_name, dict(genre.choices)) == ("genre", {"novel": "Novel", "SC-FI": "Science fiction"})
    assert genre.fields == ("book_kind",)
    assert small.lists["genre"].codes["SC-FI"].is_priority


def test_a_question_asked_of_the_person_may_stay_without_substance(small: Definition) -> None:
    questions = small.machines["loan"].steps["request"].questions

    assert questions["age"].may_be == ("unknown", "prefers_not_to_say")
    assert questions["age"].asked_of_person
    assert (questions["age"].lowest, questions["age"].highest) == (0, 120)
    assert questions["full_name"].may_be == ()
    assert questions["books"].columns["damaged"].may_be == ("unknown",)


def test_required_is_yes_no_or_a_guard(small: Definition) -> None:
    loan = small.machines["loan"]

    assert loan.steps["request"].questions["age"].required
    assert not loan.steps["request"].questions["wishes"].required
    damage = loan.steps["back"].questions["damage"]
    assert not damage.required
    assert damage.required_when == ValueIn(QuestionRef("loan", "request", "genre"), ("SC-FI",))
    line = SMALL_SET[LOAN_FILE].split("\n")[damage.required_when.span.line - 1]
    assert line[damage.required_when.span.column - 1 :].startswith("request.genre is SC-FI")


def test_a_column_speaks_of_its_neighbours(small: Definition) -> None:
    damaged = small.machines["loan"].steps["request"].questions["books"].columns["damaged"]

    assert damaged.shown_when == Answered(QuestionRef(None, "", "title"))
    assert damaged.step == ""


def test_any_role_stands_for_every_role_so_marked(small: Definition) -> None:
    assert small.machines["loan"].transitions["give_back"].by == {"librarian", "supervisor", "reader"}


def test_from_any_stands_for_every_state_that_is_not_an_end(small: Definition) -> None:
    assert small.machines["case"].transitions["ban_reader"].from_states == ("open",)


def test_an_automatic_transition_is_done_by_the_system_alone(small: Definition) -> None:
    lose = small.machines["loan"].transitions["lose"]

    assert (lose.auto, lose.by) == (True, {"system"})


def test_the_title_of_a_transition_comes_from_its_name_unless_given(small: Definition) -> None:
    transitions = small.machines["loan"].transitions

    assert transitions["give_back"].title == "Give back"
    assert transitions["give_back"].trigger == "book_back"
    assert transitions["lend"].trigger == "lend"


def test_guards_are_resolved_across_machines(small: Definition) -> None:
    lend = small.machines["loan"].transitions["lend"]
    whole = small.machines["loan"].facts["all_whole"].when

    assert lend.when == And((Answered(QuestionRef("loan", "request", "genre")), Not(FactIs(None, "banned"))))
    assert lend.opens == (Opening(machine="reminder", key="letter", when=FactIs("loan", "is_child")),)
    assert small.machines["reminder"].transitions["send"].when == InstancesIn("some", "loan", (), ("lent",))
    assert isinstance(whole, Rows)
    assert small.shared["has_loan"].when == StateIn("loan", ("requested", "lent"))
    assert small.machines["loan"].transitions["write_off"].when == And(
        (PanelIs("loan", "jury", "lost", ("carried",)), FactIs("loan", "all_whole"))
    )


def test_sources_take_their_mark_from_the_register_and_the_longest_tag(small: Definition) -> None:
    loan = small.machines["loan"]

    assert loan.transitions["lend"].source == (Source("LIB", "1", "text"), Source("", "policy", "policy"))
    assert loan.transitions["give_back"].source == (Source("LIB", "2(a); (b)", "unconfirmed"),)
    assert loan.deadlines["come_back"].source == (Source("LIB-2020", "1", "excerpt"),)
    assert str(loan.deadlines["age_question"].source[0]) == "policy"


def test_a_deadline_has_its_lengths_range_and_escalation(small: Definition) -> None:
    come_back, age = small.machines["loan"].deadlines["come_back"], small.machines["loan"].deadlines["age_question"]

    assert come_back.length == Length(30, "days")
    assert (come_back.shortest, come_back.longest) == (Length(7, "days"), Length(60, "days"))
    assert come_back.variants == ((Length(14, "days"), FactIs("loan", "is_child")),)
    assert [(level.to, str(level.after)) for level in come_back.escalate] == [
        ("supervisor", "0 hours"),
        ("librarian", "3 working days"),
    ]
    assert age.since == ("back", "came_on")


def test_a_panel_has_its_quorum_and_questions(small: Definition) -> None:
    jury = small.machines["loan"].panels["jury"]

    assert (jury.at_least, jury.needs_chair, jury.majority_of_members) == (3, True, False)
    assert (jury.in_states, jury.function, jury.questions["lost"].tie) == (("lost_book",), "vote", "no")


def test_names_in_a_document_are_qualified(small: Definition) -> None:
    blocks = small.machines["loan"].documents["receipt"].blocks

    assert [(block.kind, block.argument) for block in blocks] == [
        ("identity", ()),
        ("text", ("You borrowed a book.",)),
        ("answers", ("loan.request", "case.ban")),
        ("table", ("loan.request.books",)),
        ("deadlines", ("loan.come_back",)),
        ("votes", ("loan.jury",)),
        ("reasons", ("loan.back.damage",)),
        ("signatures", ("Librarian", "Reader")),
    ]
    assert blocks[3].when == FactIs("loan", "is_child")


def test_every_pattern_of_a_safeguard_is_filled(small: Definition) -> None:
    safeguards = small.machines["loan"].safeguards

    assert safeguards["two_people"].functions == ("lend", "confirm")
    assert (safeguards["no_loan_to_banned"].transition, safeguards["no_loan_to_banned"].rule) == (
        "loan.lend",
        "H1.2, H1.3",
    )
    assert safeguards["no_loan_to_banned"].guard == Not(FactIs(None, "banned"))
    before = safeguards["asked_first"]
    assert (before.enters, before.did, before.since) == (("lent",), ("loan.lend",), "loan.give_back")
    within = safeguards["in_time"]
    assert (within.length, within.guard, within.until) == (
        Length(60, "days"),
        StateIn("loan", ("lent",)),
        StateIn("loan", ("returned",)),
    )
    assert (safeguards["long_enough"].deadline, safeguards["ends"].states) == ("loan.come_back", ("returned",))
    assert safeguards["by_person"].carried_by == (
        "loan.transitions.lend",
        "loan.transitions.lend.by",
        "case.states.open",
    )


def test_shared_facts_name_their_writers_and_the_bar_its_places(small: Definition) -> None:
    banned = small.shared["banned"]

    assert (banned.kind, banned.set_by, banned.cleared_by) == ("switch", {"case.ban_reader"}, {"case.lift_ban"})
    assert small.identity == {"name": (QuestionRef("loan", "request", "full_name"),)}
    assert small.flags == {"banned": "alarm"}


def test_the_registers_are_read(small: Definition) -> None:
    assert small.roles["reader"].is_person
    assert not small.roles["juror"].is_any_role
    assert small.functions["lend"] == "Lent the book"
    assert small.incompatible == (("lend", "confirm"),)
    assert not small.calendar.is_working_day(date(2026, 3, 5))
    assert small.calendar.is_working_day(date(2026, 3, 6))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "by: [librarian], source: LIB 1,",
            "by: [libarian], source: LIB 1,",
            ['"libarian"', 'did you mean "librarian"?'],
        ),
        ("source: LIB 1, function", "source: LIB 9, function", ['found "9" of LIB', "write one of 1"]),
        ("source: LIB 1, function", "source: LIP 1, function", ['"LIP 1"', 'did you mean "LIB"?']),
        ("source: LIB 1, function", "source: LIB, function", ["no provision"]),
        ("answered request.genre and", "answered request.gender and", ["“gender”", "“genre”"]),
        ("deadline come_back is expired", "deadline come_bak is expired", ["come_bak", "come_back"]),
        ("request.age < 18", "request.age = 18", ["found “=”", "“is”"]),
        ("request.age < 18", "request.genre < 18", ["only numbers"]),
        ("panel jury lost is carried", "panel jury lost is won", ["“won”"]),
        ("starts_in: requested", "starts_in: request", ['"request"', 'did you mean "requested"?']),
        ("kind: work, steps: [request]", "kind: work, steps: [requests]", ['the step "requests"']),
        ("from: [lent, lost_book]", "from: [lent, lost]", ['the state "lost"', 'did you mean "lost_book"?']),
        ("from: [lent, lost_book]", "from: [any, lost_book]", ['"any" beside lost_book']),
        ("issues: [receipt]", "issues: [recept]", ['the document "recept"']),
        ("decided_by: jury", "decided_by: judge", ['the panel "judge"']),
        ("key: letter", "key: lettre", ['key of reminder "lettre"', 'did you mean "letter"?']),
        ("key: letter, ", "", ["found no key for reminder"]),
        ("machine: reminder, key", "machine: remainder, key", ['the machine "remainder"']),
        ("needs_other_person_than: [lend], issues", "needs_other_person_than: [len], issues", ['the function "len"']),
        ("since: back.came_on", "since: back.damage", ["a date or a moment"]),
        ("since: back.came_on", "since: back.came", ['the question "back.came"']),
        ("value_when: {child: is_child}, ", "", ["nothing says when it applies"]),
        ("{to: supervisor}, {to: librarian", "{to: boss}, {to: librarian", ['the role "boss"']),
        ("choices: {list: genre}", "choices: {list: genres}", ['the list "genres"']),
        (
            "answer: date, not_future",
            "answer: date, multiline: yes, not_future",
            ['found "multiline"', "it is for text"],
        ),
        ("answer: person", "answer: choice", ['found no "choices"']),
        ("from: 0, to: 120", "from: 120, to: 0", ["no number lies between"]),
        (
            "carried_by: [transitions.lend,",
            "carried_by: [transitions.lent,",
            ['"transitions.lent"', "transitions.lend"],
        ),
        ("{table: request.books, when", "{table: request.genre, when", ["prints a table"]),
        ("different_people: [lend, confirm]", "different_people: [lend]", ["found one function"]),
        ("  back: {title: The return", "  reminder: {title: The return", ["a machine has this name"]),
        ("machine: loan\n", "machine: case\n", ["declares a machine of this name already"]),
    ],
)
def test_a_name_that_nothing_declares_is_told_with_what_was_meant(old: str, new: str, words: list[str]) -> None:
    told = _told(changed(old, new))

    for word in words:
        assert word in told, told


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("set_by: [case.ban_reader]", "set_by: [case.ban]", ['the transition "case.ban"']),
        ("kind: switch", "kind: latch", ['found "cleared_by"']),
        (
            "kind: switch, set_by: [case.ban_reader], cleared_by: case.lift_ban",
            "kind: switch, set_by: [ban_reader]",
            ["cleared"],
        ),
        ("kind: derived, when:", "kind: latch, when:", ['found "when"', 'no "set_by"']),
        ("flags: {banned", "flags: {band", ['the shared fact "band"']),
        ("name: loan.request.full_name", "name: loan.request.name", ['"loan.request.name"']),
    ],
)
def test_a_shared_fact_has_the_writers_of_its_kind(old: str, new: str, words: list[str]) -> None:
    told = _told(changed(old, new, file=CASE_FILE))

    for word in words:
        assert word in told, told


def test_an_error_in_a_guard_of_several_lines_names_the_line_it_stands_on() -> None:
    files = changed('when: "answered request.genre and not banned"', "when: answered request.genre\n      and not band")

    assert "harmonised/loan/procedure.yaml:37:15: “band”" in _told(files)


def test_a_set_with_faults_is_never_handed_out() -> None:
    with pytest.raises(DeclarationErrors) as refused:
        load_texts(changed("by: [librarian], source: LIB 1,", "by: [libarian], source: LIP 1,"))

    assert [error.span.line for error in refused.value.errors] == [8, 8]
    assert "libarian" in str(refused.value)
    assert "LIP" in str(refused.value)
