"""Who may see what in the sandbox: hidden facts stay hidden, teams apart, and no other instance has these pages."""

from __future__ import annotations

import html
import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from pypdf import PdfReader

from sop_engine.service.training import talk
from sop_engine.service.training.desk import attempt_and_session, pack_of
from sop_engine.service.training.grading import finish
from sop_engine.service.training.sessions import show_session
from sop_engine.store.database import open_store
from sop_engine.store.migrations import upgrade
from sop_engine.training.model import Pack, Room
from tests.instruments.classroom import M14, Classroom, classroom
from tests.instruments.clock import FrozenClock
from tests.instruments.databases import sqlite_url
from tests.instruments.stage import ROOT, Stage
from tests.instruments.visitor import Visitor, form_of
from webui.language import LOCALE_FOLDER

TRAINEES_PAGES = ("/training", "/training/exercise", "/training/exercise/talk", "/training/exercise/finish", "/")


@pytest.fixture
def lesson(tmp_path: Path, clock: FrozenClock) -> Classroom:
    """A class in which Heron and Iguana work at the same scenario, each alone."""
    store = open_store(sqlite_url(tmp_path / "training.db"))
    upgrade(store)
    found = classroom(store, clock)
    found.handed("Heron")
    found.handed("Iguana")
    return found


def attempt_of(lesson: Classroom, number: int) -> str:
    heron = lesson.accounts[("Heron", "Iguana")[number]]
    found = show_session(lesson.room.service, lesson.room.session.id).attempts
    return next(one.id for one, seats in found if any(s.trainee == heron for s in seats))


def case_of(lesson: Classroom, number: int) -> str:
    return str(attempt_and_session(lesson.room.service, attempt_of(lesson, number))[0].case_id)


def secrets_of(pack: Pack) -> list[str]:
    """What a trainee has to find out, who is unsafe, what is watched for, and what the trainer is told."""
    found = [pack.note, *pack.reasons]
    for fact in pack.facts.values():
        if fact.known != "told":
            found += [fact.text, fact.says]
    found += [one.why for one in pack.cast.values() if one.why]
    found += [question.unsafe for question in pack.questions.values() if question.unsafe]
    found += [one.text for one in pack.indicators.values()]
    found += [one.feedback for one in pack.mistakes.values()]
    found += [line for one in pack.rubric.values() for line in one.checklist]
    return found


def seen(visitor: Visitor, *paths: str) -> str:
    pages = [visitor.get(path) for path in paths]
    assert all(page.status_code == 200 for page in pages), [page.status_code for page in pages]
    return html.unescape("\n".join(page.text for page in pages))


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_nothing_hidden_is_in_any_page_of_a_trainee_before_it_comes_out(lesson: Classroom, language: str) -> None:
    visitor = lesson.visitor("heron")
    visitor.client.post("/language", data={**form_of(visitor.get("/training")), "language": language})

    pages = seen(visitor, *TRAINEES_PAGES, f"/case/{case_of(lesson, 0)}")

    for secret in secrets_of(pack_of(lesson.room.service, M14, language)):
        assert secret not in pages
    assert "held_back" not in pages
    assert "desertion" not in pages


def test_what_comes_out_is_read_by_who_asked_and_by_nobody_else(lesson: Classroom) -> None:
    svc, heron = lesson.room.service, lesson.accounts["Heron"]
    talk.set_room(svc, heron, attempt_of(lesson, 0), Room(interpreter="salma"))
    talk.ask_question(svc, heron, attempt_of(lesson, 0), question="tell_about_army")
    talk.ask_question(svc, heron, attempt_of(lesson, 0), question="tell_about_army")

    asked, other = (seen(lesson.visitor(who), *TRAINEES_PAGES) for who in ("heron", "iguana"))

    assert "I climbed over the wall and walked until morning." in asked
    assert "They took my brother" not in asked
    assert "climbed over the wall" not in other
    assert "I baked bread" not in other


def test_what_was_held_back_is_for_the_trainer_only(lesson: Classroom) -> None:
    svc, heron = lesson.room.service, lesson.accounts["Heron"]
    exchange = talk.ask_question(svc, heron, attempt_of(lesson, 0), question="about_passport")
    held = pack_of(svc, M14).facts[exchange.reply.held_back[0]].text

    assert held not in seen(lesson.visitor("heron"), *TRAINEES_PAGES)
    assert held in seen(lesson.visitor("trainer"), f"/training/team/{attempt_of(lesson, 0)}")


