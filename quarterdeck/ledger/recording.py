"""`record`: writes an event into the caller's transaction with one statement and no lock on the log, so that
writers do not wait for each other; the sequencer gives the event its place after the commit.

The time in the leaf is whole Unix seconds of the database's clock in this transaction, never before the log's
own clock. A test, or a demo log in a demo process, may have moved the clock; a real log's never is.
"""

from __future__ import annotations

import json
import os
import re
import uuid
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connection

from quarterdeck.core import clock, env, ids
from quarterdeck.core.verbs import note_recorded
from quarterdeck.engines.merkle import leaf_hash
from quarterdeck.ledger import leaf as leaves
from quarterdeck.ledger.kinds import BY, INSTALLATION, KINDS, WHOM, Field
from quarterdeck.ledger.subjects import Subject, known_subjects, plain_key, seal


class NotRecordable(RuntimeError):
    """The event cannot be recorded as asked: a mistake in the calling code, never a person's."""


class NoLog(NotRecordable):
    """The workspace has no open log: `open_log` was not called when it was made."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a verb holds after recording. `leaf_hash` is final; the place in the log follows the commit."""

    event_id: uuid.UUID
    leaf_hash: bytes


Cause = Receipt | bytes | uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Record:
    """One event for `record_many`; the same arguments as `record`."""

    kind: str
    actor: Any
    about: Any
    fields: Mapping[str, Any] = field(default_factory=dict)
    cause: Cause = None
    event_id: uuid.UUID | None = None


def record(
    kind: str,
    *,
    actor: Any,
    about: Any,
    fields: Mapping[str, Any] | None = None,
    cause: Cause = None,
    event_id: uuid.UUID | None = None,
) -> Receipt:
    """Record one event in the present transaction.

    `actor` has `.pk`, `.workspace_id` and perhaps `.role`; the leaf says the role, and who it was is sealed. `about`
    has `.pk` (a UUID), `.workspace_id`, `.ledger_name` and perhaps `.version`; one with `.ledger_is_person` is not
    named in the leaf either. `fields` are values of declared fields.
    `cause` is the event this answers: its receipt, leaf hash or event id. Raises NotRecordable outside a
    transaction, for an undeclared kind or field, and when actor and object belong to different workspaces;
    ValueError or TypeError for a value that cannot be written.
    """
    return record_many([Record(kind, actor, about, fields or {}, cause, event_id)])[0]


def record_many(records: Sequence[Record]) -> list[Receipt]:
    """Record several events in the present transaction, in this order; the receipts in the same order."""
    if not connection.in_atomic_block:
        raise NotRecordable("An event is recorded inside the transaction whose change it tells of.")
    if not records:
        return []
    for one in records:
        _check(one)
    causes = _causes(records)
    by_workspace: dict[uuid.UUID, list[int]] = {}
    for index, one in enumerate(records):
        by_workspace.setdefault(one.about.workspace_id, []).append(index)
    receipts: dict[int, Receipt] = {}
    for workspace_id, mine in by_workspace.items():
        written = _write(workspace_id, [records[index] for index in mine], causes)
        receipts |= dict(zip(mine, written, strict=True))
    note_recorded(len(records))
    return [receipts[index] for index in range(len(records))]


def open_log(workspace_id: uuid.UUID, *, demo: bool = False) -> None:
    """Open the first epoch of a workspace's log. Doing it twice changes nothing."""
    origin = origin_of(workspace_id, 1, demo=demo)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_log (id, workspace_id, epoch, origin, demo, size, clock, verifier_keys, created_at,"
            " stopped_because) VALUES (%s, %s, 1, %s, %s, 0, 0, '[]', %s, '') ON CONFLICT DO NOTHING",
            [ids.new(), workspace_id, origin, demo, clock.now()],
        )


def origin_of(workspace_id: uuid.UUID, epoch: int, *, demo: bool) -> str:
    """The log's name: a URL without a scheme (c2sp.org/tlog-checkpoint). A demo's says so."""
    host = (env.public_url() or env.local_url()).split("://", 1)[1]
    return f"{host}/{'demo/' if demo else ''}ledger/{workspace_id}/{epoch}"


# --- checking -----------------------------------------------------------------------------------------


def _check(one: Record) -> None:
    event = KINDS.get(one.kind)
    if event is None:
        raise NotRecordable(f"“{one.kind}” is not declared in any room's events.py.")
    unknown = set(one.fields) - set(event.fields)
    if unknown:
        raise NotRecordable(f"“{one.kind}” has no field {', '.join(sorted(unknown))}.")
    if not _is_system(one.actor) and one.actor.workspace_id != one.about.workspace_id:
        raise NotRecordable(f"“{one.kind}”: the actor and the object belong to different workspaces.")
    if not isinstance(one.about.pk, uuid.UUID):
        raise NotRecordable(f"“{one.kind}”: what an event is about has a UUID, not {one.about.pk!r}.")


