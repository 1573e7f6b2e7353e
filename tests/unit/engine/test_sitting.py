"""Members sit, open the file, step back and vote; one transition closes their vote."""

from __future__ import annotations

import pytest

from sop_engine.engine.refusals import InvalidAnswers
from sop_engine.vocabulary import Actor, AttendPanel, Ballot, OpenFile
from tests.instruments.small_case import ANA, BEA, CAS, CHO, MAX, MIA, MOE, Play, codes, person


def ballot(play: Play) -> Ballot:
    return play.place("claim").ballots["board"]


def attending(play: Play, who: Actor, *, as_chair: bool = False, panel: str = "board") -> AttendPanel:
    return AttendPanel(by=who, at=play.at, proceeding=play.place("claim").id, panel=panel, as_chair=as_chair)


def test_members_sit_and_vote() -> None:
    play = Play().session().votes(CHO, danger="yes").votes(MIA, danger="yes").votes(MAX, danger="yes")

    assert play.offer(CHO, "claim.grant").is_open
    play.takes(CHO, "claim.grant")
    assert play.place("claim").state == "granted"
    assert ("vote", "mia") in {(p.function, p.user) for p in play.case.participations}


def test_a_seat_needs_the_role_the_state_and_clean_hands() -> None:
    play = Play().listed()

    assert codes(play.refused(attending(play, BEA))) == {"role", "other_person"}
    assert codes(play.refused(attending(play, MIA, as_chair=True))) == {"role"}
    assert codes(play.refused(attending(play, person("bea", "member")))) == {"other_person"}
    assert codes(play.refused(attending(play, person("ana", "member")))) == {"other_person"}
    assert codes(play.refused(attending(play, MIA, panel="nonsense"))) == {"state"}
    early = Play().referred()
    assert codes(early.refused(attending(early, MIA))) == {"state"}


def test_one_member_has_the_chair() -> None:
    play = Play().listed().sits(CHO, as_chair=True)

    assert codes(play.refused(attending(play, person("coz", "chair"), as_chair=True))) == {"panel"}
    play.sits(CHO, as_chair=True)
    assert ballot(play).present == ("cho",)


def test_nobody_votes_before_the_session_the_seat_and_the_file() -> None:
    play = Play().listed().sits(CHO, as_chair=True).sits(MIA).sits(MAX)
    assert codes(play.refused(play.voting(MIA, danger="yes"))) == {"panel"}
    play.takes(CHO, "claim.sit")

    assert codes(play.refused(play.voting(MIA, danger="yes"))) == {"panel"}
    assert codes(play.refused(play.voting(MOE, danger="yes"))) == {"panel"}
    play.opens_file(MIA).votes(MIA, danger="yes")


def test_votes_are_yes_or_no_on_questions_of_the_panel() -> None:
    play = Play().session()

    for wrong in ({"danger": "maybe"}, {"nonsense": "yes"}, {}):
        with pytest.raises(InvalidAnswers):
            play.votes(MIA, **wrong)
    with pytest.raises(InvalidAnswers):
        play.votes(MIA, reasons="a\x00", danger="yes")


def test_a_later_question_may_be_voted_with_the_first_and_counts_when_it_is_reached() -> None:
    play = Play().session().votes(CHO, danger="no", harm="yes").votes(MIA, danger="no", harm="yes")
    assert not play.offer(CHO, "claim.refuse").is_open

    play.votes(MAX, danger="no", harm="yes")

    assert play.offer(CHO, "claim.grant").is_open


def test_a_vote_may_be_changed_until_it_is_closed() -> None:
    play = Play().session().votes(CHO, danger="yes").votes(MIA, danger="yes").votes(MAX, danger="yes")

    play.votes(MAX, danger="no", reasons="I thought again")

    assert ballot(play).votes["danger", "max"] == "no"
    assert ballot(play).dissents == {"max": "I thought again"}


def test_a_dissent_without_reasons_keeps_the_vote_open() -> None:
    play = Play().session().votes(CHO, danger="yes").votes(MIA, danger="yes").votes(MAX, danger="no")
    assert codes(play.offer(CHO, "claim.grant").refusals) == {"panel"}

    play.votes(MAX, danger="no", reasons="The story does not convince me")

    assert play.offer(CHO, "claim.grant").is_open


