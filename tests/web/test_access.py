"""Who is not signed in sees nothing; what may not be seen and what is not there are one and the same page."""

from __future__ import annotations

import pytest

from sop_engine.service import accounts
from tests.instruments.stage import PASSWORD, QUICK, Stage
from tests.instruments.visitor import Visitor, form_of, hidden

NOT_THERE = "0123456789abcdef0123456789abcdef"

CASE_PAGES = (
    "/case/{}",
    "/case/{}/answers",
    "/case/{}/timeline",
    "/case/{}/documents",
    "/case/{}/people",
    "/case/{}/any-time",
    "/case/{}/record.pdf",
    "/case/{}/liberty",
    "/case/{}/screening-1/step/arrival",
    "/case/{}/screening-1/do/start",
    "/case/{}/screening-1/committee",
    "/case/{}/documents/1/screening.record.pdf",
    "/case/{}/file/" + "0" * 64,
)


@pytest.mark.parametrize("page", CASE_PAGES)
def test_a_case_of_another_office_is_as_absent_as_one_that_never_was(shared_stage: Stage, page: str) -> None:
    visitor = Visitor(shared_stage.app()).sign_in(shared_stage.usernames["frontline_officer"])

    foreign = visitor.get(page.format(shared_stage.foreign_case))
    absent = visitor.get(page.format(NOT_THERE))

    assert foreign.status_code == absent.status_code == 404
    assert foreign.data == absent.data
    assert dict(foreign.headers) == dict(absent.headers)


@pytest.mark.parametrize(
    "path",
    [
        "/case/../admin",
        "/case/%00",
        "/case/%2e%2e%2fadmin",
        "/case/" + "a" * 10_000,
        "/case/0123456789ABCDEF0123456789ABCDEF",
        "/case/0123456789abcdef0123456789abcdef.",
        "/case/٠١٢٣",
        "/case/1",
        "/case/frontline-officer",
        "/case/%E2%80%AE",
        "/procedures/nothing",
        "/procedures/%3Cscript%3E",
        "/admin/account/1",
        "/nothing",
        "/cases/1",
    ],
)
def test_addresses_that_lead_nowhere_give_the_same_page(shared_stage: Stage, path: str) -> None:
    visitor = Visitor(shared_stage.app()).sign_in(shared_stage.usernames["administrator"])

    answer = visitor.get(path)

    assert answer.status_code == 404
    assert answer.data == visitor.get(f"/case/{NOT_THERE}").data


@pytest.mark.parametrize("page", ["/", "/cases", "/find", "/admin", *CASE_PAGES[:6]])
def test_without_a_sign_in_every_page_leads_to_it(shared_stage: Stage, page: str) -> None:
    visitor = Visitor(shared_stage.app())

    for case_id in (shared_stage.cases[0], shared_stage.foreign_case, NOT_THERE):
        answer = visitor.get(page.format(case_id))

        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/sign-in?next=/")


@pytest.mark.parametrize("page", ["/case/{}/record.pdf", "/case/{}/documents/1/a.b.pdf"])
def test_without_a_sign_in_papers_are_not_there(shared_stage: Stage, page: str) -> None:
    visitor = Visitor(shared_stage.app())

    assert visitor.get(page.format(shared_stage.cases[0])).status_code == 404


