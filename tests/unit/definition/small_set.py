"""A small invented set of procedures: a library that lends books, with everything the language has."""

from __future__ import annotations

from collections.abc import Mapping

ROLES = """\
roles:
  librarian: {title: Librarian, scope: office, reads: [procedure, identity], any_role: yes, does: Lends books.}
  supervisor: {title: Supervisor, scope: office, reads: [procedure, restricted], any_role: yes, does: Confirms.}
  juror: {title: Juror, scope: docket, reads: [procedure], any_role: no, does: Votes on lost books.}
  reader: {title: Reader, scope: none, reads: [], any_role: yes, person: yes, does: Reads.}
  system: {title: The system, scope: none, reads: [], any_role: no, does: Counts days.}
functions:
  lend: {title: Lent the book, needs: A steady hand.}
  confirm: {title: Confirmed the loan}
  vote: {title: Voted}
incompatible:
  - [lend, confirm]
"""

CODES = """\
lists:
  genre:
    title: Kinds of books
    codes: {novel: Novel, SC-FI: {label: Science fiction, priority: yes}}
"""

LAW = """\
tags:
  LIB: {name: Library Act (invented), at: ["library.example/act"]}
  LIB-2020: {name: Library Act of 2020 (invented), at: []}
provisions:
  LIB:
    "1": {says: Books are lent., status: text, tier: 1}
    "2(a); (b)": {says: Books come back., status: unconfirmed, tier: 2, note: To be checked.}
  LIB-2020:
    "1": {says: Books are lent for longer., status: excerpt, tier: 3}
"""

CALENDARS = """\
calendars:
  harmonised: {weekend: [saturday, sunday], holidays: none, closures: [2026-03-05]}
"""

CASE = """\
sop: common
machine: case
title: The reader's card
edition: 2026-11-21
purpose: Keep what is known of a reader.
starts_in: open
identity: {name: loan.request.full_name}
flags: {banned: alarm}
steps:
  ban: {title: The ban, by: [any_role], source: policy}
questions:
  ban.words: {class: procedure, ask: "What happened?", answer: text, min_length: 3}
states:
  open: {title: Open, kind: work, says: The card is open.}
  closed: {title: Closed, kind: end, says: The card is closed.}
transitions:
  ban_reader: {from: any, stays: yes, by: [any_role], fact: yes, asks: ban, does: Record a ban., source: policy}
  lift_ban: {from: any, stays: yes, by: [supervisor], does: Lift the ban., source: policy}
  close: {from: open, to: closed, by: [librarian], does: Close the card., source: LIB 1}
shared:
  banned: {kind: switch, set_by: [case.ban_reader], cleared_by: case.lift_ban, source: policy,
    says: The reader is banned., if_not: The reader is not banned.}
  has_loan: {kind: derived, when: "loan in [requested, lent]", source: policy,
    says: A book is with the reader., if_not: No book is with the reader.}
"""

