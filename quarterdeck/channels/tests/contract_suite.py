"""What every network's adapter must keep, tried against its own fake. A network offers its fake in its folder, in
`tests/ground.py`, as `GROUNDS`: name -> a context manager that gives a `Ground`. Nothing else needs to be said.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module

from quarterdeck.channels import adapters
from quarterdeck.channels.contract import Adapter, Content, Counts, Media, Published, Stopped, Thread

SLOT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
    "0def46b80000000049454e44ae426082"
)


@dataclass(frozen=True)
class Beside:
    """What the fake keeps of a post beside its text: how many pictures, and the card we made for its link, as
    (address, title, description, whether it has a picture)."""

    pictures: int = 0
    card: tuple[str, str, str, bool] | None = None


@dataclass
class Ground:
    """A fake and an adapter that is signed in to it.

    `made()` are the texts of the public posts the fake has taken, oldest first; `beside()` is what stands beside the
    text of the newest. `then(fault)` makes the next publish call meet a fault by its common name (see `FAULTS`), or the
    call that `call("edit" or "delete", post)` names; None where the network is called without a wire.
    """

    adapter: Adapter
    made: Callable[[], list[str]]
    beside: Callable[[], Beside]
    then: Callable[[str | dict], None] | None = None
    call: Callable[[str, Published], str] | None = None


# Each fault of a publish call: what the adapter must say, and how many posts the network made.
UNCLEAR, BUSY, SIGN_IN, PERSON = "unclear", "busy", "sign-in", "person"
FAULTS = {
    "drop_before": (UNCLEAR, 0),
    "drop_after": (UNCLEAR, 1),
    "500_before": (UNCLEAR, 0),
    "500_after": (UNCLEAR, 1),
    "half_answer": (UNCLEAR, 1),
    "not_json": (UNCLEAR, 1),
    "429:30": (BUSY, 0),
    "429_date:30": (BUSY, 0),
    "429_reset:30": (BUSY, 0),
    "expired": (SIGN_IN, 0),
    "revoked": (SIGN_IN, 0),
    "suspended": (PERSON, 0),
    "gone": (PERSON, 0),
}


def grounds() -> dict[str, Callable[[], AbstractContextManager[Ground]]]:
    """Every network's, by name; a network of this installation without one is an error."""
    found: dict[str, Callable[[], AbstractContextManager[Ground]]] = {}
    for network in adapters.NETWORKS:
        found |= import_module(f"quarterdeck.channels.{network}.tests.ground").GROUNDS
    return found


class Gate:
    """Counts how often a call was begun; a closed one lets none through."""

    def __init__(self, *, closed: bool = False) -> None:
        self.closed, self.passed = closed, 0

    @contextmanager
    def __call__(self) -> Iterator[None]:
        if self.closed:
            raise Stopped("A hold stands.")
        self.passed += 1
        yield


def new_body(
    adapter: Adapter, text: str, *, position: int = 0, thread: Thread | None = None
) -> tuple[str, dict]:
    """A key and the body that is sent with it, as kept: through JSON and back."""
    key = adapter.new_key(SLOT, position)
    body = adapter.render(Content(text, (), "en"), key=key, due_at=SLOT, thread=thread)
    return key, json.loads(json.dumps(body))


def image() -> Media:
    """A picture of one pixel that every network takes."""
    return Media(
        "m1", "soup.png", "image/png", len(PIXEL), hashlib.sha256(PIXEL).hexdigest(), 1, 1, "", lambda: PIXEL
    )


def say(adapter: Adapter, content: Content) -> Published:
    """Everything a publication does: files brought, names looked up, rendered, published."""
    uploads = [adapter.upload(one) for one in content.files]
    if (looked_up := adapter.prepare(content)) is not None:
        uploads.append(looked_up)
    key = adapter.new_key(SLOT, 0)
    body = adapter.render(content, key=key, due_at=SLOT, uploads=uploads)
    return adapter.publish(key, json.loads(json.dumps(body)), gate=Gate())


def publish(adapter: Adapter, text: str, **given) -> Published:
    key, body = new_body(adapter, text, **given)
    return adapter.publish(key, body, gate=Gate())


def new_words(adapter: Adapter, text: str) -> dict:
    """The body of an edit, as kept."""
    return json.loads(json.dumps(adapter.render(Content(text, (), "en"), key="0" * 32, due_at=SLOT)))


def standing(adapter: Adapter) -> list[str]:
    """What stands there, read back, oldest first."""
    return [post.text for post in adapter.own_posts(SLOT - timedelta(days=3650))][::-1]


def fault(words: str, adapter: Adapter) -> str:
    """What is wrong with words that a person will read; empty when nothing is."""
    secret = next((v for v in adapter.account.secrets.values() if len(v) > 5 and v in words), None)
    if secret:
        return "it shows a secret"
    ends = words.rstrip("”").endswith((".", "?")) or words.split()[-1].startswith(
        "https://"
    )  # an address, to copy
    if not re.match(r"[A-Z“@0-9]", words) or not ends:
        return "it is no complete sentence"
    if re.fullmatch(r"\D{0,20}\b[1-5]\d\d\b\D{0,10}", words) or "!" in words:
        return "it is a status code, or it shouts"
    return ""


def counts_fault(counts: Counts) -> str:
    """What is wrong with numbers; empty when nothing is."""
    good = all(
        isinstance(name, str) and type(value) is int and value >= 0 for name, value in counts.values.items()
    )
    return "" if good else f"{counts} are no whole numbers by name"


def long_ago() -> datetime:
    """When a call began whose network has had all the time it needs since."""
    return datetime.now(UTC) - timedelta(minutes=20)
