"""The texts of a post that is out, as a page shows them to be put right: the common one, and each that a channel says
instead, with the channels that say it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from quarterdeck.accountability import ways
from quarterdeck.channels.models import Channel
from quarterdeck.publishing.models import Delivery, Post

LONGEST = 20_000
MOST_PARTS = 25


@dataclass(slots=True)
class Field:
    """One part of a text as a textarea: its name in the form, and what stands in it."""

    name: str
    number: int
    text: str
    problem: str = ""

    @property
    def rows(self) -> int:
        return min(14, max(3, self.text.count("\n") + len(self.text) // 60 + 1))


@dataclass(slots=True)
class Group:
    """A text and the channels that say it. `key`: "" for the common text, else the channel's id in hexadecimal."""

    key: str
    channels: list[Channel]
    fields: list[Field] = field(default_factory=list)

    @property
    def names(self) -> str:
        return ", ".join(channel.name for channel in self.channels)


def groups(post: Post, typed: Mapping[str, str] | None = None) -> list[Group]:
    """Every text that stands somewhere, the common one first; with what was typed in place of it."""
    found: dict[str, Group] = {}
    for pk, rows in ways.standing(post).items():
        key = pk.hex if pk.hex in post.overrides else ""
        group = found.setdefault(key, Group(key, []))
        group.channels.append(rows[0].channel)
        if not group.fields:
            group.fields = _fields(post, pk, key, typed or {})
    return sorted(found.values(), key=lambda one: (one.key != "", one.names))


def _fields(post: Post, pk: UUID, key: str, typed: Mapping[str, str]) -> list[Field]:
    made = []
    for number, part in enumerate(post.parts_on(pk)):
        name = f"text-{key or 'common'}-{number}"
        made.append(Field(name, number, typed.get(name, part["text"]).replace("\r\n", "\n")[: LONGEST + 1]))
    return made


def given(found: list[Group]) -> dict[str, list[str]]:
    """The texts as the verbs take them."""
    return {group.key: [one.text for one in group.fields] for group in found}


def name(rows: list[Delivery]) -> str:
    return rows[0].channel.name
