"""Many deliveries due in one instant: how late the calls begin, beside two schedulers, in one run.

5,000 deliveries (50 posts on 100 channels) to a fake network that answers in 5 ms, sent by one worker. Lateness is
from the due time to the arrival of the call at the network, wall; CPU is that of the worker process. The peers only
make the call: they keep no fence, no ledger, no latest time.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import _real, ground

HERE = Path(__file__).parent
POSTS, CHANNELS = 50, 100
COUNT = POSTS * CHANNELS
AHEAD = 60.0  # seconds from the last planning to the instant
PEERS = {"huey": ("huey==2.5.3",), "apscheduler": ("apscheduler<4", "sqlalchemy")}
WORKER = """
import json, os, sys, threading, time
import django
django.setup()
from bench.sending import wire
wire(sys.argv[1])
from quarterdeck.core import memory
from quarterdeck.publishing import ahead, sending
memory.settle()  # as config.worker does
stop = threading.Event()
for loop in (sending.loop(), ahead.ready):
    threading.Thread(target=loop.run, args=(stop,)).start()
print("ready", flush=True)
time.sleep(max(0, float(sys.stdin.readline()) - time.time() - 0.5))
before = time.process_time()
sys.stdin.readline()
print(json.dumps(time.process_time() - before), flush=True)
os._exit(0)
"""


def wire(address: str) -> None:
    """Put the fake network into the table, for this process."""
    from quarterdeck.channels import adapters, calls
    from quarterdeck.channels.contract import Capabilities, Published
    from quarterdeck.channels.sandbox.adapter import SandboxAdapter

    class FakeInstant(SandboxAdapter):
        network, title = "fake", "A fake network"
        CAPABILITIES = Capabilities(same_key_once=False, can_find=False, sureness="read back")

        def publish(self, key, body, *, gate):
            answer = calls.client().post(address, content=body["text"].encode() + key.encode(), gate=gate)
            return Published(answer.json()["id"], address)

    adapters.NETWORKS["fake"] = FakeInstant


def main() -> list[dict]:
    """Rows of claim, figure, target, peer and ratio."""
    ours = _ours()
    rows = [_row("sending: 5,000 due in one instant, one worker", ours, "p99 <= 5 s, none early")]
    for name, packages in PEERS.items():
        try:
            rows.append(_row(f"the same by {name}", _peer(name, packages), "", ours))
        except RuntimeError as failed:  # a peer that does not run must not hide our own figure
            rows.append({"claim": f"the same by {name}", "figure": f"not measured: {failed}"[:300]})
    return rows


def _row(claim: str, said: dict, target: str, ours: dict | None = None) -> dict:
    late = said["late"]
    percent = statistics.quantiles(late, n=100) if len(late) > 1 else [0.0] * 99
    figure = f"p99 {percent[98]:.2f} s, median {percent[49]:.2f} s, {len(late):,} of {COUNT:,} calls, "
    figure += (
        f"{sum(x < 0 for x in late)} early, {len(late) - said['different']} twice, CPU {said['cpu']:.1f} s; "
        f"load of the machine {said['load']:.1f} on {os.cpu_count()} cores"
    )
    row = {"claim": claim, "figure": figure, "target": target, "p99": percent[98]}
    if ours is not None:
        mine = statistics.quantiles(ours["late"], n=100)[98]
        row["ratio"] = (
            f"ours is {mine / percent[98]:.2f} of its p99, {ours['cpu'] / said['cpu']:.2f} of its CPU"
        )
    return row


class Fake:
    """The network, in a process of its own."""

    def __enter__(self) -> Fake:
        import socket

        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}/"
        self._process = subprocess.Popen([sys.executable, HERE / "_fake_instant.py", str(port)])
        for _ in range(100):
            try:
                self.seen()
                break
            except OSError:
                time.sleep(0.1)
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.kill()
        self._process.wait()

    def seen(self) -> list[tuple[float, str]]:
        with urllib.request.urlopen(self.address, timeout=30) as answer:
            return json.load(answer)


def _said(fake: Fake, due: float, cpu: float) -> dict:
    seen = fake.seen()
    late, different = [at - due for at, _ in seen], len({what for _, what in seen})
    return {"late": late, "different": different, "cpu": cpu, "load": os.getloadavg()[0]}


def _peer(name: str, packages: tuple[str, ...]) -> dict:
    python = _real.environment(f"sending-{name}", "httpx", *packages)
    with Fake() as fake, tempfile.TemporaryDirectory() as folder:
        command = [python, HERE / "_sending_peers.py", name, fake.address, str(COUNT), folder]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{name} ended with {done.returncode}: {done.stderr[-2000:]}")
        said = json.loads(done.stdout.splitlines()[-1])
        return _said(fake, said["due"], said["cpu"])


def _ours() -> dict:
    os.environ["QUARTERDECK_PRIVATE_HOSTS"] = "127.0.0.1"
    with ground.house(clock=""), Fake() as fake:
        wire(fake.address)
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, fake.address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=HERE.parent,
        )
        try:
            worker.stdout.readline()
            due = _plan()
            worker.stdin.write(f"{due}\n")
            worker.stdin.flush()
            _until_all_are_out(due)
            worker.stdin.write("now\n")
            worker.stdin.flush()
            return _said(fake, due, json.loads(worker.stdout.readline()))
        finally:
            worker.kill()
            worker.wait()


def _plan() -> float:
    """A team with a hundred channels plans fifty posts for one instant; returns it."""
    from quarterdeck.channels.models import Channel
    from quarterdeck.core import clock, ids, secrets
    from quarterdeck.crew.permissions import Role
    from quarterdeck.ledger import record
    from quarterdeck.publishing import slots, verbs
    from quarterdeck.publishing.verbs import plans
    from tests import make

    secrets.ensure_installation_key()
    workspace = make.workspace(timezone="UTC")
    author, lead = make.member(Role.AUTHOR, workspace), make.member(Role.LEAD, workspace, "Bea")
    brand = workspace.brands.get()
    from django.db import transaction

    channels = []
    with transaction.atomic():
        for number in range(CHANNELS):
            event = ids.new()
            channel = Channel.objects.create(
                workspace=workspace,
                brand=brand,
                network="fake",
                handle=f"fake{number}",
                name=f"Fake {number}",
                connected_by=lead,
                connected_at=clock.now(),
                ledger_event_id=event,
            )
            about = {"network": "fake", "handle": channel.handle, "name": channel.name}
            record("channels.channel.connected", actor=lead, about=channel, fields=about, event_id=event)
            channels.append(channel)
    posts = []
    for number in range(POSTS):
        post = verbs.draft(author, brand=brand, text=f"Post {number}. ", channels=channels)
        verbs.approve(post, by=lead, text_hash=post.text_hash)
        posts.append(post)
    due = (datetime.now(UTC) + timedelta(seconds=AHEAD + POSTS * 0.4)).replace(microsecond=0)
    slot = slots.at_instant(due, "UTC")
    for post in posts:
        with transaction.atomic():
            plans._plan(plans.locked(post), author, slot, "publishing.post.scheduled", channels)
    if datetime.now(UTC) > due - timedelta(seconds=3):
        raise RuntimeError("Planning took longer than expected; the figure would be wrong.")
    return due.timestamp()


def _until_all_are_out(due: float) -> None:
    from quarterdeck.publishing.models import Delivery

    deadline = due + 120
    time.sleep(max(0.0, due - time.time()))
    while Delivery.objects.exclude(state="accepted").exists():
        if time.time() > deadline:
            return
        time.sleep(0.5)
