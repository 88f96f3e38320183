"""What the workers publish to: strict fakes in processes of their own, the Sandbox, and a real Bluesky server."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from tests.running import ROOT, free_port


@dataclass(frozen=True, slots=True)
class Held:
    """A post that the network holds: when it was made (seconds since 1970) and what it says."""

    at: float
    text: str


class Network:
    """A network as the harness needs it. `host` is what the product must be allowed to call."""

    name: ClassVar[str]
    word: ClassVar[str]  # how sure the channel says it is
    host = ""

    def start(self, folder: Path) -> None: ...

    def connect(self, by: Any, brand: Any) -> Any:
        """The channel, connected as a person would."""
        raise NotImplementedError

    def hurt(self, chance: random.Random) -> None:
        """Make one of the next calls go wrong."""

    def posts(self) -> list[Held]:
        raise NotImplementedError

    def unexpected(self) -> list[str]:
        """What the fake was asked and did not expect."""
        return []

    def stop(self) -> None: ...


class Sandbox(Network):
    name, word = "Sandbox", "proved"

    def connect(self, by: Any, brand: Any) -> Any:
        from quarterdeck.channels import verbs

        self._channel = verbs.connect_sandbox(by, brand=brand, name="Sandbox")
        return self._channel

    def posts(self) -> list[Held]:
        from quarterdeck.channels.sandbox.models import SandboxPost

        found = SandboxPost.objects.filter(account__handle=self._channel.handle)
        return [Held(post.posted_at.timestamp(), post.text) for post in found]


class Fake(Network):
    """A fake that runs as its own process and keeps what it took in a file."""

    module: ClassVar[str]
    network: ClassVar[str]
    switches: ClassVar[dict[str, Any]] = {}
    faults: ClassVar[tuple[str, ...]] = (
        "drop_before",
        "drop_after",
        "drop_after",
        "delay:0.4",
        "delay_after:0.4",
        "delay_after:2.6",
        "late:3",
        "duplicate",
        "500_before",
        "500_after",
        "500_after",
        "half_answer",
        "not_json",
        "429:1",
    )

    def start(self, folder: Path) -> None:
        self.port = free_port()
        self.host, self.address = f"127.0.0.1:{self.port}", f"http://127.0.0.1:{self.port}"
        self._state = folder / f"{self.name.replace(' ', '-')}.jsonl"
        command = [sys.executable, "-m", self.module, str(self.port), str(self._state)]
        self._process = subprocess.Popen(command, cwd=ROOT)
        _until_it_answers(f"{self.address}/fake/posts")
        if self.switches:
            self._say(dict(self.switches))

    def values(self) -> dict[str, str]:
        """What a person would type to connect."""
        raise NotImplementedError

    def connect(self, by: Any, brand: Any) -> Any:
        from quarterdeck.channels import adapters, verbs

        connected = adapters.CONNECTORS[self.network]().begin(self.values(), back="http://localhost/back/")
        return verbs.connect(by, brand=brand, network=self.network, connected=connected)

    def hurt(self, chance: random.Random) -> None:
        self._say({"next": [chance.choice(self.faults)]})

    def posts(self) -> list[Held]:
        lines = self._state.read_text().splitlines() if self._state.exists() else []
        made = map(json.loads, lines)
        return [Held(datetime.fromisoformat(one["time"]).timestamp(), one["text"]) for one in made]

    def _say(self, what: dict) -> None:
        request = urllib.request.Request(
            f"{self.address}/fake/faults",
            json.dumps(what).encode(),
            {"content-type": "application/json"},
            method="POST",
        )
        urllib.request.urlopen(request, timeout=10).close()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


class FakeBluesky(Fake):
    name, word, network = "Bluesky, fake", "proved", "bluesky"
    module = "quarterdeck.channels.bluesky.tests.fake_bluesky"

    def values(self) -> dict[str, str]:
        from quarterdeck.channels.bluesky.tests.fake_bluesky import APP_PASSWORD, HANDLE

        return {"handle": HANDLE, "password": APP_PASSWORD, "server": self.address}


class FakeMastodon(Fake):
    name, word, network = "Mastodon, fake", "proved", "mastodon"
    module = "quarterdeck.channels.mastodon.tests.fake_mastodon"

    def values(self) -> dict[str, str]:
        from quarterdeck.channels.mastodon.tests.fake_mastodon import TOKEN

        return {"server": self.address, "token": TOKEN}


class FakeForgetful(FakeMastodon):
    name, word = "Mastodon without keys, fake", "read back"
    # A request that arrives twice is two posts there, whoever sends it: nobody can prevent that from outside.
    faults = tuple(fault for fault in Fake.faults if fault != "duplicate")
    switches: ClassVar[dict[str, Any]] = {
        "software": "pleroma",
        "honours_key": False,
        "markup": "plain",
    }


class RealBluesky(Network):
    """A real PDS. Its answers are cut by a proxy in between; its firehose says what was made."""

    name, word = "Bluesky, real server", "proved"

    def start(self, folder: Path) -> None:
        from tests.real.cutting import Cutter
        from tests.real.pds.server import PDS

        self._pds = PDS(tells_home=False).__enter__()  # stays behind the proxy
        self._cutter = Cutter(int(self._pds.address.rsplit(":", 1)[1])).__enter__()
        self.host = self._cutter.host
        self._person = self._pds.person("chaos")

    def connect(self, by: Any, brand: Any) -> Any:
        from quarterdeck.channels import adapters, verbs

        values = {
            "handle": self._person.handle,
            "password": self._person.app_password,
            "server": self._cutter.address,
        }
        connected = adapters.CONNECTORS["bluesky"]().begin(values, back="http://localhost/back/")
        return verbs.connect(by, brand=brand, network="bluesky", connected=connected)

    def hurt(self, chance: random.Random) -> None:
        self._cutter.cut(chance.choice(("answer", "request")))

    def posts(self) -> list[Held]:
        """Every create the firehose has told of; a revision's name is the time it was made."""
        token = self._pds.call(
            "com.atproto.server.createSession",
            post={"identifier": self._person.handle, "password": self._person.password},
        )["accessJwt"]
        changes = self._pds.marked(self._person, token)
        return [
            Held(_seconds(one["rev"]), one["record"]["text"]) for one in changes if one["action"] == "create"
        ]

    def stop(self) -> None:
        self._cutter.__exit__(None, None, None)
        self._pds.__exit__(None, None, None)


def real() -> list[type[Network]]:
    """The real servers that can run here; where none can, one sentence says why."""
    from tests.real.pds import install

    if install.ready():
        return [RealBluesky]
    sys.stderr.write(f"Without the real Bluesky server: {install.why_not()}\n")
    return []


FAKES = (Sandbox, FakeBluesky, FakeMastodon, FakeForgetful)


def _seconds(tid: str) -> float:
    """The time in a TID: 53 bits of microseconds, then 10 of a clock's name, in base 32 that sorts."""
    number = 0
    for letter in tid:
        number = number * 32 + "234567abcdefghijklmnopqrstuvwxyz".index(letter)
    return (number >> 10) / 1e6


def _until_it_answers(url: str, patience: float = 30.0) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
