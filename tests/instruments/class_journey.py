"""A scenario played through the pages of the sandbox: trainees at their seats, colleagues by button, time by travel.

Each line of the expected path is done by the hands of the trainee who sits in its role, on ordinary pages of a case;
what nobody sits for is done by the script, and time passes because the trainer lets it pass for all.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Page

from sop_engine.service.rehearsal_stage import Difference
from sop_engine.service.training.attempts import stage_of
from sop_engine.service.training.desk import attempt_and_session, pack_of
from sop_engine.service.training.others import what_is_next
from sop_engine.service.worked_examples import Examples, Line
from sop_engine.store import training as rows
from sop_engine.training.acts import act_of_line, path_of, play_lines
from sop_engine.training.model import Pack, PathLine
from tests.instruments.browser import press
from tests.instruments.classroom import Classroom
from tests.instruments.journey import Journey
from tests.instruments.stage import Stage


class ClassJourney(Journey):
    """One class at its pages."""

    def __init__(self, browser: Browser, address: str, lesson: Classroom) -> None:
        svc = lesson.room.service
        super().__init__(browser, address, Stage(svc, lesson.room.clock, "", ""), Examples((), svc.library.parts))
        self.lesson = lesson
        self._usernames = {account: name.casefold() for name, account in lesson.accounts.items()}
        self._usernames[lesson.room.trainer.user] = "trainer"
        self._attempt = ""
        self._seats: dict[str, str] = {}
        self._later: list[Line] = []
        """Votes on questions that were not before the panel yet."""

    @property
    def trainer(self) -> Page:
        return self._page(self.lesson.room.trainer.user)

    def trainee(self, pseudonym: str) -> Page:
        return self._page(self.lesson.accounts[pseudonym])

    @property
    def board(self) -> str:
        return f"/training/class/{self.lesson.room.session.id}"

    def hand_out(self, pack: str, seats: dict[str, str]) -> str:
        """Hand a scenario to a team on the trainer's page: role → pseudonym. Everybody sits down. Returns it."""
        page = self.trainer
        self._goto(page, f"{self.board}/hand-out/{pack}")
        for role, pseudonym in seats.items():
            page.select_option(f"[name='seat-{role}']", self.lesson.accounts[pseudonym])
        press(page, "main form button[type=submit]")
        self._recorded(page)
        self._attempt = self._newest(page)
        for role, pseudonym in seats.items():
            mine = self.trainee(pseudonym)
            self._goto(mine, "/training")
            press(mine, f"form[action$='{self._attempt}/sit']:has(input[value='{role}']) button")
            assert "/training/exercise" in mine.url
        return self._attempt

    def _newest(self, page: Page) -> str:
        """The one attempt on the board whose story has not begun."""
        row = page.locator("tbody tr:has-text('Not begun') a").first
        return str(row.get_attribute("href")).rsplit("/", 1)[1]

    def play_path(self, attempt_id: str, *, until: Callable[[PathLine], bool] | None = None) -> None:
        """Play the expected path, or its beginning, on the pages."""
        svc = self.lesson.room.service
        attempt, session = attempt_and_session(svc, attempt_id)
        pack = pack_of(svc, attempt.pack)
        with svc.store.reading() as conn:
            seats = rows.seats(conn, attempt_id)
        self._attempt = attempt_id
        self._play = stage_of(svc, session, attempt)
        self._seats = {
            person: seat.trainee
            for person in pack.people
            for seat in seats
            if seat.trainee is not None and seat.role == (pack.team_of(person) or person)
        }
        for line in play_lines(path_of(pack, svc.library.parts)):
            if "votes" not in line.line.values:
                self._vote_on_what_came_up()
            if until is not None and until(line):
                return
            try:
                self._one(pack, line)
            except Difference as found:
                raise AssertionError(f"{line.line.span}: {found}") from None

    def _one(self, pack: Pack, line: PathLine) -> None:
        values = line.line.values
        who = str(values.get("by", ""))
        if line.asks:
            self._asks(pack, line)
        elif "wait" in values:
            self.let_pass(str(values["wait"]))
        elif who and who not in self._seats:
            if act_of_line(line.line) is not None:
                self._colleagues()
        else:
            for verb, act in self._by_hand.items():
                if verb in values and verb != "cannot":
                    act(line.line)
                    self.acts += 1
                    return

    def _votes(self, line: Line) -> None:
        """Vote on the questions that are before the panel now; a later one comes up when this one is answered."""
        page = self._seat(line, "votes")
        wanted = dict(line.values.get("with", {}))
        offered = [name for name in wanted if page.locator(f"[name='vote-{name}']").count()]
        for name in offered:
            page.check(f"[name='vote-{name}'][value='{wanted[name]}']")
        if line.values.get("reasons"):
            page.fill("#reasons", line.values["reasons"])
        press(page, "form[action$='/vote'] button[type=submit]")
        self._recorded(page)
        left = {name: vote for name, vote in wanted.items() if name not in offered}
        if left:
            self._later.append(Line({**line.values, "with": left}, line.span))

    def _vote_on_what_came_up(self) -> None:
        later, self._later = self._later, []
        for line in later:
            self._votes(line)

    def _asks(self, pack: Pack, line: PathLine) -> None:
        page = self._page(self._seats[str(line.line.values["by"])])
        self._goto(page, "/training/exercise/talk")
        if line.room is not None:
            for one in page.locator("[name='q-present']").all():
                one.set_checked(one.get_attribute("value") in line.room.present)
            page.check(f"[name=interpreter][value='{line.room.interpreter}']")
            press(page, "form[action$='/exercise/room'] button")
            self._recorded(page)
        for question in line.asks:
            said = page.locator(".app-exchange").count()
            page.check(f"[name=question][value='{question}']")
            press(page, "form:has([name=question]) button")
            assert page.locator(".app-exchange").count() == said + 1, self._words(page)
            assert pack.questions[question].ask in page.locator(".app-exchange").last.inner_text()

    def let_pass(self, length: str) -> None:
        """Let time pass on the trainer's board."""
        number, _, unit = length.partition(" ")
        page = self.trainer
        self._goto(page, self.board)
        page.fill("#number", number)
        page.select_option("#unit", unit if unit.endswith("s") else f"{unit}s")
        press(page, "form[action$='/travel'] button")
        self._recorded(page)

    def _colleagues(self) -> None:
        """Let the script do its part, when it is its turn."""
        if what_is_next(self.lesson.room.service, self._attempt).kind != "refused":
            return
        page = self._page(next(iter(self._seats.values())))
        self._goto(page, "/training/exercise")
        press(page, "form[action$='/exercise/colleagues'] button")
        self._recorded(page)

    def _mine(self, line: Line) -> Page:
        return self._page(self._seats[str(line.values.get("by", ""))])

    def finish(self, pseudonym: str) -> Page:
        """End the exercise on the page of a trainee; returns the page, at the debrief."""
        page = self.trainee(pseudonym)
        self._goto(page, "/training/exercise/finish")
        press(page, "main form button[type=submit]")
        assert re.search(r"/debrief$", page.url), page.url
        return page
