"""What a network's folder must offer. An adapter is made for one account and speaks for it; it keeps no state
between calls and never opens a transaction around a call. Everything a person may read in what it returns or
raises is a complete sentence that names the network, never a status code alone.

Publishing is cut where a crash may fall:

    new_key    chosen with the plan: what makes a repeated call recognisable
    upload     media to the network; shows nothing to anybody, so it may be repeated
    render     the whole request body, made once and kept: every later try sends the same bytes
    publish    the one call that makes something public; its first byte leaves inside the gate
    reconcile  afterwards, when the answer was lost: found, absent or unknown, with evidence

What is out is changed by `edit` and taken down by `delete`. Both may be repeated: a lost answer is tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Literal, Protocol

Sureness = Literal["proved", "read back", "by hand"]
Json = Any  # what `json.dumps` takes
Gate = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Limit:
    """One published limit of a network, with where it was read, when that was last checked, and how sure that is
    ("documented", "measured", "third party", "from memory"; empty where the source says it itself)."""

    name: str
    value: int
    unit: str
    source: str
    checked: date
    sure: str = ""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the network lets us do.

    `same_key_once`: a second publish with the same key and body makes no second post; `key_life` is for how long,
    None for ever. `can_find`: whether `reconcile`
    can tell. `sureness` is the one word by which a channel says how it is known that a post is out. `threads`:
    a part may answer the part before it. `images`: how many a part may carry. `renews`: a sign-in that ends is renewed
    by itself before it does. `cards`: links get a card from us, because the network makes none.
    """

    same_key_once: bool
    can_find: bool
    sureness: Sureness
    key_life: timedelta | None = None
    threads: bool = False
    images: int = 0
    cards: bool = False
    edits: bool = False
    deletes: bool = False
    metrics: bool = False
    replies: bool = False
    renews: bool = True


@dataclass(frozen=True, slots=True)
class Media:
    """A file that goes out with a part. `read` opens nothing that must be closed, and is for pictures: a video is too
    large to be read as a whole. `sha256` is hexadecimal."""

    id: str
    name: str
    mime: str
    size: int
    sha256: str
    width: int
    height: int
    alt: str
    read: Callable[[], bytes]

    @property
    def is_video(self) -> bool:
        return self.mime.startswith("video/")


def no_video(network: str) -> str:
    """What an adapter says of a video while it cannot send any."""
    return f"Quarterdeck cannot send video to {network} yet; choose to post this one by hand."


@dataclass(frozen=True, slots=True)
class Card:
    """How a linked page is shown, for networks that do not look at links themselves (`Capabilities.cards`)."""

    url: str
    title: str
    description: str = ""
    image: Media | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What one delivery says: one part of a post. `language` is a BCP 47 tag or empty. A part with `media` has no
    `card`, nor has any part for a network that makes its own (`Capabilities.cards`)."""

    text: str
    media: tuple[Media, ...] = ()
    language: str = ""
    card: Card | None = None

    @property
    def files(self) -> tuple[Media, ...]:
        """Everything that is uploaded before the part is rendered, in order."""
        return self.media or ((self.card.image,) if self.card and self.card.image else ())


@dataclass(frozen=True, slots=True)
class Published:
    """What the network said when it took a post: its own name for it, where people see it, and whatever else a
    later call needs (`details`: a content identifier, for example)."""

    remote_id: str
    url: str
    details: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Thread:
    """The part before this one, and the first."""

    root: Published
    parent: Published


@dataclass(frozen=True, slots=True)
class Finding:
    """What looking for a lost answer showed. `absent` only where the network can prove it; else `unknown`.

    `evidence` is what was looked at and seen, in sentences a person can check; `near` are posts that may be it.
    """

    what: Literal["found", "absent", "unknown"]
    evidence: str
    published: Published | None = None
    near: tuple[Published, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of one post as the network gives them, under the network's own names, none made up.

    `gone`: the network says the post does not exist (any more).
    """

    values: Mapping[str, int]
    gone: bool = False


@dataclass(frozen=True, slots=True)
class OwnPost:
    """A post the account made at some time, by us or not."""

    published: Published
    posted_at: datetime
    text: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to one of the account's posts."""

    remote_id: str
    url: str
    author: str
    text: str
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class Health:
    """How the connection stands. `missing` and `left` are sentences; `expires_at` is the end of what signs us in."""

    expires_at: datetime | None = None
    missing: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Secrets:
    """What signs us in, as strings by name; kept sealed. `expires_at`: when the shortest-lived of them ends."""

    values: Mapping[str, str]
    expires_at: datetime | None = None

    def over(self, older: Mapping[str, str]) -> dict[str, str]:
        """These values over the older ones. An empty value never overwrites one that is there: a network that
        answers a renewal without a new refresh token means that the old one stays."""
        return {**older, **{name: value for name, value in self.values.items() if value}}


