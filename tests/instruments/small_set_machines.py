"""The procedures of the small set: taking in, the board's claim, help of several kinds, the one door out."""

from __future__ import annotations

INTAKE = """\
sop: intake
machine: intake
title: Taking in
edition: 2026-11-21
purpose: Find out what the traveller needs.
starts_in: arrived
steps:
  arrival: {title: Arrival, by: [clerk], source: policy, function: take_in}
  needs: {title: Needs, by: [clerk, helper], source: policy, say: What do you need?}
  check: {title: The check, by: [clerk], source: FER 1, function: take_in}
  finding: {title: Finding, by: [desk_supervisor], source: policy}
questions:
  arrival.full_name: {class: identity, ask: "What is the name?", answer: person}
  arrival.age: {class: identity, ask: "How old?", answer: number, from: 0, to: 120, asked_of: person}
  arrival.pier: {class: procedure, ask: "Which pier?", answer: choice, choices: {list: pier}}
  arrival.boat: {class: procedure, ask: "Which boat?", answer: text, shown_when: arrival.pier is east}
  arrival.bags:
    class: procedure
    ask: Which bags?
    answer: table
    required: no
    columns:
      colour: {class: procedure, ask: Colour, answer: choice, choices: {red: Red, blue: Blue}}
      heavy: {class: procedure, ask: Heavy?, answer: yes_no, shown_when: colour is red}
      note: {class: procedure, ask: Note, answer: text, required: no}
  arrival.landed_on: {class: procedure, ask: "When?", answer: date, partial: yes, not_future: yes, may_be: [unknown]}
  needs.kinds: {class: sensitive, ask: "Which?", answer: many, choices: {food: Food, bed: A bed, none: None}}
  needs.paper: {class: identity, ask: "A paper?", answer: file, required: no}
  check.afraid: {class: story, ask: "Afraid?", answer: choice, choices: {yes: Yes, no: No, unsure: Unsure}}
  check.why: {class: story, ask: "Why?", answer: text, required: when check.afraid is yes}
  finding.reasons: {class: story, ask: "Why?", answer: text, min_length: 10, refuse_if_only: [demeanour]}
  finding.agreed: {class: procedure, ask: "Agreed?", answer: yes_no}
facts:
  placed: {when: answered arrival.pier, source: policy, says: The pier is known., if_not: The pier is not known yet.}
  unafraid: {when: check.afraid is no, source: policy, says: The person is not afraid.,
    if_not: The person may be afraid.}
  heavy_bags: {when: some row of arrival.bags (heavy is yes), source: policy, says: Some bag is heavy.,
    if_not: No bag is heavy.}
states:
  arrived: {title: Arrived, kind: work, steps: [arrival, needs], says: Somebody has come.}
  checking: {title: Being checked, kind: work, steps: [needs, check], says: The check runs.}
  proposed: {title: Proposed, kind: work, says: A second look is needed.}
  ordinary: {title: Ordinary traveller, kind: rest, says: No danger was found.}
  referred: {title: Referred, kind: end, says: The board hears the claim.}
transitions:
  begin: {from: arrived, to: checking, by: [clerk], when: placed, does: Begin the check., source: policy}
  propose: {from: checking, to: proposed, by: [clerk], when: unafraid, does: Propose., function: take_in,
    source: policy}
  send_back: {from: proposed, to: checking, by: [desk_supervisor], does: Ask again., source: policy}
  confirm_ordinary: {from: proposed, to: ordinary, by: [desk_supervisor], when: not danger_known, asks: finding,
    requires: finding.agreed is yes, does: Find that there is no danger., function: confirm, adverse: yes,
    needs_other_person_than: [take_in], source: [FER 1, policy]}
  refer: {from: [checking, proposed], to: referred, by: [clerk], when: danger_known, issues: [slip],
    opens: [{machine: claim}, {machine: help, key: lawyer, when: young}], does: Refer to the board., source: FER 1}
  look_again: {from: ordinary, to: checking, auto: yes, when: danger_known, source: FER 1}
  late_word: {from: ordinary, to: checking, by: [any_role], fact: yes, does: Record a late word., source: policy}
  quick_refer: {from: arrived, to: referred, by: [desk_supervisor], opens: [{machine: claim}], irreversible: yes,
    does: Refer at once., source: policy}
deadlines:
  check_done: {timer: T01, length: 24 hours, range: {from: 1 hour, to: 72 hours}, starts_when: "intake in [checking]",
    stops_when: "intake in [referred, ordinary]", paused_when: doubt_open, values: {young: 4 hours},
    value_when: {young: young}, escalate: [{to: desk_supervisor}, {to: case_supervisor, after: 24 hours}],
    duty: Finish the check., source: policy}
  stay: {timer: T02, length: 10 working days, since: arrival.landed_on, person_duty: yes,
    starts_when: answered arrival.landed_on, stops_when: intake is referred, escalate: {to: clerk},
    duty: Register the stay., source: policy}
documents:
  slip: {title: Slip, class: identity, for: [traveller, file], blocks: [{identity: yes}, {text: You were referred.},
    {answers: [arrival]}, {table: arrival.bags, when: heavy_bags}, {deadlines: check_done}, {signatures: [Clerk]}]}
safeguards:
  two_people: {rule: H1.2, property: P04, different_people: [take_in, confirm], says: Two officers look.,
    source: policy}
  not_ordinary_in_danger: {rule: H1.3, never: intake is ordinary and danger_known, says: Nobody in danger is ordinary.,
    source: FER 1}
  placed_before_check: {always: "intake is arrived or placed", says: The pier is known., source: policy}
  asked_before_ordinary: {doing: confirm_ordinary, require: unafraid and finding.agreed is yes,
    says: The person was asked and the finding agreed., source: policy}
  proposed_first: {before: {enter: ordinary, requires: did propose, since: did send_back},
    says: It is proposed before it is confirmed., source: policy}
  in_time: {within: {length: 48 hours, from: "intake in [checking]", until: "intake in [referred, ordinary]"},
    says: Nobody waits for ever., source: policy}
  time_enough: {at_least: {deadline: check_done, length: 1 hour}, says: There is time., source: policy}
  ends: {always_possible: [referred], says: Everybody can be referred., source: policy}
  by_person: {by_structure: A supervisor confirms., carried_by: [transitions.confirm_ordinary.by],
    says: A person says so., source: policy}
"""

