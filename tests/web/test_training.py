"""The pages of the sandbox: what each shows, what each does, and what a bad line of input comes back as."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from sop_engine.service.training import talk
from sop_engine.service.training.attempts import scenario_time
from sop_engine.service.training.desk import attempt_and_session
from sop_engine.service.training.grading import finish
from sop_engine.service.training.sessions import add_trainee, open_session, show_session
from sop_engine.store.database import open_store
from sop_engine.store.migrations import upgrade
from sop_engine.training.model import Room
from tests.instruments.classroom import M14, Classroom, classroom
from tests.instruments.clock import FrozenClock
from tests.instruments.databases import sqlite_url
from tests.instruments.stage import PASSWORD
from tests.instruments.visitor import Visitor, form_of, hidden


@pytest.fixture
def lesson(tmp_path: Path, clock: FrozenClock) -> Classroom:
    """A class with nobody in it yet."""
    store = open_store(sqlite_url(tmp_path / "training.db"))
    upgrade(store)
    return classroom(store, clock)


def text_of(paper: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages)


def words_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def send(visitor: Visitor, page: str, to: str, **typed: str) -> tuple[int, str]:
    """Send a form of a page and return the status and the words of what comes back."""
    answer = visitor.client.post(to, data={**form_of(visitor.get(page)), **typed})
    status = answer.status_code
    return status, words_of(visitor.follow(answer).text)


def test_a_trainer_opens_a_class_adds_trainees_and_hands_out(lesson: Classroom) -> None:
    trainer = lesson.visitor("trainer")

    status, page = send(trainer, "/training", "/training/class/new", title="March", pace="together", hints="yes")
    assert status == 303
    assert "The class is open" in page
    made = next(s for s in _classes(trainer) if "March" in s[1])[0]
    people = f"/training/class/{made}/people"
    assert send(trainer, people, people, pseudonym="Blue Heron", password=PASSWORD)[0] == 303
    account = show_session(lesson.room.service, made).participants[0].account
    out = f"/training/class/{made}/hand-out/{M14}"
    status, page = send(trainer, out, out, **{"seat-officer": account})

    assert status == 303
    assert "Handed out: The transit passenger." in page
    assert "Blue Heron (Officer)" in page
    mine = words_of(lesson.visitor("blue-heron").get("/training").text)
    assert "The transit passenger Not begun" in mine


def test_a_scenario_goes_to_each_alone_or_to_a_team(lesson: Classroom) -> None:
    heron, iguana = lesson.trainee("Heron"), lesson.trainee("Iguana")
    trainer, out = lesson.visitor("trainer"), f"/training/class/{lesson.room.session.id}/hand-out/{M14}"

    hidden = form_of(trainer.get(out))
    trainer.client.post(out, data={**hidden, "q-alone": [heron, iguana]})
    send(trainer, out, out, **{"seat-officer": heron, "seat-reviewer": iguana})

    found = show_session(lesson.room.service, lesson.room.session.id).attempts
    taken = sorted(sorted(s.role for s in seats if s.trainee) for _, seats in found)
    assert taken == [["officer"], ["officer"], ["officer", "reviewer"]]


def test_sitting_down_begins_the_story_and_the_case_opens_on_the_ordinary_pages(lesson: Classroom) -> None:
    attempt = lesson.handed("Heron")
    visitor = lesson.visitor("heron")

    assert visitor.get("/").status_code == 200
    case = visitor.get(f"/case/{attempt.case_id}")

    assert case.status_code == 200
    assert "You are: Officer" in words_of(case.text)
    assert "Heron (officer)" in words_of(case.text)
    assert "2 Mar 2026" in words_of(case.text), "The case lives in the time of the story."
    step = visitor.get(f"/case/{attempt.case_id}/screening-1/step/arrival?page=1")
    assert step.status_code == 200


def test_who_gets_a_second_scenario_stays_at_the_first_until_they_choose(lesson: Classroom) -> None:
    first = lesson.handed("Heron")
    visitor, trainer = lesson.visitor("heron"), lesson.visitor("trainer")
    out = f"/training/class/{lesson.room.session.id}/hand-out/{M14}"

    send(trainer, out, out, **{"seat-officer": lesson.accounts["Heron"]})
    still = visitor.get(f"/case/{first.case_id}")
    found = re.findall(r"/training/attempt/([0-9a-f]{32})/sit", visitor.get("/training").text)
    second = next(one for one in found if one != first.id)
    send(visitor, "/training", f"/training/attempt/{second}/sit", role="officer")

    assert still.status_code == 200
    assert visitor.get(f"/case/{first.case_id}").status_code == 404
    send(visitor, "/training", f"/training/attempt/{first.id}/sit", role="officer")
    assert visitor.get(f"/case/{first.case_id}").status_code == 200


def test_somebody_in_two_open_classes_works_where_they_sat_down_last(lesson: Classroom) -> None:
    first = lesson.handed("Heron")
    svc, trainer = lesson.room.service, lesson.room.trainer
    lesson.room.clock.tick(days=30)
    later = open_session(svc, trainer, title="A month later")
    add_trainee(svc, trainer, later.id, pseudonym="Heron", password_hash=None)
    visitor, page = lesson.visitor("heron"), lesson.visitor("trainer")
    out = f"/training/class/{later.id}/hand-out/{M14}"
    send(page, out, out, **{"seat-officer": lesson.accounts["Heron"]})

    send(visitor, "/training", f"/training/attempt/{first.id}/sit", role="officer")

    assert visitor.get(f"/case/{first.case_id}").status_code == 200


def test_the_conversation_answers_by_who_listens_and_who_interprets(lesson: Classroom) -> None:
    lesson.handed("Heron")
    visitor, page = lesson.visitor("heron"), "/training/exercise/talk"

    before = send(visitor, page, page, question="about_passport")[1]
    send(visitor, page, "/training/exercise/room", interpreter="salma", officer_as_asked="yes")
    after = send(visitor, page, page, written="Please tell me about your passport.", topic="journey")[1]

    assert "It is my passport." in before
    assert "Somebody listened before whom the person cannot speak" in before
    assert "The passport is not mine. A man sold it to me." in after
    assert "through Salma" in after


def test_without_hints_neither_the_next_act_nor_remarks_are_shown(lesson: Classroom) -> None:
    lesson.handed("Heron")
    visitor, trainer = lesson.visitor("heron"), lesson.visitor("trainer")
    board = f"/training/class/{lesson.room.session.id}"
    with_hints = words_of(visitor.get("/training/exercise").text)

    send(trainer, board, f"{board}/change", do="hints-off")
    said = send(visitor, "/training/exercise/talk", "/training/exercise/talk", question="you_want_cousin")[1]
    without = words_of(visitor.get("/training/exercise").text)

    assert "Hint: Next on the path is: The arrival" in with_hints
    assert "Hint:" not in without
    assert "Remark" not in said
    assert "Leading question" in said


def test_a_paused_class_stands_still_on_every_page(lesson: Classroom) -> None:
    attempt = lesson.handed("Heron")
    visitor, trainer = lesson.visitor("heron"), lesson.visitor("trainer")
    board = f"/training/class/{lesson.room.session.id}"

    send(trainer, board, f"{board}/change", do="pause")
    talked = send(visitor, "/training/exercise/talk", "/training/exercise/talk", question="how_are_you")[1]
    colleagues = send(visitor, "/training/exercise", "/training/exercise/colleagues")[1]
    bar = words_of(visitor.get(f"/case/{attempt.case_id}").text)

    told = "The trainer has paused the class. Wait until it goes on."
    assert told in talked
    assert told in colleagues
    assert "You are: Officer Paused" in bar
    assert "The class goes on." in send(trainer, board, f"{board}/change", do="resume")[1]


def test_two_weeks_later_time_limits_have_passed(lesson: Classroom) -> None:
    attempt = lesson.handed("Heron")
    trainer, board = lesson.visitor("trainer"), f"/training/class/{lesson.room.session.id}"
    before = scenario_time(lesson.room.service, attempt.id)

    page = send(trainer, board, f"{board}/travel", number="14", unit="days")[1]
    case = words_of(lesson.visitor("heron").get(f"/case/{attempt.case_id}").text)

    assert "It is 14 days later. Something fell due in 1 cases." in page
    assert (scenario_time(lesson.room.service, attempt.id) - before).days >= 14
    assert "overdue" in case or "Time limits passed" in words_of(
        lesson.visitor("heron").get(f"/case/{attempt.case_id}/timeline").text
    )


def test_news_reach_the_team_and_come_once(lesson: Classroom) -> None:
    attempt = lesson.handed("Heron")
    trainer, team = lesson.visitor("trainer"), f"/training/team/{attempt.id}"

    told = send(trainer, team, f"{team}/inject", inject="age_disputed_now")[1]
    again = send(trainer, team, f"{team}/inject", inject="age_disputed_now")
    own = send(trainer, team, f"{team}/tell", title="The lights go out", text="For ten minutes.")[1]
    read = words_of(lesson.visitor("heron").get("/training/exercise").text)

    assert "The news is told" in told
    assert again[0] == 422
    assert "This news has been told already." in again[1]
    assert "The team reads it on its page." in own
    assert read.index("The lights go out") < read.index("Somebody thinks that he is younger")


def test_the_live_board_says_who_is_where_and_what_went_wrong(lesson: Classroom) -> None:
    attempt = lesson.handed("Heron")
    talk.ask_question(lesson.room.service, lesson.accounts["Heron"], attempt.id, question="did_you_kill")

    page = words_of(lesson.visitor("trainer").get(f"/training/class/{lesson.room.session.id}").text)

    assert "The transit passenger Running Heron (Officer)" in page
    assert "Mistake Asking as if service as a conscript were guilt." in page
    assert "Unsafe questions" in page
    assert "Next: The arrival" in page


def test_a_finished_exercise_is_debriefed_scored_tried_again_and_kept(lesson: Classroom) -> None:
    attempt = lesson.handed("Heron")
    visitor, trainer = lesson.visitor("heron"), lesson.visitor("trainer")
    send(visitor, "/training/exercise/talk", "/training/exercise/talk", question="did_you_kill")
    case = f"/case/{attempt.case_id}/case-1/do/signal_fear"
    sent = visitor.send(f"{case}?page=1", {"q-words": "They will send me to the front."})
    visitor.client.post(sent.headers["Location"], data={**form_of(visitor.follow(sent)), "stage": "check"})

    ended = send(visitor, "/training/exercise/finish", "/training/exercise/finish")[1]
    team = f"/training/team/{attempt.id}"
    scored = send(trainer, team, f"{team}/score", criterion="reasons", points="3", note="Too short.")
    debrief = f"/training/attempt/{attempt.id}/debrief"
    again = send(visitor, debrief, f"/training/attempt/{attempt.id}/retry", seq="1")[1]

    assert "Debrief: The transit passenger Finished" in ended
    assert "Missed" in ended
    assert "Service alone excludes nobody." in ended
    assert "They took my brother" not in ended, "The fact is told, not the words that were never said."
    assert scored[0] == 303
    assert "Notes of the trainers The reasons of the assessment Too short." in words_of(visitor.get(debrief).text)
    assert "Too short." in text_of(visitor.get(f"{debrief}.pdf").data)
    assert "A second try begins where you wanted." in again
    assert "The transit passenger" in words_of(visitor.get("/training").text)
    progress = words_of(trainer.get(f"/training/progress/{lesson.accounts['Heron']}").text)
    assert "The transit passenger" in progress
    assert attempt_and_session(lesson.room.service, attempt.id)[0].status == "finished"


def test_the_end_of_a_class_finishes_what_runs_and_keeps_it_for_the_debrief(lesson: Classroom) -> None:
    attempt = lesson.handed("Heron")
    visitor, trainer = lesson.visitor("heron"), lesson.visitor("trainer")
    board = f"/training/class/{lesson.room.session.id}"

    ended = send(trainer, board, f"{board}/change", do="close")[1]
    mine = visitor.get("/training")
    sent = {"csrf_token": hidden(mine, "csrf_token"), "seq": "1"}
    again = words_of(visitor.follow(visitor.client.post(f"/training/attempt/{attempt.id}/retry", data=sent)).text)

    assert "The class is over." in ended
    assert "Read the debrief" in mine.text
    assert "Basic" in words_of(mine.text)
    assert visitor.get(f"/training/attempt/{attempt.id}/debrief").status_code == 200
    assert "This class is over." in again
    assert "The transit passenger" in words_of(trainer.get(f"/training/progress/{lesson.accounts['Heron']}").text)


def test_the_papers_of_the_sandbox_say_training_on_every_page(lesson: Classroom) -> None:
    attempt = lesson.handed("Heron")
    finish(lesson.room.service, attempt.id)
    trainer, session = lesson.visitor("trainer"), lesson.room.session.id

    papers = {
        path: trainer.get(path)
        for path in (
            f"/training/attempt/{attempt.id}/debrief.pdf",
            f"/training/class/{session}/debrief.pdf",
            f"/training/scenario/{M14}/guide.pdf",
            f"/training/scenario/{M14}/handouts.pdf",
        )
    }

    for path, paper in papers.items():
        assert paper.mimetype == "application/pdf", path
        for page in PdfReader(BytesIO(paper.data)).pages:
            assert "TRAINING" in page.extract_text(), path
    debrief, whole, guide, handouts = (text_of(paper.data) for paper in papers.values())
    assert "Certificate of what was practised" in debrief
    assert "Heron (Officer)" in debrief
    assert "How far the teams agree" in whole
    assert "climbed over the wall" in guide
    assert "climbed over the wall" not in handouts
    assert "Copy of the passport" in handouts


def test_the_class_is_debriefed_in_words_and_as_a_table(lesson: Classroom) -> None:
    for name in ("Heron", "Iguana"):
        finish(lesson.room.service, lesson.handed(name).id)
    trainer, session = lesson.visitor("trainer"), lesson.room.session.id

    page = words_of(trainer.get(f"/training/class/{session}/debrief").text)
    table = trainer.get(f"/training/class/{session}/debrief.csv")

    assert "2 of 2 , everybody" in page
    assert "otherwise: 2" in page
    assert "100 %" in page
    assert table.mimetype == "text/csv"
    assert table.text.splitlines()[1].startswith("A class of four,Heron,officer,m14")


BAD = [
    ("{class}", "{class}/travel", {"number": "soon", "unit": "days"}, "as a whole number"),
    ("{class}", "{class}/travel", {"number": "9999", "unit": "months"}, "at most three years"),
    ("{class}", "{class}/travel", {"number": "0", "unit": "days"}, "as a whole number"),
    ("{class}", "{class}/change", {"do": "explode"}, "Choose what to change"),
    ("/training", "/training/class/new", {"title": ""}, "Enter a title"),
    ("/training", "/training/class/new", {"title": "x", "pace": "never"}, "Choose whether everybody"),
    ("{class}/people", "{class}/people", {"pseudonym": "", "password": "long-enough-1"}, "Enter a pseudonym"),
    ("{class}/people", "{class}/people", {"pseudonym": "Trainer", "password": "long-enough-1"}, "is taken"),
    ("{class}/people", "{class}/people", {"pseudonym": "Finch", "password": "short"}, "Enter a password"),
    ("{class}/hand-out/{pack}", "{class}/hand-out/{pack}", {}, "Give at least one role"),
    ("{class}/hand-out/{pack}", "{class}/hand-out/{pack}", {"seat-officer": "me"}, "somebody of this class"),
    ("{class}/hand-out/{pack}", "{class}/hand-out/{pack}", {"q-alone": "<b>"}, "somebody of this class"),
    ("{team}", "{team}/tell", {"title": "", "text": ""}, "Enter a title"),
    ("{team}", "{team}/score", {"criterion": "reasons", "points": "99"}, "Give from 0 to 5 points"),
    ("{team}", "{team}/score", {"criterion": "nothing", "points": "0"}, "Choose a criterion"),
    ("{team}", "{team}/score", {"criterion": "reasons", "points": "1", "note": "n" * 1001}, "at most 1000"),
]


@pytest.mark.parametrize(("page", "to", "typed", "told"), BAD)
def test_what_a_trainer_types_wrongly_comes_back_with_words(
    lesson: Classroom, page: str, to: str, typed: dict[str, str], told: str
) -> None:
    attempt = lesson.handed("Heron")
    names = {"class": f"/training/class/{lesson.room.session.id}", "team": f"/training/team/{attempt.id}", "pack": M14}

    status, words = send(lesson.visitor("trainer"), page.format(**names), to.format(**names), **typed)

    assert status == 422
    assert told in words


@pytest.mark.parametrize(
    ("to", "typed", "told"),
    [
        ("/training/exercise/talk", {}, "Choose a question, or write one."),
        ("/training/exercise/talk", {"question": "nobody_wrote_this"}, "Choose one of the questions."),
        ("/training/exercise/talk", {"written": "x" * 501}, "at most 500 characters"),
        ("/training/exercise/talk", {"written": "Why?", "topic": "weather"}, "Choose one of the topics."),
        ("/training/exercise/room", {"q-present": "the king"}, "Choose people of the story."),
        ("/training/exercise/room", {"interpreter": "duty_manager"}, "Choose one of the interpreters"),
    ],
)
def test_what_a_trainee_types_wrongly_comes_back_with_words(
    lesson: Classroom, to: str, typed: dict[str, str], told: str
) -> None:
    lesson.handed("Heron")

    status, words = send(lesson.visitor("heron"), "/training/exercise/talk", to, **typed)

    assert status == 422
    assert told in words


def test_an_unknown_name_is_a_page_that_is_not_there(lesson: Classroom) -> None:
    attempt = lesson.handed("Heron")
    trainer, nothing = lesson.visitor("trainer"), "0" * 32

    for path in (
        f"/training/class/{nothing}",
        f"/training/team/{nothing}",
        f"/training/attempt/{nothing}/debrief",
        f"/training/progress/{nothing}",
        "/training/scenario/no_such_pack",
        "/training/scenario/no_such_pack/guide.pdf",
        f"/training/class/{lesson.room.session.id}/hand-out/no_such_pack",
    ):
        assert trainer.get(path).status_code == 404, path
    team = f"/training/team/{attempt.id}"
    assert send(trainer, team, f"{team}/inject", inject="no_such_news")[0] == 404
    assert send(trainer, team, f"/training/attempt/{attempt.id}/retry", seq="99999")[0] == 303
    assert send(trainer, team, f"/training/attempt/{attempt.id}/retry", seq="one")[0] == 400


@pytest.mark.parametrize(("language", "told"), [("es", "Todas las personas"), ("fr", "Toutes les personnes")])
def test_pages_and_papers_speak_the_language_that_was_chosen(lesson: Classroom, language: str, told: str) -> None:
    attempt = lesson.handed("Heron")
    talk.set_room(lesson.room.service, lesson.accounts["Heron"], attempt.id, Room(interpreter="salma"))
    trainer, trainee = lesson.visitor("trainer"), lesson.visitor("heron")
    session = lesson.room.session.id
    for visitor in (trainer, trainee):
        visitor.client.post("/language", data={**form_of(visitor.get("/training")), "language": language})

    pages = [trainer.get(f"/training/{path}") for path in (f"class/{session}", f"team/{attempt.id}", "scenarios")]
    pages += [trainee.get(f"/training/{path}") for path in ("", "exercise", "exercise/talk") if path]
    guide = text_of(trainer.get(f"/training/scenario/{M14}/guide.pdf").data)

    for page in pages:
        assert f'<html lang="{language}"' in page.text
        assert told in page.text
    title = lesson.room.service.library.packs[M14].in_language(language).title
    assert title in words_of(pages[-1].text)
    assert title in guide
    assert {"es": "El camino esperado", "fr": "Le parcours attendu"}[language] in guide


def _classes(trainer: Visitor) -> list[tuple[str, str]]:
    return re.findall(r'href="/training/class/([0-9a-f]{32})"><bdi>([^<]*)', trainer.get("/training").text)


def test_looking_at_the_conversation_changes_nothing(lesson: Classroom) -> None:
    attempt = lesson.handed("Heron")

    room = talk.room_of(lesson.room.service, attempt.id)
    lesson.visitor("heron").get("/training/exercise/talk")

    assert talk.room_of(lesson.room.service, attempt.id) == room
    assert talk.conversation(lesson.room.service, attempt.id) == ()