def test_a_trainee_reaches_nothing_of_another_team(lesson: Classroom) -> None:
    visitor = lesson.visitor("heron")
    other, case = attempt_of(lesson, 1), case_of(lesson, 1)
    finish(lesson.room.service, other)
    hidden = form_of(visitor.get("/training/exercise/finish"))

    for path in (
        f"/case/{case}",
        f"/case/{case}/answers",
        f"/training/attempt/{other}/debrief",
        f"/training/attempt/{other}/debrief.pdf",
        f"/training/progress/{lesson.accounts['Iguana']}",
    ):
        assert visitor.get(path).status_code == 404, path
    for path, typed in (
        (f"/training/attempt/{other}/sit", {"role": "officer"}),
        (f"/training/attempt/{other}/retry", {"seq": "1"}),
    ):
        assert visitor.client.post(path, data={**hidden, **typed}).status_code == 404, path
    mine = attempt_of(lesson, 0)
    sat = visitor.client.post(f"/training/attempt/{mine}/sit", data={**hidden, "role": "reviewer"})
    assert sat.status_code == 404, "Nobody sits down at a seat that was not given to them."


def test_the_debrief_of_a_team_is_closed_until_it_has_finished(lesson: Classroom) -> None:
    mine = attempt_of(lesson, 0)
    visitor = lesson.visitor("heron")
    paths = (f"/training/attempt/{mine}/debrief", f"/training/attempt/{mine}/debrief.pdf")

    before = [visitor.get(path).status_code for path in paths]
    finish(lesson.room.service, mine, account_id=lesson.accounts["Heron"])

    assert before == [404, 404]
    assert [visitor.get(path).status_code for path in paths] == [200, 200]


def test_no_page_of_a_trainer_opens_for_a_trainee(lesson: Classroom) -> None:
    visitor, session, team = lesson.visitor("heron"), lesson.room.session.id, attempt_of(lesson, 0)
    hidden = form_of(visitor.get("/training/exercise/finish"))

    for path in (
        f"/training/class/{session}",
        f"/training/class/{session}/people",
        f"/training/class/{session}/debrief",
        f"/training/class/{session}/debrief.csv",
        f"/training/class/{session}/debrief.pdf",
        f"/training/class/{session}/hand-out",
        f"/training/class/{session}/hand-out/{M14}",
        f"/training/team/{team}",
        "/training/scenarios",
        f"/training/scenario/{M14}",
        f"/training/scenario/{M14}/guide.pdf",
        f"/training/scenario/{M14}/handouts.pdf",
    ):
        assert visitor.get(path).status_code == 404, path
    for path, typed in (
        (f"/training/class/{session}/travel", {"number": "14", "unit": "days"}),
        (f"/training/class/{session}/change", {"do": "pause"}),
        (f"/training/class/{session}/people", {"pseudonym": "x", "password": "long-enough-1"}),
        ("/training/class/new", {"title": "Mine"}),
        (f"/training/team/{team}/inject", {"inject": "age_disputed_now"}),
        (f"/training/team/{team}/tell", {"title": "x", "text": "x"}),
        (f"/training/team/{team}/score", {"criterion": "reasons", "points": "5"}),
        (f"/training/team/{team}/begin", {}),
        (f"/training/team/{team}/finish", {}),
    ):
        assert visitor.client.post(path, data={**hidden, **typed}).status_code == 404, path


def test_no_page_of_a_trainee_opens_for_a_trainer_or_without_an_exercise(lesson: Classroom) -> None:
    lesson.trainee("Manatee")

    for who in ("trainer", "manatee"):
        visitor = lesson.visitor(who)
        for path in ("/training/exercise", "/training/exercise/talk", "/training/exercise/finish"):
            assert visitor.get(path).status_code == 404, (who, path)
        assert visitor.get(f"/case/{case_of(lesson, 0)}").status_code == 404
        assert visitor.get("/").headers["Location"].endswith("/training")


def test_without_a_sign_in_every_page_asks_for_one(lesson: Classroom) -> None:
    visitor, app = Visitor(lesson.app()), lesson.app()
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/training")]

    assert len(rules) > 25
    for rule in rules:
        path = re.sub(r"<[^>]+>", "0" * 32, rule.rule)
        answer = visitor.get(path) if "GET" in (rule.methods or ()) else visitor.client.post(path)
        assert answer.status_code in (303, 400, 404), path
        assert answer.status_code != 303 or "/sign-in" in answer.headers["Location"]


def test_no_other_instance_has_any_of_these_pages(shared_stage: Stage) -> None:
    app = shared_stage.app()
    visitor = Visitor(app).sign_in(shared_stage.usernames["administrator"])

    page = visitor.get("/admin")

    assert not [rule.rule for rule in app.url_map.iter_rules() if "training" in rule.rule]
    assert "app-colour--training" not in page.text
    for path in ("/training", "/training/exercise", f"/training/class/{'0' * 32}", f"/training/scenario/{M14}"):
        assert visitor.get(path).status_code == 404