def test_who_steps_back_loses_vote_and_seat_for_good() -> None:
    play = Play().session(MIA, MAX, MOE).votes(MOE, danger="no")

    play.do(play.recusing(MOE))

    assert ("danger", "moe") not in ballot(play).votes
    assert codes(play.refused(attending(play, MOE))) == {"other_person"}
    assert codes(play.refused(play.voting(MOE, danger="yes"))) == {"other_person"}
    play.do(play.recusing(MOE))
    assert ballot(play).recused == ("moe",)


def test_a_ground_is_given_for_stepping_back() -> None:
    play = Play().session()

    with pytest.raises(InvalidAnswers):
        play.do(play.recusing(MIA, ground=""))
    assert codes(play.refused(play.recusing(ANA))) == {"role"}


def test_the_quorum_is_counted_after_who_stepped_back() -> None:
    play = Play().session().votes(CHO, danger="yes").votes(MIA, danger="yes")

    play.do(play.recusing(MAX))

    assert codes(play.offer(CHO, "claim.grant").refusals) == {"panel"}


def test_a_chair_that_steps_back_leaves_the_chair_empty() -> None:
    play = Play().session(MIA, MAX, MOE)

    play.do(play.recusing(CHO))

    assert ballot(play).chair is None


def even(play: Play) -> Play:
    return (
        play.votes(CHO, danger="yes")
        .votes(MIA, danger="yes")
        .votes(MAX, danger="no", reasons="No")
        .votes(MOE, danger="no", reasons="No")
    )


def test_a_tie_is_deferred_once_and_then_protects() -> None:
    play = even(Play().session(MIA, MAX, MOE))
    assert codes(play.offer(CHO, "claim.grant").refusals) == {"guard", "panel"}
    assert not play.offer(CHO, "claim.refuse").is_open

    play.takes(CHO, "claim.defer")
    assert ballot(play).ties == {"danger": 1}
    assert ballot(play).present == ()
    assert ballot(play).opened_file == {"cho", "mia", "max", "moe"}

    play.sits(CHO, as_chair=True).sits(MIA).sits(MAX).sits(MOE).takes(CHO, "claim.sit")
    assert play.offer(CHO, "claim.grant").is_open is False
    even(play)

    assert play.offer(CHO, "claim.grant").is_open


def test_a_deferral_without_a_tie_counts_none() -> None:
    play = Play().session(MIA, MAX, MOE).votes(CHO, danger="yes").takes(CHO, "claim.defer")

    assert ballot(play).ties == {}


def refuse(play: Play) -> Play:
    for voter in (CHO, MIA, MAX):
        play.votes(voter, danger="no", harm="no")
    return play.takes(CHO, "claim.refuse")


def test_the_vote_that_decided_stays_beside_its_decision() -> None:
    play = refuse(Play().session())

    assert ballot(play).votes["harm", "mia"] == "no"
    assert codes(play.refused(play.recusing(MIA))) == {"state"}


def test_a_board_that_hears_again_starts_with_empty_seats() -> None:
    play = refuse(Play().session()).answers(ANA, "claim.notice", {"told_on": "2026-03-02"}).takes(ANA, "claim.tell")

    play.takes(CAS, "claim.remand")

    assert ballot(play).votes == {}
    assert ballot(play).present == ()
    assert ballot(play).opened_file == frozenset()


def test_opening_the_file_is_noted_for_who_may_sit() -> None:
    play = Play().listed()
    event = OpenFile(by=ANA, at=play.at, proceeding=play.place("claim").id, panel="board")

    assert "other_person" in codes(play.refused(event))
    play.opens_file(MIA)
    assert ballot(play).opened_file == {"mia"}


def test_grounds_and_votes_are_personal() -> None:
    play = Play().session()
    play.votes(MIA, danger="yes")
    assert "yes" not in str(play.new[0].data)

    play.do(play.recusing(MIA))

    assert "cousin" not in str(play.new[0].data)
