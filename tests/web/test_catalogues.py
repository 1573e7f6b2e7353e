"""The words of the pages in other languages: complete where they are promised, and safe to fill in."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from tests.instruments.stage import Stage
from tests.instruments.visitor import Visitor, hidden
from webui.language import LANGUAGES, LOCALE_FOLDER

TRANSLATED = [language for language in LANGUAGES if language != "en"]
_GAP = re.compile(r"%\(\w+\)[sd]|%\{\w+\}|\{\w+\}")


def messages(language: str) -> list[Message]:
    with (LOCALE_FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as text:
        return [message for message in read_po(text) if message.id]


@pytest.mark.parametrize("language", ["es", "fr"])
def test_every_sentence_is_translated(language: str) -> None:
    missing = [m.id for m in messages(language) if not (all(m.string) if isinstance(m.string, tuple) else m.string)]

    assert missing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_leaves_the_same_gaps_as_the_original(language: str) -> None:
    for message in messages(language):
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        translations = message.string if isinstance(message.string, tuple) else (message.string,)
        for original, translation in zip(originals, translations, strict=True):
            if translation:
                assert sorted(_GAP.findall(translation)) == sorted(_GAP.findall(original)), original


@pytest.mark.parametrize("language", TRANSLATED)
def test_pages_speak_the_language_that_was_chosen(shared_stage: Stage, language: str) -> None:
    visitor = Visitor(shared_stage.app()).sign_in(shared_stage.usernames["frontline_officer"])
    token = hidden(visitor.get("/"), "csrf_token")
    visitor.client.post("/language", data={"language": language, "next": "/", "csrf_token": token})
    words = {"es": "Mi trabajo", "fr": "Mon travail", "nl": "Mijn werk"}

    for path in ("/", "/cases", f"/case/{shared_stage.cases[-1]}", "/procedures/screening", "/find", "/help"):
        page = visitor.get(path)
        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.text
        assert words[language] in page.text
