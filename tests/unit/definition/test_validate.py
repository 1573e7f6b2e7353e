"""What the lint says of declarations that can be read and still make no sound procedure."""

from __future__ import annotations

import pytest

from sop_engine.definition.lint import lint
from tests.unit.definition.small_set import CASE_FILE, LOAN_FILE, SMALL_SET, changed


def _told(files: dict[str, str], severity: str) -> str:
    return "\n".join(str(finding) for finding in lint(files).findings if finding.severity == severity)


def test_the_small_set_has_nothing_to_mend() -> None:
    report = lint(SMALL_SET)

    assert report.findings == ()
    assert report.is_complete
    assert [str(cited.source) for cited in report.unconfirmed] == ["LIB 2(a); (b)", "LIB 2(a); (b)"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        # the graph
        ("from: [lent, lost_book], to: returned", "from: lent, to: returned", []),
        (
            "{from: lent, to: lost_book, auto",
            "{from: lost_book, to: lost_book, auto",
            ['no way into the state "lost_book"'],
        ),
        ("kind: work, says: The jury sits.", "kind: end, says: The jury sits.", ['way out of the end "lost_book"']),
        (
            "  returned: {title: Returned, kind: end",
            "  returned: {title: Returned, kind: work",
            ['no way out of the state "returned"'],
        ),
        ("starts_in: requested", "starts_in: returned", ["as the first state"]),
        # people
        ("by: [supervisor], decided_by: jury", "decided_by: jury", ['nobody who may do "write_off"']),
        ("by: [supervisor], decided_by: jury", "by: [reader], decided_by: jury", ["do not sign in"]),
        ("auto: yes, when", "auto: yes, adverse: yes, when", ["marked adverse", "named person"]),
        ("auto: yes, when", "auto: yes, removal: yes, when", ["marked removal"]),
        ("auto: yes, when", "auto: yes, asks: back, when", ['"asks" in the automatic']),
        ("does: Take the book back., ", "", ['no "does" in "give_back"']),
        ("does: Take the book back.,", "does: Take it., requires: is_child,", ['"requires" without "asks"']),
        ("does: Take the book back.,", "does: Take it., removal: yes,", ['"removal" in loan.give_back', "departure"]),
        ("does: Take the book back.,", "does: Take it., fact: yes, adverse: yes,", ['"fact" and "adverse"']),
        ("decided_by: jury, ", "", ['no transition decided by "jury"']),
        ("{in: [lost_book], listed_in", "{in: [lent], listed_in", ['"write_off" from lost_book', "sits in lent"]),
        # questions
        ("steps: [request], says", "says", ['the step "request" in no state']),
        ("shown_when: request.genre is novel", "shown_when: request.wishes includes audio", ["reading itself"]),
        ("shown_when: request.genre is novel", "shown_when: answered request.books", ['the later question "books"']),
        # facts
        ("when: request.age < 18", "when: not all_whole", []),
        (
            "when: every row of request.books (damaged is no)",
            "when: all_whole",
            ["circle of facts, loan.all_whole → loan.all_whole"],
        ),
        # deadlines
        ("length: 30 days", "length: 0 days", ["over before it starts"]),
        ("range: {from: 7 days, to: 60 days}", "range: {from: 60 days, to: 7 days}", ["no length lies in it"]),
        ("values: {child: 14 days}", "values: {child: 3 days}", ["promises at least 7 days"]),
        ("edition: 2026-11-21", "edition: 2026-02-30", ["there is no such day"]),
        # texts
        ("says: The jury sits.", "says: The <b>jury</b> sits.", ["markup", "<b>"]),
        ("says: The jury sits.", 'says: "Look at https://jury.example."', ["an address"]),
        ("says: The jury sits.", "says: See /home/jury/rules.", ["an address"]),
        ("says: The jury sits.", 'says: "[The jury](javascript:x)"', ["markup"]),
        (
            "  is_child: {when",
            "  banned: {when: is_child, says: A., if_not: B., source: policy}\n  is_child: {when",
            ["a shared fact has this name"],
        ),
    ],
)
def test_an_unsound_procedure_is_refused_with_its_reason(old: str, new: str, words: list[str]) -> None:
    told = _told(changed(old, new), "error")

    assert bool(told) == bool(words), told
    for word in words:
        assert word in told, told


