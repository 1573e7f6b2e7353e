"""A small invented set of procedures in which everything the language has happens at least once.

A ferry company keeps a file for each traveller: the desk takes them in, a board hears their claim, helpers are sent,
and one door leads off the pier. Nothing here is law.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from sop_engine.definition.load import load_texts
from sop_engine.definition.model import Definition
from tests.instruments.small_set_machines import CLAIM, DEPARTURE, HELP, INTAKE

ROLES = """\
roles:
  clerk: {title: Clerk, scope: office, reads: [procedure, identity, story], any_role: yes, does: Takes people in.}
  desk_supervisor: {title: Desk supervisor, scope: office, reads: [procedure, identity, story, sensitive],
    any_role: yes, does: Confirms.}
  case_supervisor: {title: Case supervisor, scope: office, reads: [procedure, identity, story, sensitive, restricted],
    any_role: yes, does: Is called when something is wrong.}
  member: {title: Member of the board, scope: docket, reads: [procedure, story], any_role: yes, does: Votes.}
  chair: {title: Chair of the board, scope: docket, reads: [procedure, identity, story, restricted], any_role: yes,
    does: Leads the board.}
  helper: {title: Helper, scope: assigned, reads: [procedure], any_role: yes, does: Helps.}
  traveller: {title: Traveller, scope: none, reads: [], any_role: no, person: yes, does: Travels.}
  system: {title: The system, scope: none, reads: [], any_role: no, does: Counts time.}
functions:
  take_in: {title: Took the person in}
  confirm: {title: Confirmed}
  hear: {title: Heard the person}
  vote: {title: Voted}
  check_exit: {title: Checked the exit}
  clear_exit: {title: Cleared the exit}
incompatible:
  - [hear, vote]
  - [check_exit, take_in]
"""

CODES = """\
lists:
  pier:
    title: Piers
    codes: {east: East pier, west: West pier}
"""

LAW = """\
tags:
  FER: {name: Ferry Act (invented), at: []}
provisions:
  FER:
    "1": {says: Nobody is sent over the sea against their will., status: text, tier: 1}
"""

CALENDARS = """\
calendars:
  harmonised: {weekend: [saturday, sunday], holidays: none, closures: [2026-03-11], time_zone: America/Port_of_Spain}
"""

CASE = """\
sop: common
machine: case
title: The traveller's file
edition: 2026-11-21
purpose: Keep what is known of a traveller.
starts_in: open
identity: {name: intake.arrival.full_name, age: intake.arrival.age}
flags: {danger_known: alarm, doubt_open: care}
steps:
  danger: {title: Danger, by: [any_role], source: FER 1}
  doubt: {title: Doubt, by: [any_role], source: policy}
  departure_note: {title: Seen leaving, by: [any_role], source: policy}
questions:
  danger.words: {class: story, ask: "What was said?", answer: text, max_length: 500}
  danger.grave: {class: sensitive, ask: "Is it grave?", answer: yes_no, asked_of: person, required: no}
  doubt.why: {class: procedure, ask: "What is in doubt?", answer: text, required: no}
  departure_note.seen_at: {class: procedure, ask: "When?", answer: moment, not_future: yes}
facts:
  grave: {when: danger.grave is yes, source: policy, says: The danger is grave., if_not: The danger is not grave.}
states:
  open: {title: Open, kind: work, says: The file is open.}
  gone: {title: Gone, kind: rest, says: The traveller was seen leaving.}
  closed: {title: Closed, kind: end, says: The traveller died.}
transitions:
  signal_danger: {from: any, stays: yes, by: [any_role], fact: yes, asks: danger, does: Record danger., source: FER 1}
  raise_doubt: {from: any, stays: yes, by: [any_role], fact: yes, asks: doubt, does: Record a doubt., source: policy}
  settle_doubt: {from: any, stays: yes, by: [desk_supervisor], when: doubt_open, does: Settle it., source: policy}
  see_leaving: {from: open, to: gone, by: [any_role], fact: yes, asks: departure_note, does: Record it., source: policy}
  see_back: {from: gone, to: open, by: [any_role], fact: yes, does: Record that the traveller is back., source: policy}
  record_death: {from: any, to: closed, by: [desk_supervisor, case_supervisor], fact: yes, irreversible: yes,
    does: Record the death., source: policy}
  send_doctor: {from: open, stays: yes, auto: yes, opens: [{machine: help, key: doctor}], source: policy,
    when: "grave and no help of [doctor] in [asked, given]"}
  send_lawyer: {from: open, stays: yes, by: [clerk], opens: [{machine: help, key: lawyer, when: danger_known}],
    does: Ask a lawyer to come., source: policy}
shared:
  danger_known: {kind: latch, set_by: [case.signal_danger], set_when: "intake.check.afraid in [yes, unsure]",
    says: Danger is on record., if_not: No danger is on record., source: FER 1}
  doubt_open: {kind: switch, set_by: [case.raise_doubt], cleared_by: [case.settle_doubt, intake.confirm_ordinary],
    says: A doubt is open., if_not: No doubt is open., source: policy}
  waiting_long: {kind: switch, set_when: "deadline intake.check_done is expired and intake in [checking]",
    cleared_when: "intake not in [checking]", says: The check takes too long., if_not: The check is in time.,
    source: policy}
  protected: {kind: derived, when: "danger_known and claim not in [refused]", source: FER 1,
    says: The traveller is protected., if_not: The traveller is not protected.}
  young: {kind: derived, when: intake.arrival.age < 18, source: policy,
    says: The traveller is young., if_not: The traveller is grown.}
safeguards:
  never_gone_protected: {rule: H1.1, property: P01, never: case is gone and protected,
    says: Nobody who is protected has left., source: FER 1}
  no_lone_minor: {never: claim is refused and young, says: No young traveller is refused., source: policy}
"""

SMALL_SET: Mapping[str, str] = {
    "harmonised/common/roles.yaml": ROLES,
    "harmonised/common/codes.yaml": CODES,
    "harmonised/common/law.yaml": LAW,
    "harmonised/common/calendars.yaml": CALENDARS,
    "harmonised/common/procedure.yaml": CASE,
    "harmonised/intake/procedure.yaml": INTAKE,
    "harmonised/claim/procedure.yaml": CLAIM,
    "harmonised/claim/help.yaml": HELP,
    "harmonised/departure/procedure.yaml": DEPARTURE,
}


@lru_cache(maxsize=1)
def small_set() -> Definition:
    """Return the small set, built once a process."""
    return load_texts(SMALL_SET)


def small_set_with(path: str, old: str, new: str) -> Definition:
    """Return the small set with one passage of one file written otherwise."""
    text = SMALL_SET[path]
    if text.count(old) != 1:
        raise ValueError(f"{old!r} stands {text.count(old)} times in {path}")
    return load_texts({**SMALL_SET, path: text.replace(old, new)})
