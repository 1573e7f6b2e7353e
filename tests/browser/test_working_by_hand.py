"""Working with the keyboard, without scripts, with errors and on paper."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.instruments.stage import Stage

Open = Callable[..., Page]


def test_the_first_key_offers_to_skip_to_the_content(page_of: Open) -> None:
    page = page_of("frontline_officer")
    page.goto("/cases")

    page.keyboard.press("Tab")
    expect(page.locator(".govuk-skip-link")).to_be_focused()
    page.keyboard.press("Enter")

    assert page.url.endswith("#main-content")


def test_an_error_is_announced_first_and_leads_to_its_field(page_of: Open, stage: Stage) -> None:
    page = page_of("frontline_officer")
    page.goto(f"/case/{stage.cases[0]}/screening-1/step/arrival")

    page.locator("button[name=continue].govuk-button").click()

    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.title().startswith("Error: ")
    page.locator(".govuk-error-summary a").first.click()
    expect(page.locator("#q-arrival_datetime-day")).to_be_focused()


def test_enter_in_a_field_continues_and_does_not_add_a_row(page_of: Open, stage: Stage) -> None:
    page = page_of("frontline_officer")
    page.goto(f"/case/{stage.cases[0]}/screening-1/step/arrival")
    page.fill("#q-arrival_place", "North beach")

    page.press("#q-arrival_place", "Enter")

    expect(page.locator(".govuk-error-summary")).to_be_visible()


def test_without_scripts_fear_is_recorded_all_the_same(page_of: Open, stage: Stage) -> None:
    page = page_of("frontline_officer", script=False, width=320)
    page.goto(f"/case/{stage.cases[1]}")

    page.click("text=Record at any time")
    page.click(".app-event--first a")
    page.locator("textarea").first.fill("They will kill me if I go back.")
    page.locator("input[type=radio]").first.check()
    for box, value in (("day", "1"), ("month", "3"), ("year", "2026"), ("time", "09:30")):
        field = page.locator(f"input[name$='-{box}']")
        if field.count():
            field.first.fill(value)
    page.locator("button[name=confirm].govuk-button").click()

    expect(page.locator(".app-done--done")).to_be_visible()


def test_without_scripts_a_table_grows_by_a_row_and_keeps_what_was_typed(page_of: Open, stage: Stage) -> None:
    page = page_of("frontline_officer", script=False)
    page.goto(f"/case/{stage.cases[2]}/screening-1/step/family?page=1")
    add = page.locator("button[name=row][value^='add:']")
    for number in range(2, 9):
        if add.count():
            break
        page.goto(f"/case/{stage.cases[2]}/screening-1/step/family?page={number}")
    rows = page.locator(".app-row").count()
    page.locator(".app-row input[type=text]").first.fill("Aunt Ulla")

    add.first.click()

    assert page.locator(".app-row").count() == rows + 1
    assert page.locator(".app-row input[type=text]").first.input_value() == "Aunt Ulla"
    page.locator("button[name=row][value^='remove:']").last.click()
    assert page.locator(".app-row").count() == rows


def test_the_list_of_the_day_prints_without_menus(page_of: Open) -> None:
    page = page_of("frontline_officer")
    page.goto("/work/print")
    page.emulate_media(media="print")

    expect(page.locator(".app-header")).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    assert "DEM-2026" in PdfReader(BytesIO(page.pdf())).pages[0].extract_text()


def test_the_language_is_switched_on_any_page(page_of: Open) -> None:
    page = page_of("frontline_officer")
    page.goto("/cases")

    page.click("text=Français")

    assert page.url.endswith("/cases")
    assert page.locator("html").get_attribute("lang") == "fr"
    expect(page.locator("h1")).to_have_text("Dossiers")


def test_a_hostile_name_stays_a_name(page_of: Open, stage: Stage) -> None:
    page = page_of("frontline_officer")
    fired: list[str] = []
    page.on("dialog", lambda dialog: fired.append(dialog.message))
    for part in ("", "/answers", "/timeline", "/people", "/documents"):
        page.goto(f"/case/{stage.cases[4]}{part}")

    assert fired == []
    assert "alert(1)" in page.locator(".app-identity__name").inner_text()


def test_an_issued_document_and_the_record_open_as_pdf(page_of: Open, stage: Stage) -> None:
    page = page_of("case_officer")
    page.goto(f"/case/{stage.played['M01 The radio presenter']}/documents")
    links = page.locator(".app-document__copies a")
    addresses = [links.nth(n).get_attribute("href") for n in range(links.count())]

    assert len(addresses) > 10
    for address in addresses:
        answer = page.request.get(str(address))
        assert answer.status == 200, address
        assert answer.headers["content-type"] == "application/pdf"
        assert len(PdfReader(BytesIO(answer.body())).pages) >= 1
