"""Starts the real web process for a test: a subprocess with uvicorn, threads and the connection pool."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
from django.conf import settings
from django.db import connection
from django.test import Client

from quarterdeck.crew.models import User

ROOT = Path(__file__).resolve().parent.parent.parent
START = """import sys
from quarterdeck.config.cli import logs
logs.configure()
from quarterdeck.config.web import serve
serve(sys.argv[1], int(sys.argv[2]))"""


@dataclass
class Server:
    """A running web process. `errors` is what it wrote to its standard error so far."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    environment: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def errors(self) -> str:
        return self.log.read_text()

    def stop(self, sign: int = signal.SIGTERM) -> float:
        """Ask it to stop and wait; returns how many seconds that took."""
        began = time.monotonic()
        self.process.send_signal(sign)
        self.process.wait(30)
        return time.monotonic() - began

    def client(self, user: User | None = None, **given) -> httpx.Client:
        cookies = {settings.SESSION_COOKIE_NAME: session_of(user)} if user else None
        return httpx.Client(
            base_url=self.url, cookies=cookies, trust_env=False, verify=False, timeout=30, **given
        )


def database_url() -> str:
    """The address of the database this test works in."""
    given = connection.settings_dict
    user = quote(given["USER"]) + (f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else "")
    if str(given["HOST"]).startswith("/"):
        return (
            f"postgresql://{user}@/{given['NAME']}?host={quote(given['HOST'])}&port={given['PORT'] or 5432}"
        )
    return f"postgresql://{user}@{given['HOST']}:{given['PORT'] or 5432}/{given['NAME']}"


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


@contextlib.contextmanager
def serving(
    log: Path, *, settings_module: str = "tests.web.echo_settings", **environment: str
) -> Iterator[Server]:
    """A web process on a free port over the test's database; ready when this returns, gone afterwards."""
    port = free_port()
    given = os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": settings_module,
        "QUARTERDECK_CLOCK": "",  # as for people: with the connection pool
        "QUARTERDECK_PORT": str(port),
        "PYTHONPATH": str(ROOT),
        **environment,
    }
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-c", START, "127.0.0.1", str(port)], cwd=ROOT, env=given, stderr=errors
        )
    server = Server(port, process, log, given)
    try:
        wait_until_ready(server)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
        if process.poll() is None:
            process.kill()
            process.wait(5)


def wait_until_ready(server: Server, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert server.process.poll() is None, f"the server ended: {server.errors}"
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{server.url}/ready", trust_env=False).status_code == 200:
                return
        time.sleep(0.05)
    raise AssertionError(f"the server is not ready: {server.errors}")


def session_of(user: User) -> str:
    """The key of a new session in which `user` is signed in."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value
