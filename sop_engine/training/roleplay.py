"""The conversation: what a person of the story answers, by what is asked, how, and who listens.

The same questions in the same room give the same answers, in every language, on any machine, without a network.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sop_engine.training.model import Manner, Pack, PersonFact, Question, Room, Topic

ConductKind: TypeAlias = Literal["leading", "in_earshot", "unsafe_interpreter", "unsafe_question", "not_as_asked"]

_LEADING = {
    "en": (
        r"\b(is|are|was|were|do|did|does|have|has|had|would|could|can)n't (it|you|he|she|they)\s*\?",
        r"\b(right|correct|true)\s*\?\s*$",
        r"^(so |and |but )?(surely|obviously|of course)\b",
        r"^(so |and |but )?you (are|were|came|only|just|really|must|have|had|want|wanted)\b",
    ),
    "es": (
        r"¿?\s*(verdad|no es así|cierto|no)\s*\?\s*$",
        r"^¿?\s*(seguro que|o sea que|entonces usted|usted (vino|es|solo|sólo))\b",
    ),
    "fr": (r"\b(n'est-ce pas|pas vrai|non|d'accord)\s*\?\s*$", r"^(donc vous|vous êtes venue?|bien sûr|c'est bien)\b"),
}
_OPEN = {
    "en": (
        r"\b(tell me|tell us|describe|explain|please say|in your own words)\b",
        r"^(and |so |please )?(what|how|why)\b",
    ),
    "es": (
        r"\b(cuénteme|cuéntenos|describa|explique|con sus propias palabras|hábleme)\b",
        r"^(y )?¿?\s*(qué|cómo|por qué)\b",
    ),
    "fr": (
        r"\b(racontez|décrivez|expliquez|parlez-moi|dites-moi|avec vos propres mots)\b",
        r"^(et )?(que|qu'|comment|pourquoi|qu'est-ce)",
    ),
}


@dataclass(frozen=True, slots=True)
class Conduct:
    """Something safe or unsafe in how a question was asked."""

    kind: ConductKind
    about: str
    """The topic."""
    why: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one question."""

    says: str
    topic: str
    question: str
    manner: Manner
    revealed: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()
    """Facts of the topic that could not be said now; for the trainer, never for the trainee."""
    conduct: tuple[Conduct, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of a conversation as it is kept: what was asked, in which room, and what came of it."""

    asked: str
    room: Room
    reply: Reply
    seq: int = 0
    """The entry of the case's log after which it was asked."""


def ask(
    pack: Pack,
    *,
    room: Room,
    question: str = "",
    written: str = "",
    topic: str = "",
    known: Iterable[str] = (),
    language: str = "en",
) -> Reply:
    """Return what the person answers to a question that was picked, or written in the trainee's own words.

    ``known`` are the facts that are out already. A written question may name its topic; else its words tell.
    Raises KeyError for a question or topic that the pack does not have.
    """
    picked = pack.questions[question] if question else _recognised(pack, written, topic)
    about = pack.topics[picked.topic] if picked else _topic_of(pack, written, topic)
    manner = picked.manner if question and picked else manner_of(written, language)
    conduct = _conduct(pack, room, picked, about, manner)
    if about is None:
        return Reply(_not_understood(pack), "", "", manner, conduct=conduct)
    asked = picked.id if picked else ""
    if manner == "leading":
        return Reply(about.if_led, about.id, asked, manner, conduct=conduct)
    wanted = [
        fact
        for fact in pack.facts.values()
        if fact.topic == about.id and (picked is None or not picked.reveals or fact.id in picked.reveals)
    ]
    out = set(known)
    now = [fact for fact in wanted if _can_be_said(pack, fact, room, manner, out)]
    held = [fact for fact in wanted if fact not in now and fact.known != "told"]
    told = [fact.says or fact.text for fact in now] + list(dict.fromkeys(f.instead for f in held if f.instead))
    return Reply(
        says=" ".join(told) if told else about.otherwise,
        topic=about.id,
        question=asked,
        manner=manner,
        revealed=tuple(fact.id for fact in now),
        held_back=tuple(fact.id for fact in held),
        conduct=conduct,
    )


def manner_of(written: str, language: str = "en") -> Manner:
    """Say how a question is asked: leading (it brings its answer), open (it invites a story), or closed."""
    text = " ".join(written.replace("’", "'").casefold().split())
    for pattern in _LEADING.get(language, _LEADING["en"]):
        if re.search(pattern, text):
            return "leading"
    for pattern in _OPEN.get(language, _OPEN["en"]):
        if re.search(pattern, text):
            return "open"
    return "closed"


def safe_room(pack: Pack) -> Room:
    """Return the best room that the cast allows: nobody unsafe in it, and the safest interpreter there is."""
    interpreter = next((one.id for one in pack.cast.values() if one.role == "interpreter" and one.is_safe), "")
    present = tuple(one.id for one in pack.cast.values() if one.role in ("guardian", "representative") and one.is_safe)
    return Room(present=present, interpreter=interpreter)


def unreachable_facts(pack: Pack) -> tuple[PersonFact, ...]:
    """Return the facts that no question of the pack can bring out, in whatever order and however well it is asked."""
    room = safe_room(pack)
    out: set[str] = {fact.id for fact in pack.facts.values() if fact.known == "told"}
    while True:
        found: set[str] = set()
        for question in pack.questions.values():
            if question.topic in pack.topics:
                found |= set(ask(pack, room=room, question=question.id, known=out).revealed)
        if found <= out:
            return tuple(fact for fact in pack.facts.values() if fact.id not in out)
        out |= found


def _can_be_said(pack: Pack, fact: PersonFact, room: Room, manner: Manner, out: set[str]) -> bool:
    if not set(fact.after) <= out:
        return False
    met = {
        "alone": not _unsafe_present(pack, room),
        "trusted_interpreter": _is_trusted(pack, room),
        "open_question": manner == "open",
        "officer_as_asked": room.officer_as_asked,
    }
    return all(met[need] for need in fact.needs)


def _unsafe_present(pack: Pack, room: Room) -> list[str]:
    return [who for who in room.present if who in pack.cast and not pack.cast[who].is_safe]


def _is_trusted(pack: Pack, room: Room) -> bool:
    needed = any(one.role == "interpreter" for one in pack.cast.values())
    if not room.interpreter:
        return not needed
    return room.interpreter in pack.cast and pack.cast[room.interpreter].is_safe


def _conduct(
    pack: Pack, room: Room, picked: Question | None, about: Topic | None, manner: Manner
) -> tuple[Conduct, ...]:
    found: list[Conduct] = []
    topic = about.id if about else ""
    if manner == "leading":
        found.append(
            Conduct("leading", topic, "A leading question brings its answer with it; the answer proves nothing.")
        )
    if picked is not None and picked.unsafe:
        found.append(Conduct("unsafe_question", topic, picked.unsafe))
    if about is not None and not about.is_neutral:
        for who in _unsafe_present(pack, room):
            why = pack.cast[who].why or "The person cannot speak freely before somebody else."
            found.append(Conduct("in_earshot", topic, why))
        if room.interpreter and not _is_trusted(pack, room):
            found.append(
                Conduct(
                    "unsafe_interpreter",
                    topic,
                    pack.cast[room.interpreter].why if room.interpreter in pack.cast else "",
                )
            )
        wanted = any(f.topic == about.id and "officer_as_asked" in f.needs for f in pack.facts.values())
        if wanted and not room.officer_as_asked:
            why = "The person asked for an officer of another sex; some things cannot be said otherwise."
            found.append(Conduct("not_as_asked", topic, why))
    return tuple(found)


def _recognised(pack: Pack, written: str, topic: str) -> Question | None:
    """Return the question of the pack that a written one is: the same words, or one of the words that tell it."""
    said = _words(written)
    bare = " ".join(said)
    for question in pack.questions.values():
        if " ".join(_words(question.ask)) == bare:
            return question
    for question in pack.questions.values():
        if topic and question.topic != topic:
            continue
        if any(_holds(bare, one) for one in question.words.split(",") if one.strip()):
            return question
    return None


def _topic_of(pack: Pack, written: str, topic: str) -> Topic | None:
    if topic:
        return pack.topics[topic]
    bare = " ".join(_words(written))
    counted = {
        one.id: sum(_holds(bare, word) for word in one.words.split(",") if word.strip()) for one in pack.topics.values()
    }
    best = max(counted.values(), default=0)
    return next((pack.topics[name] for name, number in counted.items() if number == best), None) if best else None


def _not_understood(pack: Pack) -> str:
    """Somebody who does not know what is asked says what anybody would: the first topic's answer stands for it."""
    first = next(iter(pack.topics.values()), None)
    return first.otherwise if first else ""


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return re.findall(r"\w+", bare)


def _holds(bare: str, word: str) -> bool:
    """Say whether the words hold this word or row of words; a beginning of four letters or more is enough."""
    wanted = " ".join(_words(word))
    if not wanted:
        return False
    ending = r"\w*" if len(wanted) >= 4 else ""
    return re.search(rf"\b{re.escape(wanted)}{ending}\b", bare) is not None
