"""Runs the violence and judges it: what every network holds beside what every delivery says of itself."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests import running
from tests.chaos.networks import Network
from tests.running import ROOT

LETTERS = "abcdefghijklmnoprstuvwyz"
LATEST_AFTER = timedelta(minutes=15)
HARDLY = (1, 5)  # seconds it may be late: with one, an answer that is lost leaves no time to send it again
AHEAD = 2  # seconds from planning to the slot
SETTLING = 100.0  # seconds for what is open after the last kill
LEEWAY = 1.0  # seconds: a fake that was told to wait first writes its time down late
GOES_ON = 3.0  # seconds more: one that was told to go on after it hung up ("late:3"); the Sandbox never does


@dataclass(slots=True)
class Verdict:
    """Of one network: how many deliveries ended how, and everything that must not have happened, by name."""

    network: str
    word: str
    deliveries: int = 0
    out: int = 0
    asked: int = 0
    waiting: int = 0
    missed: int = 0
    refused: int = 0
    duplicates: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)  # we say it is not out, and it is

    @property
    def clean(self) -> bool:
        return not (self.duplicates or self.lost or self.early or self.late or self.untrue)


@dataclass(slots=True)
class Result:
    kills: Counter[str]
    restarts: int
    seconds: float
    verdicts: list[Verdict]
    ledger: str


class Harness:
    """One installation in a folder of its own, its networks, and the workers that die in it."""

    def __init__(self, networks: Sequence[Network], *, kills: int, workers: int = 2, seed: int = 1) -> None:
        self.networks, self.kills, self.workers, self.seed = list(networks), kills, workers, seed
        self.chance = random.Random(seed)
        self.folder = Path(tempfile.mkdtemp(prefix="qd-chaos-", dir="/tmp"))
        self.restarts = self.count = 0

    def __enter__(self) -> Harness:
        from quarterdeck.core.postgres import Cluster

        self._cluster = Cluster(self.folder / "postgres")
        self._cluster.start()
        for network in self.networks:
            network.start(self.folder)
        self._environment = {
            "DATABASE_URL": self._cluster.url,
            "QUARTERDECK_DATA": str(self.folder),
            "QUARTERDECK_PRIVATE_HOSTS": ",".join(n.host for n in self.networks if n.host),
            "DJANGO_SETTINGS_MODULE": "quarterdeck.config.settings",
        }
        return self

    def __exit__(self, *exception: object) -> None:
        for network in self.networks:
            network.stop()
        self._cluster.stop()
        running.remove(self.folder)

    def run(self, *, restart_every: int = 0) -> Result:
        """Plan, kill, restart, settle, judge. `restart_every`: kills between two restarts of the database."""
        begun = time.monotonic()
        self._open()
        log = self.folder / "kills.jsonl"
        command = [sys.executable, "-m", "tests.chaos.nursery", str(self.kills), str(self.workers)]
        nursery = subprocess.Popen(
            [*command, str(self.seed), str(log)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | self._environment,
            stderr=(self.folder / "workers.log").open("w"),
        )
        try:
            self._while_they_die(nursery, log, restart_every)
            self._until_settled()
        finally:
            nursery.kill()
            nursery.wait()
        kills = Counter(json.loads(line)["point"] for line in log.read_text().splitlines())
        return Result(kills, self.restarts, time.monotonic() - begun, self._judge(), self._verify())

    # --- the world ----------------------------------------------------------------------------------

    def _open(self) -> None:
        """Django in this process, a workspace of two with a channel for each network."""
        os.environ.update(self._environment)
        import django

        django.setup()
        from django.core.management import call_command

        from quarterdeck.core import secrets

        secrets.ensure_installation_key()
        call_command("migrate", verbosity=0)
        self._places = {network.name: _place(network) for network in self.networks}

    def _plan(self) -> None:
        """One more post, sometimes a thread, on one network, in two seconds; some may hardly be late."""
        from quarterdeck.publishing import verbs

        network = self.networks[self.count % len(self.networks)]
        place = self._places[network.name]
        self.count += 1
        parts = self.chance.choice((1, 1, 1, 2, 3))
        texts = [self._text() for _ in range(parts)]
        post = verbs.draft(
            place.author,
            brand=place.brand,
            text=texts[0],
            channels=[place.channel],
            images=[self._image(place)] if self.chance.random() < 0.3 else [],
            following=[{"text": text, "images": []} for text in texts[1:]],
        )
        verbs.ask_approval(post, by=place.author)
        verbs.approve(post, by=place.approver, text_hash=post.text_hash)
        late = timedelta(seconds=self.chance.choice(HARDLY)) if self.chance.random() < 0.15 else LATEST_AFTER
        with _hurried(late):
            verbs.publish_now(post, by=place.author)

    def _image(self, place: Place) -> dict:
        """A picture nobody has seen yet, so that every post with one brings a file."""
        from quarterdeck.studio import intake

        data = png(self.chance.randbytes(12))
        return {"file": intake.keep(place.author.workspace, data, "soup.png").pk.hex, "alt": "A bowl."}

    def _text(self) -> str:
        """Words that resemble no other text here: a post is found again by what it says."""
        return " ".join("".join(self.chance.choices(LETTERS, k=7)) for _ in range(6)) + "."

    def _while_they_die(self, nursery: subprocess.Popen, log: Path, restart_every: int) -> None:
        next_restart, pause = restart_every, 0.0
        while nursery.poll() is None and self._dead(log) < self.kills:
            self._try(self._plan)
            if self.chance.random() < 0.35:
                self.chance.choice(self.networks).hurt(self.chance)
            if restart_every and self._dead(log) >= next_restart:
                next_restart += restart_every
                self._restart()
            pause = 0.0 if self.count % 8 or self._open_count() < 120 else 0.5
            time.sleep(pause)
        if nursery.poll() is not None:
            raise RuntimeError((self.folder / "workers.log").read_text()[-4000:])

    def _try(self, act) -> None:
        from django.db import InterfaceError, OperationalError, connections

        try:
            act()
        except (OperationalError, InterfaceError):  # the database restarts
            connections.close_all()

    def _open_count(self) -> int:
        from django.db import Error, connections

        from quarterdeck.publishing.models import Delivery

        try:
            return Delivery.objects.filter(
                state__in=("intent", "sending", "ambiguous"), asked_at=None
            ).count()
        except Error:
            connections.close_all()
            return 1  # not known: ask again

    def _dead(self, log: Path) -> int:
        return len(log.read_text().splitlines()) if log.exists() else 0

    def _restart(self) -> None:
        from django.db import connections

        os.kill(self._cluster.pid, signal.SIGQUIT)  # at once, without a last checkpoint
        while self._cluster.running:
            time.sleep(0.05)
        self._cluster.start()
        connections.close_all()
        self.restarts += 1

    def _until_settled(self) -> None:
        deadline = time.monotonic() + SETTLING
        while self._open_count():
            if time.monotonic() > deadline:
                return  # the judge names what is still open
            time.sleep(0.5)

    # --- the judge ----------------------------------------------------------------------------------

    def _judge(self) -> list[Verdict]:
        from quarterdeck.publishing.models import Delivery

        verdicts = []
        for network in self.networks:
            made: dict[str, list[float]] = {}
            for post in network.posts():
                made.setdefault(post.text, []).append(post.at)
            verdict = Verdict(network.name, network.word)
            channel = self._places[network.name].channel
            for delivery in Delivery.objects.filter(channel=channel).select_related("post"):
                _weigh(verdict, delivery, made)
            verdict.lost += [f"unexpected: {what}" for what in network.unexpected()]
            verdicts.append(verdict)
        return verdicts

    def _verify(self) -> str:
        """The last word of the ledger's own check."""
        command = [sys.executable, "-m", "quarterdeck", "ledger", "verify", "--all"]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env=os.environ | self._environment,
            cwd=ROOT,
            check=False,
        )
        return "verified" if done.returncode == 0 else (done.stdout + done.stderr)[-400:]


