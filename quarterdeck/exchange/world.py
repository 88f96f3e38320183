"""What rows are judged against: channels, brands, labels and posts of one workspace, each asked for once a chunk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from quarterdeck.channels import adapters
from quarterdeck.channels import reads as channel_reads
from quarterdeck.channels.contract import Adapter
from quarterdeck.channels.models import Channel
from quarterdeck.core import clock
from quarterdeck.crew.models import Brand
from quarterdeck.exchange.asking import Answers
from quarterdeck.exchange.columns import plain
from quarterdeck.exchange.models import Import, Row
from quarterdeck.publishing import phrases
from quarterdeck.publishing.models import GOING, Delivery, Label, Post

_SHORT = {
    "twitter": "x",
    "xtwitter": "x",
    "ig": "instagram",
    "insta": "instagram",
    "fb": "facebook",
    "facebookpage": "facebook",
    "li": "linkedin",
    "linkedinpage": "linkedin",
    "yt": "youtube",
    "bsky": "bluesky",
    "pin": "pinterest",
}


@dataclass(slots=True)
class Existing:
    """A post that is here already and says the same."""

    pk: UUID
    begun: datetime
    channels: set[UUID]
    times: set[datetime] = field(default_factory=set)


class World:
    """One workspace as rows of one import see it. `now` is the same for a whole chunk."""

    def __init__(self, found: Import, answers: Answers) -> None:
        self.workspace = workspace = found.workspace
        self._import, self.now, self.zone = found, clock.now(), workspace.timezone
        connected = list(channel_reads.connected(workspace).select_related("brand"))
        for channel in connected:
            channel.workspace = workspace
        self.default_channels = [one for one in connected if str(one.pk) in answers.channels]
        self.brands = {one.name.casefold(): one for one in Brand.objects.filter(workspace=workspace)}
        self.brands_by_id = {str(one.pk): one for one in self.brands.values()}
        self.labels = {one.name.casefold(): one for one in Label.objects.filter(workspace=workspace)}
        self._connected = connected
        self.channels_in_words = _in_words(connected)
        self._names = _names(connected)
        self._adapters: dict[UUID, Adapter] = {}
        self._existing: dict[str, list[Existing]] = {}
        self._terms: dict[str, dict[str, dict]] = {}
        self._earlier: dict[str, int] = {}

    def named(self, said: str) -> list[Channel]:
        """The channels a word can mean: just this name or handle, then one that reads alike, then a network."""
        exact = said.strip().lstrip("@").casefold()
        same = [one for one in self._connected if exact in {one.name.casefold(), one.handle.casefold()}]
        if len(same) == 1:
            return same
        word = plain(exact)
        for names in self._names:
            if word in names:
                return names[word]
        return self._names[-1].get(_SHORT.get(word, ""), [])

    def adapter(self, channel: Channel) -> Adapter:
        if channel.pk not in self._adapters:
            self._adapters[channel.pk] = adapters.unsigned(channel)
        return self._adapters[channel.pk]

    def labels_of(self, names: Iterable[str]) -> list[Label]:
        return [self.labels[name.casefold()] for name in names if name.casefold() in self.labels]

    def learn(self, texts: Sequence[str]) -> None:
        """Ask once which posts say what this chunk says, those that this import made not among them; and what the
        names and links in it stand for."""
        different = list(dict.fromkeys(texts))
        book = phrases.terms(self._import.workspace_id, [[text] for text in different])
        self._terms |= zip(different, book, strict=True)
        own = Row.objects.filter(of=self._import, post__isnull=False).values("post")
        posts = Post.objects.filter(
            workspace=self._import.workspace_id, discarded_at=None, text__in=different
        ).exclude(pk__in=own)
        by_pk: dict[UUID, Existing] = {}
        for pk, text, begun in posts.values_list("pk", "text", "created_at"):
            by_pk[pk] = Existing(pk, begun, set())
            self._existing.setdefault(text, []).append(by_pk[pk])
        if by_pk:
            through: Any = Post.channels.through
            for post, channel in through.objects.filter(post_id__in=by_pk).values_list(
                "post_id", "channel_id"
            ):
                by_pk[post].channels.add(channel)
            going = Delivery.objects.filter(post__in=by_pk, state__in=GOING)
            for post, channel, due in going.values_list("post_id", "channel_id", "due_at"):
                by_pk[post].channels.add(channel)
                by_pk[post].times.add(due)

    def existing(self, text: str) -> list[Existing]:
        return self._existing.get(text, [])

    def terms(self, text: str) -> dict[str, dict]:
        """What the names and links in a text of this chunk stand for, as in `Post.terms`."""
        return self._terms.get(text, {})

    def know_marks(self, marks: Iterable[tuple[str, int]]) -> None:
        """The rows of this file that are drafts already."""
        for mark, number in marks:
            self.remember(mark, number)

    def remember(self, mark: str, number: int) -> None:
        self._earlier.setdefault(mark, number)

    def earlier(self, mark: str, number: int) -> int | None:
        """The number of another row of this file with the same mark."""
        found = self._earlier.get(mark)
        return found if found != number else None


def _names(connected: Sequence[Channel]) -> list[dict[str, list[Channel]]]:
    """Each kind of name, the surest first: name with network, name, handle, network."""
    kinds: list[dict[str, list[Channel]]] = [defaultdict(list) for _ in range(4)]
    for one in connected:
        networks = {one.title, one.network}
        both = {f"{one.name} {network}" for network in networks} | {
            f"{network} {one.name}" for network in networks
        }
        told = (both, {one.name}, {one.handle}, networks)
        for kind, names in zip(kinds, told, strict=True):
            for name in {plain(name) for name in names}:
                kind[name].append(one)
    return [dict(kind) for kind in kinds]


def _in_words(connected: Sequence[Channel]) -> str:
    if not connected:
        return "None is connected yet."
    listed = sorted(connected, key=lambda one: one.name.casefold())
    shown = ", ".join(f"“{one.name}” ({one.title})" for one in listed[:4])
    return f"Connected {'is' if len(connected) == 1 else 'are'} {shown}{' and more' if len(connected) > 4 else ''}."
