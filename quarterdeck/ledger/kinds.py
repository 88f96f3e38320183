"""What can be recorded. Each room declares its kinds in `events.py`: name, fields, which are personal, a title.

A kind is `room.noun.verbed`. Only declared names reach a leaf; what a field says is committed to with a salt
and kept beside the log, where the law can have it erased.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

_KIND = re.compile(r"[a-z]{2,20}\.[a-z][a-z_]{1,30}\.[a-z][a-z_]{1,30}\Z")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an event. A personal one is sealed under its subject's own key and can be erased with it.

    `of` says whose it is: the actor's, or that of the person the event is about.
    """

    is_personal: bool = False
    of: Literal["actor", "about"] = "actor"


def plain() -> Field:
    """A field that tells nothing about a person: a state, a count, a time."""
    return Field()


def personal(of: Literal["actor", "about"] = "actor") -> Field:
    """A field about a person or in a person's words: a name, an address, a text, a reason."""
    return Field(is_personal=True, of=of)


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of event. `title` is a sentence for people ("Post approved")."""

    name: str
    fields: Mapping[str, Field]
    title: str


KINDS: dict[str, Event] = {}

# Fields that the ledger itself gives to events: the actor's pseudonym, and that of a person the event is about.
BY, WHOM = "by", "whom"


def declare(*events: Event) -> None:
    """Make kinds recordable. ValueError for a malformed or doubly declared name."""
    for event in events:
        if not _KIND.match(event.name):
            raise ValueError(f"“{event.name}” is not a kind: room.noun.verbed, in small letters.")
        for name in event.fields:
            if not _FIELD.match(name):
                raise ValueError(f"“{event.name}”: “{name}” is not a field's name.")
            if name in (BY, WHOM):
                raise ValueError(f"“{event.name}”: the ledger itself says “{name}”, sealed.")
        if KINDS.get(event.name, event) != event:
            raise ValueError(f"“{event.name}” is declared twice, differently.")
        KINDS[event.name] = event


def title(kind: str) -> str:
    """The words for a kind; the kind itself when a room that declared it has left the house."""
    return KINDS[kind].title if kind in KINDS else kind


def is_personal(kind: str, field: str) -> bool:
    """Whether a field is about a person; True for one that nobody declares any more."""
    declared = KINDS[kind].fields.get(field) if kind in KINDS else None
    return declared is None or declared.is_personal


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts: `pk` names it inside `workspace_id`. One without a `role` is a guest, or
    acts on the whole installation."""

    pk: uuid.UUID
    workspace_id: uuid.UUID
    is_system: bool = False


@dataclass(frozen=True, slots=True)
class _Installation:
    """What acts on the whole installation are about; its log is its own."""

    pk: uuid.UUID = uuid.UUID(int=0)
    workspace_id: uuid.UUID = uuid.UUID(int=0)
    ledger_name: str = "ledger.installation"


INSTALLATION = _Installation()


def system(workspace_id: uuid.UUID) -> Actor:
    """The machine itself as an actor of a workspace: a delivery, a deadline, a nightly run."""
    return Actor(uuid.UUID(int=0), workspace_id, is_system=True)


def in_installation(user: Any) -> Actor:
    """A signed-in person (a `User`) as an actor of the whole installation."""
    return Actor(user.pk, INSTALLATION.workspace_id)