CLAIM = """\
sop: claim
machine: claim
title: The claim
edition: 2026-11-21
purpose: Hear the claim.
starts_in: preparing
steps:
  hearing: {title: Hearing, by: [clerk], source: policy, function: hear}
  notice: {title: Notice, by: [clerk], source: policy}
questions:
  hearing.story: {class: story, ask: "What happened?", answer: text}
  hearing.shown_id: {class: identity, ask: "Shown?", answer: yes_no, required: no}
  notice.told_on: {class: procedure, ask: "Told when?", answer: date, not_future: yes}
states:
  preparing: {title: Prepared, kind: work, steps: [hearing], says: The hearing is held.}
  listed: {title: Listed, kind: wait, says: The board will sit.}
  session: {title: In session, kind: work, says: The board sits.}
  deferred: {title: Deferred, kind: wait, says: Facts are missing.}
  telling: {title: To be told, kind: work, steps: [notice], says: The person has to be told.}
  granted: {title: Granted, kind: rest, says: The claim is good.}
  refused: {title: Refused, kind: rest, says: The claim is refused.}
transitions:
  list: {from: preparing, to: listed, by: [clerk], when: answered hearing.story, does: List it., source: policy}
  sit: {from: [listed, deferred], to: session, by: [chair], does: Open the session., source: policy}
  defer: {from: session, to: deferred, by: [chair], does: Defer., source: policy}
  grant: {from: session, to: granted, by: [chair], decided_by: board, issues: [letter], does: Grant., source: policy,
    when: panel board danger is carried or panel board harm is carried}
  refuse: {from: session, to: telling, by: [chair], decided_by: board, adverse: yes, does: Refuse., source: policy,
    when: panel board danger is failed and panel board harm is failed}
  tell: {from: telling, to: refused, by: [clerk], when: answered notice.told_on, does: Tell., issues: [letter],
    source: policy}
  remand: {from: refused, to: listed, by: [case_supervisor], does: Hear it again., source: policy}
  claim_anew: {from: refused, stays: yes, by: [clerk], opens: [{machine: claim, in: preparing}],
    does: Open a new round., source: policy}
  record_fee: {from: listed, stays: yes, by: [clerk], other_than_earlier_round: [hear, vote], does: Record it.,
    source: policy}
panels:
  board: {in: [session], listed_in: [listed, deferred], chair: chair, members: [member],
    quorum: {at_least: 3, majority_of_members: yes, chair: yes}, must_open_file: yes, reasons_if_dissent: yes,
    questions: {danger: {ask: "Is there danger?", tie: yes, tie_after: 1},
      harm: {ask: "Is there harm?", tie: no, tie_after: 0, when: panel board danger is failed}},
    needs_other_person_than: [take_in], function: vote, source: policy}
deadlines:
  review: {timer: T03, length: 3 days, since: notice.told_on, starts_when: claim is refused,
    stops_when: claim is listed, escalate: {to: clerk, after: 1 day}, duty: Ask for a review., source: policy}
documents:
  letter: {title: Letter, class: story, for: [traveller], blocks: [{text: Decided.}, {votes: board},
    {reasons: hearing.story}]}
safeguards:
  heard_first: {before: {enter: [granted, refused], requires: did list}, says: It is listed before., source: policy}
  not_refused_while_leaving: {never: claim is refused and departure is cleared, says: Refused first., source: policy}
"""

