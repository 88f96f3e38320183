"""The ledger's own acts: erasing what a person's events said, opening a new epoch of a log, changing its key."""

from __future__ import annotations

import uuid
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from django.db import connection

from quarterdeck.core import clock, ids, secrets
from quarterdeck.core.problems import Conflict, NotFound
from quarterdeck.core.verbs import verb
from quarterdeck.engines import merkle, tiles
from quarterdeck.ledger import erasures, kinds, sequencer, signing, tree
from quarterdeck.ledger.models import Entry, Log, Payload, Subject, SubjectKey
from quarterdeck.ledger.recording import Receipt, origin_of, record


@dataclass(frozen=True, slots=True)
class _About:
    pk: uuid.UUID
    workspace_id: uuid.UUID
    ledger_name: str


@verb
def erase(workspace_id: uuid.UUID, person_id: uuid.UUID, *, by: Any, legal_basis: str) -> Receipt:
    """Erase what a person's events said: values, salts, the key they were sealed under, and the link from the
    pseudonym to the person. The leaves stay, so every proof still holds, and nobody can open them again.

    `legal_basis` names an article ("GDPR Art. 17(1)(a)"), never a person. NotFound when the person has no
    pseudonym here.
    """
    subject = (
        Subject.objects.select_for_update().filter(workspace_id=workspace_id, person_id=person_id).first()
    )
    if subject is None:
        raise NotFound("This person has left no events in this workspace’s ledger.")
    # The person's own wish must not make a new pseudonym for them.
    actor = kinds.system(workspace_id) if by.pk == person_id else by
    return _erase(workspace_id, subject.pseudonym, actor, legal_basis)


@verb
def erase_again(workspace_id: uuid.UUID, pseudonym: uuid.UUID) -> Receipt:
    """Erase once more what an older backup brought back, or what a cut-off erasure left."""
    list(Subject.objects.select_for_update().filter(pk=pseudonym))
    why = "Erased before; it came back with an older backup"
    return _erase(workspace_id, pseudonym, kinds.system(workspace_id), why)


def _erase(workspace_id: uuid.UUID, pseudonym: uuid.UUID, actor: Any, legal_basis: str) -> Receipt:
    erased, _ = Payload.objects.filter(subject=pseudonym).delete()
    SubjectKey.objects.filter(pseudonym=pseudonym).delete()
    Subject.objects.filter(pk=pseudonym).update(person_id=None)
    receipt = record(
        "ledger.payload.erased",
        actor=actor,
        about=_About(ids.new(), workspace_id, "ledger.subject"),  # nobody need know whose it was
        fields={"legal_basis": legal_basis[:200], "fields_erased": erased},
    )
    _note_outside(workspace_id, pseudonym)
    return receipt


def _note_outside(workspace_id: uuid.UUID, pseudonym: uuid.UUID) -> None:
    """Before the commit: what is erased and not noted would come back unseen with an older backup."""
    try:
        erasures.note([(workspace_id, pseudonym)])
    except OSError as trouble:
        raise Conflict(
            f"The list of erasures cannot be written to {erasures.file()}: {trouble.strerror}.",
            not_done="Nothing was erased.",
            next_step="Make room or correct the folder’s permissions, and erase again.",
        ) from trouble


@verb
def open_epoch(workspace_id: uuid.UUID, *, by: Any, reason: str = "", revoke: bool = False) -> Log:
    """Close the workspace's log and open the next epoch, whose entry 0 commits to the old one's head.

    It also says what the checkpoint outside the database said, when that is more than the database knows. Each epoch
    has a key of its own; `revoke` has the entry name the old one's as no longer to be believed.
    NotFound when the workspace has no open log.
    """
    with connection.cursor() as cursor:
        sequencer.take_lock(cursor, wait=True)
        old = (
            Log.objects.select_for_update().filter(workspace_id=workspace_id, closed_at__isnull=True).first()
        )
        if old is None:
            raise NotFound("This workspace has no open log.")
        root = _last_words(cursor, old)
        now = clock.now()
        Log.objects.filter(pk=old.pk).update(closed_at=now)
        new = Log.objects.create(
            workspace_id=workspace_id,
            epoch=old.epoch + 1,
            origin=origin_of(workspace_id, old.epoch + 1, demo=old.demo),
            demo=old.demo,
            clock=old.clock,
            created_at=now,
        )
        receipt = record(
            "ledger.epoch.opened",
            actor=by,
            about=new,
            fields={
                "old_origin": old.origin,
                "old_size": old.size,
                "old_root": b64encode(root).decode(),
                **_outside(old),
                **({"revoked_keys": " ".join(old.verifier_keys)} if revoke and old.verifier_keys else {}),
                **({"reason": reason[:500]} if reason else {}),
            },
        )
        # Others' events may wait with lower numbers; the head of the old epoch stands first all the same.
        sequencer.place(cursor, workspace_id, [sequencer.take_event(cursor, receipt.event_id)])
    new.refresh_from_db()
    return new


@verb
def rotate_key(workspace_id: uuid.UUID, *, by: Any) -> Receipt:
    """Give the workspace's log a new key. Both sign for `signing.OVERLAP`; the old one stays published for good, and
    an entry, under the signatures of both, names the two.

    NotFound without an open log; Conflict while nothing is signed, or while an earlier change still overlaps.
    """
    with connection.cursor() as cursor:
        sequencer.take_lock(cursor, wait=True)
    log = Log.objects.select_for_update().filter(workspace_id=workspace_id, closed_at__isnull=True).first()
    if log is None:
        raise NotFound("This workspace has no open log.")
    unchanged = "The key was not changed."
    if not log.verifier_keys:
        raise Conflict("This log has no key yet; it gets one with its first checkpoint.", not_done=unchanged)
    if ends := signing.overlap_ends(log):
        raise Conflict(
            f"The key of {log.origin} was changed lately, and the one before it signs until {ends:%Y-%m-%d}.",
            not_done=unchanged,
            next_step="Change it again after that day.",
        )
    try:
        new = signing.make_next_key(log)
    except secrets.KeyProblem as missing:
        raise Conflict(str(missing), not_done=unchanged, next_step=signing.NEW_EPOCH) from missing
    old = log.verifier_keys[-1]
    log.verifier_keys, log.key_changed_at = [*log.verifier_keys, new], clock.now()
    log.save(update_fields=["verifier_keys", "key_changed_at"])
    return record("ledger.key.rotated", actor=by, about=log, fields={"old_key": old, "new_key": new})


def _last_words(cursor, old: Log) -> bytes:
    """Place what still belongs to the old epoch, and its root: from its tiles, or its entries if those are torn."""
    try:
        tree.edge(cursor, old.pk, old.size)
    except tiles.TileError:
        leaves = Entry.objects.filter(log=old).order_by("seq").values_list("leaf", flat=True)
        return merkle.root([merkle.leaf_hash(bytes(leaf)) for leaf in leaves.iterator()])
    sequencer.place(cursor, old.workspace_id, sequencer.take_workspace(cursor, old.workspace_id))
    old.refresh_from_db()
    return tree.root(old.pk, old.size)


def _outside(old: Log) -> dict[str, Any]:
    try:
        known = signing.read_outside(old)
    except signing.SigningStopped:
        return {"outside_root": "not signed by this log’s key"}
    if known is None:
        return {}
    return {"outside_size": known.size, "outside_root": b64encode(known.root).decode()}
