"""A gallery of procedures broken on purpose: what a hurried author may write, and the safeguard that must notice it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Broken:
    """One passage of one file, written otherwise; the property that no longer holds, and what its story says."""

    name: str
    file: str
    before: str
    after: str
    noticed_by: str
    told: tuple[str, ...] = ()
    """Words of the story; empty where the lengths or the people alone tell it."""


GALLERY = (
    Broken(
        "an adult is found without a first opinion",
        "harmonised/common/procedure.yaml",
        "when: (age_disputed or is_child) and age_opinion.opinion is adult",
        "when: age_disputed or is_child",
        "case.doubt_means_child",
        ("Find that the person is an adult", "assess_age_adult", "harmonised/common/procedure.yaml:"),
    ),
    Broken(
        "a presumed victim of trafficking is refused at once",
        "harmonised/referral/nrm.yaml",
        "    when: reflection_over\n    asks: identification",
        "    asks: identification",
        "nrm.no_early_refusal",
        ("nrm.not_confirm",),
    ),
    Broken(
        "an interview is closed without being read back",
        "harmonised/interview/procedure.yaml",
        "    when: claim_goes_on and read_back_done\n    asks: completion",
        "    when: claim_goes_on\n    asks: completion",
        "interview.read_back_before_closing",
    ),
    Broken(
        "a bar that arises does not stop a departure that is under way",
        "harmonised/departure/procedure.yaml",
        " dep_handover]\n    to: dep_stopped\n    auto: yes\n    when: protection_bar or not age_recorded",
        " dep_handover]\n    to: dep_stopped\n    auto: yes\n    when: not age_recorded",
        "departure.fear_stops_everything",
    ),
    Broken(
        "there are three days to challenge a removal",
        "harmonised/departure/procedure.yaml",
        "challenge_window: {timer: T41, length: 15 days, range: {from: 7 days, to: 30 days}",
        "challenge_window: {timer: T41, length: 3 days, range: {from: 3 days, to: 30 days}",
        "departure.time_to_challenge",
    ),
    Broken(
        "an alternative to detention is ordered without a ground",
        "harmonised/reception/procedure.yaml",
        "when: no_child_no_status and ground_named and ground_selectable and vst_done and ladder_complete",
        "when: no_child_no_status and vst_done and ladder_complete",
        "reception.alternative_needs_a_ground",
    ),
    Broken(
        "a refusal of the round before can be served in the new one",
        "harmonised/decision/procedure.yaml",
        "    from: [decided, reasons_ready, notified, decision_final, decided_outside]\n    to: superseded",
        "    from: [notified, decision_final, decided_outside]\n    to: superseded",
        "decision.nobody_refused_unheard",
    ),
    Broken(
        "the time to appeal runs on when its decision has given way",
        "harmonised/appeal/procedure.yaml",
        "is window_open and clock_may_run, stops_when: appeal is not window_open or not clock_may_run,",
        "is window_open and clock_may_run, stops_when: appeal is not window_open,",
        "appeal.clock_needs_notification",
    ),
    Broken(
        "a departure is cleared while an asylum referral is in service",
        "harmonised/departure/procedure.yaml",
        'asylum_door_ready: {when: "no referral of [asylum] in [in_service]"',
        'asylum_door_ready: {when: "closure is not not_opened or no referral of [asylum] in [in_service]"',
        "departure.new_fear_is_seen",
    ),
    Broken(
        "a child in detention is released only on request",
        "harmonised/reception/procedure.yaml",
        "    trigger: place_open\n    when: treated_as_child and not child_without_family",
        "    trigger: place_open\n    when: treated_as_child and carer_proven",
        "reception.no_child_detained",
    ),
)
