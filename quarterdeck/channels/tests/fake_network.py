"""A fake network for the room's own tests: its server is a file, so that several processes can call it at once.

Its refresh tokens work once, as the strictest networks' do. It refuses what it does not expect. `answers` decides
what it says next; `pause` makes a renewal slow; `die` kills the caller between the answer and whatever follows.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from quarterdeck.channels.contract import (
    Account,
    Capabilities,
    Connected,
    Counts,
    Elsewhere,
    Field,
    Health,
    Limit,
    OwnPost,
    Published,
    Refused,
    Secrets,
)
from quarterdeck.core import clock

PASSWORD = "a word that must not be shown"
STATE = "state-of-the-fake-network"


class FakeServer:
    """The other side, kept in a file."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)

    @contextmanager
    def state(self) -> Iterator[dict[str, Any]]:
        with self.path.open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            kept = json.loads(file.read() or "{}")
            kept.setdefault("renewals", 0)
            try:
                yield kept
            finally:
                file.truncate(0)
                file.write(json.dumps(kept))

    def set(self, **given: Any) -> None:
        with self.state() as kept:
            kept.update(given)

    def get(self, name: str, default: Any = None) -> Any:
        with self.state() as kept:
            return kept.get(name, default)

    def renew(self, token: str) -> Secrets:
        with self.state() as kept:
            refusal = kept.get("renewal_refused")
            if refusal:
                raise Refused("The fake network is busy.", transient=True)
            if token != f"refresh-{kept['renewals']}":
                raise Refused("The fake network does not know this sign-in any more.", reconnect=True)
            kept["renewals"] += 1
            number, pause, die = kept["renewals"], kept.get("pause", 0), kept.pop("die", False)
            minutes, empty = kept.get("minutes", 60), kept.get("empty_refresh", False)
        if die:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(pause)
        values = {"access": f"access-{number}", "refresh": "" if empty else f"refresh-{number}"}
        return Secrets(values, clock.now() + timedelta(minutes=minutes))

    def answer(self, access: str) -> dict[str, Any]:
        """What every other call meets first: the refusals that were set, then the sign-in."""
        with self.state() as kept:
            kept["calls"] = kept.get("calls", 0) + 1
            waiting = kept.get("refuse", [])
            if waiting:
                words, given = waiting.pop(0)
                raise Refused(words, **given)
            if kept.get("only_newest") and access != f"access-{kept['renewals']}":
                raise Refused("The sign-in at the fake network has run out.", expired=True)
            return dict(kept)


class FakeAdapter:
    """Speaks for one account of the fake network; `account.server` is the server's file."""

    network: ClassVar[str] = "fake"
    title: ClassVar[str] = "Fake network"
    limits: ClassVar[tuple[Limit, ...]] = (
        Limit("text", 100, "characters", "https://fake.example/limits", date(2026, 11, 1)),
    )
    CAPABILITIES: ClassVar[Capabilities] = Capabilities(
        same_key_once=True, can_find=True, sureness="proved", metrics=True
    )

    def __init__(self, account: Account) -> None:
        self.account = account
        self.server = FakeServer(Path(account.server))

    @property
    def capabilities(self) -> Capabilities:
        return self.CAPABILITIES

    def renew(self) -> Secrets:
        return self.server.renew(self.account.secrets["refresh"])

    def revoke(self) -> str:
        self.server.answer(self.account.secrets.get("access", ""))
        self.server.set(ended=self.account.secrets["refresh"])
        return self.server.get("take_back", "")

    def health(self) -> Health:
        kept = self.server.answer(self.account.secrets.get("access", ""))
        end = kept.get("end")
        if kept.get("end_moves"):  # each renewal makes the sign-in live ninety days more
            end = (clock.now() + timedelta(days=90)).isoformat() if kept["renewals"] else end
        return Health(
            datetime.fromisoformat(end) if end else None,
            tuple(kept.get("missing", ())),
            tuple(kept.get("left", ())),
        )

    def metrics(self, published: Sequence[Published]) -> list[Counts]:
        self.server.answer(self.account.secrets.get("access", ""))
        counts = self.server.get("counts", {})
        return [
            Counts(counts[one.remote_id]) if one.remote_id in counts else Counts({}, gone=True)
            for one in published
        ]

    def own_posts(self, since: datetime) -> Iterator[OwnPost]:
        """Newest first; `posts` are [id, ISO time, text, counts]; `break_after` refuses in the middle."""
        kept = self.server.answer(self.account.secrets.get("access", ""))
        broken = kept.get("break_after")
        for number, (remote_id, when, text, counts) in enumerate(kept.get("posts", [])):
            if broken is not None and number >= broken:
                raise Refused("The fake network stopped in the middle.", transient=True)
            posted = datetime.fromisoformat(when)
            if posted >= since:
                url = f"https://fake.example/{remote_id}"
                yield OwnPost(Published(remote_id, url), posted, text, Counts(counts))


class FakeConnector:
    """Connects by a password; with the handle "elsewhere", by going to the network and back."""

    network: ClassVar[str] = "fake"
    steps: ClassVar[tuple[str, ...]] = (
        "Open the fake network’s settings.",
        "Make a password for Quarterdeck.",
    )
    fields: ClassVar[tuple[Field, ...]] = (
        Field("handle", "Handle", "As others see it."),
        Field("password", "Password", "Made for Quarterdeck only.", secret=True),
    )
    server: ClassVar[str] = ""  # set by the fixture

    def begin(self, values: Mapping[str, str], *, back: str) -> Connected | Elsewhere:
        if values["handle"] == "elsewhere":
            keep = {"state": STATE, "back": back, "password": values["password"]}
            return Elsewhere(f"https://fake.example/authorize?redirect={back}", keep)
        if values["password"] != PASSWORD:
            raise Refused("The fake network does not know this password.", field="password")
        return self._connected(values["handle"])

    def complete(self, keep: Mapping[str, str], answer: Mapping[str, str]) -> Connected:
        if answer.get("code") != "yes":
            raise Refused("The fake network did not accept the answer.")
        return self._connected("elsewhere")

    def _connected(self, handle: str) -> Connected:
        values = {"access": "access-0", "refresh": "refresh-0"}
        kept = Secrets(values, clock.now() + timedelta(minutes=60))
        return Connected(handle, f"id-{handle}", handle.title(), self.server, kept)
