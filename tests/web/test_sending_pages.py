"""Sending pages: forged, doubled, repeated, out of date, and what officers see then."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from sop_engine.service.show_case import show_case
from tests.instruments.stage import Stage
from tests.instruments.visitor import Visitor, form_of, hidden
from tests.web.test_every_page import SAMPLES

ARRIVAL = {
    "q-arrival_datetime-day": "1",
    "q-arrival_datetime-month": "3",
    "q-arrival_datetime-year": "2026",
    "q-arrival_datetime-time": "09:30",
}


def seq_of(stage: Stage, case_id: str) -> int:
    return show_case(stage.service, stage.reader("frontline_officer"), case_id).seq


def posts(app: Flask, case_id: str) -> Iterator[str]:
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.methods and "POST" in rule.methods:
                values = {name: SAMPLES.get(name, case_id) for name in rule.arguments}
                yield rule.build(values, append_unknown=False)[1]  # type: ignore[index]


def test_a_page_sent_without_its_token_or_with_a_foreign_one_is_refused(stage: Stage) -> None:
    app = stage.app()
    visitor = Visitor(app).sign_in(stage.usernames["frontline_officer"])
    stranger = hidden(Visitor(app).get("/sign-in"), "csrf_token")
    case_id = stage.cases[0]
    before = seq_of(stage, case_id)

    for address in posts(app, case_id):
        for token in ({}, {"csrf_token": stranger}, {"csrf_token": "x"}):
            answer = visitor.client.post(address, data={"form_token": "0" * 32, "seq": "1", **token})
            assert answer.status_code == 400, address

    assert seq_of(stage, case_id) == before
    assert visitor.get("/").status_code == 200


def test_opening_a_case_twice_with_one_token_opens_one(officer: Visitor, stage: Stage) -> None:
    form = form_of(officer.get("/open"))

    first = officer.client.post("/open", data=form)
    second = officer.client.post("/open", data=form)

    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]


def test_one_token_with_other_content_is_refused_in_words(officer: Visitor, stage: Stage) -> None:
    form = form_of(officer.get("/open"))
    officer.client.post("/open", data=form)
    case_id = stage.cases[0]

    page = officer.get(f"/case/{case_id}/case-1/do/signal_fear")
    answer = _record_fear(officer, case_id, form_token=form["form_token"])

    assert page.status_code in (200, 303)
    assert answer.status_code == 409
    assert "already sent" in answer.text


def _record_fear(visitor: Visitor, case_id: str, **more: str) -> object:
    """Fill in the act that records fear with plausible answers, page by page, and confirm it."""
    path = f"/case/{case_id}/case-1/do/signal_fear"
    page = visitor.get(path)
    while page.status_code == 303:
        path = page.headers["Location"]
        page = visitor.get(path)
    typed = {**form_of(page), **_filled(page.text), "confirm": "yes", **more}
    return visitor.client.post(path, data=typed)


def _filled(html: str) -> dict[str, str]:
    """Answer every question of a page: the first choice, or plain words."""
    typed: dict[str, str] = {}
    for name, value in re.findall(r'name="(q-[^"]+)" type="radio" value="([^"]+)"', html):
        typed.setdefault(name, value)
    for name in re.findall(r'<textarea[^>]*name="(q-[^"]+)"', html):
        typed[name] = "I cannot go back there. They said they would come for me again."
    for name in re.findall(r'<input[^>]*name="(q-[^"]+)" type="text"', html):
        part = name.rsplit("-", 1)[-1]
        typed[name] = {"day": "1", "month": "3", "year": "2026", "time": "09:00"}.get(part, "7")
    for name, value in re.findall(r'<select[^>]*name="(q-[^"]+)"[^>]*>.*?<option value="([^"]+)"', html, re.DOTALL):
        typed[name] = value
    return typed


def test_fear_is_recorded_on_one_page_at_any_time(officer: Visitor, stage: Stage) -> None:
    case_id = stage.cases[0]

    answer = _record_fear(officer, case_id)

    assert answer.status_code == 303, answer.text[-3000:]  # type: ignore[attr-defined]
    page = officer.follow(answer)  # type: ignore[arg-type]
    assert "Done." in page.text


def test_what_was_typed_is_kept_as_a_draft_after_each_page(officer: Visitor, stage: Stage) -> None:
    path = f"/case/{stage.cases[0]}/screening-1/step/arrival"

    answer = officer.send(path, {**ARRIVAL, "q-arrival_place": "North beach", "continue": "yes"})

    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    again = officer.follow(officer.get(path))
    assert 'value="North beach"' in again.text
    assert 'value="09:30"' in again.text
    assert "draft" in again.text
    assert "begun and not sent" in officer.get("/").text


def test_a_draft_is_for_its_writer_alone(officer: Visitor, stage: Stage) -> None:
    path = f"/case/{stage.cases[0]}/screening-1/step/arrival"
    officer.send(path, {"q-arrival_place": "North beach", "later": "yes"})

    colleague = Visitor(stage.app()).sign_in(stage.usernames["frontline_officer_2"])

    assert "North beach" not in colleague.follow(colleague.get(path)).text


def test_a_step_is_answered_page_by_page_checked_and_recorded(officer: Visitor, stage: Stage) -> None:
    case_id = stage.cases[0]
    path = f"/case/{case_id}/screening-1/step/arrival"

    page = officer.follow(officer.get(path))
    for _ in range(6):
        if 'name="stage"' in page.text or "Not answered yet" in page.text:
            break
        here = page.request.full_path
        page = officer.follow(
            officer.client.post(here, data={**form_of(page), **_filled(page.text), "continue": "yes"})
        )
    assert "Check the answers" in page.text
    answer = officer.client.post(path + "?page=check", data=form_of(page))
    repeated = officer.client.post(path + "?page=check", data=form_of(page))

    assert answer.status_code == repeated.status_code == 303
    after = officer.follow(repeated)
    assert "Already saved" in after.text
    done = officer.get(f"/case/{case_id}/answers")
    assert "Where?" in done.text


def test_a_colleague_who_was_faster_is_named_and_nothing_typed_is_lost(officer: Visitor, stage: Stage) -> None:
    case_id = stage.cases[0]
    path = f"/case/{case_id}/screening-1/step/arrival"
    colleague = Visitor(stage.app()).sign_in(stage.usernames["frontline_officer_2"])

    pages = [_to_check(visitor, path) for visitor in (officer, colleague)]
    first = colleague.client.post(path + "?page=check", data=pages[1])
    second = officer.client.post(path + "?page=check", data=pages[0])

    assert first.status_code == 303
    assert second.status_code == 409
    assert "faster" in second.text
    assert "Extra Frontline Officer 2 Ficticia" in second.text
    again = officer.get(path + "?page=check")
    assert "Check the answers" in again.text
    assert officer.client.post(path + "?page=check", data=form_of(again)).status_code == 303


def _to_check(visitor: Visitor, path: str) -> dict[str, str]:
    page = visitor.follow(visitor.get(path))
    for _ in range(6):
        if 'name="stage"' in page.text:
            return form_of(page)
        here = page.request.full_path
        page = visitor.follow(
            visitor.client.post(here, data={**form_of(page), **_filled(page.text), "continue": "yes"})
        )
    raise AssertionError("The check page was not reached.")


def test_a_closed_act_says_why_and_offers_no_button(officer: Visitor, stage: Stage) -> None:
    page = officer.get(f"/case/{stage.cases[0]}/screening-1/do/start?page=check")

    assert page.status_code == 200
    assert "not possible yet" in page.text
    assert 'name="stage"' not in page.text


def test_an_act_of_another_role_is_refused_when_sent_all_the_same(stage: Stage) -> None:
    visitor = Visitor(stage.app()).sign_in(stage.usernames["case_supervisor"])
    case_id = stage.cases[0]
    before = seq_of(stage, case_id)
    tokens = form_of(visitor.get("/find"))

    for path in (f"/case/{case_id}/screening-1/do/start", f"/case/{case_id}/screening-1/step/arrival"):
        typed = {**tokens, "stage": "check", "seq": str(before), "considered": "yes"}
        answer = visitor.client.post(path, data=typed)
        assert answer.status_code in (404, 409, 422), answer.status_code

    assert seq_of(stage, case_id) == before


@pytest.mark.parametrize(
    "extra", [{"role": "administrator"}, {"office_id": "other"}, {"q-decided_by": "me"}, {"q-nothing": "x"}]
)
def test_fields_that_a_page_does_not_have_change_nothing(officer: Visitor, stage: Stage, extra: dict[str, str]) -> None:
    path = f"/case/{stage.cases[0]}/screening-1/step/arrival"

    answer = officer.send(path, {**ARRIVAL, **extra, "later": "yes"})

    assert answer.status_code == 303
    assert "nothing" not in officer.follow(officer.get(path)).text.split("<main")[1].split("</main>")[
        0
    ].casefold().replace("nothing of", "")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "\u200b\u200f\u202e",
        "a\x00b",
        "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
        "x" * 4001,
        "Null",
        "None",
        "O'Brien",
        "' OR 1=1 --",
        "=cmd|' /C calc'!A0",
        "{{7*7}}",
        "${7*7}",
        "<img src=x onerror=alert(1)>",
        "*)(uid=*))(|(uid=*",
        "عبد الرحمن",
        "አማርኛ",
        "ߒߞߏ",
        "မြန်မာ",
        "👩‍👧‍👦",
        "Ọ̀",
    ],
)
def test_whatever_is_typed_nothing_breaks_and_it_reads_as_typed(officer: Visitor, stage: Stage, typed: str) -> None:
    path = f"/case/{stage.cases[0]}/screening-1/step/arrival"

    answer = officer.send(path, {**ARRIVAL, "q-arrival_place": typed, "continue": "yes"})

    assert answer.status_code in (303, 422)
    assert "<img src=x" not in answer.text
    assert officer.follow(officer.get(path)).status_code == 200


@pytest.mark.parametrize(
    ("day", "month", "year", "time"),
    [
        ("29", "2", "2025", "10:00"),
        ("1", "1", "0001", "10:00"),
        ("1", "1", "9999", "10:00"),
        ("0", "0", "0000", "00:00"),
        ("-1", "1", "2026", "10:00"),
        ("1e309", "NaN", "2026", "10:00"),
        ("1", "1", "2026", "99:99"),
        ("1" * 10_000, "1", "2026", "10:00"),
    ],
)
def test_dates_that_cannot_be_are_refused_at_their_field(
    officer: Visitor, stage: Stage, day: str, month: str, year: str, time: str
) -> None:
    path = f"/case/{stage.cases[0]}/screening-1/step/arrival"
    typed = {
        "q-arrival_datetime-day": day,
        "q-arrival_datetime-month": month,
        "q-arrival_datetime-year": year,
        "q-arrival_datetime-time": time,
    }

    answer = officer.send(path, {**typed, "continue": "yes"})

    assert answer.status_code == 422
    assert 'href="#q-arrival_datetime-day"' in answer.text


def test_a_field_that_is_sent_twice_is_refused(officer: Visitor, stage: Stage) -> None:
    path = f"/case/{stage.cases[0]}/screening-1/step/arrival"
    page = officer.follow(officer.get(path))

    doubled = officer.client.post(path + "?page=1", data={**form_of(page), "seq": ["1", "2"]})
    in_both = officer.client.post(path + "?page=1&seq=1", data=form_of(page))
    twice_asked = officer.get(path + "?page=1&page=2")

    assert doubled.status_code == in_both.status_code == twice_asked.status_code == 400


def test_too_much_is_refused_in_words(officer: Visitor, stage: Stage) -> None:
    path = f"/case/{stage.cases[0]}/screening-1/step/arrival?page=1"
    form = form_of(officer.get(path))

    large_field = officer.client.post(path, data={**form, "q-arrival_place": "x" * 1_000_000})
    many_fields = officer.client.post(
        path, data={**form, **{f"q-x{n}": "1" for n in range(1001)}}, content_type="multipart/form-data"
    )
    large_body = officer.client.post(path, data=b"x" * (2 * 1024 * 1024 + 1), content_type="application/octet-stream")

    for answer in (large_field, many_fields, large_body):
        assert answer.status_code in (400, 413)


def test_a_choice_that_was_not_offered_is_refused(officer: Visitor, stage: Stage) -> None:
    path = f"/case/{stage.cases[0]}/screening-1/step/arrival"

    answer = officer.send(path, {**ARRIVAL, "q-arrival_mode": "teleport", "continue": "yes"})

    assert answer.status_code == 422
    assert "teleport" not in answer.text


@pytest.mark.parametrize("typed", ["", "x", "-1", "1e9", "99999999999", "NaN"])
def test_a_page_that_does_not_say_which_state_it_saw_is_refused(officer: Visitor, stage: Stage, typed: str) -> None:
    path = f"/case/{stage.cases[0]}/screening-1/step/arrival"
    form = _to_check(officer, path)

    answer = officer.client.post(path + "?page=check", data={**form, "seq": typed})

    assert answer.status_code == 400


def test_a_search_is_answered_within_reach_and_needs_a_purpose(officer: Visitor, stage: Stage) -> None:
    nameless = officer.send("/find", {"query": "Wilhelmina", "purpose": ""})
    found = officer.send("/find", {"query": "Wilhelmina", "purpose": "Asks about the shelter"})
    nobody = officer.send("/find", {"query": "Zzyzx", "purpose": "Asks about the shelter"})

    assert nameless.status_code == 422
    assert stage.cases[2] in found.text
    assert "Nobody of that name" in nobody.text


def test_a_whole_boat_gets_a_case_for_each_person_once(officer: Visitor, stage: Stage) -> None:
    page = officer.get("/open/boat")
    typed = {**form_of(page), **_filled(page.text), "count": "12"}

    first = officer.client.post("/open/boat", data=typed)
    second = officer.client.post("/open/boat", data=typed)

    assert first.status_code == 200
    cases = re.findall(r'href="/case/([0-9a-f]{32})"', first.text)
    assert len(set(cases)) == 12
    assert re.findall(r'href="/case/([0-9a-f]{32})"', second.text) == cases


@pytest.mark.parametrize("count", ["", "0", "-3", "501", "many", "1e3"])
def test_a_boat_of_no_sensible_number_is_refused(officer: Visitor, count: str) -> None:
    answer = officer.send("/open/boat", {"count": count})

    assert answer.status_code == 422
    assert 'href="#count"' in answer.text


def test_the_language_of_the_page_is_switched_and_stays(officer: Visitor) -> None:
    page = officer.get("/cases")
    token = hidden(page, "csrf_token")

    answer = officer.client.post("/language", data={"language": "es", "next": "/cases", "csrf_token": token})

    assert answer.headers["Location"] == "/cases"
    assert '<html lang="es"' in officer.get("/cases").text
    assert '<html lang="es"' in officer.get("/").text


def test_an_unknown_language_changes_nothing(officer: Visitor) -> None:
    token = hidden(officer.get("/"), "csrf_token")

    officer.client.post("/language", data={"language": "../xx", "next": "/", "csrf_token": token})

    assert '<html lang="en"' in officer.get("/").text


def test_when_something_breaks_the_page_says_so_and_nothing_more(
    officer: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_args: object, **_named: object) -> None:
        raise RuntimeError("Amaru Ficticio fears return")

    monkeypatch.setattr("webui.my_work.my_work", breaks)
    answer = officer.get("/")

    assert answer.status_code == 500
    assert "Ficticio" not in answer.text
    assert "RuntimeError" not in answer.text
    assert re.search(r"<code>[0-9a-f]{8}</code>", answer.text)
    assert "Ficticio" not in caplog.text
    assert "RuntimeError" in caplog.text
