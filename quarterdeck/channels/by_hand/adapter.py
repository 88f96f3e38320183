"""The adapter of a channel by hand: the network's own rules, and no way to send. One class a network, made here."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from quarterdeck.channels.by_hand.limits import LIMITS
from quarterdeck.channels.by_hand.networks import TITLES
from quarterdeck.channels.contract import (
    Account,
    Capabilities,
    Content,
    Counts,
    Finding,
    Gate,
    Health,
    Json,
    Limit,
    Media,
    OwnPost,
    Published,
    Refused,
    Reply,
    Secrets,
    Thread,
)
from quarterdeck.engines import text as texts


class ByHandAdapter:
    """Checks what a person will post, and refuses to post it itself."""

    network: ClassVar[str] = "other"
    title: ClassVar[str] = "by hand"
    limits: ClassVar[tuple[Limit, ...]] = LIMITS["other"]
    CAPABILITIES: ClassVar[Capabilities] = Capabilities(
        same_key_once=False, can_find=False, sureness="by hand", threads=True
    )

    def __init__(self, account: Account) -> None:
        self.account = account

    @property
    def capabilities(self) -> Capabilities:
        return self.CAPABILITIES

    @property
    def is_story(self) -> bool:
        """Stories pass: they have no lasting address, and their words may be in the picture."""
        return self.account.facts.get("kind") == "stories"

    @classmethod
    def new_key(cls, due_at: datetime, position: int) -> str:
        return secrets.token_hex(16)

    def validate(self, content: Content) -> list[str]:
        """Why the network would not take this. An image may be missing: it can lie on the phone that posts it."""
        if not content.text.strip():
            words = [] if content.media or self.is_story else ["There is no text yet."]
        else:
            words = self._counted(content.text)
        most = _limit(self.limits, "images")
        videos = sum(media.is_video for media in content.media)
        images = len(content.media) - videos
        if images > most:
            one = "image" if most == 1 else "images"
            words.append(f"{TITLES[self.network]} takes {most} {one} a post, and this has {images}.")
        if videos > 1:
            words.append(f"A post here carries one video, and this has {videos}.")
        return words

    def _counted(self, text: str) -> list[str]:
        most = _limit(self.limits, "text")
        if self.network not in texts.NETWORKS:
            over = len(text) - most
            return [f"It is {over:,} characters over the {most:,} that a post can have."] if over > 0 else []
        try:
            words = list(texts.count(text, self.network, most).reasons)
            if self.network == "youtube":
                title = texts.count(
                    text.strip().splitlines()[0], "youtube-title", _limit(self.limits, "title")
                )
                words += [f"The first line is the title there. {reason}" for reason in title.reasons]
        except texts.BadText as refused:
            return [str(refused)]
        return words

    def prepare(self, content: Content) -> Json | None:
        return None

    def upload(self, media: Media, *, begun: Json = None) -> Json:
        raise self._by_hand()

    def render(
        self,
        content: Content,
        *,
        key: str,
        due_at: datetime,
        uploads: Sequence[Json] = (),
        thread: Thread | None = None,
    ) -> dict[str, Json]:
        """What is handed out; nothing is sent."""
        return {"text": content.text}

    def publish(self, key: str, body: Mapping[str, Json], *, gate: Gate) -> Published:
        raise self._by_hand()

    def reconcile(self, key: str, body: Mapping[str, Json], *, began_at: datetime) -> Finding:
        return Finding("unknown", "A person posts there; only they know whether it is out.")

    def edit(self, published: Published, body: Mapping[str, Json], *, gate: Gate) -> Published:
        raise self._by_hand()

    def delete(self, published: Published) -> None:
        raise self._by_hand()

    def metrics(self, published: Sequence[Published]) -> list[Counts]:
        raise self._by_hand()

    def replies(self, published: Published) -> list[Reply]:
        return []

    def own_posts(self, since: datetime) -> Iterator[OwnPost]:
        return iter(())

    def health(self) -> Health:
        return Health()

    def renew(self) -> Secrets:
        return Secrets({})

    def revoke(self) -> str:
        return ""

    def _by_hand(self) -> Refused:
        return Refused(f"A person posts to {TITLES[self.network]} here; Quarterdeck sends nothing there.")


def _limit(limits: Sequence[Limit], name: str) -> int:
    return next(limit.value for limit in limits if limit.name == name)


def is_known(network: str) -> bool:
    """True when a channel by hand can be on this network."""
    return network in TITLES


@functools.cache
def adapter(network: str) -> type[ByHandAdapter]:
    """The adapter class of a network by hand; of "other" for one that is not known (any more)."""
    name = network if network in TITLES else "other"
    title = "By hand" if name == "other" else f"{TITLES[name]}, by hand"
    own = {
        "network": name,
        "title": title,
        "limits": LIMITS[name],
        "CAPABILITIES": Capabilities(
            same_key_once=False,
            can_find=False,
            sureness="by hand",
            threads=True,
            images=_limit(LIMITS[name], "images"),
        ),
    }
    return type("ByHandAdapter", (ByHandAdapter,), own)
