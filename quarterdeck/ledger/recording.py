"""`record`: writes an event into the caller's transaction with one statement and no lock on the log, so that
writers do not wait for each other; the sequencer gives the event its place after the commit.

The time in the leaf is whole Unix seconds of the database's clock in this transaction, never before the log's
own clock. A test, or a demo log in a demo process, may have moved the clock; a real log's never is.
"""

from __future__ import annotations

import os
import uuid
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from quarterdeck.core import clock, env, ids
from quarterdeck.core.verbs import note_recorded
from quarterdeck.engines.merkle import leaf_hash
from quarterdeck.ledger import leaf as leaves
from quarterdeck.ledger.kinds import INSTALLATION, KINDS, Field
from quarterdeck.ledger.subjects import Subject, known_subjects, seal


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

    `actor` has `.pk` and `.workspace_id`; `about` has `.pk` (a UUID), `.workspace_id`, `.ledger_name` and perhaps
    `.version`. `fields` are values of declared fields. `cause` is the event this answers: its receipt, leaf hash
    or event id. Raises NotRecordable outside a transaction, for an undeclared kind or field, and when actor and
    object belong to different workspaces; ValueError or TypeError for a value that cannot be written.
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

_RECORD = "SELECT ledger_record(" + ", ".join(["%s"] * 15) + ")"


def _write(
    workspace_id: uuid.UUID, records: Sequence[Record], causes: Mapping[uuid.UUID, bytes]
) -> list[Receipt]:
    """Write the events of one workspace. Pseudonyms are remembered from earlier events and held against the
    table by the same statement: one that was rolled back or erased since is learned anew, once."""
    people = _people(records)
    for fresh in (False, True):
        subjects = known_subjects(workspace_id, people, fresh=fresh)
        events = [_event(one, subjects, causes) for one in records]
        with connection.cursor() as cursor:
            cursor.execute(_RECORD, _arguments(workspace_id, records, events, subjects))
            (at,) = cursor.fetchone()
        if at is not None:
            return [Receipt(one.id, leaf_hash(leaves.finish(one.head, at))) for one in events]
        if workspace_id == INSTALLATION.workspace_id:
            open_log(workspace_id)
    raise NoLog(f"The workspace {workspace_id} has no open log; open_log was not called for it.")


@dataclass(slots=True)
class _Event:
    id: uuid.UUID
    head: str
    payloads: list[tuple[int, Subject | None, bytes]]


def _event(one: Record, subjects: Mapping[uuid.UUID, Subject], causes: Mapping[uuid.UUID, bytes]) -> _Event:
    event_id = one.event_id or ids.new()
    about = one.about
    commitments: dict[str, str] = {}
    parts: dict[int, dict[str, str]] = {}
    salts = os.urandom(leaves.SALT_BYTES * len(one.fields))
    declared = KINDS[one.kind].fields
    for number, (name, value) in enumerate(one.fields.items()):
        said = leaves.canonical(value)
        salt = salts[number * leaves.SALT_BYTES : (number + 1) * leaves.SALT_BYTES]
        commitments[name] = leaves.commitment(salt, name, said)
        parts.setdefault(_part(one, declared[name]), {})[name] = f'["{b64encode(salt).decode()}",{said}]'
    payloads = []
    for part, fields in parts.items():
        subject = subjects[(one.actor if part == OF_ACTOR else about).pk] if part else None
        told = "{" + ",".join([f'"{name}":{said}' for name, said in fields.items()]) + "}"
        payloads.append((part, subject, seal(event_id, part, told, subject.dek if subject else None)))
    head = leaves.head(
        kind=one.kind,
        actor="system" if _is_system(one.actor) else str(subjects[one.actor.pk].pseudonym),
        about=(about.ledger_name, about.pk, int(getattr(about, "version", None) or 0)),
        commitments=commitments,
        event_id=event_id,
        cause=_hash_of(one.cause, causes),
    )
    return _Event(event_id, head, payloads)


PLAIN, OF_ACTOR, OF_ABOUT = 0, 1, 2


def _part(one: Record, declared: Field) -> int:
    if not declared.is_personal:
        return PLAIN
    if declared.of == "about":
        return OF_ABOUT
    return PLAIN if _is_system(one.actor) else OF_ACTOR


def _people(records: Sequence[Record]) -> set[uuid.UUID]:
    """Whose pseudonyms these events need: everyone who acts, and whom personal fields are about."""
    people = {one.actor.pk for one in records if not _is_system(one.actor)}
    for one in records:
        declared = KINDS[one.kind].fields
        if any(_part(one, declared[name]) == OF_ABOUT for name in one.fields):
            people.add(one.about.pk)
    return people


def _arguments(
    workspace_id: uuid.UUID,
    records: Sequence[Record],
    events: Sequence[_Event],
    subjects: Mapping[uuid.UUID, Subject],
) -> list[Any]:
    moved = clock.moved()
    told = [(one.id, *payload) for one in events for payload in one.payloads]
    return [
        workspace_id,
        int(moved.timestamp()) if moved is not None else None,
        env.get("QUARTERDECK_CLOCK") == "test",
        any(one.event_id is not None for one in records),
        _array(subjects),
        _array([subject.pseudonym for subject in subjects.values()]),
        _array([one.id for one in events]),
        _array([one.kind for one in records]),
        _array([one.about.ledger_name for one in records]),
        _array([one.about.pk for one in records]),
        _texts([one.head for one in events]),
        _array([event_id for event_id, *_ in told]),
        _array([part for _, part, *_ in told]),
        _array([subject.pseudonym if subject else "NULL" for _, _, subject, _ in told]),
        _texts([f"\\x{sealed.hex()}" for *_, sealed in told]),
    ]


# Array literals by hand: the driver's own dumping of fifteen lists costs more than everything else here.


def _array(values: Iterable[Any]) -> str:
    """An array of ids, numbers or declared names, none of which needs quoting."""
    return "{" + ",".join(map(str, values)) + "}"


def _texts(values: Iterable[str]) -> str:
    quoted = [value.replace("\\", "\\\\").replace('"', '\\"') for value in values]
    return '{"' + '","'.join(quoted) + '"}' if quoted else "{}"