def test_a_visit_to_the_sandbox_and_one_beside_it_do_not_disturb_each_other(
    lesson: Classroom, shared_stage: Stage
) -> None:
    ours, theirs = Visitor(lesson.app()).get("/sign-in"), Visitor(shared_stage.app()).get("/sign-in")

    assert ours.headers["Set-Cookie"].startswith("training=")
    assert theirs.headers["Set-Cookie"].startswith("session=")


def test_the_sandbox_says_what_it_is_on_every_page_and_paper(lesson: Classroom) -> None:
    visitor, case = lesson.visitor("heron"), case_of(lesson, 0)
    app = lesson.app(banner="", colour="blue")

    pages = [Visitor(app).get("/sign-in"), visitor.get("/no-such-page"), *(visitor.get(p) for p in TRAINEES_PAGES)]
    pages += [visitor.get(f"/case/{case}"), visitor.get("/procedures"), visitor.get("/help")]
    paper = visitor.get(f"/case/{case}/record.pdf")

    for page in pages:
        assert "app-colour--training" in page.text
        assert "<strong>TRAINING</strong>" in page.text
    assert paper.status_code == 200
    assert all("TRAINING" in one.extract_text() for one in PdfReader(BytesIO(paper.data)).pages)


@pytest.mark.parametrize("language", ["es", "fr"])
def test_every_sentence_of_the_sandbox_is_in_the_catalogue(language: str) -> None:
    with (LOCALE_FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as text:
        known = {message.id for message in read_po(text) if message.id and message.string}
    papers = [ROOT / "sop_engine" / "service" / "training" / name for name in ("papers.py", "pack_papers.py")]
    pages = [*(ROOT / "webui").glob("training*.py"), *(ROOT / "webui" / "templates").glob("**/*training*.html")]
    said: set[object] = set()
    for file in (*papers, *pages, ROOT / "webui" / "templates" / "parts" / "exercise_bar.html"):
        method = "python" if file.suffix == ".py" else "jinja2.ext:babel_extract"
        options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false", "encoding": "utf-8"}
        keywords = {"_": None, "ngettext": (1, 2), "marked": None}
        # In templates "say" is for texts of the procedures, which have catalogues of their own.
        keywords |= {"say": None} if method == "python" else {}
        with file.open("rb") as source:
            said |= {message for _, message, _, _ in extract(method, source, keywords=keywords, options=options)}

    assert len(said) > 350
    assert said - known == set()


def test_no_pack_tells_its_secrets_on_the_pages_of_a_trainee_or_in_its_handouts(lesson: Classroom) -> None:
    svc, app = lesson.room.service, lesson.app()
    trainer, visitor = Visitor(app).sign_in("trainer"), Visitor(app).sign_in("heron")

    for name, file in svc.library.packs.items():
        pack = file.pack
        attempt = lesson.handed("Heron", pack=name, role=next(iter(pack.team)))
        pages = seen(visitor, "/training/exercise", "/training/exercise/talk", f"/case/{attempt.case_id}")
        handouts = trainer.get(f"/training/scenario/{name}/handouts.pdf")
        paper = " ".join(" ".join(one.extract_text().split()) for one in PdfReader(BytesIO(handouts.data)).pages)
        guide = trainer.get(f"/training/scenario/{name}/guide.pdf")

        assert guide.status_code == 200, name
        for secret in secrets_of(pack):
            assert secret not in pages, (name, secret)
            assert secret not in paper, (name, secret)
        for paper_text in pack.documents.values():
            assert paper_text.title in html.unescape(pages), name
            assert "Planted" not in pages


@pytest.mark.parametrize("who", ["trainer", "heron"])
def test_no_link_of_the_sandbox_leads_nowhere(lesson: Classroom, who: str) -> None:
    finish(lesson.room.service, attempt_of(lesson, 1))
    visitor, waiting, gone = lesson.visitor(who), ["/training"], set[str]()

    while waiting and len(gone) < 120:
        address = waiting.pop(0)
        shape = re.sub(r"[0-9a-f]{32}|m\d\d_\w+", "*", address)
        if shape in gone:
            continue
        gone |= {shape}
        answer = visitor.get(address)
        assert answer.status_code in (200, 303), (address, answer.status_code)
        found = re.findall(r'href="([^"#]*)', answer.text) if answer.mimetype == "text/html" else []
        waiting += [html.unescape(link) for link in found if link.startswith("/") and not link.startswith("/static")]

    assert len(gone) > 15
