"""What differs between two texts of a post in everything that goes out: the common parts, what single channels say
instead, pictures with their descriptions, the card of a link, kind, language, and what names and links stand for. Pure.

Both sides are anything with `parts` and `besides` as `Post` and `PostVersion` have them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal
from uuid import UUID

from quarterdeck.publishing import differences, kinds
from quarterdeck.publishing.differences import Piece
from quarterdeck.publishing.models import Kind, Post, PostVersion

How = Literal["same", "gone", "new"]
Side = Post | PostVersion


@dataclass(slots=True)
class Picture:
    """An image on either side. `description` is what is read to those who cannot see it, as runs of words; `shown` is
    for the page, which knows addresses."""

    how: How
    image: dict
    description: list[Piece]
    shown: dict = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        return self.how != "same" or _differ(self.description)


@dataclass(frozen=True, slots=True)
class Part:
    """A part on either side; `moved`: the pictures that stayed stand in another order."""

    how: How
    pieces: list[Piece]
    pictures: list[Picture]
    moved: bool = False

    @property
    def differs(self) -> bool:
        pictures = any(one.differs for one in self.pictures)
        return self.how != "same" or self.moved or pictures or _differ(self.pieces)


@dataclass(frozen=True, slots=True)
class Passage:
    """What people read in one place: the common text, or (`channel`) on a channel that says it differently on one of
    the two sides. "new": it has words of its own now, and said the common ones before; "gone": the other way round."""

    parts: list[Part]
    channel: UUID | None = None
    how: How = "same"

    @property
    def differs(self) -> bool:
        return self.how != "same" or any(part.differs for part in self.parts)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something else that goes out, by name: "Language", "Card: title"."""

    name: str
    pieces: list[Piece]
    pictures: list[Picture] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        return _differ(self.pieces) or any(one.differs for one in self.pictures)


def passages(was: Side, now: Side) -> list[Passage]:
    """The common text first, then each channel that says it differently on either side, by its id."""
    found = [Passage(_parts(was.parts, now.parts))]
    before, after = _own(was), _own(now)
    for pk in sorted(before.keys() | after.keys()):
        how: How = "new" if pk not in before else "gone" if pk not in after else "same"
        parts = _parts(before.get(pk, was.parts), after.get(pk, now.parts))
        found.append(Passage(parts, UUID(pk), how))
    return found


def facts(was: Side, now: Side) -> list[Fact]:
    """Kind, language, card, names and links; only what either side has anything of."""
    return [*_kinds(was, now), *_language(was, now), *_card(was, now), *_terms(was, now)]


def summary(was: Side, now: Side) -> list[str]:
    """What differs, in a few words each: "the text", "a picture", "the card of its link"; empty where nothing does.

    Channels are not named: "what a channel says instead".
    """
    common, *own = passages(was, now)
    told = _of_parts(common.parts)
    if any(one.differs for one in own):
        told.append("what a channel says instead")
    told += [_WORDS.get(one.name, "what names and links stand for") for one in facts(was, now) if one.differs]
    return list(dict.fromkeys(told))


_WORDS = {
    "Kind": "the kind",
    "Language": "the language",
    "Card of the link": "the card of its link",
    "Card: title": "the card of its link",
    "Card: description": "the card of its link",
    "Card: picture": "the card of its link",
}


def _of_parts(parts: Iterable[Part]) -> list[str]:
    told = []
    for part in parts:
        kept = [one for one in part.pictures if one.how == "same"]
        if _differ(part.pieces) or part.how != "same":
            told.append("the text")
        if part.moved or len(kept) != len(part.pictures):
            told.append("the pictures")
        if any(one.differs for one in kept):
            told.append("descriptions of pictures")
    return told


# --- parts and pictures -------------------------------------------------------------------------------

_NOTHING = {"text": "", "images": []}


def _own(side: Side) -> dict[str, list[dict]]:
    return side.besides.get("overrides", {})