HELP = """\
sop: claim
machine: help
title: Help
edition: 2026-11-21
purpose: Send help.
starts_in: asked
many_per_case: {key: kind, values: [doctor, lawyer]}
steps:
  request: {title: Request, by: [helper], source: policy}
questions:
  request.kind: {class: procedure, ask: "Which help?", answer: choice, is_key: yes,
    choices: {doctor: A doctor, lawyer: A lawyer}}
states:
  asked: {title: Asked, kind: wait, steps: [request], says: Help was asked for.}
  given: {title: Given, kind: end, says: Help was given.}
  declined: {title: Declined, kind: end, says: The person declined.}
transitions:
  give: {from: asked, to: given, by: [helper], does: Give help., source: policy}
  advise: {from: asked, to: given, by: [helper], when: key is lawyer, does: Give advice by telephone., source: policy}
  decline: {from: asked, to: declined, by: [helper], does: Record that the person declined., source: policy}
safeguards:
  only_a_lawyer_advises: {doing: advise, require: key is not doctor, says: A doctor gives no advice.,
    source: policy}
  asked_as_opened: {never: answered request.kind and request.kind is doctor and key is lawyer,
    says: The request names its own kind., source: policy}
"""

DEPARTURE = """\
sop: departure
machine: departure
title: Leaving the pier
edition: 2026-11-21
purpose: The one door out.
starts_in: asked
many_per_case: yes
one_running: yes
steps:
  request: {title: Request, by: [clerk], source: policy}
questions:
  request.reason: {class: procedure, ask: "Why?", answer: text}
  request.willing: {class: procedure, ask: "Willing?", answer: yes_no}
states:
  asked: {title: Asked, kind: work, says: Somebody asked.}
  cleared: {title: Cleared, kind: work, says: The gate opens.}
  blocked: {title: Blocked, kind: end, says: Nobody leaves.}
  left: {title: Left, kind: end, says: The person left.}
transitions:
  ask: {from: new, to: asked, by: [clerk], when: not protected, asks: request, requires: request.willing is yes,
    does: Ask., function: check_exit, source: FER 1}
  block: {from: asked, to: blocked, auto: yes, when: protected, source: FER 1}
  clear: {from: asked, to: cleared, by: [desk_supervisor, case_supervisor], does: Clear., function: clear_exit,
    needs_other_person_than: [check_exit], other_than_earlier_round: [clear_exit], source: FER 1}
  take_back: {from: cleared, to: blocked, by: [any_role], does: Take it back., source: FER 1}
  leave: {from: cleared, to: left, by: [desk_supervisor], removal: yes, irreversible: yes, adverse: yes,
    does: Let the person leave., source: FER 1}
safeguards:
  nobody_leaves_protected: {property: P02, doing: leave, require: not protected, says: Nobody protected leaves.,
    source: FER 1}
  never_cleared_protected: {property: P03, never: departure is cleared and protected, says: No clearance in danger.,
    source: FER 1}
"""
