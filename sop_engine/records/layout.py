"""Arranging a paper on A4 pages: where each line, rule and square stands. Draws nothing and knows no PDF.

Positions are points from the upper left corner. Rows of facts and tables are split over pages line by line when they
must be, tables repeat their titles, and nothing is ever cut off: a word wider than its column is broken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import segno

from sop_engine.records import content
from sop_engine.records.content import Paper, Text, Voice
from sop_engine.records.diagram import Picture
from sop_engine.records.lines import Line, lines_of, widest_line, widest_word
from sop_engine.records.marks import HEIGHT, INK, WIDTH, Block, Bookmark, Drawing, Page, Squares, Words
from sop_engine.records.script import can_draw, printable

LEFT, RIGHT, TOP, BOTTOM = 48.0, WIDTH - 48.0, 84.0, HEIGHT - 62.0
BODY, SMALL, TINY = 9.5, 7.8, 6.2
LEADING = 1.42
"""Line distance for a letter size; Arabic marks stand high and hang low."""
FAINT, PALE, SHADE, ALARM = "#505a5f", "#b1b4b6", "#f3f2f1", "#8a1c0f"
PERSON_BAR, OFFICER_BAR = "#1d5c8a", "#b1b4b6"
HEADING_SIZES = {1: 14.0, 2: 11.5, 3: 10.0}
ZONE_SIZE, ZONE_ADVANCE, ZONE_LEADING = 11.0, 10.9, 20.0
"""The lines that machines read: letter size, room of one sign, distance of lines."""
TITLE_ROOM = 40.0
"""What a title needs above a picture."""
MOST_COLUMNS = 6
"""A table of more columns is written row by row, since its words would stand one letter a line."""


@dataclass(frozen=True, slots=True)
class _CellLine:
    line: Line
    size: float
    colour: str
    bar: str | None = None

    @property
    def height(self) -> float:
        return self.size * LEADING


@dataclass(frozen=True, slots=True)
class _Cell:
    x: float
    width: float
    lines: tuple[_CellLine, ...]

    @property
    def height(self) -> float:
        return sum(line.height for line in self.lines)


def laid_out(paper: Paper) -> tuple[Page, ...]:
    """Return the pages of a paper, with their headers and “page n of m”."""
    flow = _Flow(paper)
    flow.opening()
    for part, following in zip_longest(paper.parts, paper.parts[1:]):
        if isinstance(part, content.Heading) and isinstance(following, content.Diagram):
            flow.need(TITLE_ROOM + following.picture.height * _scale(following.picture))
        flow.part(part)
    for number, page in enumerate(flow.pages, 1):
        flow.margins(page, number)
    return tuple(flow.pages)


class _Flow:
    """The pages so far and how far down the last one is filled."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.pages: list[Page] = []
        self.y = TOP
        self.new_page()

    # Parts

    def part(self, part: content.Part) -> None:
        match part:
            case content.Heading():
                self.heading(part.words, part.level)
            case content.Paragraph():
                self.row([self.cell([part.text], LEFT, RIGHT - LEFT)], after=5)
            case content.Facts():
                self.facts(part.entries)
            case content.Table():
                self.table(part)
            case content.Signatures():
                self.signatures(part)
            case content.Law():
                self.law(part)
            case content.Notice():
                self.notice(part)
            case content.QrCode():
                self.square_code(part)
            case content.MachineReadableLines():
                self.machine_readable_lines(part.lines)
            case content.Diagram():
                self.diagram(part.picture)
            case content.PageBreak():
                self.new_page()

    def opening(self) -> None:
        """The title of the paper, for whom it is, and how the words of the person are told from those of officers."""
        paper = self.paper
        self.row([self.cell([Text(paper.title)], LEFT, RIGHT - LEFT, size=18, is_bold=True)], after=2)
        told = " · ".join(words for words in (paper.reference, paper.office) if words)
        if told:
            self.row([self.cell([Text(told)], LEFT, RIGHT - LEFT, size=BODY)], after=0)
        if paper.recipient:
            self.row([self.cell([Text(paper.recipient)], LEFT, RIGHT - LEFT, size=BODY, is_bold=True)], after=0)
        self.y += 4
        voices = _voices(paper)
        keys = [
            Text(words, voice)
            for voice, words in zip((Voice.PERSON, Voice.OFFICER), paper.voice_words, strict=True)
            if voice in voices
        ]
        if keys:
            self.row([self.cell(keys, LEFT, RIGHT - LEFT, size=SMALL, colour=FAINT)], after=2)
        self.block(LEFT, self.y, RIGHT - LEFT, 1.2, INK)
        self.y += 8

    def heading(self, words: str, level: int) -> None:
        size = HEADING_SIZES[level]
        cell = self.cell([Text(words)], LEFT, RIGHT - LEFT, size=size, is_bold=True)
        self.need(cell.height + 70)  # a title never stands alone at the foot of a page
        if self.y > TOP:
            self.y += 10 if level == 1 else 6
        self.page.bookmarks.append(Bookmark(words, level, self.y))
        self.row([cell], after=1 if level == 1 else 3)
        if level == 1:
            self.block(LEFT, self.y, RIGHT - LEFT, 0.6, PALE)
            self.y += 6

    def facts(self, entries: Sequence[content.Entry]) -> None:
        labels = (RIGHT - LEFT) * 0.34
        for entry in entries:
            cells = [
                self.cell([Text(entry.label)], LEFT, labels - 10, colour=FAINT),
                self.cell([entry.value], LEFT + labels, RIGHT - LEFT - labels, notes=entry.notes),
            ]
            self.row(cells, after=3)
            self.block(LEFT, self.y, RIGHT - LEFT, 0.3, PALE)
            self.y += 3
        self.y += 5

    def table(self, table: content.Table) -> None:
        if not table.rows:
            if table.empty:
                self.row([self.cell([Text(table.empty)], LEFT, RIGHT - LEFT, colour=FAINT)], after=6)
            return
        if len(table.columns) > MOST_COLUMNS:
            for number, row in enumerate(table.rows, 1):
                self.row([self.cell([Text(f"{number}.")], LEFT, RIGHT - LEFT, is_bold=True)], after=2)
                self.facts([content.Entry(title, text) for title, text in zip(table.columns, row, strict=True)])
            return
        widths = self.column_widths(table)
        lefts = [LEFT + sum(widths[:at]) for at in range(len(widths))]
        places = list(zip(lefts, widths, strict=True))

        def titles() -> None:
            cells = [
                self.cell([Text(title)], left + 3, width - 6, size=SMALL, is_bold=True)
                for title, (left, width) in zip(table.columns, places, strict=True)
            ]
            self.row(cells, before=3, after=3, fill=SHADE)

        self.need(60)
        titles()
        for row in table.rows:
            cells = [
                self.cell([text], left + 3, width - 6, size=SMALL)
                for text, (left, width) in zip(row, places, strict=True)
            ]
            self.row(cells, before=2, after=2, on_new_page=titles)
            self.block(LEFT, self.y, RIGHT - LEFT, 0.3, PALE)
        self.y += 8

    def law(self, law: content.Law) -> None:
        rows = tuple(
            (
                Text(f"{entry.provision}\n{entry.instrument}" if entry.instrument else entry.provision),
                Text(entry.says),
                Text(entry.mark),
            )
            for entry in law.entries
        )
        self.table(content.Table(law.columns, rows))

    def notice(self, notice: content.Notice) -> None:
        edge = {"remedy": PERSON_BAR, "care": INK}.get(notice.kind, ALARM)
        for words, is_bold, after in ((Text(notice.title), True, 0), (notice.text, False, 5)):
            if words.words:
                cell = self.cell([words], LEFT + 12, RIGHT - LEFT - 22, is_bold=is_bold)
                if is_bold:
                    self.need(cell.height + 30)
                self.row([cell], before=4 if is_bold else 0, after=after, fill=SHADE, edge=edge)
        self.y += 8

    def signatures(self, signatures: content.Signatures) -> None:
        half = (RIGHT - LEFT - 24) / 2
        for at in range(0, len(signatures.labels), 2):
            self.need(76)
            self.y += 40
            pair = signatures.labels[at : at + 2]
            cells = []
            for number, label in enumerate(pair):
                left = LEFT + number * (half + 24)
                self.block(left, self.y, half, 0.6, INK)
                cell = self.cell([Text(label)], left, half, is_bold=True)
                hint = self.cell([Text(signatures.hint)], left, half, size=SMALL, colour=FAINT)
                cells.append(_Cell(left, half, cell.lines + (hint.lines if signatures.hint else ())))
            self.row(cells, before=3, after=4)
        self.y += 6

    def square_code(self, code: content.QrCode) -> None:
        made = segno.make(code.token, error="m", micro=False)
        size = 78.0
        self.need(size + 8)
        self.page.marks.append(
            Squares(LEFT, self.y, size, tuple(tuple(int(one) for one in row) for row in made.matrix))
        )
        top = self.y
        if code.caption:
            self.y += size / 2 - 8
            self.row([self.cell([Text(code.caption)], LEFT + size + 14, 300, size=SMALL, colour=FAINT)], after=0)
        self.y = max(self.y, top + size) + 10

    def machine_readable_lines(self, lines: Sequence[str]) -> None:
        """Set every sign in the middle of a room of the same width; no font of fixed width is installed."""
        self.need(len(lines) * ZONE_LEADING + 24)
        self.block(LEFT, self.y, RIGHT - LEFT, len(lines) * ZONE_LEADING + 16, SHADE)
        for line in lines:
            self.y += ZONE_LEADING
            for at, sign in enumerate(line):
                set_sign = lines_of(sign, 10.0, False)[0]
                inset = (ZONE_ADVANCE - set_sign.advance * ZONE_SIZE) / 2
                self.page.marks.append(Words(LEFT + 8 + at * ZONE_ADVANCE + inset, self.y, set_sign, ZONE_SIZE))
        self.y += 24

    def diagram(self, picture: Picture) -> None:
        scale = _scale(picture)
        self.need(picture.height * scale)
        left = LEFT + (RIGHT - LEFT - picture.width * scale) / 2
        self.page.marks.append(Drawing(left, self.y, scale, picture))
        self.y += picture.height * scale + 8

    # Rows and pages

    def cell(
        self,
        texts: Sequence[Text],
        x: float,
        width: float,
        *,
        size: float = BODY,
        is_bold: bool = False,
        colour: str = INK,
        notes: Sequence[Text] = (),
    ) -> _Cell:
        lines: list[_CellLine] = []
        for text, letters, ink in [*((t, size, colour) for t in texts), *((n, SMALL, FAINT) for n in notes)]:
            bar = {Voice.PERSON: PERSON_BAR, Voice.OFFICER: OFFICER_BAR}.get(text.voice) if text.words else None
            room = width - 8 if bar else width
            for line in lines_of(self.printable(text.words), room / letters, is_bold):
                lines.append(_CellLine(line, letters, ink, bar))
        return _Cell(x, width, tuple(lines))

    def row(
        self,
        cells: Sequence[_Cell],
        *,
        before: float = 0,
        after: float = 0,
        fill: str | None = None,
        edge: str | None = None,
        on_new_page: Callable[[], None] | None = None,
    ) -> None:
        """Set cells side by side. A row that does not fit goes to the next page; one of half a page is split."""
        whole = max((cell.height for cell in cells), default=0) + before + after
        if self.y + whole > BOTTOM and whole <= (BOTTOM - TOP) / 2:
            self.new_page()
            if on_new_page is not None:
                on_new_page()
        left = [list(cell.lines) for cell in cells]
        while True:
            taken = [_fitting(lines, BOTTOM - self.y - before - after) for lines in left]
            is_stuck = not any(taken) and any(left)
            if not is_stuck:
                deep = max((sum(line.height for line in lines) for lines in taken), default=0)
                if fill is not None:
                    self.block(LEFT, self.y, RIGHT - LEFT, before + deep + after, fill)
                if edge is not None:
                    self.block(LEFT, self.y, 4, before + deep + after, edge)
                for cell, lines in zip(cells, taken, strict=True):
                    self.set_lines(cell, lines, self.y + before)
                self.y += before + deep + after
            left = [lines[len(used) :] for lines, used in zip(left, taken, strict=True)]
            if not any(left):
                return
            self.new_page()
            if on_new_page is not None:
                on_new_page()

    def set_lines(self, cell: _Cell, lines: Sequence[_CellLine], top: float) -> None:
        for one in lines:
            inset = 0.0
            if one.bar is not None:
                inset = 8.0
                thickness = 2.2 if one.bar == PERSON_BAR else 0.8
                self.block(cell.x, top, thickness, one.height, one.bar)
            room = cell.width - inset
            x = cell.x + inset + (room - one.line.advance * one.size if one.line.is_at_right else 0)
            self.page.marks.append(Words(x, top + one.size * 1.05, one.line, one.size, one.colour))
            top += one.height

    def column_widths(self, table: content.Table) -> list[float]:
        """Give each column what its words need, and share what is left, so that no column stands one letter a line."""
        room, pad = RIGHT - LEFT, 7.0
        most = room / len(table.columns)
        least, wanted = [], []
        for at, title in enumerate(table.columns):
            words = [self.printable(row[at].words) for row in table.rows]
            bars = 8.0 if any(row[at].voice is not Voice.DEFINITION for row in table.rows) else 0.0
            title_word = widest_word(title, is_bold=True)
            word = max([title_word, *(widest_word(one) for one in words)])
            line = max([title_word, *(widest_line(one) for one in words)])
            least.append(min(word * SMALL + pad + bars, most))
            wanted.append(min(line * SMALL + pad + bars, room * 0.75))
        spare = room - sum(least)
        wishes = [max(want - need, 0.0) for want, need in zip(wanted, least, strict=True)]
        if sum(wishes) <= spare:
            rest = (spare - sum(wishes)) / len(least)
            return [need + wish + rest for need, wish in zip(least, wishes, strict=True)]
        return [need + spare * wish / sum(wishes) for need, wish in zip(least, wishes, strict=True)]

    def printable(self, words: str) -> str:
        if can_draw(words):
            return words
        known = words
        for original, latin in self.paper.transliterations.items():
            known = known.replace(original, latin) if original else known
        return printable(words, known, note=self.paper.on_file_words)

    @property
    def page(self) -> Page:
        return self.pages[-1]

    def block(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.page.marks.append(Block(x, y, width, height, colour))

    def new_page(self) -> None:
        self.pages.append(Page(has_watermark=self.paper.is_training))
        self.y = TOP

    def need(self, height: float) -> None:
        if self.y + height > BOTTOM and self.y > TOP:
            self.new_page()

    def margins(self, page: Page, number: int) -> None:
        paper = self.paper
        right = self.printable(paper.reference)
        room = RIGHT - LEFT - widest_line(right, is_bold=True) * SMALL - 20
        self.say(page, LEFT, 40, self.printable(paper.office), SMALL, FAINT, room=RIGHT - LEFT)
        self.say(page, LEFT, 54, self.printable(paper.title), SMALL, INK, is_bold=True, room=max(room, 150))
        self.say(page, RIGHT, 54, right, SMALL, INK, is_bold=True, at_right=True)
        if paper.is_training:
            self.say(page, RIGHT, 40, paper.training_words, SMALL, ALARM, is_bold=True, at_right=True)
        page.marks.append(Block(LEFT, 62, RIGHT - LEFT, 0.6, INK))
        page.marks.append(Block(LEFT, HEIGHT - 50, RIGHT - LEFT, 0.6, PALE))
        pages = paper.page_words.format(page=number, pages=len(self.pages))
        self.say(page, RIGHT, HEIGHT - 36, pages, SMALL, INK, at_right=True)
        if paper.set_digest:
            self.say(page, LEFT, HEIGHT - 38, paper.edition_words.format(digest=paper.set_digest), TINY, FAINT)
        if paper.chain_head:
            self.say(page, LEFT, HEIGHT - 29, paper.chain_words.format(head=paper.chain_head), TINY, FAINT)

    def say(
        self,
        page: Page,
        x: float,
        baseline: float,
        words: str,
        size: float,
        colour: str,
        *,
        is_bold: bool = False,
        at_right: bool = False,
        room: float = 400.0,
    ) -> None:
        """Write one line in a margin; what does not fit ends in an ellipsis: the whole is on the first page."""
        found = lines_of(words, room / size, is_bold)
        line = found[0]
        if len(found) > 1:
            while words and widest_line(words + "…", is_bold=is_bold) * size > room:
                words = words[:-1]
            line = lines_of(words + "…", room / size + 1, is_bold)[0]
        left = x - line.advance * size if at_right else x
        page.marks.append(Words(left, baseline, line, size, colour))


def _scale(picture: Picture) -> float:
    """The largest scale at which a picture fits on one page under its title; never enlarged."""
    room = BOTTOM - TOP - TITLE_ROOM
    return min(1.0, (RIGHT - LEFT) / max(picture.width, 1.0), room / max(picture.height, 1.0))


def _fitting(lines: list[_CellLine], room: float) -> list[_CellLine]:
    taken: list[_CellLine] = []
    for line in lines:
        room -= line.height
        if room < 0:
            break
        taken.append(line)
    return taken


def _voices(paper: Paper) -> set[Voice]:
    found: set[Voice] = set()
    for part in paper.parts:
        match part:
            case content.Paragraph() | content.Notice():
                found.add(part.text.voice)
            case content.Facts():
                for entry in part.entries:
                    found |= {entry.value.voice, *(note.voice for note in entry.notes)}
            case content.Table():
                found |= {text.voice for row in part.rows for text in row}
    return found
