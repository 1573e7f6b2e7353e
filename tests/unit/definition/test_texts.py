"""Texts in other languages, and English where nobody has translated."""

from __future__ import annotations

import pytest

from sop_engine.definition.faults import DeclarationErrors
from sop_engine.definition.load import load_texts
from sop_engine.definition.texts import Texts, read_texts, texts_of
from tests.unit.definition.small_set import SMALL_SET

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


def _po(**pairs: str) -> str:
    return HEAD + "\n".join(f'msgid "{original}"\nmsgstr "{translation}"\n' for original, translation in pairs.items())


def test_a_text_is_said_in_the_language_asked_for() -> None:
    spanish = read_texts({"harmonised/loan/locale/es.po": _po(Receipt="Recibo")})["es"]

    assert spanish.translate("Receipt") == "Recibo"
    assert spanish("Receipt") == "Recibo"


def test_a_text_nobody_translated_stays_in_english() -> None:
    spanish = read_texts({"harmonised/loan/locale/es.po": _po(Receipt="", Lost="Perdido")})["es"]

    assert spanish.translate("Receipt") == "Receipt"
    assert spanish.translate("Unheard of") == "Unheard of"


def test_a_translation_marked_fuzzy_is_not_used() -> None:
    doubtful = HEAD + '#, fuzzy\nmsgid "Receipt"\nmsgstr "Recibo"\n'

    assert read_texts({"harmonised/loan/locale/es.po": doubtful})["es"].translate("Receipt") == "Receipt"


def test_catalogues_of_all_procedures_speak_together_and_the_first_path_wins() -> None:
    french = read_texts(
        {
            "harmonised/loan/locale/fr.po": _po(Receipt="Reçu", Lost="Perdu"),
            "harmonised/common/locale/fr.po": _po(Receipt="Récépissé"),
        }
    )["fr"]

    assert (french.translate("Receipt"), french.translate("Lost")) == ("Récépissé", "Perdu")


def test_english_needs_no_catalogue() -> None:
    assert read_texts({}) == {"en": Texts("en")}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("harmonised/loan/locale/es.po", 'msgid "A\nfoo'),
        ("harmonised/loan/locale/es.po", "not a catalogue at all"),
    ],
)
def test_a_catalogue_that_cannot_be_read_is_named(path: str, text: str) -> None:
    with pytest.raises(DeclarationErrors, match="a catalogue that cannot be read") as refused:
        read_texts({path: text})

    assert path in str(refused.value)


def test_every_text_that_somebody_reads_is_offered_for_translation() -> None:
    definition = load_texts(SMALL_SET)

    loan, common = set(texts_of(definition, "loan")), set(texts_of(definition, "common"))

    assert {"Loan of a book", "What is damaged?", "You borrowed a book.", "Large print", "Take the book back."} <= loan
    assert {"Reminders", "Is the book lost?", "Librarian"} <= loan
    assert {"Science fiction", "The reader is banned.", "Lends books.", "Voted"} <= common
    assert "Science fiction" not in loan
