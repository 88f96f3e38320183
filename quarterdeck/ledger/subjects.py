"""Pseudonyms and keys of the people in a log, and the sealing of what events said about them.

A pseudonym is random (UUIDv4) and stands for one person in one workspace. Each has a key of its own (a DEK), kept
sealed under the installation's; destroying it makes every personal field of that person unreadable for good.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from quarterdeck.core import env, secrets

_MOST = 10_000  # remembered at once


@dataclass(frozen=True, slots=True)
class Subject:
    name: str  # the pseudonym, as the leaf says it
    dek: bytes


_remembered: dict[tuple[uuid.UUID, uuid.UUID], Subject] = {}


def known_subjects(
    workspace_id: uuid.UUID, people: Iterable[uuid.UUID], *, fresh: bool
) -> dict[uuid.UUID, Subject]:
    """The subject of each person, made now for a new one. Unless `fresh`, memory is believed: what it says may
    have been rolled back or erased since, and the caller holds it against the table. What was read now stays so
    until the transaction ends: an erasure waits."""
    found, missing = {}, []
    for person in people:
        subject = None if fresh else _remembered.get((workspace_id, person))
        if subject is None:
            missing.append(person)
        else:
            found[person] = subject
    if missing:
        learned = _learn(workspace_id, missing)
        if len(_remembered) > _MOST:
            _remembered.clear()
        _remembered.update({(workspace_id, person): subject for person, subject in learned.items()})
        found |= learned
    return found


_LOOK = """
SELECT s.person_id, s.pseudonym, k.dek_sealed FROM ledger_subject s
JOIN ledger_subjectkey k ON k.pseudonym = s.pseudonym
WHERE s.workspace_id = %s AND s.person_id = ANY(%s)
FOR KEY SHARE OF s
"""


def _learn(workspace_id: uuid.UUID, people: list[uuid.UUID]) -> dict[uuid.UUID, Subject]:
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [workspace_id, people])
        rows = cursor.fetchall()
        for person in sorted(set(people) - {row[0] for row in rows}):
            _meet(cursor, workspace_id, person)
        if len(rows) < len(people):
            cursor.execute(_LOOK, [workspace_id, people])
            rows = cursor.fetchall()
    return {
        person: Subject(str(pseudonym), open_dek(pseudonym, bytes(sealed)))
        for person, pseudonym, sealed in rows
    }


def _meet(cursor, workspace_id: uuid.UUID, person: uuid.UUID) -> None:
    """Make a person's subject, unless another transaction was faster: then this one waited for it."""
    pseudonym = uuid.uuid4()
    cursor.execute(
        "INSERT INTO ledger_subject (pseudonym, workspace_id, person_id) VALUES (%s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        [pseudonym, workspace_id, person],
    )
    if cursor.rowcount:
        sealed = secrets.seal(
            os.urandom(32), context=_key_context(pseudonym), key=_derived("ledger.subjectkey")
        )
        cursor.execute(
            "INSERT INTO ledger_subjectkey (pseudonym, dek_sealed) VALUES (%s, %s)", [pseudonym, sealed]
        )


def open_dek(pseudonym: uuid.UUID, dek_sealed: bytes) -> bytes:
    """A subject's key. KeyProblem when it was sealed under another installation's key."""
    return secrets.unseal(dek_sealed, context=_key_context(pseudonym), key=_derived("ledger.subjectkey"))


def plain_key() -> bytes:
    """The ledger's own key, for what is not personal."""
    return _derived("ledger.payload")


def seal(event_id: str, part: int, told: str, key: bytes) -> bytes:
    """What one part of an event's fields said, sealed under its subject's key, or `plain_key`."""
    return secrets.seal(told.encode(), context=f"ledger_payload:{event_id}:{part}", key=key)


def unseal(event_id: uuid.UUID, part: int, sealed: bytes, dek: bytes | None) -> str:
    """What `seal` was given. KeyProblem when the key is another or the bytes were changed."""
    key = dek or plain_key()
    return secrets.unseal(sealed, context=f"ledger_payload:{event_id}:{part}", key=key).decode()


def _key_context(pseudonym: uuid.UUID) -> str:
    return f"ledger_subjectkey:{pseudonym}"


_keys: dict[tuple[str, str, str], bytes] = {}


def _derived(purpose: str) -> bytes:
    # HKDF costs more than the sealing itself. Where the key file is decides which key it is, as in core.secrets.
    known = (env.get("QUARTERDECK_KEYS"), env.get("QUARTERDECK_DATA"), purpose)
    if known not in _keys:
        _keys[known] = secrets.derive(purpose)
    return _keys[known]
