"""A class in the sandbox: handed out, played, paused, moved in time, tried again, graded and told."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import pytest

from sop_engine.commands.play_packs import play_packs
from sop_engine.service.accounts import add_account, reader_of
from sop_engine.service.errors import InvalidAnswers, NotFound, NotOffered
from sop_engine.service.rehearse import play_line
from sop_engine.service.take_step import take_transition
from sop_engine.service.training import news, talk
from sop_engine.service.training.attempts import log_of, people_at, retry, scenario_time, stage_of, start
from sop_engine.service.training.board import board
from sop_engine.service.training.debrief import debrief_as_json, debrief_csv, debrief_session, progress_of
from sop_engine.service.training.desk import attempt_and_session, desk_of, pack_of, sit_down
from sop_engine.service.training.export import export_scenario
from sop_engine.service.training.grading import finish, grading_of, score
from sop_engine.service.training.library import read_pack
from sop_engine.service.training.others import let_others_act, pass_time, what_is_next
from sop_engine.service.training.sessions import (
    Attempt,
    Session,
    close_session,
    hand_out,
    open_session,
    pause,
    resume,
    set_pace,
    sweep_training,
    travel,
)
from sop_engine.service.views import Reader
from sop_engine.store.database import Store
from sop_engine.training.acts import act_of_line, path_of, play_lines
from sop_engine.training.check import check_pack
from sop_engine.training.model import Room
from tests.instruments.clock import FrozenClock
from tests.instruments.sandbox import Sandbox, sandbox

M14 = "m14_transit_passenger"


@pytest.fixture
def room(store: Store, clock: FrozenClock) -> Sandbox:
    return sandbox(store, clock)


def handed(room: Sandbox, who: str, role: str = "officer") -> Attempt:
    attempt = hand_out(room.service, room.trainer, room.session.id, pack=M14, seats={role: who})
    return start(room.service, attempt.id)


def play_to_the_end(room: Sandbox, attempt_id: str, *, most: int = 400) -> None:
    """Play the expected path as a trainee and the colleagues would: the trainee's own lines, then the script's."""
    svc = room.service
    pack = pack_of(svc, M14)
    lines = [line for line in play_lines(path_of(pack, svc.library.parts)) if act_of_line(line.line) or line.asks]
    done = 0
    while done < len(lines) and most:
        most -= 1
        attempt, session = attempt_and_session(svc, attempt_id)
        found = let_others_act(svc, attempt_id)
        if found.next.kind == "wait":
            pass_time(svc, attempt_id)
            continue
        if found.next.kind == "end":
            return
        assert found.next.kind == "yours", found
        stage = stage_of(svc, session, attempt)
        mine = [line for line in lines if pack.team_of(str(line.line.values.get("by", ""))) == "officer"]
        log = len(log_of(svc, attempt))
        for line in mine[done:]:
            done += 1
            if line.asks:
                if line.room:
                    talk.set_room(svc, seated(room, attempt_id), attempt_id, line.room)
                for question in line.asks:
                    talk.ask_question(svc, seated(room, attempt_id), attempt_id, question=question)
                continue
            play_line(stage, line.line)
            break
        assert len(log_of(svc, attempt)) > log
    raise AssertionError("The path did not come to its end.")


def seated(room: Sandbox, attempt_id: str) -> str:
    return next(who for _, who in people_at(room.service, attempt_id) if who is not None)


def test_a_trainee_plays_the_whole_path_with_the_script_and_gets_every_automatic_point(room: Sandbox) -> None:
    heron = room.trainee("Heron")
    attempt = handed(room, heron)

    play_to_the_end(room, attempt.id)
    began = perf_counter()
    grading_of(room.service, attempt.id)
    assert perf_counter() - began < 2.0
    found = finish(room.service, attempt.id, account_id=heron)

    assert found.outcome_reached
    assert found.missed == ()
    assert found.mistakes == ()
    assert found.alignment.is_perfect
    assert found.points == sum(one.possible for one in found.criteria if one.is_automatic)
    assert found.waits_for_trainer


def test_a_team_of_officer_reviewer_and_committee_plays_one_case_together(room: Sandbox) -> None:
    svc = room.service
    team = {role: room.trainee(role) for role in pack_of(svc, M14).team}
    attempt = start(svc, hand_out(svc, room.trainer, room.session.id, pack=M14, seats=team).id)
    pack = pack_of(svc, M14)

    for line in play_lines(path_of(pack, svc.library.parts)):
        role = pack.team_of(str(line.line.values.get("by", "")))
        if line.asks:
            talk.set_room(svc, team[role], attempt.id, line.room or Room(interpreter="salma"))
            for question in line.asks:
                talk.ask_question(svc, team[role], attempt.id, question=question)
        elif "wait" in line.line.values:
            travel(svc, room.trainer, room.session.id, str(line.line.values["wait"]))
        else:
            # Everybody acts from their own seat; the script plays who is in no team.
            running, session = attempt_and_session(svc, attempt.id)
            play_line(stage_of(svc, session, running), line.line)

    found = finish(svc, attempt.id)
    debrief = debrief_session(svc, room.session.id)
    assert found.outcome_reached
    assert found.alignment.is_perfect
    assert len(debrief.attempts[0].who) == 5
    assert {one.question for one in debrief.packs[0].agreement} >= {"outcome", "decision: inclusion_1951"}


def test_an_attempt_is_an_office_of_its_own(room: Sandbox) -> None:
    heron, iguana = room.trainee("Heron"), room.trainee("Iguana")
    first = handed(room, heron)
    handed(room, iguana)

    desk = desk_of(room.service, iguana)
    assert desk is not None
    with pytest.raises(NotFound):
        take_transition(
            desk.service,
            desk.reader,
            first.case_id or "",
            proceeding="screening-1",
            transition="start",
            answers={},
            seq=None,
            form_token="one",
        )
    with pytest.raises(NotFound):
        sit_down(room.service, iguana, first.id, "officer")


def test_what_comes_before_the_first_act_of_the_team_is_on_file_when_it_sits_down(room: Sandbox) -> None:
    svc = room.service
    reviewer = hand_out(svc, room.trainer, room.session.id, pack=M14, seats={"reviewer": room.trainee("Heron")})

    begun = start(svc, reviewer.id)

    assert {e.data.get("transition") for e in log_of(svc, begun)} >= {"screening.start", "screening.propose_profile"}
    assert what_is_next(svc, begun.id).kind == "yours"
    assert what_is_next(svc, begun.id).role == "reviewer"


def test_the_story_has_its_own_time(room: Sandbox) -> None:
    attempt = handed(room, room.trainee("Heron"))

    began = scenario_time(room.service, attempt.id)
    room.clock.now += timedelta(minutes=90)

    assert f"{began:%Y-%m-%d %H:%M}" == pack_of(room.service, M14).at
    assert scenario_time(room.service, attempt.id) == began + timedelta(minutes=90)


def test_what_the_engine_refused_is_remembered(room: Sandbox) -> None:
    heron = room.trainee("Heron")
    attempt = handed(room, heron)
    desk = desk_of(room.service, heron)
    assert desk is not None

    with pytest.raises(NotOffered):
        take_transition(
            desk.service,
            desk.reader,
            attempt.case_id or "",
            proceeding="screening-1",
            transition="record_answers",
            answers={},
            seq=None,
            form_token="one",
        )

    ((noted, refused),) = grading_of(room.service, attempt.id).refusals
    assert noted.act.named == "screening.record_answers"
    assert refused.codes
    assert refused.told


def test_while_the_class_is_paused_nothing_is_done_and_no_time_passes(room: Sandbox) -> None:
    heron = room.trainee("Heron")
    attempt = handed(room, heron)
    pause(room.service, room.trainer, room.session.id)
    stands = scenario_time(room.service, attempt.id)
    room.clock.now += timedelta(hours=30)

    desk = desk_of(room.service, heron)
    assert desk is not None
    assert scenario_time(room.service, attempt.id) == stands
    with pytest.raises(NotOffered, match="paused"):
        take_transition(
            desk.service,
            desk.reader,
            attempt.case_id or "",
            proceeding="screening-1",
            transition="start",
            answers={},
            seq=None,
            form_token="one",
        )
    with pytest.raises(NotOffered, match="paused"):
        talk.ask_question(room.service, heron, attempt.id, question="what_if_return")
    with pytest.raises(NotOffered, match="paused"):
        let_others_act(room.service, attempt.id)

    resume(room.service, room.trainer, room.session.id)
    assert scenario_time(room.service, attempt.id) == stands


def test_time_travel_lets_deadlines_fall_due_in_this_class_only(room: Sandbox) -> None:
    here = handed(room, room.trainee("Heron"))
    other = Sandbox(room.service, room.trainer, _another_class(room), room.clock)
    there = handed(other, other.trainee("Iguana"))

    changed = travel(room.service, room.trainer, room.session.id, "14 days")

    assert changed == 1
    assert _expired(room, here)
    assert not _expired(room, there)
    assert sweep_training(room.service) == 0


@pytest.mark.parametrize("length", ["", "soon", "-3 days", "0 hours", "9999 years", "4 days; drop table"])
def test_a_length_that_is_none_is_refused_with_words(room: Sandbox, length: str) -> None:
    handed(room, room.trainee("Heron"))

    with pytest.raises(InvalidAnswers) as refused:
        travel(room.service, room.trainer, room.session.id, length)

    assert "length" in refused.value.problems


def test_where_all_go_together_only_the_trainer_lets_time_pass(room: Sandbox) -> None:
    attempt = handed(room, room.trainee("Heron"))
    set_pace(room.service, room.trainer, room.session.id, pace="together")

    with pytest.raises(NotOffered, match="trainer"):
        pass_time(room.service, attempt.id)


def test_an_inject_changes_the_case_and_the_room_once(room: Sandbox) -> None:
    heron = room.trainee("Heron")
    attempt = handed(room, heron)

    told = news.inject(room.service, room.trainer, attempt.id, "agent_offers_to_interpret")
    disputed = news.inject(room.service, room.trainer, attempt.id, "age_disputed_now")

    assert told.refused == ""
    assert disputed.refused == ""
    assert talk.room_of(room.service, attempt.id).interpreter == "desk_agent"
    running, _ = attempt_and_session(room.service, attempt.id)
    assert any(e.data.get("transition") == "case.dispute_age" for e in log_of(room.service, running))
    assert [one.title for one in news.news_of(room.service, attempt.id)] == [told.title, disputed.title]
    # What is news to a team is neither done nor added by it.
    assert grading_of(room.service, attempt.id).added == ()
    desk = desk_of(room.service, heron)
    assert desk is not None
    assert desk.reader.user not in {e.by for e in log_of(room.service, running) if e.kind == "TransitionTaken"}
    with pytest.raises(InvalidAnswers):
        news.inject(room.service, room.trainer, attempt.id, "age_disputed_now")


def test_how_and_before_whom_a_question_is_asked_decides_what_comes_out(room: Sandbox) -> None:
    heron = room.trainee("Heron")
    attempt = handed(room, heron)

    before_the_airline = talk.ask_question(
        room.service, heron, attempt.id, written="Please tell me about your passport."
    )
    talk.set_room(room.service, heron, attempt.id, Room(interpreter="salma"))
    alone = talk.ask_question(room.service, heron, attempt.id, written="Please tell me about your passport.")
    led = talk.ask_question(room.service, heron, attempt.id, written="You only want to join your cousin, don't you?")

    assert "in_earshot" in {one.kind for one in before_the_airline.reply.conduct}
    assert "passport_bought" not in before_the_airline.reply.revealed
    assert "passport_bought" in alone.reply.revealed
    assert alone.reply.conduct == ()
    assert led.reply.manner == "leading"
    assert led.reply.revealed == ()
    assert len(talk.conversation(room.service, attempt.id)) == 3


def test_nobody_talks_in_the_attempt_of_somebody_else(room: Sandbox) -> None:
    attempt = handed(room, room.trainee("Heron"))

    with pytest.raises(NotFound):
        talk.ask_question(room.service, room.trainee("Iguana"), attempt.id, question="what_if_return")


def test_the_board_tells_where_everybody_is(room: Sandbox) -> None:
    handed(room, room.trainee("Heron"))
    hand_out(room.service, room.trainer, room.session.id, pack=M14, seats={"reviewer": room.trainee("Iguana")})

    running, waiting = board(room.service, room.session.id)

    assert running.who == (("Heron", "officer"),)
    assert running.where
    assert running.next.kind == "yours"
    assert running.done == 0
    assert running.total > 50
    assert waiting.attempt.status == "handed"


def test_a_second_try_begins_where_the_trainee_wants_and_leaves_the_first_as_it_was(room: Sandbox) -> None:
    heron = room.trainee("Heron")
    attempt = handed(room, heron)
    let_others_act(room.service, attempt.id)
    stage = stage_of(room.service, room.session, attempt)
    lines = [line.line for line in play_lines(path_of(pack_of(room.service, M14), room.service.library.parts))]
    for line in [one for one in lines if "answers" in one.values or "does" in one.values][:6]:
        play_line(stage, line)
    log = log_of(room.service, attempt)

    again = retry(room.service, attempt.id, seq=len(log) - 2)

    copied = log_of(room.service, again)
    assert [(e.seq, e.kind, e.at, e.by) for e in copied] == [(e.seq, e.kind, e.at, e.by) for e in log[:-2]]
    assert log_of(room.service, attempt) == log
    assert scenario_time(room.service, again.id) == copied[-1].at + timedelta(minutes=1)
    desk = desk_of(room.service, heron)
    assert desk is not None
    assert desk.attempt.id == again.id
    play_line(stage_of(room.service, room.session, again), line)


def test_several_trainers_score_and_their_spread_is_shown(room: Sandbox) -> None:
    attempt = handed(room, room.trainee("Heron"))
    finish(room.service, attempt.id)
    second = _second_trainer(room)

    score(room.service, room.trainer, attempt.id, criterion="reasons", points=5)
    score(room.service, second, attempt.id, criterion="reasons", points=2, note="Ready phrases.")

    found = debrief_session(room.service, room.session.id)
    assert [one.width for one in found.spread] == [3]
    assert next(one for one in found.attempts[0].grading.criteria if one.id == "reasons").points in (3, 4)
    with pytest.raises(InvalidAnswers):
        score(room.service, second, attempt.id, criterion="reasons", points=6)
    with pytest.raises(InvalidAnswers):
        score(room.service, second, attempt.id, criterion="fear_recorded", points=1)


def test_the_debrief_is_data_and_a_table_and_progress(room: Sandbox) -> None:
    heron = room.trainee("Heron")
    attempt = handed(room, heron)
    finish(room.service, attempt.id)

    found = debrief_session(room.service, room.session.id)
    as_json = debrief_as_json(found)
    table = list(csv.reader(io.StringIO(debrief_csv(found))))
    progress = progress_of(room.service, heron)

    assert as_json["instance"] == "training"
    assert len(as_json["attempts"][0]["grading"]["indicators"]) == 7
    assert all(one["sources"] for one in as_json["attempts"][0]["grading"]["indicators"])
    assert as_json["packs"][0]["missed"][0]["count"] == 1
    assert table[1][1] == "Heron"
    assert [row.pack_title for row in progress] == ["The transit passenger"]
    assert progress[0].missed == 7


def test_a_pseudonym_cannot_become_a_formula(room: Sandbox) -> None:
    attempt = handed(room, room.trainee("=HYPERLINK(1)"))
    finish(room.service, attempt.id)

    table = list(csv.reader(io.StringIO(debrief_csv(debrief_session(room.service, room.session.id)))))

    assert table[1][1] == "'=HYPERLINK(1)"


def test_after_the_end_nothing_more_is_done(room: Sandbox) -> None:
    heron = room.trainee("Heron")
    attempt = handed(room, heron)
    finish(room.service, attempt.id, account_id=heron)
    close_session(room.service, room.trainer, room.session.id)

    with pytest.raises(NotOffered):
        talk.ask_question(room.service, heron, attempt.id, question="what_if_return")
    with pytest.raises(NotOffered):
        let_others_act(room.service, attempt.id)
    assert desk_of(room.service, heron) is None


def test_a_finished_sandbox_case_becomes_a_pack_that_plays(room: Sandbox, tmp_path: Path) -> None:
    heron = room.trainee("Heron")
    attempt = handed(room, heron)
    play_to_the_end(room, attempt.id)

    text = export_scenario(room.service, attempt.id, name="after_m14")

    file = tmp_path / "after_m14.yaml"
    file.write_text(text, encoding="utf-8")
    made = read_pack(file, root=tmp_path).pack
    assert check_pack(made, room.service.current, parts=room.service.library.parts) == ()
    (played,) = play_packs([made], room.service.library.parts)
    assert played.difference is None
    assert played.grading is not None
    assert "Transit hall" in text


def test_only_trainers_open_classes_and_hand_out(room: Sandbox) -> None:
    heron = room.trainee("Heron")
    nobody = replace(room.trainer, roles=frozenset({"trainee"}))

    with pytest.raises(NotFound):
        hand_out(room.service, nobody, room.session.id, pack=M14, seats={"officer": heron})
    with pytest.raises(NotFound):
        travel(room.service, nobody, room.session.id, "14 days")
    with pytest.raises(InvalidAnswers):
        hand_out(room.service, room.trainer, room.session.id, pack=M14, seats={"officer": "somebody"})
    with pytest.raises(InvalidAnswers):
        hand_out(room.service, room.trainer, room.session.id, pack=M14, seats={"wizard": heron})


def test_what_is_next_is_told_from_the_path(room: Sandbox) -> None:
    attempt = handed(room, room.trainee("Heron"))

    assert what_is_next(room.service, attempt.id).kind == "yours"
    assert what_is_next(room.service, attempt.id).role == "officer"


def _another_class(room: Sandbox) -> Session:
    return open_session(room.service, room.trainer, title="Another class")


def _second_trainer(room: Sandbox) -> Reader:
    made = add_account(
        room.service,
        username="second",
        person_name="Second",
        password_hash=None,
        office=room.trainer.office,
        roles=["trainer"],
        by="test",
    )
    return reader_of(made, room.trainer.office)


def _expired(room: Sandbox, attempt: Attempt) -> bool:
    running, _ = attempt_and_session(room.service, attempt.id)
    return any(event.kind == "DeadlineExpired" for event in log_of(room.service, running))
