"""The race between the button and the slot: many deliveries fall due in one instant, a hold is placed about then, and
each first byte's instant is compared with the instant at which the hold's commit had returned.

`race` runs it, `Result.line` says it as one line of `docs/exactly-once.md`, and `write` puts the line there.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock
from uuid import UUID

from django.db import connection, transaction

from quarterdeck import ledger
from quarterdeck.channels import adapters
from quarterdeck.channels.models import Channel
from quarterdeck.core import clock, ids
from quarterdeck.core.claims import return_connections, wake
from quarterdeck.crew.models import Member
from quarterdeck.publishing import holding, sending
from quarterdeck.publishing.models import Caught, Clearance, Delivery, Hold, Post, hash_content
from quarterdeck.publishing.rows import WAKE
from quarterdeck.publishing.tests.fake_racing import FakeRacingAdapter
from quarterdeck.publishing.verbs import holds
from tests import make, running
from tests.web.serving import database_url

HEAD = "Hold race"
ROWS = (
    "publishing_caught",
    "publishing_delivery",
    "publishing_clearance",
    "publishing_post",
    "publishing_hold",
)


@dataclass
class Result:
    """What the rounds showed together. `after_commit`: calls whose first byte left after the hold's commit had
    returned; `after_lock`: after the hold had its lock, which is stricter. `waited` are seconds from the press of
    the button to the return of the commit."""

    rounds: int
    deliveries: int
    workers: str
    sent: int = 0
    held: int = 0
    caught: int = 0
    stopped: int = 0
    mixed: int = 0  # rounds in which some went out and some were held
    after_commit: int = 0
    after_lock: int = 0
    waited: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.waited)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def line(self) -> str:
        """One line in Markdown."""
        return (
            f"{HEAD}: {self.rounds} rounds of {self.deliveries:,} deliveries due in one instant, a hold about then, "
            f"{self.workers}: {self.sent:,} calls began before the hold, {self.held:,} were held, "
            f"**{self.after_commit} began after its commit** ({self.after_lock} after it had the lock). "
            f"{self.caught:,} were on their way and listed, {self.stopped:,} of all stopped before their first byte; "
            f"in {self.mixed} rounds the hold fell among the calls. From the button to the promise: "
            f"median {self.percentile(0.5) * 1000:.0f} ms, p99 {self.percentile(0.99) * 1000:.0f} ms. "
            f"Measured at commit {running.commit()} on {datetime.now(UTC):%Y-%m-%d}."
        )


def write(result: Result, page: Path) -> None:
    """Put the line on the page, in the place of the last one, else at its end."""
    lines = page.read_text().splitlines() if page.exists() else ["# Exactly once", ""]
    kept = [line for line in lines if not line.startswith(HEAD)]
    at = next((number for number, line in enumerate(lines) if line.startswith(HEAD)), len(kept))
    page.write_text("\n".join([*kept[:at], result.line(), *kept[at:]]) + "\n")


def race(rounds: int, deliveries: int, *, loops: int = 2, processes: int = 0, seed: int = 7) -> Result:
    """Run the race against the present database, with so many sending loops in threads and processes. The caller's
    transaction must not be open; the rows of each round are removed after it."""
    chance = random.Random(seed)
    words = f"{loops} sending loops" if not processes else f"{loops} sending loops and {processes} processes"
    result = Result(rounds, deliveries, words)
    commits: dict[str, tuple[int, int]] = {}
    FakeRacingAdapter.left.clear()
    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict(adapters.NETWORKS, {"fake": FakeRacingAdapter}))
        locked = stack.enter_context(_lock_instants())
        others = stack.enter_context(_processes(processes))
        stack.enter_context(_loops(loops))
        for number in range(rounds):
            _round(result, deliveries, chance, commits, locked, by_time=number % 2 == 0)
    for key, left_at in [*FakeRacingAdapter.left, *(one for path in others for one in _read(path))]:
        committed_at, locked_at = commits[key]
        result.after_commit += left_at > committed_at
        result.after_lock += left_at > locked_at
    return result


def _round(
    result: Result,
    count: int,
    chance: random.Random,
    commits: dict[str, tuple[int, int]],
    locked: list[int],
    *,
    by_time: bool,
) -> None:
    lead = 0.3 + count / 2000  # seconds from making them to their slot
    presser = make.member()
    due_at, begun = clock.now() + timedelta(seconds=lead), len(FakeRacingAdapter.left)
    keys = _plan(presser, count, due_at)
    if by_time:  # about the time they take to go out
        late = chance.uniform(-0.05, 0.3 + count / 800)
        time.sleep(max(0.0, (due_at - clock.now()).total_seconds() + late))
    else:  # in the very moment in which so many have begun here
        _wait_for(begun + chance.randint(1, max(1, count // 4)))
    pressed = time.monotonic_ns()
    hold = holds.place(presser)
    committed = time.monotonic_ns()
    result.waited.append((committed - pressed) / 1e9)
    commits |= dict.fromkeys(keys, (committed, locked[-1]))
    states = _settled(presser.workspace_id)
    sent, kept = states.count("accepted"), states.count("intent")
    assert sent + kept == count, f"every one is out or held: {set(states)}"
    result.sent, result.held = result.sent + sent, result.held + kept
    result.mixed += bool(sent and kept)
    result.caught += Caught.objects.filter(hold=hold).count()
    result.stopped += Delivery.objects.filter(
        workspace=presser.workspace_id, state="intent", evidence__startswith="It was stopped"
    ).count()
    _remove(presser.workspace_id)


def _wait_for(begun: int, patience: float = 20.0) -> None:
    deadline = time.monotonic() + patience
    while len(FakeRacingAdapter.left) < begun and time.monotonic() < deadline:
        time.sleep(0.0005)


def _plan(by: Member, count: int, due_at) -> list[str]:
    """So many approved posts with one delivery each, written at once under one event."""
    brand, now, event_id = by.workspace.brands.get(), clock.now(), ids.new()
    shared = {"workspace": by.workspace, "ledger_event_id": event_id}
    with transaction.atomic():
        channel = Channel.objects.create(
            brand=brand,
            network="fake",
            handle="race",
            name="Race",
            connected_by=by,
            connected_at=now,
            **shared,
        )
        people = {"author": by, "answerable": by, "changed_by": by, "created_at": now, "changed_at": now}
        texts = [f"Post {number}." for number in range(count)]
        posts = Post.objects.bulk_create(
            [Post(brand=brand, text=t, text_hash=hash_content(t, [], []), **people, **shared) for t in texts]
        )
        shared_by_post = {"cleared_at": now, "ledger_event_id": event_id}
        Clearance.objects.bulk_create(
            [Clearance(post=post, text_hash=post.text_hash, **shared_by_post) for post in posts]
        )
        rows = Delivery.objects.bulk_create([_delivery(post, channel, by, due_at, shared) for post in posts])
        fields = {"text": "Race.", "channels": 1}
        ledger.record("publishing.post.drafted", actor=by, about=posts[0], fields=fields, event_id=event_id)
        wake(WAKE)
    return [row.client_key for row in rows]


def _delivery(post: Post, channel: Channel, by: Member, due_at, shared: dict) -> Delivery:
    return Delivery(
        post=post,
        channel=channel,
        planned_by=by,
        planned_at=clock.now(),
        opened_by=shared["ledger_event_id"],
        wall=f"{due_at:%Y-%m-%dT%H:%M:%S}",
        zone="UTC",
        due_at=due_at,
        try_at=due_at,
        latest_at=due_at + timedelta(minutes=15),
        client_key=FakeRacingAdapter.new_key(due_at, 0),
        **shared,
    )


def _settled(workspace_id: UUID, patience: float = 60.0) -> list[str]:
    """The states of the round's deliveries once none is on its way, and no claim that began before the hold is left:
    it was so three times in a row."""
    deadline, calm = time.monotonic() + patience, 0
    rows = Delivery.objects.filter(workspace=workspace_id)
    while True:
        states = list(rows.values_list("state", flat=True))
        leased = rows.filter(lease_until__isnull=False, state="intent").exists()
        calm = 0 if leased or {"sending", "ambiguous"} & set(states) else calm + 1
        if calm == 3:
            return states
        assert time.monotonic() < deadline, f"still on their way: {set(states)}"
        time.sleep(0.1)


def _remove(workspace_id: UUID) -> None:
    """Take the round's rows away under the guards, so that the last round meets a table as small as the first."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ROWS:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        Caught.objects.filter(hold__workspace=workspace_id).delete()
        Delivery.objects.filter(workspace=workspace_id)._raw_delete("default")
        Clearance.objects.filter(post__workspace=workspace_id)._raw_delete("default")
        Post.objects.filter(workspace=workspace_id)._raw_delete("default")
        Hold.objects.filter(workspace=workspace_id)._raw_delete("default")
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # foreign keys are checked now, and triggers may be turned on
        for table in ROWS:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@contextmanager
