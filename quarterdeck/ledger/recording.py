"""`record`: writes an event into the caller's transaction. Two statements and no lock on the log, so that
writers do not wait for each other; the sequencer gives the event its place after the commit.

The time in the leaf is whole Unix seconds of the database's clock in this transaction, never before the log's
own clock. A test, or a demo log in a demo process, may have moved the clock; a real log's never is.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from quarterdeck.core import clock, env, ids, secrets
from quarterdeck.core.verbs import note_recorded
from quarterdeck.engines.merkle import leaf_hash
from quarterdeck.ledger import leaf as leaves
from quarterdeck.ledger.kinds import INSTALLATION, KINDS, Event


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
    worlds = {w: _world(w, records) for w in {_workspace(r) for r in records}}
    given = [r.event_id for r in records if r.event_id is not None]
    if given:
        _refuse_known(given)
    causes = _causes(records)
    written = [_write(one, worlds[_workspace(one)], causes) for one in records]
    _insert(written)
    note_recorded(len(written))
    return [w.receipt for w in written]


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


# --- one event ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Subject:
    pseudonym: uuid.UUID
    dek_sealed: bytes


@dataclass(slots=True)
class _World:
    """What one query tells about a workspace: the time, and its people's pseudonyms and keys."""

    at: int
    subjects: dict[uuid.UUID, _Subject]


@dataclass(slots=True)
class _Written:
    receipt: Receipt
    pending: tuple
    payloads: list[tuple]


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


def _write(one: Record, world: _World, causes: Mapping[uuid.UUID, bytes]) -> _Written:
    event = KINDS[one.kind]
    event_id = one.event_id or ids.new()
    commitments: dict[str, str] = {}
    payloads: list[tuple] = []
    for name, value in one.fields.items():
        said = leaves.canonical(value)
        salt = os.urandom(leaves.SALT_BYTES)
        commitments[name] = leaves.commitment(salt, name, said)
        owner = _owner(one, event, name)
        subject = world.subjects[owner] if owner else None
        payloads.append(
            (event_id, name, salt, seal_value(event_id, name, said, subject), subject and subject.pseudonym)
        )
    about = one.about
    leaf = leaves.build(
        kind=one.kind,
        actor="system" if _is_system(one.actor) else str(world.subjects[one.actor.pk].pseudonym),
        about=(about.ledger_name, about.pk, int(getattr(about, "version", None) or 0)),
        commitments=commitments,
        event_id=event_id,
        cause=causes[one.cause] if isinstance(one.cause, uuid.UUID) else _hash_of(one.cause),
        at=world.at,
    )
    row = (event_id, about.workspace_id, one.kind, about.ledger_name, about.pk, world.at, leaf)
    return _Written(Receipt(event_id, leaf_hash(leaf)), row, payloads)


def seal_value(event_id: uuid.UUID, name: str, said: str, subject: _Subject | None) -> bytes:
    """The canonical value of a field, sealed under its subject's key, or the ledger's for a plain field."""
    key = open_dek(subject.pseudonym, subject.dek_sealed) if subject else _derived("ledger.payload")
    return secrets.seal(said.encode(), context=f"ledger_payload:{event_id}:{name}", key=key)


def unseal_value(event_id: uuid.UUID, name: str, sealed: bytes, dek: bytes | None) -> str:
    """The canonical value of a field; `dek` is its subject's opened key, None for a plain field."""
    key = dek or _derived("ledger.payload")
    return secrets.unseal(sealed, context=f"ledger_payload:{event_id}:{name}", key=key).decode()


def open_dek(pseudonym: uuid.UUID, dek_sealed: bytes) -> bytes:
    """A subject's key, opened with the installation's."""
    return secrets.unseal(
        dek_sealed, context=f"ledger_subjectkey:{pseudonym}", key=_derived("ledger.subjectkey")
    )


_keys: dict[tuple[bytes, str], bytes] = {}


def _derived(purpose: str) -> bytes:
    # HKDF costs more than the sealing itself; the installation key decides, so a changed one is noticed.
    known = (secrets.installation_key(), purpose)
    if known not in _keys:
        _keys[known] = secrets.derive(purpose)
    return _keys[known]


def _owner(one: Record, event: Event, name: str) -> uuid.UUID | None:
    declared = event.fields[name]
    if not declared.is_personal:
        return None
    if declared.of == "about":
        return one.about.pk
    return None if _is_system(one.actor) else one.actor.pk


def _is_system(actor: Any) -> bool:
    return getattr(actor, "is_system", False) is True