def _differ(pieces: Sequence[Piece]) -> bool:
    return any(piece.kind != "same" for piece in pieces)


def _parts(before: Sequence[dict], after: Sequence[dict]) -> list[Part]:
    """Part beside part: those that are alike stand opposite each other, wherever one was put in or taken out."""
    return [_part(old, new) for old, new in _pairs(before, after)]


def _pairs(before: Sequence[dict], after: Sequence[dict]) -> Iterator[tuple[dict | None, dict | None]]:
    old, new = ([json.dumps(part, sort_keys=True) for part in parts] for parts in (before, after))
    for _, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield from zip_longest(before[a:b], after[c:d])


def _part(old: dict | None, new: dict | None) -> Part:
    how: How = "new" if old is None else "gone" if new is None else "same"
    old, new = old or _NOTHING, new or _NOTHING
    pictures, moved = _pictures(old["images"], new["images"])
    return Part(how, differences.words(old["text"], new["text"]), pictures, moved)


def _pictures(before: Sequence[dict], after: Sequence[dict]) -> tuple[list[Picture], bool]:
    """The pictures of now in their order, then those that are gone; and whether those that stayed changed places."""
    old, new = {i["sha256"]: i for i in before}, {i["sha256"]: i for i in after}
    found = [_picture(old.get(pk), image) for pk, image in new.items()]
    found += [_picture(image, None) for pk, image in old.items() if pk not in new]
    return found, [pk for pk in old if pk in new] != [pk for pk in new if pk in old]


def _picture(old: dict | None, new: dict | None) -> Picture:
    if old is None or new is None:
        image: dict = old or new or {}
        kind: How = "new" if old is None else "gone"
        return Picture(kind, image, [Piece("same", _read(image))])
    return Picture("same", new, differences.words(_read(old), _read(new)))


def _read(image: dict) -> str:
    """What stands in for a picture, or why nothing does."""
    if image.get("alt"):
        return image["alt"]
    return f"no description: {image['none']}" if image.get("none") else "no description"


# --- the rest -----------------------------------------------------------------------------------------


def _fact(name: str, was: str, now: str) -> Fact:
    return Fact(name, differences.words(was, now))


def _kinds(was: Side, now: Side) -> list[Fact]:
    old, new = (Kind(side.besides.get("kind") or kinds.chosen("", side.parts)) for side in (was, now))
    usual = old == new and old in {Kind.POST, Kind.THREAD}
    return [] if usual else [_fact("Kind", old.label, new.label)]


def _language(was: Side, now: Side) -> list[Fact]:
    old, new = (side.besides.get("language", "") for side in (was, now))
    return [_fact("Language", old or "not said", new or "not said")] if old or new else []


def _card(was: Side, now: Side) -> list[Fact]:
    old, new = (side.besides.get("card") or {} for side in (was, now))
    names = {"url": "Card of the link", "title": "Card: title", "description": "Card: description"}
    told = [
        _fact(word, old.get(name, ""), new.get(name, ""))
        for name, word in names.items()
        if old.get(name) or new.get(name)
    ]
    before, after = (
        [{"file": card["file"], "sha256": card["sha256"], "alt": "Beside the words"}]
        if card.get("file")
        else []
        for card in (old, new)
    )
    pictures, _ = _pictures(before, after)
    return [*told, Fact("Card: picture", [], pictures)] if pictures else told


def _terms(was: Side, now: Side) -> list[Fact]:
    old, new = (dict(_spelled(side.besides.get("terms", {}))) for side in (was, now))
    return [_fact(name, old.get(name, ""), new.get(name, "")) for name in sorted(old.keys() | new.keys())]


def _spelled(terms: dict) -> Iterator[tuple[str, str]]:
    for name, handles in terms.get("names", {}).items():
        for network, handle in handles.items():
            yield f"{{{name}}} on {network}", handle
    for host, rule in terms.get("links", {}).items():
        yield f"Links to {host} carry", rule
