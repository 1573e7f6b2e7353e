"""A class of the sandbox on its pages: a trainer and trainees who can sign in, and an app over it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from sop_engine.definition.load import load_translations
from sop_engine.service.accounts import set_password_hash
from sop_engine.service.training.attempts import start
from sop_engine.service.training.desk import sit_down
from sop_engine.service.training.sessions import Attempt, add_trainee, hand_out
from sop_engine.store.database import Store
from tests.instruments.clock import FrozenClock
from tests.instruments.sandbox import WORKFLOWS, Sandbox, sandbox
from tests.instruments.stage import COMPILED, PASSWORD, QUICK
from tests.instruments.visitor import Visitor
from webui.app import create_app
from webui.settings import WebSettings

M14 = "m14_transit_passenger"


@dataclass
class Classroom:
    """A sandbox with one open class whose people can sign in with the password of the stage."""

    room: Sandbox
    accounts: dict[str, str] = field(default_factory=dict)
    """pseudonym → account."""
    attempts: dict[str, Attempt] = field(default_factory=dict)
    """What a test wants to find again by a name."""

    def app(self, **settings: Any) -> Flask:
        app = create_app(self.room.service, WebSettings(secret_key="s" * 40, instance_name="Training", **settings))
        app.jinja_env.bytecode_cache = COMPILED
        return app

    def trainee(self, pseudonym: str) -> str:
        """Add somebody to the class who can sign in, and return the account."""
        added = add_trainee(
            self.room.service,
            self.room.trainer,
            self.room.session.id,
            pseudonym=pseudonym,
            password_hash=QUICK.hash(PASSWORD),
        )
        self.accounts[pseudonym] = added.account
        return added.account

    def handed(self, pseudonym: str, *, pack: str = M14, role: str = "officer") -> Attempt:
        """Hand a scenario to somebody, who sits down and begins."""
        svc, who = self.room.service, self.accounts.get(pseudonym) or self.trainee(pseudonym)
        attempt = hand_out(svc, self.room.trainer, self.room.session.id, pack=pack, seats={role: who})
        sit_down(svc, who, attempt.id, role)
        return start(svc, attempt.id)

    def visitor(self, username: str) -> Visitor:
        """Return somebody who is signed in: ``trainer``, or a pseudonym in small letters."""
        return Visitor(self.app()).sign_in(username)


def classroom(store: Store, clock: FrozenClock) -> Classroom:
    """Make a class in an empty store, in all languages of the pages."""
    room = sandbox(store, clock)
    translations = load_translations(WORKFLOWS)
    room.service.texts = lambda language: translations.get(language, translations["en"])
    set_password_hash(room.service, room.trainer.user, QUICK.hash(PASSWORD))
    return Classroom(room)
