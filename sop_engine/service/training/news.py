"""News in a running attempt: an inject of the pack, or the trainer's own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sop_engine.service.errors import InvalidAnswers, NotFound
from sop_engine.service.service import Service
from sop_engine.service.training.attempts import log_of
from sop_engine.service.training.desk import attempt_and_session, pack_of
from sop_engine.service.training.others import play_inject
from sop_engine.service.training.sessions import room_as_json
from sop_engine.service.views import Reader
from sop_engine.store import training as rows
from sop_engine.training.model import Room

LONGEST_NEWS = 1000


@dataclass(frozen=True, slots=True)
class News:
    """Something that reached a team. ``refused`` says what the engine refused of it, for the trainer."""

    title: str
    text: str
    at: datetime
    inject: str = ""
    refused: str = ""


def inject(svc: Service, trainer: Reader, attempt_id: str, inject_id: str) -> News:
    """Drop an inject of the pack into an attempt: its words, the change in the room, the acts of others.

    Raises NotFound; InvalidAnswers when the attempt does not run or the inject came already.
    """
    attempt, session = attempt_and_session(svc, attempt_id)
    _only_trainers(svc, trainer)
    pack = pack_of(svc, attempt.pack)
    one = pack.injects.get(inject_id)
    if one is None:
        raise NotFound
    if attempt.status != "running":
        raise InvalidAnswers({"inject": "This exercise does not run."})
    if any(news.inject == inject_id for news in news_of(svc, attempt_id)):
        raise InvalidAnswers({"inject": "This news has been told already."})
    if one.room is not None:
        changed = Room(
            present=one.room.present or tuple(attempt.room.get("present", ())),
            interpreter=one.room.interpreter or str(attempt.room.get("interpreter", "")),
            officer_as_asked=one.room.officer_as_asked,
        )
        with svc.store.writing() as conn:
            rows.change_attempt(conn, attempt_id, room=room_as_json(changed))
    refused = play_inject(svc, session, attempt, one.acts)
    return _keep(svc, attempt_id, inject_id, one.title, one.text, refused)


def tell(svc: Service, trainer: Reader, attempt_id: str, *, title: str, text: str) -> News:
    """Tell a team something in own words. Raises InvalidAnswers, NotFound."""
    _only_trainers(svc, trainer)
    attempt_and_session(svc, attempt_id)
    wrong: dict[str, str] = {}
    if not title.strip() or len(title) > 120:
        wrong["title"] = "Enter a title of at most 120 characters."
    if not text.strip() or len(text) > LONGEST_NEWS:
        wrong["text"] = f"Enter a text of at most {LONGEST_NEWS} characters."
    if wrong:
        raise InvalidAnswers(wrong)
    return _keep(svc, attempt_id, "", title.strip(), text.strip(), "")


def news_of(svc: Service, attempt_id: str, *, language: str = "en") -> tuple[News, ...]:
    """Return what reached a team, in order and in its language."""
    attempt, _ = attempt_and_session(svc, attempt_id)
    pack = pack_of(svc, attempt.pack, language)
    with svc.store.reading() as conn:
        kept = rows.news(conn, attempt_id)
    found = []
    for one in kept:
        known = pack.injects.get(one.inject)
        title, text = (known.title, known.text) if known else (one.words["title"], one.words["text"])
        found.append(News(title, text, one.at, one.inject, one.words.get("refused", "")))
    return tuple(found)


def _keep(svc: Service, attempt_id: str, inject_id: str, title: str, text: str, refused: str) -> News:
    attempt, _ = attempt_and_session(svc, attempt_id)
    now = svc.clock()
    words = {"title": title, "text": text, "refused": refused}
    with svc.store.writing() as conn:
        rows.add_news(conn, rows.NewsRow(svc.ids(), attempt_id, inject_id, words, len(log_of(svc, attempt)), now))
    return News(title, text, now, inject_id, refused)


def _only_trainers(svc: Service, trainer: Reader) -> None:
    if not svc.is_training or "trainer" not in trainer.roles:
        raise NotFound
