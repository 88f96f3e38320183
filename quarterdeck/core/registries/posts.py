"""What rooms say of a post and its files: of its words, its time, its pictures, who and what belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from quarterdeck.core.registries.pages import Who


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


@dataclass(frozen=True, slots=True)
class Requirement:
    """Somebody outside the team has to stand behind a post before it may go out: whoever answers by one of `links` (ids
    of signed links). `name` is who they are together ("Legal"), `why` goes on after a colon ("the text says
    “clinically proven”"). Where nobody is `reachable` it says so and waits. `first`: before the team is asked. `ended`:
    nothing is required any more, but what came by these links still speaks for nobody else.
    """

    name: str
    why: str
    links: tuple[Any, ...] = ()
    reachable: bool = True
    first: bool = False
    ended: bool = False


# A workspace's id -> what tells of a post (a publishing.Post) what it requires. Publishing asks once for many posts,
# and need not know why.
Requirements = Callable[[Any], Callable[[Any], Iterable[Requirement]]]


@dataclass(frozen=True, slots=True)
class HeldSlot:
    """A time kept free on a channel (its id) for something that has no post planned yet; `posts` are the ids of those
    that may take it. `words` say for whom ("Kitchen: Spring menu"), `why` by what ("the fair plan for April 2026")."""

    at: datetime
    channel: Any
    words: str
    why: str
    posts: frozenset[Any] = frozenset()


# (workspace's id, from, until before): the slots that are held then, in order.
HeldSlots = Callable[[Any, datetime, datetime], Iterable[HeldSlot]]

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


@dataclass(frozen=True, slots=True)
class NamedPost:
    """A post that names a campaign, an objective or a pillar (their ids, or None), as the pages of strategy list it.

    `afterwards` are those of the three words that it named only when it was out already. `when` is the time it is
    planned for, or the time it went out. `results` are raw numbers in words, each with the time they were taken.
    """

    campaign: Any
    objective: Any
    pillar: Any
    title: str
    url: str
    word: str
    tone: str
    out: bool
    when: datetime | None
    afterwards: frozenset[str] = frozenset()
    results: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class NamedCounts:
    """How many posts name each campaign and objective, by its id, discarded ones left out. Of the posts that went out
    in the last `days`, and of those being made: how many there are, and how many of them name no objective."""

    campaigns: Mapping[Any, int]
    objectives: Mapping[Any, int]
    days: int
    out: int
    out_without: int
    making: int
    making_without: int


@dataclass(frozen=True, slots=True)
class PostsNaming:
    """The room of posts, as strategy, which stands below it, asks about them.

    `lines(who, campaigns, objectives, each)`: posts that name one of these ids, the newest first, at most `each` that
    name the same campaign, or the same objective and no campaign. `counts(workspace id)`. `mix(brand id, first, last)`:
    of the brand's posts that went out on these days, how many name each pillar (by its id; None: no pillar);
    `mix_of(campaign id)`: the same of a campaign's posts, whether they are out or not. `went_out(campaign id)`: (when,
    words, event id) of each time one of them went out, at most a hundred.
    """

    lines: Callable[[Who, Sequence[Any], Sequence[Any], int], list[NamedPost]]
    counts: Callable[[Any], NamedCounts]
    mix: Callable[[Any, date, date], Mapping[Any, int]]
    mix_of: Callable[[Any], Mapping[Any, int]]
    went_out: Callable[[Any], Sequence[tuple[datetime, str, Any]]]


@dataclass(frozen=True, slots=True)
class WeekRoom:
    """How full a week is, in points of size: what the team has room for, and what stands in it."""

    monday: date
    capacity: int
    used: int


# (workspace, Mondays): how full each of these weeks is, in their order; None where nobody has said what there is.
WeekRooms = Callable[[Any, Sequence[date]], Sequence[WeekRoom | None]]
