"""Papers as files: what is on their pages, whatever the name, the table or the case."""

from __future__ import annotations

import io

import pypdf
import pytest
from PIL import ImageChops

from sop_engine.records.content import (
    Diagram,
    Entry,
    Facts,
    Heading,
    Notice,
    PageBreak,
    Paragraph,
    QrCode,
    Signatures,
    Table,
    Text,
    Voice,
)
from sop_engine.records.diagram import picture_of
from sop_engine.records.pdf import pdf
from tests.unit.records.example import HEARING
from tests.unit.records.reading import bytes_of, image_of, page_count, paper, seen_text_of, text_of


def name(words: str) -> Facts:
    return Facts((Entry("Name", Text(words)),))


def test_the_same_paper_gives_the_same_bytes() -> None:
    made = paper(Heading("Title"), name("محمد علي"), QrCode("token"), Signatures(("Officer",)))

    assert pdf(made) == pdf(made)


def test_an_empty_paper_is_one_page_with_its_margins() -> None:
    made = paper()

    said = text_of(made)
    assert page_count(made) == 1
    assert "Page 1 of 1" in said
    assert "TST-2026-000007" in said
    assert f"Edition {'d1' * 32}" in said
    assert f"Chain head {'ab' * 32}" in said


def test_every_page_carries_title_number_and_count() -> None:
    made = paper(Paragraph(Text("one")), PageBreak(), Paragraph(Text("two")))

    pages = pypdf.PdfReader(io.BytesIO(pdf(made))).pages
    for number, page in enumerate(pages, 1):
        said = page.extract_text()
        assert "Invented paper" in said
        assert f"Page {number} of 2" in said


def test_the_file_is_in_the_language_of_the_paper_and_its_properties_name_nobody() -> None:
    file = pypdf.PdfReader(io.BytesIO(pdf(paper(name("Amina Ejemplo"), language="es"))))

    assert file.trailer["/Root"]["/Lang"] == "es"
    assert file.metadata is not None
    assert file.metadata.title == "Invented paper TST-2026-000007"
    assert "Amina" not in str(dict(file.metadata))


@pytest.mark.parametrize("words", ["Ana María Núñez", "Όλγα Παπαδοπούλου", "Іван Їжакевич", "Əli Şıxlı"])
def test_names_in_latin_greek_and_cyrillic_can_be_searched(words: str) -> None:
    assert words in text_of(paper(name(words)))


def test_arabic_names_can_be_searched_and_copied() -> None:
    assert "محمد علي" in seen_text_of(paper(name("محمد علي")))


def test_a_han_name_is_its_transliteration() -> None:
    made = paper(name("李小龙 (brother)"), transliterations={"李小龙": "Li Xiaolong"})

    assert "Li Xiaolong (brother) (original script on file)" in text_of(made)


def test_an_arabic_name_looks_as_harfbuzz_shapes_it() -> None:
    """The picture is compared, since a wrongly ordered name has the same text."""
    import uharfbuzz as hb
    from PIL import Image, ImageDraw

    from sop_engine.records.fonts import font_path

    # given: what the page shows, cut to its ink
    words = "محمد علي الحسن"
    shown = image_of(paper(Paragraph(Text(words)), title="-", reference="", office="", recipient=""), scale=8)
    ink = ImageChops.invert(shown.crop(((40 * 8), (120 * 8), (550 * 8), (160 * 8))))
    found = ink.crop(ink.getbbox())

    # and: the same name set by HarfBuzz itself, glyph by glyph, as polygons
    face = hb.Face(hb.Blob.from_file_path(str(font_path("NotoSansArabic-Regular"))))
    font, buffer = hb.Font(face), hb.Buffer()
    buffer.add_str(words)
    buffer.guess_segment_properties()
    hb.shape(font, buffer)
    expected = Image.new("L", (6000, 2000), 0)
    draw, pen = ImageDraw.Draw(expected), 100.0
    for sign, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        for contour in contours(font, sign.codepoint):
            points = [((pen + place.x_offset + x) * 0.8, 1200 - (place.y_offset + y) * 0.8) for x, y in contour]
            draw.polygon(points, fill=255)
        pen += place.x_advance
    wanted = expected.crop(expected.getbbox()).resize(found.size)

    # then: the ink of each column stands where it should
    width, height = found.size
    columns = found.resize((60, 1), Image.Resampling.BOX).get_flattened_data()
    target = wanted.resize((60, 1), Image.Resampling.BOX).get_flattened_data()
    assert width > 4 * height
    difference = sum(abs(one - other) for one, other in zip(columns, target, strict=True)) / sum(target)
    assert difference < 0.12, difference

    # and: a name whose words or letters stand in reversed order does not pass
    mirrored = list(target)[::-1]
    assert sum(abs(one - other) for one, other in zip(columns, mirrored, strict=True)) / sum(target) > 0.3


