"""The parts of a post as the composer sends them, without a script too: the common ones, and those of channels that
say it differently.

`part` gives the keys of all parts in order; of each there are `text:KEY`, `image:KEY` (once per image, its file),
`alt:KEY:FILE`, `none:KEY:FILE` (why it has no description) and `gone:KEY` (images to leave out). The key of a
channel's own part begins with the channel's id in hexadecimal and a dot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from quarterdeck.publishing.models import MOST_PARTS


@dataclass
class GivenPart:
    """A part as a page shows it or sends it back. `key` names its fields; images are {"file", "alt", "none"}."""

    key: str
    text: str = ""
    images: list[dict] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not self.text.strip() and not self.images

    @property
    def said(self) -> dict:
        """The part as the verbs take it."""
        return {"text": self.text, "images": self.images}


@dataclass
class Given:
    """The common parts, at least one, and by channel (hexadecimal id) the parts of those that say it differently."""

    parts: list[GivenPart] = field(default_factory=lambda: [GivenPart("1")])
    own: dict[str, list[GivenPart]] = field(default_factory=dict)

    def every(self) -> Iterable[GivenPart]:
        yield from self.parts
        for parts in self.own.values():
            yield from parts

    @property
    def said(self) -> dict:
        """Text, images, further parts and overrides as the verbs take them. Empty parts say nothing."""
        first, *rest = [part for part in self.parts if not part.empty] or self.parts[:1]
        own = {channel: [part.said for part in parts] for channel, parts in self.own.items()}
        return {**first.said, "following": [part.said for part in rest], "overrides": own}


_KEY = re.compile(r"(?:(?P<channel>[0-9a-f]{32})\.)?[a-z0-9]{1,12}")
_CHANNEL = re.compile(r"[0-9a-f]{32}")
_FILE = re.compile(r"[0-9a-f]{32}")
_READ_AT_MOST = 2 * MOST_PARTS  # more than a post has: what is too much is shown again, and refused in words
_CHANNELS_AT_MOST = 60


def given(data: QueryDict) -> Given | None:
    """What a form of the composer sent, in its order; None for a form that knows of one text only."""
    found: dict[str, list[GivenPart]] = {}
    for key in dict.fromkeys(data.getlist("part")[: _READ_AT_MOST * _CHANNELS_AT_MOST]):
        if (match := _KEY.fullmatch(key)) is None:
            continue
        parts = found.setdefault(match["channel"] or "", [])
        if len(parts) < _READ_AT_MOST and len(found) <= _CHANNELS_AT_MOST:
            parts.append(GivenPart(key, data.get(f"text:{key}", ""), _images(data, key)))
    if not found:
        return None
    return Given(found.pop("", [GivenPart("1")]), found)


def _images(data: QueryDict, key: str) -> list[dict]:
    gone = set(data.getlist(f"gone:{key}"))
    files = [one for one in dict.fromkeys(data.getlist(f"image:{key}")) if _FILE.fullmatch(one)]
    return [
        {
            "file": one,
            "alt": data.get(f"alt:{key}:{one}", ""),
            "none": data.get(f"none:{key}:{one}", ""),
        }
        for one in files[:_READ_AT_MOST]
        if one not in gone
    ]


def kept(parts: Iterable[dict], overrides: Mapping[str, Iterable[dict]]) -> Given:
    """The parts of a post as the composer shows them."""
    return Given(_keyed(parts), {pk: _keyed(own, f"{pk}.") for pk, own in overrides.items()})


def _keyed(parts: Iterable[dict], prefix: str = "") -> list[GivenPart]:
    return [GivenPart(f"{prefix}{n}", part["text"], part["images"]) for n, part in enumerate(parts, 1)]


def rearranged(now: Given, wish: str) -> Given:
    """What is given after a button without a script was pressed: "add" or "add:CHANNEL", "up:KEY", "down:KEY",
    "remove:KEY", and "differ:CHANNEL" or "common:CHANNEL" for a channel that gets its own text, or gives it up."""
    what, _, about = wish.partition(":")
    own = dict(now.own)
    if what == "common":
        own.pop(about, None)
    elif what == "differ" and _CHANNEL.fullmatch(about) and about not in own:
        own[about] = _keyed((part.said for part in now.parts), f"{about}.")
    elif what == "add" and about in own:
        own[about] = _added(own[about], f"{about}.")
    elif what == "add" and not about:
        return Given(_added(now.parts), own)
    elif (channel := about.partition(".")[0]) in own:
        own[channel] = _moved(own[channel], what, about)
    else:
        return Given(_moved(now.parts, what, about), own)
    return Given(now.parts, own)


def _added(parts: list[GivenPart], prefix: str = "") -> list[GivenPart]:
    taken = {part.key for part in parts}
    free = (f"{prefix}{n}" for n in range(1, 2 * len(parts) + 2))
    return [*parts, GivenPart(next(key for key in free if key not in taken))]


def _moved(parts: list[GivenPart], what: str, key: str) -> list[GivenPart]:
    at = next((n for n, part in enumerate(parts) if part.key == key), None)
    if at is None:
        return parts
    rest = parts[:at] + parts[at + 1 :]
    if what == "remove":
        return rest or [GivenPart(key)]
    to = {"up": max(0, at - 1), "down": at + 1}.get(what, at)
    return [*rest[:to], parts[at], *rest[to:]]