def _lock_instants() -> Iterator[list[int]]:
    """The instants at which a hold had its lock."""
    instants: list[int] = []
    real = holding.take_alone

    def noting(workspace_id: UUID) -> None:
        real(workspace_id)
        instants.append(time.monotonic_ns())

    with mock.patch.object(holding, "take_alone", noting):
        yield instants


@contextmanager
def _loops(count: int) -> Iterator[None]:
    stop = threading.Event()

    def run() -> None:
        try:
            sending.loop().run(stop)
        finally:
            return_connections()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@contextmanager
def _processes(count: int) -> Iterator[list[Path]]:
    """Workers of their own; the files with what they saw are whole when the block has ended."""
    kept = [Path(tempfile.mkstemp(prefix="qd-race-")[1]) for _ in range(count)]
    environment = os.environ | {"DATABASE_URL": database_url()}
    command = [sys.executable, "-m", "quarterdeck.publishing.tests.race_process"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    running = [subprocess.Popen([*command, str(path)], env=environment, **pipes) for path in kept]
    try:
        for one in running:
            assert one.stdout.readline() == "ready\n"
        yield kept
    finally:
        for one in running:
            one.stdin.close()
        for one in running:
            one.wait(60)


def _read(path: Path) -> list[tuple[str, int]]:
    found = [(key, int(at)) for key, at in (line.split() for line in path.read_text().splitlines())]
    path.unlink()
    return found
