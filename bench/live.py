"""Live pages: how long from the commit of a change until 200 open streams have heard of it.

The real web process, 200 raw connections of 20 sessions in one workspace (so every change goes to all of them),
ten changes a second. Wall time, from before the commit to the moment the bytes are read.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from bench import ground

LISTENERS, SESSIONS = 200, 20
CHANGES, PAUSE = 200, 0.1  # seconds between changes
START = "import sys; from quarterdeck.config.web import serve; serve('127.0.0.1', int(sys.argv[1]))"


def main() -> list[dict]:
    """Rows of claim, figure and target."""
    with ground.house():
        workspace, cookies = _people()
        port = _free_port()
        server = subprocess.Popen(
            [sys.executable, "-c", START, str(port)], env=os.environ | {"QUARTERDECK_CLOCK": ""}
        )
        try:
            _wait(f"http://127.0.0.1:{port}/ready")
            idle = _memory(server.pid)
            delays, cpu = asyncio.run(_measure(port, workspace, cookies, server.pid))
            full = _memory(server.pid)
        finally:
            server.terminate()
            server.wait(15)
    percent = statistics.quantiles(delays, n=100)
    heard, sent = len(delays), CHANGES * LISTENERS
    return [
        {
            "claim": f"live: a change reaches {LISTENERS} open streams, wall",
            "figure": f"p99 {percent[98]:.1f} ms, median {percent[49]:.1f} ms, longest {max(delays):.1f} ms",
            "target": "p99 < 150 ms",
        },
        {"claim": "live: changes heard of those sent", "figure": f"{heard} of {sent}", "target": "all"},
        {
            "claim": f"live: server CPU for one change to {LISTENERS} streams",
            "figure": f"{cpu / CHANGES * 1000:.1f} ms",
        },
        {
            "claim": f"live: memory of the web process (PSS), idle and with {LISTENERS} streams",
            "figure": f"{idle:.0f} MB, {full:.0f} MB",
        },
    ]


def _people():
    """A workspace with twenty members, and the cookie of a session of each."""
    from django.conf import settings
    from django.test import Client

    from quarterdeck.core import clock
    from quarterdeck.crew import verbs
    from quarterdeck.crew.models import Member, User

    owner = User.objects.create_user(name="Bench")
    member = verbs.create_workspace(by=owner, name="Bench", timezone="UTC")
    users = [owner] + [User.objects.create_user(name=f"Bench {n}") for n in range(SESSIONS - 1)]
    for user in users[1:]:
        Member.objects.create(workspace=member.workspace, user=user, role="author", joined_at=clock.now())
    cookies = []
    for user in users:
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")
    return member.workspace, cookies


async def _measure(port: int, workspace, cookies: list[str], pid: int) -> tuple[list[float], float]:
    """(milliseconds of each arrival, the server's CPU seconds meanwhile)."""
    sent: dict[str, float] = {}
    delays: list[float] = []
    ready = asyncio.Semaphore(0)
    readers = [
        asyncio.create_task(_listen(port, workspace.slug, cookies[n % SESSIONS], sent, delays, ready))
        for n in range(LISTENERS)
    ]
    for _ in readers:
        await asyncio.wait_for(ready.acquire(), 30)
    before = _cpu(pid)
    for number in range(CHANGES):
        await asyncio.to_thread(_change, workspace.pk, str(number), sent)
        await asyncio.sleep(PAUSE)
    end = time.perf_counter() + 10
    while len(delays) < CHANGES * LISTENERS and time.perf_counter() < end:
        await asyncio.sleep(0.05)
    spent = _cpu(pid) - before
    for reader in readers:
        reader.cancel()
    return delays, spent


async def _listen(
    port: int, slug: str, cookie: str, sent: dict, delays: list, ready: asyncio.Semaphore
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"GET /live/stream?workspace={slug}&age=0 HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode()
    )
    try:
        while line := await reader.readline():
            now = time.perf_counter()
            if line.startswith(b"event: hello"):
                ready.release()
            elif line.startswith(b'data: {"bench.thing"'):
                delays.extend((now - sent[id]) * 1000 for id in json.loads(line[6:])["bench.thing"])
    finally:
        writer.close()


def _change(workspace_id, id: str, sent: dict[str, float]) -> None:
    from django.db import connection, transaction

    from quarterdeck import live

    with transaction.atomic():
        live.announce(workspace_id, [("bench.thing", id)])
        sent[id] = time.perf_counter()
    connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(url: str) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError(f"{url} did not answer")


def _cpu(pid: int) -> float:
    """CPU seconds a process has used, its threads included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    """Megabytes of a process, shared pages in proportion (PSS)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    from bench.__main__ import table

    print(table(main()))
