"""Where rooms meet without importing each other. Rooms declare entries; `config/wiring` registers them all.

Each registry is a typed list with names; registering a name twice is an error. `who` is the signed-in
`crew.Member`, which has `.workspace`, `.workspace_id`, `.pk` and `.may(permission) -> bool`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from quarterdeck.core.deeds import DeedProvider

Who = Any  # crew.Member; core stands below crew and cannot name it

T = TypeVar("T")


class Registry(Generic[T]):
    """Named entries in the order they were registered."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._entries: dict[str, T] = {}

    def register(self, name: str, entry: T) -> T:
        if name in self._entries:
            raise ValueError(f"{self.name}: '{name}' is registered already.")
        self._entries[name] = entry
        return entry

    def register_all(self, entries: Mapping[str, T]) -> None:
        for name, entry in entries.items():
            self.register(name, entry)

    def __iter__(self) -> Iterator[tuple[str, T]]:
        return iter(self._entries.items())

    def __getitem__(self, name: str) -> T:
        return self._entries[name]

    def __contains__(self, name: str) -> bool:
        return name in self._entries


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


@dataclass(frozen=True, slots=True)
class LintItem:
    """One sentence about a draft and at most one action. `tone`: "" all is well, "amber" look at this, "coral" this
    stops it. `at` is the key of the composer's field it is about ("text:1", "alt:1:<file>"), where the action leads;
    with `swap` the action puts the second words there in place of the first, and before nothing at the end."""

    words: str
    tone: Literal["", "amber", "coral"] = "amber"
    action: str = ""
    at: str = ""
    swap: tuple[str, str] | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class LintText:
    """One text of a draft: its parts ({"key", "text", "images"}), the networks it goes to, and `on`: the channel's
    name where only one channel says it."""

    parts: list[dict[str, Any]]
    networks: frozenset[str]
    on: str = ""


@dataclass(frozen=True, slots=True)
class LintDraft:
    """A draft as a check sees it. `post` is the id of the saved one, if it is saved; `labels` are its labels' names."""

    texts: list[LintText]
    labels: frozenset[str] = frozenset()
    post: Any = None

    @property
    def files(self) -> list[str]:
        """The files of all its images, in hexadecimal, each once."""
        images = (image for text in self.texts for part in text.parts for image in part["images"])
        return list(dict.fromkeys(image["file"] for image in images))


LintCheck = Callable[[LintDraft, Who], Iterable[LintItem]]


@dataclass(frozen=True, slots=True)
class Objection:
    """A sentence about a time a post is planned for; `blocks` refuses it, else it only warns. `next_step` as in
    core.problems."""

    words: str
    blocks: bool = False
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A time proposed for a post on channels (rows of `channels`). `post` is its id, None for one not written yet."""

    workspace: Any
    due_at: datetime
    brand: Any
    channels: Sequence[Any]
    labels: frozenset[Any] = frozenset()
    post: Any = None


# Publishing asks before it gives a post a time, without knowing who objects or why: about many of one workspace at
# once, and hears one list for each, in their order.
PlanCheck = Callable[[Sequence[Proposed]], Sequence[Iterable[Objection]]]


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A time offered for a post on the wall clock of `zone` ("2026-03-10T11:30"; empty where none is free), and in
    sentences why that one, or why none."""

    wall: str
    zone: str
    words: str


# (who, channels, post or None for a new one): the next free time, for a form to fill in.
SlotFinder = Callable[[Who, Sequence[Any], Any], FreeSlot]


@dataclass(frozen=True, slots=True)
class MediaUse:
    """One thing that a file of the library is used in. `file` is its id in hexadecimal; `when` the time planned, or
    the time it went out; `where` the channels, in words."""

    file: str
    title: str
    url: str
    state: Literal["planned", "out", "draft"]
    when: datetime | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class MediaUser:
    """A room that uses files of the library. Both are asked with a workspace's id.

    `uses(workspace_id, files)` tells what these files (ids in hexadecimal) are used in, at most a few hundred
    things; `used(workspace_id)` which files are used at all; `pictures(workspace_id)` what
    each channel showed and will show, newest first.
    """

    uses: Callable[[Any, Sequence[str]], Iterable[MediaUse]]
    used: Callable[[Any], set[str]]
    pictures: Callable[[Any], Iterable[MediaShown]] | None = None