def _workspace(one: Record) -> uuid.UUID:
    return one.about.workspace_id


def _hash_of(cause: Receipt | bytes | None) -> bytes | None:
    found = cause.leaf_hash if isinstance(cause, Receipt) else cause
    if found is not None and len(found) != 32:
        raise NotRecordable("A cause is a receipt, an event id or a leaf hash of 32 bytes.")
    return found


# --- the two statements -------------------------------------------------------------------------------

_WORLD = """
SELECT l.demo, greatest(floor(extract(epoch FROM clock_timestamp()))::bigint, l.clock),
       s.person_id, s.pseudonym, k.dek_sealed
FROM ledger_log l
LEFT JOIN ledger_subject s ON s.workspace_id = l.workspace_id AND s.person_id = ANY(%s)
LEFT JOIN ledger_subjectkey k ON k.pseudonym = s.pseudonym
WHERE l.workspace_id = %s AND l.closed_at IS NULL
"""


def _world(workspace_id: uuid.UUID, records: Sequence[Record]) -> _World:
    people = set()
    for one in records:
        if _workspace(one) == workspace_id:
            if not _is_system(one.actor):
                people.add(one.actor.pk)
            event = KINDS[one.kind]
            people.update(owner for name in one.fields if (owner := _owner(one, event, name)))
    with connection.cursor() as cursor:
        cursor.execute(_WORLD, [list(people), workspace_id])
        rows = cursor.fetchall()
        if not rows and workspace_id == INSTALLATION.workspace_id:
            open_log(workspace_id)
            cursor.execute(_WORLD, [list(people), workspace_id])
            rows = cursor.fetchall()
        if not rows:
            raise NoLog(f"The workspace {workspace_id} has no open log; open_log was not called for it.")
        found = {row[2]: _Subject(row[3], bytes(row[4])) for row in rows if row[4] is not None}
        for person in people - set(found):
            found[person] = _meet(cursor, workspace_id, person)
    demo, at = rows[0][0], rows[0][1]
    return _World(_moved(demo) or at, found)


def _moved(demo: bool) -> int | None:
    instant = clock.moved()
    if instant is None or not (demo or env.get("QUARTERDECK_CLOCK") == "test"):
        return None
    return int(instant.timestamp())


def _meet(cursor, workspace_id: uuid.UUID, person: uuid.UUID) -> _Subject:
    """The person's subject, made now unless another transaction is faster. A pseudonym is random: UUIDv4."""
    pseudonym, dek = uuid.uuid4(), os.urandom(32)
    cursor.execute(
        "INSERT INTO ledger_subject (pseudonym, workspace_id, person_id) VALUES (%s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        [pseudonym, workspace_id, person],
    )
    if cursor.rowcount:
        sealed = secrets.seal(
            dek, context=f"ledger_subjectkey:{pseudonym}", key=_derived("ledger.subjectkey")
        )
        cursor.execute(
            "INSERT INTO ledger_subjectkey (pseudonym, dek_sealed) VALUES (%s, %s)", [pseudonym, sealed]
        )
        return _Subject(pseudonym, sealed)
    cursor.execute(
        "SELECT s.pseudonym, k.dek_sealed FROM ledger_subject s JOIN ledger_subjectkey k USING (pseudonym)"
        " WHERE s.workspace_id = %s AND s.person_id = %s",
        [workspace_id, person],
    )
    pseudonym, sealed = cursor.fetchone()
    return _Subject(pseudonym, bytes(sealed))


def _refuse_known(event_ids: list[uuid.UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT event_id FROM ledger_entry WHERE event_id = ANY(%s)", [event_ids])
        if known := cursor.fetchone():
            raise NotRecordable(f"The event {known[0]} is recorded already.")


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


_PENDING = "INSERT INTO ledger_pending (event_id, workspace_id, kind, about_type, about_id, recorded_at, leaf) VALUES "
_PAYLOAD = "INSERT INTO ledger_payload (event_id, field, salt, value_sealed, subject) VALUES "


def _insert(written: Sequence[_Written]) -> None:
    payloads = [row for one in written for row in one.payloads]
    pending = _PENDING + ",".join(["(%s,%s,%s,%s,%s,%s,%s)"] * len(written))
    values = [value for one in written for value in one.pending]
    if payloads:
        pending = f"WITH told AS ({pending}) {_PAYLOAD}" + ",".join(["(%s,%s,%s,%s,%s)"] * len(payloads))
        values += [value for row in payloads for value in row]
    with connection.cursor() as cursor:
        cursor.execute(pending, values)
