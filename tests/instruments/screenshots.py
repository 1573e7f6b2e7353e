"""Take a picture of every page at the width of a desk and of a telephone: ``python -m tests.instruments.screenshots``.

The pictures are for people: look at them after every change of a page. They go to ``build/screenshots``.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from sop_engine.service.open_case import open_cases
from tests.instruments.browser import chromium, served, sign_in
from tests.instruments.stage import PASSWORD, ROOT, Stage, build_stage, open_stage, the_set

OUT = ROOT / "build" / "screenshots"
WIDTHS = (1280, 320)


def main() -> int:
    """Build a stage and take the pictures; arguments narrow to pages whose name contains one of them."""
    OUT.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        definition = the_set()
        build_stage(Path(folder), definition)
        stage = open_stage(Path(folder), definition)
        with served(stage.app()) as address, chromium() as browser:
            for name, role, path, act in pages(stage):
                if not wanted or any(part in name for part in wanted):
                    _take(browser, address, stage, name, role, path, act)
        stage.close()
    print(f"Pictures are in {OUT.relative_to(ROOT)}.")
    return 0


def pages(stage: Stage) -> Iterator[tuple[str, str | None, str, str]]:
    """Yield (name, role, path, what to press) of every page."""
    supervisor, officer = "case_supervisor", "frontline_officer"
    early, _stuck, long_name, arabic, hostile, *later = stage.cases
    yield "sign-in", None, "/sign-in", ""
    yield "sign-in-refused", None, "/sign-in", "main button[type=submit]"
    yield "my-work", officer, "/", ""
    yield "my-work-empty", "policy_officer", "/", ""
    yield "my-work-print", officer, "/work/print", ""
    yield "cases", supervisor, "/cases", ""
    yield "cases-filtered", supervisor, "/cases?machine=screening&sort=newest", ""
    yield "find", officer, "/find", ""
    yield "find-error", officer, "/find", "main button[type=submit]"
    yield "open", officer, "/open", ""
    yield "boat", officer, "/open/boat", ""
    yield "boat-error", officer, "/open/boat", "main .govuk-button:last-of-type"
    yield "case-new", officer, f"/case/{early}", ""
    yield "case-long-name", officer, f"/case/{long_name}", ""
    yield "case-arabic", officer, f"/case/{arabic}", ""
    yield "case-hostile", supervisor, f"/case/{hostile}", ""
    yield "case-late", supervisor, f"/case/{later[-1]}", ""
    yield "answers", officer, f"/case/{later[-1]}/answers", ""
    yield "timeline", officer, f"/case/{later[-1]}/timeline", ""
    yield "family", officer, f"/case/{later[-1]}/family", ""
    yield "then", officer, f"/case/{later[-1]}/at/12", ""
    yield "documents", officer, f"/case/{later[-1]}/documents", ""
    yield "people", officer, f"/case/{later[-1]}/people", ""
    yield "any-time", officer, f"/case/{early}/any-time", ""
    yield "any-time-fear", officer, f"/case/{early}/case-1/do/signal_fear", ""
    yield "step", officer, f"/case/{early}/screening-1/step/arrival", ""
    yield "step-error", officer, f"/case/{early}/screening-1/step/arrival", "main [name=continue].govuk-button"
    yield "step-check", officer, f"/case/{early}/screening-1/step/arrival?page=check", ""
    yield "step-table", officer, f"/case/{early}/screening-1/step/family?page=1", ""
    yield "act-closed", officer, f"/case/{early}/screening-1/do/start", ""
    tie = stage.played["A tie is never a refusal"]
    detained = stage.played["Detention, a missed review and release by the system"]
    recognised = stage.played["M01 The radio presenter"]
    yield "docket", "committee_chair", "/committee", ""
    yield "committee-room", "committee_chair", f"/case/{tie}/decision-1/committee", ""
    yield (
        "committee-room-member",
        "committee_member_2",
        f"/case/{tie}/decision-1/committee",
        "",
    )
    yield "committee-case", "committee_chair", f"/case/{tie}", ""
    yield "liberty-case", "detention_authority", f"/case/{detained}/liberty", ""
    yield "liberty-overview", "detention_authority", f"/case/{detained}", ""
    yield "recognised", "case_supervisor", f"/case/{recognised}", ""
    yield "recognised-answers", "case_officer", f"/case/{recognised}/answers", ""
    yield "recognised-documents", "case_officer", f"/case/{recognised}/documents", ""
    yield "cases-many", "case_supervisor", "/cases", "200"
    yield "my-work-many", officer, "/", "200"
    yield "appeals", "appeal_registrar", "/appeals", ""
    yield "liberty", "reception_officer", "/liberty", ""
    yield "procedures", officer, "/procedures", ""
    yield "procedure", officer, "/procedures/screening?here=arrived", ""
    yield "paper-file", "screening_supervisor", "/paper-file", ""
    yield "paper-file-enter", "screening_supervisor", "/paper-file/decision", "main .govuk-button"
    yield "region", "policy_officer", "/region", ""
    yield "region-compare", "policy_officer", "/region/compare", ""
    yield "editions", "policy_officer", "/editions", ""
    yield "edition-drafted", "policy_officer", "/editions", "main .govuk-button"
    yield "quality", "qa_lead", "/quality", ""
    yield "admin", "administrator", "/admin", ""
    yield "admin-account-new", "administrator", "/admin/account/new", "main .govuk-button"
    yield "help", None, "/help", ""
    yield "about", None, "/about", ""
    yield "privacy", None, "/privacy", ""
    yield "accessibility", None, "/accessibility", ""
    yield "not-found", officer, "/case/00000000000000000000000000000000", ""


def _take(browser: Browser, address: str, stage: Stage, name: str, role: str | None, path: str, act: str) -> None:
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 900})
    page: Page = context.new_page()
    if role:
        sign_in(page, address, stage.usernames[role], PASSWORD)
    if act.isdecimal():
        open_cases(
            stage.service, stage.reader("frontline_officer"), machine="screening", count=int(act), form_token="0" * 32
        )
    page.goto(f"{address}{path}")
    if act and not act.isdecimal():
        page.locator(act).last.click()
        page.wait_for_load_state()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=OUT / f"{re.sub(r'[^a-z-]', '', name)}-{width}.png", full_page=True)
    context.close()


if __name__ == "__main__":
    sys.exit(main())
