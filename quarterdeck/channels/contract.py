"""What a network's folder must offer. An adapter is made for one channel and speaks for that account; it keeps
no state between calls and never opens a transaction around a call. Everything a person may read in what it
returns or raises is a complete sentence.

The contract is small on purpose. Editing, deleting, metrics and replies will be further methods here, each
announced by a flag in `Capabilities`, so that a network's folder says what it can do and no caller guesses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal, Protocol

Sureness = Literal["proved", "read back", "by hand"]


@dataclass(frozen=True, slots=True)
class Limit:
    """One published limit of a network, with where it was read and when that was last checked."""

    name: str
    value: int
    unit: str
    source: str
    checked: date


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the network lets us do. `same_key_once`: a second publish with the same key makes no second post.

    `can_find`: whether a post can be looked up by the key it was sent with. `sureness` is the one word by which
    a channel says how it is known that a post is out.
    """

    same_key_once: bool
    can_find: bool
    sureness: Sureness


@dataclass(frozen=True, slots=True)
class Published:
    """What the network said when it took a post: its own name for it, and where people see it."""

    remote_id: str
    url: str


class Refused(Exception):
    """The network said no; nothing went out. `transient` means the same call may succeed later.

    `retry_after` is in seconds and, where the network gave one, is obeyed.
    """

    def __init__(self, words: str, *, transient: bool = False, retry_after: int | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.transient = transient
        self.retry_after = retry_after


class Unclear(Exception):
    """The call ended without an answer: the post may be out or not. Never sent again by itself."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Adapter(Protocol):
    """One channel's way to its network. Raises Refused or Unclear, never anything a caller must interpret."""

    network: ClassVar[str]
    title: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    limits: ClassVar[tuple[Limit, ...]]

    def __init__(self, handle: str) -> None: ...

    def validate(self, text: str) -> list[str]:
        """Sentences that say why the network would not take this text; empty when it would."""
        ...

    def publish(self, client_key: str, text: str) -> Published:
        """Send the post. Raises Refused (nothing went out) or Unclear (it may have)."""
        ...

    def find(self, client_key: str) -> Published | None:
        """The post that was sent with this key, or None when the network holds none. Raises Unclear."""
        ...