def png(pixels: bytes) -> bytes:
    """The smallest picture: two by two, in the twelve bytes given (W3C PNG, section 5)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + pixels[row * 6 : row * 6 + 6] for row in range(2))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace of two with one channel."""

    author: Any
    approver: Any
    brand: Any
    channel: Any


def _place(network: Network) -> Place:
    from quarterdeck.crew.permissions import Role
    from tests import make

    workspace = make.workspace(timezone="UTC")
    lead, brand = make.member(Role.LEAD, workspace, "Bea"), workspace.brands.get()
    return Place(make.member(Role.AUTHOR, workspace, "Ada"), lead, brand, network.connect(lead, brand))


@contextlib.contextmanager
def _hurried(late: timedelta) -> Iterator[None]:
    """People plan in minutes; here “now” is in two seconds, and what is planned may be as late as `late`."""
    from quarterdeck.publishing.models import Post
    from quarterdeck.publishing.verbs import plans

    window, after = plans.UNDO_WINDOW, Post.latest_after
    plans.UNDO_WINDOW, Post.latest_after = timedelta(seconds=AHEAD), property(lambda post: late)
    try:
        yield
    finally:
        plans.UNDO_WINDOW, Post.latest_after = window, after


def _behind_a_question(delivery) -> bool:
    """A part whose forerunner did not go out, or is asked of a person: it is missed when its latest time comes."""
    before = delivery.after
    while before is not None:
        if before.state in {"missed", "rejected", "ambiguous"}:
            return True
        before = before.after
    return False


def _weigh(verdict: Verdict, delivery, made: dict[str, list[float]]) -> None:
    """Hold one delivery's word against what the network holds."""
    name = f"{delivery.text or delivery.post.text} ({delivery.pk})"
    text = delivery.post.parts[delivery.part]["text"]
    times = made.get(text, [])
    verdict.deliveries += 1
    verdict.out += delivery.state == "accepted"
    verdict.missed += delivery.state == "missed"
    verdict.refused += delivery.state == "rejected"
    verdict.asked += delivery.state == "ambiguous"
    if len(times) > 1:
        verdict.duplicates.append(name)
    waits = delivery.state == "intent" and _behind_a_question(delivery)
    verdict.waiting += waits
    if (delivery.state == "accepted" and not times) or (
        delivery.state in {"intent", "sending"} and not waits
    ):
        words = f"{delivery.state}, {len(times)} on the network; {delivery.failure} {delivery.evidence}"
        verdict.lost.append(f"{name}: {words}")
    if delivery.state == "ambiguous" and delivery.asked_at is None:
        verdict.lost.append(f"{name}: still being looked for")
    if delivery.state in {"missed", "rejected"} and times:
        verdict.untrue.append(f"{name}: {delivery.state}, and it is out")
    if any(at < delivery.due_at.timestamp() for at in times):
        verdict.early.append(name)
    leeway = LEEWAY if delivery.channel.network == "sandbox" else LEEWAY + GOES_ON
    if any(at > delivery.latest_at.timestamp() + leeway for at in times):
        verdict.late.append(name)
