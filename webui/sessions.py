"""The session of a page: the cookie carries a random id, everything else stays on the server."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from sop_engine.service import sessions
from sop_engine.service.service import Service
from webui.settings import WebSettings

_ID = re.compile(r"[A-Za-z0-9_-]{43}")


class Visit(CallbackDict[str, Any], SessionMixin):
    """What is remembered from page to page."""

    def __init__(self, session_id: str, kept: sessions.Session | None) -> None:
        def changed(_visit: Any) -> None:
            self.modified = True

        super().__init__(dict(kept.data) if kept else {}, changed)
        self.session_id = session_id
        self.kept = kept
        self.account = kept.account if kept else None
        self.modified = False
        self.is_over = False
        self.replaced: str | None = None

    def renew(self, account: str | None) -> None:
        """Go on under a new id, so that nobody who knew the old one comes along."""
        self.replaced = self.session_id if self.kept else self.replaced
        self.session_id = new_id()
        self.kept = None
        self.account = account
        self.modified = True

    def end(self) -> None:
        """End the visit here and on the server."""
        self.clear()
        self.is_over = True


def new_id() -> str:
    return secrets.token_urlsafe(32)


class ServerSessions(SessionInterface):
    """Opens and keeps visits through the service."""

    def __init__(self, service: Service, settings: WebSettings) -> None:
        self._service = service
        # Browsers share cookies between the ports of a machine: the sandbox beside a demonstration has its own.
        name = "training" if service.is_training else "session"
        self._cookie = f"__Host-{name}" if settings.is_https else name
        self._is_secure = settings.is_https
        self._idle = timedelta(minutes=settings.idle_minutes)
        self._longest = timedelta(hours=settings.longest_hours)

    def open_session(self, app: Flask, request: Request) -> Visit:
        """Return the visit that the cookie names, or a new one."""
        named = request.cookies.get(self._cookie, "")
        if _ID.fullmatch(named) and request.endpoint != "static":
            kept = sessions.find_session(self._service, named)
            if kept is not None:
                return Visit(named, kept)
        return Visit(new_id(), None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep the visit, and hand out its cookie."""
        if not isinstance(session, Visit):
            return
        limits = {"idle": self._idle, "longest": self._longest}
        if session.is_over or (session.modified and not session):
            if session.kept or session.replaced:
                sessions.end_session(self._service, session.session_id)
            response.delete_cookie(self._cookie, path="/", secure=self._is_secure, httponly=True, samesite="Strict")
            return
        if session.replaced:
            sessions.end_session(self._service, session.replaced)
        if not session.modified:
            if session.kept is not None:
                sessions.touch_session(self._service, session.session_id, session.kept, **limits)
            return
        sessions.keep_session(
            self._service, session.session_id, account=session.account, data=session, began=session.kept, **limits
        )
        response.set_cookie(
            self._cookie, session.session_id, path="/", secure=self._is_secure, httponly=True, samesite="Strict"
        )
        response.vary.add("Cookie")