LOAN = """\
sop: loan
machine: loan
title: Loan of a book
edition: 2026-11-21
purpose: Lend a book and get it back.
starts_in: requested
steps:
  request: {title: The request, by: [librarian], source: LIB 1, function: lend, say: Which book would you like?}
  back: {title: The return, by: [librarian, supervisor], source: "LIB 2(a); (b)"}
questions:
  request.full_name: {class: identity, ask: "What is the reader's name?", answer: person}
  request.age: {class: identity, ask: How old is the reader?, answer: number, from: 0, to: 120, asked_of: person}
  request.genre: {class: procedure, ask: Which kind of book?, answer: choice, choices: {list: genre}, field: book_kind}
  request.wishes:
    {class: procedure, ask: What is wished?, answer: many, choices: {large_print: Large print, audio: Audio},
    shown_when: request.genre is novel, required: no}
  request.books:
    class: procedure
    ask: Which books?
    answer: table
    columns:
      title: {class: procedure, ask: The title, answer: text, max_length: 200}
      damaged: {class: procedure, ask: Is it damaged?, answer: yes_no, may_be: unknown, shown_when: answered title}
  back.came_on: {class: procedure, ask: When did it come back?, answer: date, not_future: yes}
  back.damage: {class: restricted, ask: What is damaged?, answer: text, required: when request.genre is SC-FI}
facts:
  is_child: {when: request.age < 18, source: policy, says: The reader is a child., if_not: The reader is an adult.}
  all_whole: {when: every row of request.books (damaged is no), source: policy,
    says: No book is damaged., if_not: A book is damaged.}
states:
  requested: {title: Requested, kind: work, steps: [request], says: Somebody wants a book.}
  lent: {title: Lent, kind: wait, steps: [back], says: The book is with the reader.}
  lost_book: {title: Lost, kind: work, says: The jury sits.}
  returned: {title: Returned, kind: end, says: The book is back.}
transitions:
  lend: {from: requested, to: lent, by: [supervisor], when: "answered request.genre and not banned",
    does: Lend the book., function: confirm, needs_other_person_than: [lend], issues: [receipt],
    source: [LIB 1, policy], opens: {machine: reminder, key: letter, when: is_child}}
  give_back: {from: [lent, lost_book], to: returned, by: [any_role], does: Take the book back., trigger: book_back,
    source: "LIB 2(a); (b)"}
  lose: {from: lent, to: lost_book, auto: yes, when: deadline come_back is expired, source: policy}
  write_off: {from: lost_book, to: returned, by: [supervisor], decided_by: jury, adverse: yes,
    does: Write the book off., when: panel jury lost is carried and all_whole, source: policy}
deadlines:
  come_back: {timer: T01, length: 30 days, range: {from: 7 days, to: 60 days}, starts_when: "loan in [lent]",
    stops_when: loan is returned, escalate: [{to: supervisor}, {to: librarian, after: 3 working days}],
    values: {child: 14 days}, value_when: {child: is_child}, duty: Ask for the book., source: LIB-2020 1}
  age_question: {length: 1 year, since: back.came_on, starts_when: loan is returned, escalate: {to: supervisor},
    duty: Ask again., source: policy}
panels:
  jury: {in: [lost_book], listed_in: [lent], chair: supervisor, members: [juror], quorum: {at_least: 3, chair: yes},
    must_open_file: yes, questions: {lost: {ask: Is the book lost?, tie: no}}, source: policy}
documents:
  receipt: {title: Receipt, class: identity, for: [reader, file],
    blocks: [{identity: yes}, {text: You borrowed a book.},
    {answers: [request, case.ban]}, {table: request.books, when: is_child}, {deadlines: come_back}, {votes: jury},
    {reasons: back.damage}, {signatures: [Librarian, Reader]}]}
safeguards:
  two_people: {rule: H1.1, property: P01, different_people: [lend, confirm], says: Two look., source: policy}
  no_loan_to_banned: {rule: [H1.2, H1.3], doing: lend, require: not banned, says: No book., source: LIB 1}
  never_both: {never: loan is lent and case is closed, says: No loan without a card., source: policy}
  asked_first: {before: {enter: lent, requires: did lend, since: did give_back}, says: Lent first., source: policy}
  in_time: {within: {length: 60 days, from: loan is lent, until: loan is returned}, says: Returns., source: policy}
  long_enough: {at_least: {deadline: come_back, length: 7 days}, says: There is time to read., source: LIB-2020 1}
  ends: {always_possible: [returned], says: Every loan can end., source: policy}
  by_person: {by_structure: Only a supervisor lends., says: A person lends.,
    carried_by: [transitions.lend, transitions.lend.by, case.states.open], source: policy}
"""

REMINDER = """\
sop: loan
machine: reminder
title: Reminders
edition: 2026-11-21
purpose: Remind a child's family.
starts_in: waiting
many_per_case: {key: way, values: [letter, call]}
states:
  waiting: {title: Waiting, kind: wait, says: Nothing was sent.}
  sent: {title: Sent, kind: end, says: It was sent.}
transitions:
  send: {from: waiting, to: sent, by: [librarian], does: Send it., when: "some loan of any in [lent]", source: policy}
"""

ROWS = """\
loan: {triggers: [lend, book_back], fields: [full_name, book_kind, damaged], timers: [T01], hard_rules: [H1.1, H1.3],
  properties: [P01]}
"""

LOAN_FILE = "harmonised/loan/procedure.yaml"
CASE_FILE = "harmonised/common/procedure.yaml"

SMALL_SET: Mapping[str, str] = {
    "harmonised/common/roles.yaml": ROLES,
    "harmonised/common/codes.yaml": CODES,
    "harmonised/common/law.yaml": LAW,
    "harmonised/common/calendars.yaml": CALENDARS,
    CASE_FILE: CASE,
    LOAN_FILE: LOAN,
    "harmonised/loan/reminder.yaml": REMINDER,
    "harmonised/loan/rows.yaml": ROWS,
}


def changed(old: str, new: str, *, file: str = LOAN_FILE) -> dict[str, str]:
    """Return the small set with one passage of one file written otherwise."""
    assert SMALL_SET[file].count(old) == 1, f"{old!r} stands {SMALL_SET[file].count(old)} times in {file}"
    return {**SMALL_SET, file: SMALL_SET[file].replace(old, new)}