def _is_system(actor: Any) -> bool:
    return getattr(actor, "is_system", False) is True


_ROLE = re.compile(r"[a-z]{2,20}\Z")


def role_of(actor: Any) -> str:
    """What the leaf says of the actor: the role a member has now, "guest" for a link without an account, "system",
    or "installation". ValueError for a role that is no plain word."""
    if _is_system(actor):
        return "system"
    if actor.workspace_id == INSTALLATION.workspace_id:
        return "installation"
    role = str(getattr(actor, "role", "guest"))
    if not _ROLE.match(role):
        raise ValueError(f"“{role}” is not the name of a role.")
    return role


def _causes(records: Sequence[Record]) -> dict[uuid.UUID, bytes]:
    wanted = list({r.cause for r in records if isinstance(r.cause, uuid.UUID)})
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event_id, leaf FROM ledger_entry WHERE event_id = ANY(%s)"
            " UNION ALL SELECT event_id, leaf FROM ledger_pending WHERE event_id = ANY(%s)",
            [wanted, wanted],
        )
        found = {event_id: leaf_hash(bytes(leaf)) for event_id, leaf in cursor.fetchall()}
    missing = [c for c in wanted if c not in found]
    if missing:
        raise NotRecordable(f"The event {missing[0]}, named as a cause, is not in the ledger.")
    return found


def _hash_of(cause: Cause, causes: Mapping[uuid.UUID, bytes]) -> bytes | None:
    if isinstance(cause, uuid.UUID):
        return causes[cause]
    found = cause.leaf_hash if isinstance(cause, Receipt) else cause
    if found is not None and len(found) != 32:
        raise NotRecordable("A cause is a receipt, an event id or a leaf hash of 32 bytes.")
    return found


# --- writing ------------------------------------------------------------------------------------------


def _write(
    workspace_id: uuid.UUID, records: Sequence[Record], causes: Mapping[uuid.UUID, bytes]
) -> list[Receipt]:
    """Write the events of one workspace. Pseudonyms are remembered from earlier events and held against the
    table by the same statement: one that was rolled back or erased since is learned anew, once. For several
    events they are read (and held) first, because some of these would be written before another is refused."""
    people, own_key = _people(records), plain_key()
    for fresh in (len(records) > 1, True):
        subjects = known_subjects(workspace_id, people, fresh=fresh)
        events = [_event(one, subjects, causes, own_key) for one in records]
        times = _ask(workspace_id, events)
        if None not in times:
            return [
                Receipt(one.id, leaf_hash(leaves.finish(one.head, at)))
                for one, at in zip(events, times, strict=True)
            ]
        if any(at is not None for at in times):
            raise NoLog(
                f"The log of the workspace {workspace_id} was opened meanwhile: only some had a place."
            )
        if workspace_id == INSTALLATION.workspace_id:
            open_log(workspace_id)
    raise NoLog(f"The workspace {workspace_id} has no open log; open_log was not called for it.")


PLAIN, OF_ACTOR, OF_ABOUT = 0, 1, 2


@dataclass(slots=True)
class _Event:
    id: uuid.UUID
    head: str
    arguments: list[str | None]  # as in _ARGUMENTS


def _event(
    one: Record, subjects: Mapping[uuid.UUID, Subject], causes: Mapping[uuid.UUID, bytes], own_key: bytes
) -> _Event:
    event_id = one.event_id or ids.new()
    about = one.about
    name = str(event_id)
    actor = None if _is_system(one.actor) else subjects[one.actor.pk]
    person = subjects[about.pk] if _tells_of(one) else None
    commitments, told = _told(one, actor, person if is_person(about) else None)
    # Nothing that stays the same from one event about a person to the next: whoever can tie it to them once, from a
    # page or a list of ids, could follow them through the whole log.
    row = name if is_person(about) else str(about.pk)
    head = leaves.head(
        kind=one.kind,
        role=role_of(one.actor),
        about=(about.ledger_name, row, int(getattr(about, "version", None) or 0)),
        commitments=commitments,
        event_id=name,
        cause=_hash_of(one.cause, causes),
    )
    keys = (own_key, actor and actor.dek, person and person.dek)
    sealed = [
        "\\x" + seal(name, part, "{" + ",".join(fields) + "}", key).hex() if fields else None
        for part, (fields, key) in enumerate(zip(told, keys, strict=True))
    ]
    given = "f" if one.event_id is None else "t"
    who = (str(one.actor.pk), actor.name) if actor else (None, None)
    whom = (str(about.pk), person.name) if person else (None, None)
    what = (name, one.kind, about.ledger_name, row, head)
    return _Event(event_id, head, [given, *who, *whom, *what, *sealed])


