"""Pages straight through WSGI, beside a page of the same app that answers a constant."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from argon2 import PasswordHasher
from flask.testing import FlaskClient

from sop_engine.service.accounts import list_accounts, set_password_hash
from sop_engine.service.service import Service
from tests.bench.figures import Figure, in_turn
from tests.bench.instance import a_case, instance
from webui.app import create_app
from webui.settings import WebSettings

PASSWORD = "a-password-for-the-bench"


def figures() -> Iterator[Figure]:
    """Measure the pages an officer opens most."""
    with tempfile.TemporaryDirectory() as folder, instance(Path(folder)) as (service, reader):
        set_password_hash(service, reader.user, PasswordHasher(time_cost=1, memory_cost=8192).hash(PASSWORD))
        case_id = a_case(service, reader)
        app = create_app(service, WebSettings(secret_key="bench-" * 6))
        client = app.test_client()
        _sign_in(client, service)
        proceeding = "screening-1"
        pages = {
            "my work": "/",
            "case page": f"/case/{case_id}",
            "step page": f"/case/{case_id}/{proceeding}/step/arrival?page=1",
        }
        for name, path in pages.items():
            response = client.get(path)
            if response.status_code != 200:
                raise RuntimeError(f"{path} answered {response.status_code}")
            taken = in_turn(
                {"ours": lambda path=path: client.get(path), "constant": lambda: client.get("/alive")},
                rounds=5,
                times=5,
            )
            yield Figure(name, "us", taken.pop("ours"), taken, f"{len(response.data)} bytes, not compressed")


def _sign_in(client: FlaskClient, service: Service) -> None:
    username = list_accounts(service)[0].username
    page = client.get("/sign-in").text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    client.post("/sign-in", data={**hidden, "username": username, "password": PASSWORD})
