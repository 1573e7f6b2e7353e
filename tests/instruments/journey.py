"""A worked example played through the pages: each act is done by the hands of the person who does it in the example.

What the example only tells to get somewhere can be played through the use cases instead; expectations are read from the
case itself. It stops at the first difference, with the words of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from sop_engine.definition.model import Question, Step
from sop_engine.service import accounts, rehearse
from sop_engine.service.rehearsal_stage import Difference, Stage
from sop_engine.service.views import Reader
from sop_engine.service.worked_examples import Example, Examples, Line
from tests.instruments import stage as stages
from tests.instruments.browser import press, sign_in

PRIMARY = "main form button.govuk-button[name=continue], main form button.govuk-button[name=confirm]"
CONFIRM = "main form:has(input[name=stage][value=check]) button[type=submit]"
MOST_PAGES = 60


class Journey:
    """One example on its way through the pages."""

    def __init__(self, browser: Browser, address: str, stage: stages.Stage, examples: Examples) -> None:
        self._browser = browser
        self._address = address
        self._stage = stage
        self._parts = examples.parts
        self._zone = ZoneInfo(stage.service.current.calendar.time_zone)
        self._pages: dict[str, Page] = {}
        self._open = ExitStack()
        self._usernames: dict[str, str] = {}
        self._by_service: frozenset[str] = frozenset()
        self._by_hand: dict[str, Callable[[Line], None]] = {
            "answers": self._answers,
            "does": self._does,
            "cannot": self._cannot,
            "opens": self._opens,
            "sits": self._sits,
            "opens_file": self._opens_file,
            "votes": self._votes,
            "recuses": self._recuses,
        }
        self.acts = 0
        """How many acts were done by hand."""

    def close(self) -> None:
        self._open.close()

    @property
    def case_id(self) -> str:
        return self._play.case_id

    def papers(self, role: str) -> list[tuple[str, str]]:
        """Return (title, text) of every paper on the page of documents, opened as PDF by somebody with this role."""
        reader = next(r for r in self._play.readers.values() if role in r.roles)
        page = self._page(reader.user)
        self._goto(page, f"/case/{self.case_id}/documents")
        found = []
        for paper in page.locator(".app-document").all():
            title = paper.locator("h2").inner_text()
            for link in paper.locator("a").all():
                answer = page.request.get(str(link.get_attribute("href")))
                text = "".join(one.extract_text() for one in PdfReader(BytesIO(answer.body())).pages)
                found.append((title, text))
        return found

    def play(self, example: Example, *, by_service: frozenset[str] = frozenset()) -> None:
        """Play an example; the parts that ``by_service`` names go through the use cases."""
        readers = {name: self._person(name, roles) for name, roles in example.people.items()}
        self._by_service = by_service
        self._play = Stage(self._stage.service, self._stage.clock.set, readers, self._parts)
        began = datetime.fromisoformat(example.at).replace(tzinfo=self._zone).astimezone(UTC)
        self._play.began = began
        self._stage.clock.set(began)
        if example.opens:
            self._open_case(example, readers)
        self._lines(example.lines)

    def _person(self, name: str, roles: tuple[str, ...]) -> Reader:
        account = accounts.add_account(
            self._stage.service,
            username=f"story-{name}",
            person_name=f"{name.title()} Story",
            password_hash=stages.QUICK.hash(stages.PASSWORD),
            office=self._stage.office,
            roles=roles,
            by="story",
        )
        self._usernames[account.id] = account.username
        return accounts.reader_of(account, self._stage.office)

    def _open_case(self, example: Example, readers: Mapping[str, Any]) -> None:
        if example.opens == "screening":
            opener = next(r for r in readers.values() if "frontline_officer" in r.roles)
            page = self._page(opener.user)
            self._goto(page, "/open")
            press(page, "main form button[type=submit]")
            self._play.case_id = page.url.split("/case/")[1].split("/")[0].split("?")[0]
            self.acts += 1
        else:
            # A paper file, or one that starts in the middle: the page for that is another example's matter.
            played = rehearse.play(
                self._stage.service,
                Example(example.name, "", example.at, example.people, example.opens, (), example.span),
                parts={},
                readers=dict(readers),
                set_clock=self._stage.clock.set,
            )
            self._play.case_id = played.case_id

    def _lines(self, lines: tuple[Line, ...]) -> None:
        for line in lines:
            try:
                self._line(line)
            except Difference as found:
                raise AssertionError(f"{line.span}: {found}") from None

    def _line(self, line: Line) -> None:
        if "part" in line.values and line.values["part"] not in self._by_service:
            before = self._play.who
            given = line.values.get("people", {})
            self._play.who = {alias: before.get(person, person) for alias, person in given.items()}
            self._lines(self._parts[line.values["part"]])
            self._play.who = before
            return
        for verb, act in self._by_hand.items():
            if verb in line.values and "part" not in line.values:
                act(line)
                self.acts += 1
                return
        rehearse.play_line(self._play, line)

    # --- what hands do ---------------------------------------------------------------------------------------------

    def _answers(self, line: Line) -> None:
        machine, name = line.values["answers"].split(".")
        place = self._play.place(machine, line.values.get("key"))
        step = self._stage.service.current.machines[machine].steps[name]
        page = self._mine(line)
        self._goto(page, f"/case/{self.case_id}/{place.id}/step/{name}?page=1")
        answers = self._play.answers(step, line.values.get("with", {}))
        self._through(page, step, answers)
        there = self._play.case().proceeding(place.id)
        for question, answer in answers.items():
            if there.latest_answer(name, question) != answer:
                kept = there.latest_answer(name, question)
                raise Difference(f"{name}.{question} was typed as {answer!r} and is on file as {kept!r}")

    def _does(self, line: Line) -> None:
        page, step, answers = self._at_act(line, "does")
        self._through(page, step, answers)

    def _cannot(self, line: Line) -> None:
        machine, name = line.values["cannot"].split(".")
        declared = self._stage.service.current.machines[machine]
        try:
            if name in declared.steps and name not in declared.transitions:
                self._answers(Line({**line.values, "answers": line.values["cannot"]}, line.span))
            else:
                page, step, answers = self._at_act(line, "cannot")
                self._through(page, step, answers)
        except Difference as refused:
            because = str(line.values.get("because", ""))
            if because.casefold() not in str(refused).casefold():
                raise Difference(f"refused, but not because “{because}”: {refused}") from None
            return
        raise Difference(f"{line.values['cannot']} was accepted; it must be refused")

    def _at_act(self, line: Line, verb: str) -> tuple[Page, Step | None, dict[str, Any]]:
        machine, name = line.values[verb].split(".")
        declared = self._stage.service.current.machines[machine]
        transition = declared.transitions[name]
        key = line.values.get("key")
        newest = self._play.case().newest(machine, key)
        starts = transition.from_new and (newest is None or newest.state not in transition.from_states)
        place = f"new {machine}" + (f" {key}" if key else "") if starts else self._play.place(machine, key).id
        step = declared.steps[transition.asks] if transition.asks else None
        written = line.values.get("with", {})
        page = self._mine(line)
        self._goto(page, f"/case/{self.case_id}/{place}/do/{name}?page=1")
        return page, step, self._play.answers(step, written) if step else {}

    def _opens(self, line: Line) -> None:
        page = self._mine(line)
        key = line.values.get("key")
        self._goto(page, f"/case/{self.case_id}/begin/{line.values['opens']}" + (f"?key={key}" if key else ""))
        press(page, "main form button[type=submit]")
        self._recorded(page)

    def _room(self, line: Line, verb: str) -> Page:
        place, _panel = rehearse_panel(self._play, line, verb)
        page = self._mine(line)
        self._goto(page, f"/case/{self.case_id}/{place}/committee")
        return page

    def _seat(self, line: Line, verb: str) -> Page:
        page = self._room(line, verb)
        as_chair = line.values.get("as") == "chair" or page.locator("dd:has-text('not taken')").count() > 0
        chair, member = page.locator("button[name=as][value=chair]"), page.locator("button[name=as][value=member]")
        if chair.count() and as_chair:
            press(page, "button[name=as][value=chair]")
            self._recorded(page)
        elif member.count():
            press(page, "button[name=as][value=member]")
            self._recorded(page)
        return page

    def _sits(self, line: Line) -> None:
        self._seat(line, "sits")

    def _opens_file(self, line: Line) -> None:
        page = self._seat(line, "opens_file")
        press(page, "form[action$='/open-file'] button")
        self._recorded(page)

    def _votes(self, line: Line) -> None:
        page = self._seat(line, "votes")
        for question, vote in line.values.get("with", {}).items():
            page.check(f"input[name='vote-{question}'][value='{vote}']")
        if line.values.get("reasons"):
            page.fill("#reasons", line.values["reasons"])
        press(page, "form[action$='/vote'] button[type=submit]")
        self._recorded(page)

    def _recuses(self, line: Line) -> None:
        page = self._room(line, "recuses")
        page.click("summary:has-text('Step back')")
        page.fill("#ground", line.values.get("reasons", ""))
        press(page, "form[action$='/recuse'] button")
        self._recorded(page)

    # --- pages -----------------------------------------------------------------------------------------------------

    def _through(self, page: Page, step: Step | None, answers: Mapping[str, Any]) -> None:
        """Answer page after page, check, confirm. Raises Difference with the words of the page that stops it."""
        seen: list[str] = []
        for _ in range(MOST_PAGES):
            if page.locator(CONFIRM).count():
                if page.locator("#considered").count():
                    page.check("#considered")
                press(page, CONFIRM)
                self._recorded(page)
                return
            if not page.locator(PRIMARY).count():
                raise Difference(self._words(page))
            names = page.eval_on_selector_all("[name^='q-']", "found => found.map(one => one.name)")
            asked = dict.fromkeys(name.split("-")[1] for name in names)
            for name in asked:
                if step is not None and name in answers:
                    self._fill(page, f"q-{name}", step.questions[name], answers[name])
            at = page.url
            press(page, PRIMARY)
            if page.locator(".govuk-error-summary").count():
                raise Difference(self._words(page))
            if page.locator(".app-done--done").count():
                return
            seen.append(at)
        raise Difference(f"no end after {MOST_PAGES} pages: {seen[-3:]}")

    def _fill(self, page: Page, name: str, question: Question, value: Any) -> None:
        for act in _fillings(name, question, value, self._zone):
            act(page)

    def _recorded(self, page: Page) -> None:
        if not page.locator(".app-done--done").count():
            raise Difference(self._words(page))

    def _words(self, page: Page) -> str:
        for details in page.locator("main details:not([open]) > summary").all():
            details.click()
        return page.locator("main").inner_text()

    def _mine(self, line: Line) -> Page:
        return self._page(self._play.reader(line).user)

    def _page(self, user: str) -> Page:
        if user not in self._pages:
            # Without scripts and styles: the pages work that way too, and a journey is long.
            context = self._browser.new_context(base_url=self._address, java_script_enabled=False)
            context.route("**/static/**", lambda route: route.abort())
            self._open.callback(context.close)
            self._pages[user] = context.new_page()
            sign_in(self._pages[user], self._address, self._usernames[user], stages.PASSWORD)
        return self._pages[user]

    def _goto(self, page: Page, path: str) -> None:
        page.goto(path)
        if "/sign-in" in page.url:
            # The session ended while time passed in the story.
            user = next(u for u, found in self._pages.items() if found is page)
            sign_in(page, self._address, self._usernames[user], stages.PASSWORD)
            page.goto(path)


def rehearse_panel(play: Stage, line: Line, verb: str) -> tuple[str, str]:
    """Return (proceeding, panel) that a line about a panel means."""
    named = line.values[verb]
    machine = named.split(".")[0]
    panels = play.svc.current.machines[machine].panels
    return play.place(machine, line.values.get("key")).id, named.split(".")[1] if "." in named else next(iter(panels))


Filling = Callable[[Page], Any]


def _fillings(name: str, question: Question, value: Any, zone: ZoneInfo) -> Iterator[Filling]:
    """Yield what hands do to fill a field with an answer."""

    def text(part: str, words: str) -> Filling:
        return lambda page: page.fill(f"[name='{name}{part}']", words)

    def tick(chosen: str, part: str = "") -> Filling:
        return lambda page: page.check(f"[name='{name}{part}'][value='{chosen}']")

    def choose(page: Page) -> None:
        if page.locator(f"select[name='{name}']").count():
            page.select_option(f"[name='{name}']", value)
        else:
            page.check(f"[name='{name}'][value='{value}']")

    if isinstance(value, str) and value in question.may_be and value not in question.choices:
        beside = question.answer not in ("yes_no", "choice", "many")
        yield tick(value, "-instead") if beside else choose
        return
    match question.answer:
        case "yes_no" | "choice":
            yield choose
        case "many":
            yield lambda page: _many(page, name, value)
        case "date":
            for part, words in zip(("year", "month", "day"), str(value).split("-"), strict=False):
                yield text(f"-{part}", words)
        case "moment":
            local = datetime.fromisoformat(str(value)).astimezone(zone)
            for part, words in (("day", local.day), ("month", local.month), ("year", local.year)):
                yield text(f"-{part}", str(words))
            yield text("-time", f"{local:%H:%M}")
        case "person":
            for part, words in dict(value).items():
                yield text(f"-{part}", words)
        case "table":
            yield lambda page: _table(page, name, question, value, zone)
        case "file":
            yield lambda page: page.set_input_files(
                f"[name='{name}']", {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
            )
        case _words:
            yield text("", str(value))


def _many(page: Page, name: str, values: Any) -> None:
    wanted = [values] if isinstance(values, str) else list(values)
    if not page.locator(f"select[name='{name}']").count():
        for box in page.locator(f"input[name='{name}']").all():
            box.set_checked(box.get_attribute("value") in wanted)
        return
    for number, code in enumerate(wanted):
        if number >= page.locator(f"select[name='{name}']").count():
            press(page, f"button[name=row][value='add:{name}']")
        page.locator(f"select[name='{name}']").nth(number).select_option(code)


def _table(page: Page, name: str, question: Question, rows: Any, zone: ZoneInfo) -> None:
    for number, row in enumerate(rows):
        if number >= int(page.input_value(f"[name='{name}-rows']")):
            press(page, f"button[name=row][value='add:{name}']")
        for column, cell in row.items():
            for act in _fillings(f"{name}-{number}-{column}", question.columns[column], cell, zone):
                act(page)