@dataclass(frozen=True, slots=True)
class MediaShown:
    """A picture that a channel showed or is to show: the first of its post. `key` names the channel."""

    key: str
    channel: str
    network: str
    file: str
    when: datetime
    out: bool
    url: str


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table of the full export, written as JSON and as CSV. `about` is a sentence for its reader.

    `rows(workspace)` gives dicts of the same keys, without holding them all: text, numbers, truth values, aware times,
    ids, None, and lists or dicts of these. Nothing secret; no person beside work, so that nobody can be followed.
    """

    about: str
    rows: Callable[[Any], Iterable[dict[str, Any]]]


def in_chunks(rows: Any) -> Iterable[Any]:
    """A query's rows without holding them all: how the tables of the export are read."""
    return rows.iterator(chunk_size=500)


@dataclass(frozen=True, slots=True)
class ExportFiles:
    """Files of the full export: `files(workspace)` gives a name below the entry's own folder, and what reads it piece
    by piece."""

    about: str
    files: Callable[[Any], Iterable[tuple[str, Callable[[], Iterable[bytes]]]]]


@dataclass(frozen=True, slots=True)
class Reviewable:
    """A kind of thing that a review can look back at, and that people can be thanked for.

    `about` is its ledger name, `word` what people call it ("post"). `find(who, id)` gives the object, or None where
    there is none that this member may see. `timeline(object)` is what happened to it and to what belongs to it, in any
    order: items of `ledger.reads`, or (when, words, event id or None). Its words name roles and never a person.
    """

    about: str
    word: str
    find: Callable[[Who, Any], Any | None]
    title: Callable[[Any], str]
    url: Callable[[Any, Who], str]
    timeline: Callable[[Any], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Concerned:
    """Somebody who has to hear when a post turns out to be wrong: a member (crew.Member), or somebody outside by the
    `address` they were asked at. `why` goes on after their name: "approved it"."""

    name: str
    why: str
    member: Any = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """Something that was said about a post at a time, which may have been the first word of a mistake. `words` names
    nobody; `key` stays the same."""

    key: str
    at: datetime
    words: str


agenda: Registry[AgendaProvider] = Registry("agenda")

actions: Registry[ObjectAction] = Registry("actions")

deeds: Registry[DeedProvider] = Registry("deeds")  # asked by leadership/drafting.py alone

panels: Registry[Panel] = Registry("panels")

search: Registry[SearchProvider] = Registry("search")

media_uses: Registry[MediaUser] = Registry("media_uses")

palette: Registry[Command] = Registry("palette")

nav: Registry[NavEntry] = Registry("nav")

strip: Registry[StripProvider] = Registry("strip")

aside: Registry[AsideBlock] = Registry("aside")

settings_pages: Registry[SettingsPage] = Registry("settings")

lint: Registry[LintCheck] = Registry("lint")

plan_checks: Registry[PlanCheck] = Registry("plan_checks")

slots: Registry[SlotFinder] = Registry("slots")

exports: Registry[ExportTable | ExportFiles] = Registry("exports")

# What belongs to a post: (post) gives pairs of a ledger name and the ids of its rows, whose events the post's whole
# life tells as well. Each room says it of its own.
Kin = Callable[[Any], Iterable[tuple[str, Iterable[Any]]]]
kin: Registry[Kin] = Registry("kin")
# Pages of the person themself, in no workspace: a label and a url name, listed where one chooses a workspace.
own_pages: Registry[tuple[str, str]] = Registry("own_pages")
reviewables: Registry[Reviewable] = Registry("reviewables")
# A post (a publishing.Post) -> what was said about it in other rooms, and when.
traces: Registry[Callable[[Any], Iterable[Trace]]] = Registry("traces")

# A post (a publishing.Post) -> who of other rooms has to do with it.
concerned: Registry[Callable[[Any], Iterable[Concerned]]] = Registry("concerned")

# The name of the page to which an installed app hands what a phone shares (title, text and url, by GET); one at most.
share_target: Registry[str] = Registry("share_target")


@dataclass(frozen=True, slots=True)
class MailedFile:
    """A file that came with a mail, as its sender describes it; what it is, its bytes say. `inline`: it stands in the
    text, as signatures have them."""

    name: str
    mime: str
    data: bytes
    inline: bool = False


@dataclass(slots=True)
class InboundMail:
    """A message that arrived by IMAP, as handed to the hooks. `text` is plain text, at most 200 kB; `files` are at most
    20, and as large together as a message may be."""

    message_id: str
    sender: str
    to: list[str]
    subject: str
    text: str
    received: datetime
    in_reply_to: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    files: list[MailedFile] = field(default_factory=list)


# The path of a page -> the address to which an answer to a mail about that page goes; empty where there is none.
reply_address: Registry[Callable[[str], str]] = Registry("reply_address")

# A hook answers True when the message was its own; the first that does ends the walk.
inbound_mail: Registry[Callable[[InboundMail], bool]] = Registry("inbound_mail")