def test_a_paper_is_not_loaded_for_another_site(shared_stage: Stage) -> None:
    visitor = Visitor(shared_stage.app()).sign_in(shared_stage.usernames["frontline_officer"])
    case_id = shared_stage.cases[-1]
    absent = visitor.get(f"/case/{NOT_THERE}")

    for site in ("cross-site", "same-site"):
        for path in (f"/case/{case_id}/record.pdf", f"/case/{NOT_THERE}/record.pdf"):
            answer = visitor.get(path, headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"})
            assert answer.status_code == 404
            assert answer.data == absent.data
        framed = visitor.get(f"/case/{case_id}", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"})
        assert framed.status_code == 404


@pytest.mark.parametrize("role", ["frontline_officer", "case_supervisor", "policy_officer", "committee_chair"])
def test_administration_is_for_administrators(shared_stage: Stage, role: str) -> None:
    visitor = Visitor(shared_stage.app()).sign_in(shared_stage.usernames[role])

    for path in ("/admin", "/admin/account/new", "/admin/account/x"):
        assert visitor.get(path).status_code == 404


@pytest.mark.parametrize("role", ["administrator", "policy_officer"])
def test_roles_of_the_service_itself_see_no_case(shared_stage: Stage, role: str) -> None:
    visitor = Visitor(shared_stage.app()).sign_in(shared_stage.usernames[role])

    assert visitor.get(f"/case/{shared_stage.cases[0]}").status_code == 404
    assert shared_stage.cases[0] not in visitor.get("/cases").text


def test_an_administrator_never_sees_the_content_of_a_case(shared_stage: Stage) -> None:
    visitor = Visitor(shared_stage.app()).sign_in(shared_stage.usernames["administrator"])

    for path in ("/", "/cases", "/admin", "/procedures"):
        assert "DEM-2026" not in visitor.get(path).text


def test_a_wrong_password_and_an_unknown_name_read_the_same(stage: Stage) -> None:
    pages = []
    for username in (stage.usernames["frontline_officer"], "nobody-of-that-name"):
        visitor = Visitor(stage.app())
        token = hidden(visitor.get("/sign-in"), "csrf_token")
        typed = {"username": username, "password": "wrong-wrong-wrong-wrong", "csrf_token": token}
        answer = visitor.client.post("/sign-in", data=typed)
        assert answer.status_code == 422
        pages.append(answer.text.replace(username, "").split("<main")[1].split("csrf_token")[0])

    assert pages[0] == pages[1]


def test_after_five_wrong_passwords_the_right_one_has_to_wait_but_not_for_ever(stage: Stage) -> None:
    visitor = Visitor(stage.app())
    username = stage.usernames["frontline_officer"]

    def attempt(password: str) -> int:
        token = hidden(visitor.get("/sign-in"), "csrf_token")
        typed = {"username": username, "password": password, "csrf_token": token}
        return visitor.client.post("/sign-in", data=typed).status_code

    assert [attempt("wrong") for _ in range(5)] == [422] * 5
    assert attempt(PASSWORD) == 422
    stage.clock.tick(minutes=16)
    assert attempt(PASSWORD) == 303


def test_signing_in_gives_a_new_session_and_the_old_id_is_dead(stage: Stage) -> None:
    visitor = Visitor(stage.app())
    visitor.get("/sign-in")
    before = visitor.client.get_cookie("session")
    visitor.sign_in(stage.usernames["frontline_officer"])
    after = visitor.client.get_cookie("session")

    assert before is not None
    assert after is not None
    assert before.value != after.value
    other = Visitor(stage.app())
    other.client.set_cookie("session", before.value)
    assert other.get("/").status_code == 303


def test_signing_out_ends_the_session_on_the_server(stage: Stage) -> None:
    visitor = Visitor(stage.app()).sign_in(stage.usernames["frontline_officer"])
    cookie = visitor.client.get_cookie("session")
    assert cookie is not None

    answer = visitor.client.post("/sign-out", data={"csrf_token": hidden(visitor.get("/"), "csrf_token")})

    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    thief = Visitor(stage.app())
    thief.client.set_cookie("session", cookie.value)
    assert thief.get("/").status_code == 303


@pytest.mark.parametrize(("minutes", "steps"), [(16, 1), (10, 60)])
def test_a_session_ends_when_idle_and_after_eight_hours_in_any_case(stage: Stage, minutes: int, steps: int) -> None:
    visitor = Visitor(stage.app()).sign_in(stage.usernames["frontline_officer"])
    assert visitor.get("/").status_code == 200

    for _ in range(steps):
        stage.clock.tick(minutes=minutes)
        last = visitor.get("/help")
        assert last.status_code == 200

    assert visitor.get("/").status_code == 303


def test_closing_an_account_ends_its_sessions_with_the_next_page(stage: Stage) -> None:
    visitor = Visitor(stage.app()).sign_in(stage.usernames["frontline_officer"])

    accounts.set_active(stage.service, stage.reader("frontline_officer").user, active=False)

    assert visitor.get("/").status_code == 303


def test_a_role_taken_away_is_gone_with_the_next_page(stage: Stage) -> None:
    visitor = Visitor(stage.app()).sign_in(stage.usernames["frontline_officer"])
    assert visitor.get(f"/case/{stage.cases[0]}").status_code == 200

    user = stage.reader("frontline_officer").user
    accounts.change_roles(stage.service, user, office=stage.office, roles=["policy_officer"], by="test")

    # Who worked on a case may still open it; but nothing can be done there any more.
    page = visitor.get(f"/case/{stage.cases[0]}/screening-1/step/arrival?page=check")
    assert page.status_code in (200, 404)
    assert 'name="stage"' not in page.text


@pytest.mark.parametrize(
    "wanted",
    [
        "//elsewhere.example",
        "\\\\elsewhere.example",
        "/%2f%2felsewhere.example",
        "https://elsewhere.example",
        "/\\elsewhere",
        "/%5celsewhere",
        "javascript:alert(1)",
        "/\r\nX: y",
        "/ elsewhere",
        "/%0d%0aX:y",
    ],
)
def test_after_the_sign_in_nobody_is_sent_elsewhere(stage: Stage, wanted: str) -> None:
    visitor = Visitor(stage.app())
    token = hidden(visitor.get("/sign-in"), "csrf_token")
    typed = {"username": stage.usernames["frontline_officer"], "password": PASSWORD, "csrf_token": token}

    answer = visitor.client.post("/sign-in", query_string={"next": wanted}, data=typed)

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"


def test_an_account_without_roles_cannot_sign_in(stage: Stage) -> None:
    accounts.add_account(
        stage.service,
        username="no-role",
        person_name="Nil Ficticia",
        password_hash=QUICK.hash(PASSWORD),
        office=stage.office,
        roles=[],
        by="test",
    )
    visitor = Visitor(stage.app())
    token = hidden(visitor.get("/sign-in"), "csrf_token")

    answer = visitor.client.post("/sign-in", data={"username": "no-role", "password": PASSWORD, "csrf_token": token})

    assert answer.status_code == 422


def test_without_tls_pages_are_served_to_this_machine_only(stage: Stage) -> None:
    from webui.app import serve
    from webui.settings import WebSettings

    for host in ("0.0.0.0", "192.168.1.2", "::"):  # noqa: S104 - it must be refused
        with pytest.raises(ValueError, match="TLS"):
            serve(stage.service, WebSettings(secret_key="s" * 40), host=host)


def test_when_the_session_ended_while_typing_the_words_are_given_back(stage: Stage) -> None:
    visitor = Visitor(stage.app()).sign_in(stage.usernames["frontline_officer"])
    path = f"/case/{stage.cases[0]}/screening-1/step/arrival?page=1"
    form = form_of(visitor.get(path))
    stage.clock.tick(minutes=20)
    typed = {**form, "q-arrival_place": "A long story about a beach <b>in the north</b>"}

    ours = visitor.client.post(path, data=typed, headers={"Sec-Fetch-Site": "same-origin"})
    foreign = visitor.client.post(
        path, data=typed, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    )

    assert ours.status_code == foreign.status_code == 400
    assert "A long story about a beach &lt;b&gt;in the north&lt;/b&gt;" in ours.text
    assert "A long story" not in foreign.text
