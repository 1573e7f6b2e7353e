"""The conversation: what comes out depends on what is asked, how, before whom and through whom."""

from __future__ import annotations

import pytest

from sop_engine.training.model import Manner, Room
from sop_engine.training.roleplay import ask, manner_of, safe_room, unreachable_facts
from tests.unit.training.small_pack import small_pack

SAFE = Room(interpreter="ines")


def test_an_open_question_in_a_safe_room_brings_out_what_is_hidden() -> None:
    reply = ask(small_pack(), room=SAFE, question="tell_home")

    assert reply.revealed == ("village", "debt")
    assert reply.says == "From the hills. I owe him."
    assert reply.conduct == ()


@pytest.mark.parametrize(
    ("room", "conduct"),
    [
        (Room(interpreter="ines", present=("uncle",)), ["in_earshot"]),
        (Room(interpreter="cousin"), ["unsafe_interpreter"]),
        (Room(interpreter="cousin", present=("uncle",)), ["in_earshot", "unsafe_interpreter"]),
    ],
)
def test_before_family_or_through_a_cousin_it_stays_hidden(room: Room, conduct: list[str]) -> None:
    reply = ask(small_pack(), room=room, question="tell_home")

    assert reply.revealed == ("village",)
    assert reply.held_back == ("debt", "sister")
    assert "Nothing more." in reply.says
    assert [one.kind for one in reply.conduct] == conduct


def test_a_closed_question_does_not_invite_a_story() -> None:
    assert ask(small_pack(), room=SAFE, question="is_home").revealed == ("village",)


def test_a_leading_question_brings_out_nothing_and_is_noted() -> None:
    reply = ask(small_pack(), room=SAFE, question="just_work")

    assert reply.says == "If you say so."
    assert reply.revealed == ()
    assert [one.kind for one in reply.conduct] == ["leading", "unsafe_question"]


def test_some_facts_come_only_after_others() -> None:
    pack = small_pack()

    assert "sister" not in ask(pack, room=SAFE, question="tell_home").revealed
    assert "sister" in ask(pack, room=SAFE, question="tell_home", known=["debt"]).revealed


def test_an_officer_of_the_other_sex_is_noted_where_it_matters() -> None:
    room = Room(interpreter="ines", officer_as_asked=False)

    reply = ask(small_pack(), room=room, question="tell_home", known=["debt"])

    assert "sister" not in reply.revealed
    assert "not_as_asked" in [one.kind for one in reply.conduct]


def test_speaking_of_water_before_the_uncle_is_no_fault() -> None:
    assert ask(small_pack(), room=Room(present=("uncle",)), question="water").conduct == ()


def test_a_question_in_own_words_is_known_by_its_topic() -> None:
    reply = ask(small_pack(), room=SAFE, written="Please tell me about the village where you lived.")

    assert reply.topic == "home"
    assert reply.manner == "open"
    assert "debt" in reply.revealed


def test_the_same_question_in_other_words_is_as_unsafe() -> None:
    reply = ask(small_pack(), room=SAFE, written="So you came to work here, right?")

    assert reply.question == "just_work"
    assert {one.kind for one in reply.conduct} == {"leading", "unsafe_question"}


def test_a_question_about_nothing_of_the_story_brings_out_nothing() -> None:
    reply = ask(small_pack(), room=SAFE, written="What is the capital of France?")

    assert reply.topic == ""
    assert reply.revealed == ()
    assert reply.says


def test_the_same_question_gives_the_same_answer() -> None:
    pack = small_pack()

    assert ask(pack, room=SAFE, question="tell_home") == ask(pack, room=SAFE, question="tell_home")


@pytest.mark.parametrize(
    ("written", "language", "manner"),
    [
        ("What happened then?", "en", "open"),
        ("Please describe the house.", "en", "open"),
        ("Were you there?", "en", "closed"),
        ("When did you leave?", "en", "closed"),
        ("You were a soldier, right?", "en", "leading"),
        ("You only came for work?", "en", "leading"),
        ("It was dark, wasn't it?", "en", "leading"),
        ("¿Qué pasó después?", "es", "open"),
        ("Cuénteme de su pueblo.", "es", "open"),
        ("¿Estuvo usted allí?", "es", "closed"),
        ("Usted vino a trabajar, ¿verdad?", "es", "leading"),
        ("Racontez-moi votre voyage.", "fr", "open"),
        ("Pourquoi êtes-vous parti ?", "fr", "open"),
        ("Étiez-vous là ?", "fr", "closed"),
        ("Vous êtes venu travailler, n'est-ce pas ?", "fr", "leading"),
    ],
)
def test_how_a_question_is_asked_is_heard_in_three_languages(written: str, language: str, manner: Manner) -> None:
    assert manner_of(written, language) == manner


def test_every_fact_of_the_small_pack_can_come_out() -> None:
    assert unreachable_facts(small_pack()) == ()


def test_a_fact_that_needs_a_trusted_interpreter_is_out_of_reach_without_one() -> None:
    pack = small_pack(
        (
            "ines: {name: Ines, role: interpreter, text: Without ties.}",
            "ines: {name: Ines, role: interpreter, text: Hm., is_safe: no}",
        )
    )

    assert [fact.id for fact in unreachable_facts(pack)] == ["debt", "sister"]


def test_the_safe_room_has_an_interpreter_without_ties_and_no_uncle() -> None:
    assert safe_room(small_pack()) == Room(present=(), interpreter="ines")