def contours(font: object, glyph: int) -> list[list[tuple[float, float]]]:
    """The outline of a glyph as polygons; curves are cut into short lines."""
    import uharfbuzz as hb

    found: list[list[tuple[float, float]]] = []
    draw = hb.DrawFuncs()
    draw.set_move_to_func(lambda x, y, _: found.append([(x, y)]))
    draw.set_line_to_func(lambda x, y, _: found[-1].append((x, y)))

    def curve(cx: float, cy: float, x: float, y: float, _: object) -> None:
        start = found[-1][-1]
        for part in range(1, 9):
            t = part / 8
            a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
            found[-1].append((a * start[0] + b * cx + c * x, a * start[1] + b * cy + c * y))

    draw.set_quadratic_to_func(curve)
    font.draw_glyph(glyph, draw)  # type: ignore[attr-defined]
    return found


def test_no_later_line_vanishes_after_an_arabic_one() -> None:
    """The unseen mode of the text layer is sticky; a line once vanished after it."""
    made = paper(Paragraph(Text("محمد")), Paragraph(Text("A line after it.")))

    with_ink = image_of(made, scale=2)
    without = image_of(paper(Paragraph(Text("محمد"))), scale=2)

    assert ImageChops.difference(with_ink, without).getbbox() is not None


def test_a_name_of_three_hundred_letters_is_printed_whole() -> None:
    said = text_of(paper(name("Q" * 300)))

    assert said.count("Q") == 300


def test_a_table_of_two_hundred_rows_repeats_its_titles_on_every_page() -> None:
    rows = tuple((Text(f"row-{number}"), Text("words " * (number % 9), Voice.OFFICER)) for number in range(200))
    made = pdf(paper(Table(("Number", "Remark"), rows)))

    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]
    assert len(pages) > 3
    assert all("Remark" in said for said in pages)
    said = " ".join(pages).split()
    assert [word for word in said if word.startswith("row-")] == [f"row-{number}" for number in range(200)]


def test_a_row_longer_than_a_page_goes_on_on_the_next() -> None:
    words = " ".join(f"w{number}" for number in range(3000))
    made = paper(Table(("Short", "Long"), ((Text("a"), Text(words, Voice.PERSON)),)))

    said = text_of(made).split()
    assert page_count(made) > 1
    assert [word for word in said if word.startswith("w") and word[1:].isdigit()] == words.split(" ")


def test_a_wide_table_is_written_row_by_row() -> None:
    columns = tuple(f"Column{number}" for number in range(9))
    made = paper(Table(columns, (tuple(Text(f"value{number}") for number in range(9)),)))

    said = text_of(made)
    assert all(f"Column{number} value{number}" in said for number in range(9))


def test_what_looks_like_markup_is_printed_as_it_was_typed() -> None:
    typed = "<img src='/etc/hostname'/> <a href='javascript:alert(1)'>x</a> & <b>bold</b> ]]> (\\)"
    file = pdf(paper(Paragraph(Text(typed, Voice.OFFICER)), name(typed)))

    assert text_of(file).count("<img src='/etc/hostname'/>") == 2
    raw = bytes_of(file)
    assert b"/URI" not in raw
    assert b"/JavaScript" not in raw
    assert b"/XObject" not in raw.replace(b"/XObject <<\n>>", b"")


def test_training_papers_say_so_across_every_page() -> None:
    made = pdf(paper(Paragraph(Text("one")), PageBreak(), Paragraph(Text("two")), is_training=True))

    for page in pypdf.PdfReader(io.BytesIO(made)).pages:
        assert "TRAINING" in page.extract_text()
        assert "Training" in page.extract_text()
    assert "TRAINING" not in text_of(paper(Paragraph(Text("one"))))


def test_the_words_of_the_person_look_different_from_those_of_an_officer() -> None:
    person = image_of(paper(Paragraph(Text("They came at night.", Voice.PERSON))), scale=2)
    officer = image_of(paper(Paragraph(Text("They came at night.", Voice.OFFICER))), scale=2)

    assert ImageChops.difference(person, officer).getbbox() is not None


def test_every_kind_of_part_can_be_drawn() -> None:
    made = paper(
        Heading("One"), Heading("Two", 2), Heading("Three", 3), Notice("remedy", "Remedy", Text("Ask.")),
        Notice("deviation", "Deviation", Text("")), Signatures(("A", "B", "C"), "Sign"), QrCode("token", "Code"),
        Diagram(picture_of(HEARING, here="in_session")), Table(("A",), (), "Nothing."), Table((), ()),
    )  # fmt: skip

    said = text_of(made)
    assert "You are here" in said
    assert "Nothing." in said


@pytest.mark.parametrize(
    "words", ["", " ", "\n\n", "\u0000\u200b\u202e", "👩‍👩‍👧", "\ud800", "￿", "e\u0301\u0323" * 50]
)
def test_odd_text_is_no_reason_to_fail(words: str) -> None:
    made = paper(Heading(words), name(words), Table((words,), ((Text(words),),)), Notice("care", words, Text(words)))

    assert page_count(made) >= 1
