"""``sop serve``: the web interface of an instance, with the sweep of deadlines beside it in the same process."""

from __future__ import annotations

import argparse
import json
import secrets
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sop_engine.commands.instance import existing_service, home
from sop_engine.definition.faults import Unreadable
from sop_engine.service.editions import take_released
from sop_engine.service.service import Service
from sop_engine.service.sweep_deadlines import sweep
from sop_engine.service.training.sessions import sweep_training
from webui.app import serve
from webui.settings import WebSettings

DEFAULT_PORT = 8765
SWEEP_SECONDS = 60.0


def add_parser(subparsers: Any) -> None:
    """Add ``sop serve`` to the command line."""
    parser = subparsers.add_parser("serve", help="serve the web interface", description=__doc__)
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to serve on; others than loopback need --tls-proxy"
    )
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--tls-proxy", action="store_true", help="a proxy with TLS stands in front and is trusted")
    parser.add_argument("--name", default="Asylum procedures", help="name of the instance, on every page")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until stopped."""
    service = existing_service()
    settings = WebSettings(
        secret_key=secret_key(home()),
        instance_name=arguments.name,
        is_https=arguments.tls_proxy,
        proxies=1 if arguments.tls_proxy else 0,
        time_zone=service.current.calendar.time_zone,
    )
    serve_until_stopped(service, settings, host=arguments.host, port=arguments.port)
    return 0


def serve_until_stopped(
    service: Service,
    settings: WebSettings,
    *,
    host: str,
    port: int,
    says: str = "Open {address} in a browser. Stop with Ctrl+C.",
    then: Callable[[], None] | None = None,
) -> None:
    """Serve pages and sweep deadlines until the process is stopped; say the address once the page answers.

    ``then`` is called after that.

    Raises Unreadable when the port is taken or the address may not be served in the clear.
    """
    refuse_taken(host, port)
    stopped = threading.Event()
    threading.Thread(target=_sweep_for_ever, args=(service, stopped), daemon=True).start()
    threading.Thread(target=_say_when_it_answers, args=(host, port, says, then), daemon=True).start()
    try:
        serve(service, settings, host=host, port=port)
    except ValueError as refused:
        raise Unreadable(str(refused)) from None
    finally:
        stopped.set()


def refuse_taken(host: str, port: int) -> None:
    """Raise Unreadable when another program already listens at this port."""
    if not 1 <= port <= 65535:
        raise Unreadable("Choose a port from 1 to 65535.")
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((host, port)) == 0:
            raise Unreadable(f"Port {port} is taken by another program. Choose another: sop … --port {port + 1}.")


def _sweep_for_ever(service: Service, stopped: threading.Event) -> None:
    # In a sandbox each story has a time of its own.
    once = sweep_training if service.is_training else sweep
    while not stopped.wait(SWEEP_SECONDS):
        try:
            # An edition that was released for today takes effect without a restart.
            take_released(service)
            while once(service):
                pass
        except Exception as error:
            print(json.dumps({"event": "sweep_failed", "kind": type(error).__name__}), flush=True)


def _say_when_it_answers(host: str, port: int, says: str, then: Callable[[], None] | None) -> None:
    address = f"http://{host}:{port}"
    waiting = threading.Event()
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"{address}/", timeout=2):  # noqa: S310 - our own page, on this machine
                break
        except urllib.error.HTTPError:
            break
        except OSError:
            waiting.wait(0.1)
    print(says.format(address=address), flush=True)
    if then is not None:
        then()


def secret_key(folder: Path) -> str:
    """Return the key that signs sessions, made once and readable by its owner only."""
    file = folder / "session.key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return file.read_text(encoding="ascii").strip()