def test_states_that_only_lead_to_one_another_never_come_to_an_end() -> None:
    files = changed("{from: [lent, lost_book], to: returned", "{from: [requested], to: returned")
    files[LOAN_FILE] = files[LOAN_FILE].replace("{from: lost_book, to: returned", "{from: lost_book, to: lent")

    told = _told(files, "error")

    assert told.count("round for ever") == 2
    assert 'no way from the state "lost_book" to any end or rest' in told


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "when: deadline come_back is expired, source",
            "when: request.genre is novel, source",
            ["loan.request.genre, which may be unanswered"],
        ),
        (
            "when: deadline come_back is expired, source",
            "when: request.age < 18, source",
            ["loan.request.age, which may be"],
        ),
        (
            "when: deadline come_back is expired, source",
            "when: answered request.age and request.age < 18, source",
            ["loan.request.age, which may be"],
        ),
        (
            "when: deadline come_back is expired, source",
            "when: answered request.genre and request.genre is novel, source",
            [],
        ),
        (
            "when: deadline come_back is expired, source",
            "when: not answered request.genre or request.genre is novel, source",
            [],
        ),
        (
            "when: deadline come_back is expired, source",
            "when: not all_whole, source",
            ["loan.request.books, which may be"],
        ),
        ("kind: wait, steps: [back]", "kind: wait, point: rule, steps: [back]", []),
        ("steps: [back], says: The book", "point: rule, steps: [back], says: The book", []),
        ("length: 30 days", "length: 90 days", ["range ends at 60 days (LIB-2020 1)"]),
        ("length: 30 days", "length: 1 days", ["range starts at 7 days"]),
        ("    stops_when: loan is returned, escalate", "    escalate", ['no "stops_when"']),
        ("issues: [receipt],", "", ['"receipt" issued by no transition']),
        ("value_when: {child: is_child}", "value_when: {child: loan is lent}", []),
        (
            "when: panel jury lost is carried and all_whole",
            "when: panel jury lost is carried",
            ['the fact "all_whole" unused'],
        ),
        ("function: confirm, needs", "needs", ['found confirm in "two_people" as functions']),
        ("source: LIB 1, function: lend", "source: LIB 1", ['lend in "lend" as functions of other people']),
        ("{from: lent, to: lost_book, auto", "{from: lent, stays: yes, auto", ["would fire again and again"]),
        ("does: Take the book back.,", "does: Take it., asks: back,", ["in a state and asked by a transition"]),
    ],
)
def test_a_doubtful_declaration_asks_for_a_second_look(old: str, new: str, words: list[str]) -> None:
    told = _told(changed(old, new), "warning")

    assert bool(told) == bool(words), told
    for word in words:
        assert word in told, told


def test_an_automatic_act_that_undoes_its_own_guard_may_stay() -> None:
    files = changed(
        "{from: lent, to: lost_book, auto: yes, when: deadline come_back is expired, source: policy}",
        '{from: lent, stays: yes, auto: yes, when: "reminder is not_opened", source: policy,\n'
        "    opens: {machine: reminder, key: call}}",
    )

    assert "again and again" not in _told(files, "warning")


def test_checks_of_the_whole_set_wait_until_every_guard_can_be_read() -> None:
    broken = changed("when: panel jury lost is carried and all_whole", "when: panel jury lost is carried and all_wole")

    report = lint(broken)

    assert not report.is_complete
    assert "unused" not in _told(broken, "warning")


def test_a_fact_that_records_something_about_the_person_need_not_lead_anywhere() -> None:
    files = changed("steps:\n  ban:", "source: policy\nsteps:\n  ban:", file=CASE_FILE)

    assert lint(files).findings == ()


def test_a_step_that_nobody_may_answer_is_refused() -> None:
    told = _told(changed("by: [librarian, supervisor]", "by: [reader]"), "error")

    assert 'found only reader in "by" of "back"' in told


def test_a_promised_language_without_a_catalogue_is_told() -> None:
    files = changed(
        "starts_in: requested\n", "starts_in: requested\ntexts: {written_in: en, translated_into: [es, fr]}\n"
    )

    assert "found es, fr promised without a catalogue" in _told(files, "warning")


def test_a_catalogue_with_gaps_says_how_many_texts_are_in_english() -> None:
    files = changed("starts_in: requested\n", "starts_in: requested\ntexts: {written_in: en, translated_into: [es]}\n")
    spanish = (
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Loan of a book"\nmsgstr "Préstamo"\n'
    )

    told = [str(finding) for finding in lint(files, {"harmonised/loan/locale/es.po": spanish}).findings]

    assert len(told) == 1
    assert 'texts without a translation into "es", the first is “Lend a book and get it back.”' in told[0]


def test_examples_that_are_not_yaml_are_told_with_the_rest() -> None:
    files = {**SMALL_SET, "harmonised/loan/examples.yaml": "examples:\n  M01: {tells: A, tells: B}\n"}

    assert "harmonised/loan/examples.yaml:2:19: found the key" in _told(files, "error")


def test_a_case_whose_pages_would_show_nobody_is_told() -> None:
    told = _told(changed("identity: {name: loan.request.full_name}\n", "", file=CASE_FILE), "warning")

    assert 'found no "identity" for the machine case' in told
