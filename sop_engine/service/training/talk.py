"""The conversation of an attempt: who is in the room, what is asked, what the person answers. Kept for the debrief."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sop_engine.service.errors import InvalidAnswers, NotFound, NotOffered, Refusal
from sop_engine.service.service import Service
from sop_engine.service.training.attempts import log_of
from sop_engine.service.training.desk import at_attempt, attempt_and_session, pack_of
from sop_engine.service.training.sessions import room_as_json
from sop_engine.store import training as rows
from sop_engine.training.model import Room
from sop_engine.training.roleplay import Conduct, Exchange, Reply, ask

LONGEST_QUESTION = 500


def room_of(svc: Service, attempt_id: str) -> Room:
    """Return who is in the room now. Raises NotFound."""
    attempt, _ = attempt_and_session(svc, attempt_id)
    return _room(attempt.room)


def set_room(svc: Service, account_id: str, attempt_id: str, room: Room) -> None:
    """Send people out, ask somebody in, choose the interpreter. Raises NotFound, InvalidAnswers."""
    _seated(svc, account_id, attempt_id)
    attempt, _ = attempt_and_session(svc, attempt_id)
    cast_of = pack_of(svc, attempt.pack).cast
    if any(who not in cast_of for who in room.present):
        raise InvalidAnswers({"present": "Choose people of the story."})
    if room.interpreter and (room.interpreter not in cast_of or cast_of[room.interpreter].role != "interpreter"):
        raise InvalidAnswers({"interpreter": "Choose one of the interpreters, or nobody."})
    with svc.store.writing() as conn:
        rows.change_attempt(conn, attempt_id, room=room_as_json(room))


def ask_question(
    svc: Service,
    account_id: str,
    attempt_id: str,
    *,
    question: str = "",
    written: str = "",
    topic: str = "",
    language: str = "en",
) -> Exchange:
    """Ask a question that was picked, or written in own words, in the room as it is now; keep what came of it.

    Raises NotFound, InvalidAnswers, and NotOffered while nothing may be done.
    """
    attempt, session = attempt_and_session(svc, attempt_id)
    _seated(svc, account_id, attempt_id)
    inside = at_attempt(svc, session, attempt)
    if inside.hold or attempt.status != "running":
        raise NotOffered((Refusal("state", inside.hold or "This exercise has not begun."),))
    pack = pack_of(svc, attempt.pack, language)
    text = " ".join(written.split())
    if question and question not in pack.questions:
        raise InvalidAnswers({"question": "Choose one of the questions."})
    if topic and topic not in pack.topics:
        raise InvalidAnswers({"topic": "Choose one of the topics."})
    if not question and not text:
        raise InvalidAnswers({"written": "Choose a question, or write one."})
    if len(text) > LONGEST_QUESTION:
        raise InvalidAnswers({"written": f"Write at most {LONGEST_QUESTION} characters: one question at a time."})
    room = _room(attempt.room)
    known = {fact for one in conversation(svc, attempt_id) for fact in one.reply.revealed}
    reply = ask(pack, room=room, question=question, written=text, topic=topic, known=known, language=language)
    asked = pack.questions[question].ask if question else text
    seq = len(log_of(svc, attempt))
    with svc.store.writing() as conn:
        rows.add_exchange(
            conn,
            rows.ExchangeRow(
                id=svc.ids(),
                attempt_id=attempt_id,
                account=account_id,
                asked=asked,
                reply=reply_as_json(reply),
                room=room_as_json(room),
                seq=seq,
                at=svc.clock(),
            ),
        )
    return Exchange(asked, room, reply, seq)


def conversation(svc: Service, attempt_id: str) -> tuple[Exchange, ...]:
    """Return everything that was asked and answered in an attempt, in order."""
    with svc.store.reading() as conn:
        found = rows.exchanges(conn, attempt_id)
    return tuple(Exchange(one.asked, _room(one.room), _reply(one.reply), one.seq) for one in found)


def reply_as_json(reply: Reply) -> dict[str, Any]:
    """Return a reply as it is kept."""
    return {
        "says": reply.says,
        "topic": reply.topic,
        "question": reply.question,
        "manner": reply.manner,
        "revealed": list(reply.revealed),
        "held_back": list(reply.held_back),
        "conduct": [[one.kind, one.about, one.why] for one in reply.conduct],
    }


def _reply(kept: Mapping[str, Any]) -> Reply:
    return Reply(
        says=kept["says"],
        topic=kept["topic"],
        question=kept["question"],
        manner=cast(Any, kept["manner"]),
        revealed=tuple(kept["revealed"]),
        held_back=tuple(kept["held_back"]),
        conduct=tuple(Conduct(cast(Any, kind), about, why) for kind, about, why in kept["conduct"]),
    )


def _room(kept: Mapping[str, Any]) -> Room:
    return Room(
        present=tuple(kept.get("present", ())),
        interpreter=kept.get("interpreter", ""),
        officer_as_asked=bool(kept.get("officer_as_asked", True)),
    )


def _seated(svc: Service, account_id: str, attempt_id: str) -> None:
    with svc.store.reading() as conn:
        if not any(seat.trainee == account_id for seat in rows.seats(conn, attempt_id)):
            raise NotFound
