"""Papers for trainees say nothing of what was planted in them."""

from __future__ import annotations

import pytest

from sop_engine.training.handouts import without_remarks
from sop_engine.training.model import LANGUAGES
from tests.instruments.sandbox import library


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("“He is 22.” (Planted: the year was written over.)", "“He is 22.”"),
        ("Year 2012. (Planted: it ends no question under 1F(a).) Signed.", "Year 2012. Signed."),
        ("Sello. (Error puesto a propósito: no hay tal plazo.)", "Sello."),
        ("Cachet. (Erreur placée à dessein : ce délai n’existe pas.)", "Cachet."),
        ("A paper (in two copies).", "A paper (in two copies)."),
    ],
)
def test_a_remark_for_the_trainer_is_left_out(written: str, read: str) -> None:
    assert without_remarks(written) == read


def test_no_paper_of_any_pack_tells_what_was_planted() -> None:
    for file in library().packs.values():
        for language in LANGUAGES:
            for paper in file.in_language(language).documents.values():
                read = without_remarks(paper.text)
                assert read, (file.pack.id, paper.id)
                assert "Planted" not in read
                assert "propósito" not in read
                assert "dessein" not in read
