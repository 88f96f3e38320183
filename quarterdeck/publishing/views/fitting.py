"""How long a text is on each channel, by the network's own rule, and what a network would not take of a post."""

from __future__ import annotations

from quarterdeck.channels import adapters
from quarterdeck.channels.contract import Adapter
from quarterdeck.channels.models import Channel
from quarterdeck.engines import text as texts
from quarterdeck.publishing import content, kinds
from quarterdeck.publishing.models import Post


class Fit:
    """One channel's rule. `rule` names it for the engine and its twin in the browser; empty where none is known and
    characters are counted. `limit` is how long a text may be, `images` how many a part may carry, if that is known.
    """

    def __init__(self, channel: Channel, adapter: Adapter | None = None) -> None:
        self.channel = channel
        self.adapter = adapter or adapters.unsigned(channel)
        self.rule = channel.network if channel.network in texts.NETWORKS else ""
        self.limit = self._number("text") or 0
        self.images = self._number("images")

    def _number(self, name: str) -> int | None:
        """A limit of the network, as its server said when it was connected, else as documented."""
        own = self.adapter.account.facts.get("limits")
        said = own.get(name) if isinstance(own, dict) else None
        known = (one.value for one in self.adapter.limits if one.name == name)
        return said if isinstance(said, int) else next(known, None)

    def meter(self, text: str) -> dict:
        """Length and limit of a part, and in a sentence what is wrong with it, if anything is."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        try:
            count = texts.count(text, self.rule, self.limit) if self.rule else None
        except texts.BadText as bad:
            return {"length": len(text), "limit": self.limit, "said": str(bad), "tone": "coral"}
        length = count.length if count else len(text)
        over = length > self.limit
        said = "" if count is None or not text else " ".join(count.reasons)
        if over and not said:
            said = f"The text is {length - self.limit:,} too long."
        near = length > self.limit * 0.9
        return {
            "length": length,
            "limit": self.limit,
            "said": said,
            "tone": "coral" if said else "amber" if near else "",
        }


def refused_by_networks(post: Post) -> list[str]:
    """What the networks of its channels would not take of a post, in sentences that name channel and part; nothing
    of a post that says nothing yet."""
    if not post.says_something:
        return []
    words = []
    for channel in post.channels.filter(disconnected_at__isnull=True).order_by("name"):
        if said := kinds.refusal(post.kind, channel, post.parts_on(channel.pk)):
            words.append(said)
        contents, adapter = content.contents(post, channel), adapters.unsigned(channel)
        for number, part in enumerate(contents, 1):
            which = f"part {number} of this post" if len(contents) > 1 else "this post"
            if said := adapter.validate(part):
                words.append(f"{channel.name} on {channel.title} would refuse {which}. {' '.join(said)}")
        if len(contents) > 1 and not adapter.capabilities.threads:
            words.append(f"{channel.title} has no threads, and this post has {len(contents)} parts.")
    return words