def _told(
    one: Record, actor: Subject | None, person: Subject | None
) -> tuple[dict[str, str], tuple[list[str], list[str], list[str]]]:
    """The commitment to each field, and what the fields say, as members of a JSON object, by whose they are: with who
    acted, and which person the event is about."""
    commitments: dict[str, str] = {}
    told: tuple[list[str], list[str], list[str]] = ([], [], [])
    declared = KINDS[one.kind].fields
    said = [(name, value, _part(one, declared[name])) for name, value in one.fields.items()]
    if actor:
        said.append((BY, actor.name, OF_ACTOR))
    if person:
        said.append((WHOM, person.name, OF_ABOUT))
    salts = os.urandom(leaves.SALT_BYTES * len(said))
    for number, (name, value, part) in enumerate(said):
        words = leaves.canonical(value)
        salt = salts[number * leaves.SALT_BYTES : (number + 1) * leaves.SALT_BYTES]
        commitments[name] = leaves.commitment(salt, name, words)
        told[part].append(f'"{name}":["{b64encode(salt).decode()}",{words}]')
    return commitments, told


def _part(one: Record, declared: Field) -> int:
    if not declared.is_personal:
        return PLAIN
    if declared.of == "about":
        return OF_ABOUT
    return PLAIN if _is_system(one.actor) else OF_ACTOR


def is_person(about: Any) -> bool:
    """Whether what an event is about is a person: then the leaf does not say which."""
    return bool(getattr(about, "ledger_is_person", False))


def _people(records: Sequence[Record]) -> set[uuid.UUID]:
    """Whose pseudonyms these events need: everyone who acts, who is acted upon, whom personal fields are about."""
    people = {one.actor.pk for one in records if not _is_system(one.actor)}
    for one in records:
        if _tells_of(one):
            people.add(one.about.pk)
    return people


def _tells_of(one: Record) -> bool:
    """Whether a part of the event is sealed under the key of what it is about."""
    declared = KINDS[one.kind].fields
    return is_person(one.about) or any(
        declared[name].of == "about" and declared[name].is_personal for name in one.fields
    )


_RECORD = "SELECT ledger_record(" + ", ".join(["%s"] * 16) + ")"
_ARGUMENTS = {  # of ledger_record, from the fourth on
    "given": "boolean",
    "actor": "uuid",
    "actor_pseudonym": "uuid",
    "about": "uuid",
    "about_pseudonym": "uuid",
    "event": "uuid",
    "kind": "text",
    "type": "text",
    "object": "uuid",
    "head": "text",
    "plain": "bytea",
    "of_actor": "bytea",
    "of_about": "bytea",
}
# The same for several, in their order: one statement, since each costs more than what it writes.
_RECORD_MANY = (
    f"SELECT ledger_record(%s, %s, %s, {', '.join(_ARGUMENTS)}) FROM ROWS FROM (json_to_recordset(%s::json)"  # noqa: S608
    f" AS ({', '.join(' '.join(one) for one in _ARGUMENTS.items())})) WITH ORDINALITY"
    f" AS e({', '.join(_ARGUMENTS)}, number) ORDER BY number"
)


def _ask(workspace_id: uuid.UUID, events: Sequence[_Event]) -> list[int | None]:
    """What ledger_record answers for each event.

    It is asked of the driver itself, as a prepared statement whose arguments are all text: through Django's cursor
    they become part of the SQL, quoted here and parsed there, which costs twice as much on both sides. A moved
    clock needs no telling, since it is among the arguments.
    """
    moved = clock.moved()
    first = [
        str(workspace_id),
        str(int(moved.timestamp())) if moved is not None else None,
        "t" if env.get("QUARTERDECK_CLOCK") == "test" else "f",
    ]
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        driver = connection.connection
        driver.prepare_threshold = 0  # Django's own cursors never prepare, whatever this says
        cursor = psycopg.Cursor(driver)
        if len(events) == 1:
            return [cursor.execute(_RECORD, first + events[0].arguments, prepare=True).fetchone()[0]]
        many = json.dumps([dict(zip(_ARGUMENTS, one.arguments, strict=True)) for one in events])
        return [row[0] for row in cursor.execute(_RECORD_MANY, [*first, many], prepare=True).fetchall()]