@dataclass(frozen=True, slots=True)
class Account:
    """Whom an adapter speaks for. `facts` is what the server said when it was connected (its limits, its software)."""

    handle: str
    remote_id: str = ""
    server: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Connected:
    """What a successful connection gives: the account as the network names it."""

    handle: str
    remote_id: str
    name: str
    server: str = ""
    secrets: Secrets = field(default_factory=lambda: Secrets({}))
    facts: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Field:
    """Something a person types to connect. `secret` ones are never shown again. `other_way` is a short heading for
    what only another way to connect asks for; it stands folded below the rest."""

    name: str
    label: str
    help: str = ""
    secret: bool = False
    initial: str = ""
    required: bool = True
    other_way: str = ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Sign-in goes on at the network: send the person to `url`; `keep` comes back to `complete`, sealed meanwhile.

    `keep["state"]` is what the network must bring back as `state`: unguessable, and made for this one connection.
    """

    url: str
    keep: Mapping[str, str]


class Refused(Exception):
    """The network said no; nothing went out. `transient` means the same call may succeed later.

    `retry_after` is in seconds and, where the network gave one, is obeyed. `expired`: our sign-in has run out and
    may be renewed. `reconnect`: only a person can mend the connection. `field`: while connecting, the name of the
    connector's field that the words are about. `begun`: what the network said of a file that it is still working on, to
    be given to the next `upload` of it.
    """

    def __init__(
        self,
        words: str,
        *,
        transient: bool = False,
        retry_after: float | None = None,
        expired: bool = False,
        reconnect: bool = False,
        field: str = "",
        begun: Json = None,
    ) -> None:
        super().__init__(words)
        self.words = words
        self.begun = begun
        self.transient = transient or expired
        self.retry_after = retry_after
        self.expired = expired
        self.reconnect = reconnect
        self.field = field


class Unclear(Exception):
    """The call ended without an answer: the post may be out or not. Never sent again by itself."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Stopped(Exception):
    """Raised by the gate when nothing may be sent any more (a hold, the latest time): no byte has left. An adapter
    lets it pass."""


class Adapter(Protocol):
    """One account's way to its network. Raises Refused, Unclear or Stopped, never anything a caller must interpret."""

    network: ClassVar[str]
    title: ClassVar[str]
    limits: ClassVar[tuple[Limit, ...]]
    account: Account

    def __init__(self, account: Account) -> None: ...

    @property
    def capabilities(self) -> Capabilities:
        """What this account's server can do; the class has the network's own as `CAPABILITIES`."""
        ...

    @classmethod
    def new_key(cls, due_at: datetime, position: int) -> str:
        """A fresh client key for the part at `position` (from 0) of a post due then; at most 64 characters."""
        ...

    def validate(self, content: Content) -> list[str]:
        """Sentences that say why the network would not take this; empty when it would."""
        ...

    def upload(self, media: Media, *, begun: Json = None) -> Json:
        """Bring a file to the network; returns what `render` needs of it. Raises Refused (also for no answer).

        `begun` is of a Refused that said so: the file is there already, and is only waited for."""
        ...

    def prepare(self, content: Content) -> Json | None:
        """What must be asked of the network before rendering (who a mentioned name is); None for nothing. It is
        handed to `render` as the last of `uploads`. Raises Refused."""
        ...

    def render(
        self,
        content: Content,
        *,
        key: str,
        due_at: datetime,
        uploads: Sequence[Json] = (),
        thread: Thread | None = None,
    ) -> dict[str, Json]:
        """The body of the publish call. No network; the same arguments give the same body."""
        ...

    def publish(self, key: str, body: Mapping[str, Json], *, gate: Gate) -> Published:
        """Make it public. The first byte of the call leaves inside `with gate():`, which may raise Stopped.

        Raises Refused (nothing went out) or Unclear (it may have).
        """
        ...

    def reconcile(self, key: str, body: Mapping[str, Json], *, began_at: datetime) -> Finding:
        """Look for what was sent with this key since `began_at`. Raises nothing but Refused for a lost sign-in.

        Absent is said only when a call that began then cannot arrive any more (`calls.SETTLED`)."""
        ...

    def edit(self, published: Published, body: Mapping[str, Json], *, gate: Gate) -> Published:
        """Give it the words of `body` (from `render`); a body without pictures keeps those it has. The first byte of
        the call leaves inside `with gate():`. The same call a second time changes nothing more.

        Raises Refused (it stands as it was, or is not there any more) or Unclear (it may have been changed).
        """
        ...

    def delete(self, published: Published) -> None:
        """Take it down; once it is gone, a second call is no error. Raises Refused (it stands) or Unclear."""
        ...

    def metrics(self, published: Sequence[Published]) -> list[Counts]:
        """The present numbers, in the order asked for. Raises Refused."""
        ...

    def replies(self, published: Published) -> list[Reply]: ...

    def own_posts(self, since: datetime) -> Iterator[OwnPost]:
        """The account's own posts since then, newest first."""
        ...

    def health(self) -> Health: ...

    def renew(self) -> Secrets:
        """Fresh sign-in from what is kept. Raises Refused(reconnect=True) when a person must sign in again, and
        Refused(transient=True) when it may work later."""
        ...

    def revoke(self) -> str:
        """End our sign-in at the network, when the channel was disconnected; one that has ended already is no error.
        Returns a sentence on what a person must still take back there, or nothing. Raises Refused."""
        ...


class Connector(Protocol):
    """How an account of the network is connected. `steps` tells a person, in sentences, how to get what is asked."""

    network: ClassVar[str]
    steps: ClassVar[tuple[str, ...]]
    fields: ClassVar[tuple[Field, ...]]

    def begin(self, values: Mapping[str, str], *, back: str) -> Connected | Elsewhere:
        """Connect with what was typed, or send the person to the network, which returns them to `back`."""
        ...

    def complete(self, keep: Mapping[str, str], answer: Mapping[str, str]) -> Connected:
        """The person is back with the network's answer (its query string). Raises Refused in words."""
        ...
