"""What the guided path asks and what was typed there so far: read from a form or the kept draft, each field bounded,
and made into what the verbs take.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.http import QueryDict

from quarterdeck.accountability import concerned, noting, texts, ways
from quarterdeck.accountability.concerned import Person
from quarterdeck.accountability.models import PART_LENGTH, Draft, How, Slip
from quarterdeck.accountability.noting import Parts
from quarterdeck.accountability.telling import Told
from quarterdeck.accountability.texts import Group
from quarterdeck.accountability.verbs import Cover, Given
from quarterdeck.accountability.ways import Way
from quarterdeck.crew.models import Member
from quarterdeck.publishing.models import Delivery

LONGEST = 20_001  # characters: one more than any text may have, so that it is refused and not cut
WORDS = (*noting.PARTS, "note", "inside")
CHOSEN = ("tell", "have")


@dataclass(slots=True)
class Channel:
    """One channel of step two: its delivery, the ways with the chosen one, the reason if it is left."""

    row: Delivery
    ways: list[Way]
    chosen: str
    reason: str

    @property
    def key(self) -> str:
        return self.row.channel_id.hex


@dataclass(slots=True)
class Path:
    """The whole page as typed so far; empty words are proposed by `proposed`."""

    slip: Slip
    typed: Mapping[str, str | list[str]]
    channels: list[Channel] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    def words(self, name: str) -> str:
        found = self.typed.get(name, "")
        return found if isinstance(found, str) else ""

    def many(self, name: str) -> list[str]:
        found = self.typed.get(name, [])
        return found if isinstance(found, list) else [found]

    @property
    def parts(self) -> Parts:
        wrong = self.words("wrong") if "wrong" in self.typed else self.slip.what[:PART_LENGTH]
        return Parts(wrong, *(self.words(name) for name in noting.PARTS[1:]))

    @property
    def proposed(self) -> dict[str, str]:
        """What could be said, from what was typed: the note, the line under an edit, the three lines inside."""
        names = ", ".join(one.row.channel.name for one in self.channels if one.chosen != How.LEAVE)
        return {
            "note": noting.draft(self.parts),
            "line": noting.under(self.parts),
            "inside": noting.inside(self.slip.post.short, self.parts, names or "no channel"),
        }

    def said(self, name: str) -> str:
        """What was typed, or what is proposed where nothing was."""
        return self.words(name) or self.proposed[name]

    @property
    def missing(self) -> list[tuple[str, str, bool]]:
        """The parts that the note does not seem to have: name, words, whether somebody ticked that it is there."""
        ticked = self.many("have")
        return [
            (name, noting.ASKED[name], name in ticked)
            for name in noting.missing(self.said("note"), self.parts)
        ]

    @property
    def listed(self) -> bool:
        return "listed" in self.typed

    @property
    def chosen_people(self) -> list[str]:
        """Everybody, until somebody chose."""
        return (
            self.many("tell") if "chose" in self.typed else [one.key for one in self.people if one.reachable]
        )

    def told(self) -> Told:
        return Told(self.chosen_people, self.said("inside"))

    def given(self) -> Given:
        covers = {one.row.channel_id: Cover(one.chosen, one.reason) for one in self.channels if one.chosen}
        return Given(
            parts=self.parts,
            covers=covers,
            texts=texts.given(self.groups),
            note=self.said("note"),
            line=self.said("line"),
            listed=self.listed,
            tell=self.told() if self.slip.told_at is None else None,
        )


def read(slip: Slip, data: QueryDict | None, who: Member) -> Path:
    """The path as a form sent it; with None, as the kept draft has it. `who` need not be told by themselves."""
    if data is not None:
        typed = typed_in(data)
    else:
        kept = Draft.objects.filter(slip=slip).first()
        typed = kept.typed if kept else {}
    plain = {name: value for name, value in typed.items() if isinstance(value, str)}
    path = Path(slip, typed, groups=texts.groups(slip.post, plain), people=_others(slip, who))
    for rows in ways.standing(slip.post).values():
        path.channels.append(_channel(rows, slip, plain))
    return path


def _others(slip: Slip, who: Member) -> list[Person]:
    return [one for one in concerned.people(slip.post) if one.member is None or one.member.pk != who.pk]


def _channel(rows: list[Delivery], slip: Slip, typed: Mapping[str, str]) -> Channel:
    key, offered = rows[0].channel_id.hex, ways.offered_for(rows)
    chosen = typed.get(f"how-{key}") or ways.usual(offered, slip.level)
    return Channel(rows[0], offered, chosen, typed.get(f"reason-{key}", ""))


def typed_in(data: QueryDict) -> dict[str, str | list[str]]:
    """What of a form belongs to the path, bounded: a draft holds nothing else."""
    found: dict[str, str | list[str]] = {}
    for name in list(data)[:300]:
        if name in CHOSEN:
            found[name] = [one[:254] for one in data.getlist(name)[: concerned.MOST]]
        elif name in WORDS or name in {"line", "listed", "chose"} or _of_a_channel(name):
            found[name] = data[name].replace("\x00", "")[:LONGEST]
    return found


def _of_a_channel(name: str) -> bool:
    begins, _, rest = name.partition("-")
    if begins in {"how", "reason"}:
        return _is_hex(rest)
    key, _, number = rest.rpartition("-")
    return begins == "text" and number.isdecimal() and len(number) < 3 and (key == "common" or _is_hex(key))


def _is_hex(words: str) -> bool:
    try:
        return UUID(words).hex == words
    except ValueError:
        return False
