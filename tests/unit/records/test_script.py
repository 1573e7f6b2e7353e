"""Letters of every script come out as they are read, or as their transliteration, and never as boxes."""

from __future__ import annotations

import pytest
import uharfbuzz as hb
from hypothesis import given
from hypothesis import strategies as st

from sop_engine.records.fonts import font_path
from sop_engine.records.lines import lines_of
from sop_engine.records.romanise import romanise
from sop_engine.records.script import can_draw, cleaned, levels_of, printable, runs_of, width_of


@pytest.mark.parametrize(
    "name",
    [
        "Ana María Núñez",
        "Nguyễn Thị Hòa",
        "Όλγα Παπά",
        "Іван Їжак",
        "محمد علي",
        "ښاغلی ګل",
        "می‌خواهم",
        "ٹیپو ڑ",
        "Əli Şıxlı",
    ],
)
def test_names_in_our_scripts_are_drawn_as_they_are(name: str) -> None:
    assert can_draw(name)
    assert printable(name) == cleaned(name)


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("ሰላም ተስፋ", "Salaame Tasefaa"),
        ("김민준", "Gimminjun"),
        ("ともこ", "Tomoko"),
        ("Տիգրան", "Tigran"),
        ("გიორგი", "Giorgi"),
    ],
)
def test_a_name_that_no_font_draws_is_written_in_latin_letters_and_says_so(name: str, latin: str) -> None:
    assert not can_draw(name)
    assert printable(name) == f"{latin} (original script on file)"


def test_the_transliteration_on_file_is_preferred_to_ours() -> None:
    assert printable("李小龙", "Li Xiaolong") == "Li Xiaolong (original script on file)"


def test_a_han_name_without_transliteration_is_numbered_and_not_lost() -> None:
    assert printable("李小") == "[U+674E][U+5C0F] (original script on file)"


def test_an_arrow_is_replaced_without_speaking_of_scripts() -> None:
    assert printable("a → b") == "a -> b"


def test_direction_overrides_never_reach_the_paper() -> None:
    assert cleaned("\u202eevil\u202c \u2066x\u2069") == "evil x"


@given(st.text(max_size=60))
def test_whatever_is_typed_becomes_something_that_can_be_drawn(words: str) -> None:
    assert can_draw(printable(words))


@given(st.text(max_size=80))
def test_romanising_twice_changes_nothing_more(words: str) -> None:
    once = printable(words)

    assert printable(once) == cleaned(once)


def test_romanising_leaves_what_can_be_drawn() -> None:
    assert romanise("Ana 李", undrawable=frozenset("李")) == "Ana [U+674E]"


def test_arabic_letters_join_as_harfbuzz_joins_them() -> None:
    # given: the same name shaped by HarfBuzz alone
    face = hb.Face(hb.Blob.from_file_path(str(font_path("NotoSansArabic-Regular"))))
    buffer = hb.Buffer()
    buffer.add_str("محمد علي")
    buffer.guess_segment_properties()
    hb.shape(hb.Font(face), buffer)
    expected = sum(place.x_advance for place in buffer.glyph_positions) / face.upem

    (run,) = runs_of("محمد علي", levels_of("محمد علي"))

    assert run.is_rtl
    assert run.outline
    assert run.advance == pytest.approx(expected)
    # Letters that did not join would be wider.
    assert run.advance < sum(width_of(letter) for letter in "محمد علي") - 0.1


def test_words_from_right_to_left_stand_in_reading_order_among_latin_ones() -> None:
    line = "محمد (Ali) 2024"

    runs = runs_of(line, levels_of(line))

    assert [run.text for run in runs] == ["2024", ") ", "Ali", "محمد ("]
    assert [run.is_rtl for run in runs] == [False, True, False, True]


def test_a_latin_sentence_keeps_its_order_around_an_arabic_name() -> None:
    line = "He said محمد علي, and left"

    assert [run.text.strip() for run in runs_of(line, levels_of(line))] == ["He said", "محمد علي", ", and left"]


@given(st.text(alphabet="abc defghi-محمد علي\n ", max_size=200), st.floats(2, 40))
def test_lines_fit_their_width_and_lose_no_letter(words: str, width: float) -> None:
    lines = lines_of(words, width)

    assert all(line.advance <= width + 0.01 for line in lines)
    written = "".join(run.text for line in lines for run in line.runs)
    assert sorted(written.replace(" ", "")) == sorted(cleaned(words).replace(" ", "").replace("\n", ""))


def test_a_name_of_three_hundred_letters_is_broken_and_not_cut_off() -> None:
    lines = lines_of("X" * 300, 20.0)

    assert sum(len(run.text) for line in lines for run in line.runs) == 300
