"""What rooms show: items of the Desk, actions and panels on pages of others, search, palette, rail, strip, settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Who = Any  # crew.Member; core stands below crew and cannot name it

PRIVATE = "private."  # how the keys of items begin that leave no trace of their own

AgendaKind = Literal["correct", "missed", "approve", "answer", "due", "on watch", "decide", "make", "notice"]


@dataclass(frozen=True, slots=True)
class ItemAction:
    """A button on a Desk item. `method` "get" opens a page; "post" acts there and then. `key` ("e", "s") presses it."""

    label: str
    url: str
    method: Literal["get", "post"] = "get"
    primary: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One thing that asks for a person. Ranked by consequence (0-100), then due, then since.

    `key` is stable for as long as the matter is the same ("publishing.approval:<uuid>"): done, snooze and
    hand-over attach to it. Items with the same `fold` become one, titled by `fold_title(items)`.
    `can_wait_until` set and in the future keeps it out of the seven and in the honest last line.
    A key that begins with PRIVATE is the person's alone: the Desk writes nothing down about it, so the item brings its
    own ways to be put off, and it is never handed over.
    """

    key: str
    kind: AgendaKind
    title: str
    why: str
    url: str
    since: datetime
    consequence: int = 50
    due: datetime | None = None
    can_wait_until: datetime | None = None
    actions: tuple[ItemAction, ...] = ()
    fold: str = ""
    fold_title: Callable[[list[AgendaItem]], str] | None = None
    can_be_done: bool = False  # E marks it done without opening; otherwise E opens `url`

    @property
    def private(self) -> bool:
        return self.key.startswith(PRIVATE)


AgendaProvider = Callable[[Who, datetime], Iterable[AgendaItem]]


@dataclass(frozen=True, slots=True)
class ObjectAction:
    """Something one room offers on another room's object ("make a request from this conversation")."""

    about: str  # ledger name of the object, e.g. "publishing.post"
    label: str
    url: Callable[[Any, Who], str | None]  # None: not offered here
    key: str = ""  # the single key that does it on the object's page


@dataclass(frozen=True, slots=True)
class Panel:
    """A part one room shows on another room's page: `context(obj, who)` -> dict, or None for nothing. `beside`: next
    to what the page is about, not below it."""

    about: str
    title: str
    template: str
    context: Callable[[Any, Who], dict[str, Any] | None]
    beside: bool = False


@dataclass(frozen=True, slots=True)
class SearchHit:
    title: str
    kind: str  # a word for people: "Post", "Member"
    url: str
    snippet: str = ""
    when: datetime | None = None


SearchProvider = Callable[[Who, str, int], Iterable[SearchHit]]  # who, query, limit


@dataclass(frozen=True, slots=True)
class Command:
    """An entry of the command palette. `url_name` is reversed with the workspace's slug."""

    label: str
    url_name: str
    permission: str = ""  # empty: every member
    shortcut: str = ""  # as typed: "g d", "n", "?"
    keywords: str = ""


@dataclass(frozen=True, slots=True)
class NavEntry:
    """A link in the rail. Groups are separated by a line; `count(who)` shows a number beside it."""

    label: str
    url_name: str
    group: int
    permission: str = ""
    count: Callable[[Who], int] | None = None


@dataclass(frozen=True, slots=True)
class StripFact:
    """One fact in the strip at the top of every page ("Next out: 11:30 Sandbox")."""

    label: str
    value: str = ""
    tone: Literal["plain", "good", "attention", "danger"] = "plain"
    url: str = ""


StripProvider = Callable[[Who], Iterable[StripFact]]


@dataclass(frozen=True, slots=True)
class SettingsPage:
    label: str
    url_name: str
    group: Literal["You", "Workspace", "Installation"]
    permission: str = ""


@dataclass(frozen=True, slots=True)
class AsideBlock:
    """A block beside the Desk: `context(who)` -> dict, or None for nothing."""

    title: str
    template: str
    context: Callable[[Who], dict[str, Any] | None]
