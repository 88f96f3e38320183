"""Signs checkpoints, and refuses to sign a second history.

The key is a file outside the database. So is the newest checkpoint: before each signature the tree must be
consistent with the last checkpoint in the database AND with the one in that file, because a restored backup
takes the database's own memory back with it. When it is not, signing stops and says why; recording and
sequencing go on, and `quarterdeck ledger new-epoch` begins a log of its own that names the old one's head.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection

from quarterdeck.core import clock, env, secrets
from quarterdeck.engines import merkle, notes, tiles
from quarterdeck.ledger import tree
from quarterdeck.ledger.models import Checkpoint, Log

OVERLAP = timedelta(
    days=30
)  # after a change of key both sign, so that who knows only one of them can still check
NEW_EPOCH = (
    "To go on with signed checkpoints, run `quarterdeck ledger new-epoch`: it begins a new epoch of the log"
    " whose first entry names this one’s head."
)


class SigningStopped(RuntimeError):
    """No checkpoint is signed, and the message says why and what to do."""


def begun() -> list[uuid.UUID]:
    """The open logs that have entries."""
    return list(Log.objects.filter(closed_at__isnull=True, size__gt=0).values_list("pk", flat=True))


def unsigned() -> list[uuid.UUID]:
    """The open logs that have entries which no checkpoint covers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.id FROM ledger_log l WHERE l.closed_at IS NULL AND l.size >"
            " coalesce((SELECT max(c.size) FROM ledger_checkpoint c WHERE c.log_id = l.id), 0)"
        )
        return [row[0] for row in cursor.fetchall()]


def sign(log_id: uuid.UUID) -> Checkpoint | None:
    """Sign the log as it is now, inside the caller's transaction, which holds the sequencer's lock.

    None when its newest checkpoint already covers everything. SigningStopped when it must not be signed, or when
    a later checkpoint than the database knows was signed before.
    """
    log = Log.objects.select_for_update().get(pk=log_id)
    newest = Checkpoint.objects.filter(log=log).order_by("-size").first()
    if newest is not None and newest.size == log.size:
        _prove_extends(log, _as_note(newest), newest)
        return None
    try:
        signers = _signers(log)
        new = notes.Checkpoint(log.origin, log.size, tree.root(log.pk, log.size))
        _prove_extends(log, new, newest)
        note = notes.sign(new.text(), signers)
        _write_outside(log.origin, note)
    except (secrets.KeyProblem, OSError, tiles.TileError) as trouble:
        raise SigningStopped(_words(log, trouble)) from trouble
    made = Checkpoint.objects.create(log=log, size=new.size, root=new.root, note=note, created_at=clock.now())
    if log.stopped_because:
        Log.objects.filter(pk=log.pk).update(stopped_because="", stopped_at=None)
    return made


def note_stop(log_id: uuid.UUID, reason: str) -> bool:
    """Keep the reason where pages show it; True when it is news."""
    log = Log.objects.filter(pk=log_id).exclude(stopped_because=reason)
    return log.update(stopped_because=reason, stopped_at=clock.now()) == 1


def keys_of(log: Log) -> list[notes.VerifierKey]:
    """The public keys whose signatures on this log's checkpoints count."""
    return [notes.VerifierKey.read(line) for line in log.verifier_keys]


def key_file(origin: str, number: int = 0) -> Path:
    """The file of the log's first key, or of one that followed it."""
    return env.keys_dir() / f"ledger-{_short(origin)}{f'-{number + 1}' if number else ''}.key"


def make_next_key(log: Log) -> str:
    """Write the file of the key that follows the log's newest; its vkey line, which the caller puts into the log.

    KeyProblem when the newest one is not at hand: only who has it may name its successor.
    """
    number = len(log.verifier_keys)
    _signer(log, number - 1)
    with suppress(FileExistsError):  # made by a transaction that was rolled back
        secrets.write_key_file(key_file(log.origin, number), os.urandom(32))
    return str(_read_signer(log.origin, number).verifier)


def overlap_ends(log: Log) -> datetime | None:
    """Until when the key before the newest signs as well; None when it does not."""
    ends = log.key_changed_at + OVERLAP if log.key_changed_at else None
    return ends if ends and clock.now() < ends else None


def outside_file(origin: str) -> Path:
    """Where the newest checkpoint is kept outside the database."""
    return env.data_dir() / "ledger" / f"{_short(origin)}.checkpoint"


def read_outside(log: Log) -> notes.Checkpoint | None:
    """The checkpoint outside the database, its signature checked; None when there is no file.

    SigningStopped when it is not of this log or not signed by its key.
    """
    path = outside_file(log.origin)
    try:
        note = path.read_text()
    except FileNotFoundError:
        return None
    try:
        return notes.open_checkpoint(note, keys_of(log), log.origin)
    except notes.NoteError as wrong:
        raise SigningStopped(
            f"The checkpoint kept outside the database, {path}, cannot be trusted: {wrong}"
            f" No checkpoint of {log.origin} is signed; events are still recorded. {NEW_EPOCH}"
        ) from wrong


def adopt(log: Log) -> notes.Checkpoint:
    """Take the database's newest checkpoint as this machine's outside record, on an operator's word.

    SigningStopped when an outside record exists or the database has none that its key signed.
    """
    newest = Checkpoint.objects.filter(log=log).order_by("-size").first()
    if newest is None or outside_file(log.origin).exists():
        raise SigningStopped("There is nothing to adopt: an outside record exists, or no checkpoint does.")
    found = notes.open_checkpoint(newest.note, keys_of(log), log.origin)
    _write_outside(log.origin, newest.note)
    return found


# --- before a signature -------------------------------------------------------------------------------


def _prove_extends(log: Log, new: notes.Checkpoint, newest: Checkpoint | None) -> None:
    outside = read_outside(log)
    if outside is None and newest is not None:
        raise SigningStopped(
            f"Checkpoints of {log.origin} were signed before, but the newest one is not at"
            f" {outside_file(log.origin)}, so this machine cannot tell whether the database was restored from an"
            " older backup. Nothing is signed; events are still recorded. If the database is the newest there is,"
            f" run `quarterdeck ledger adopt`. {NEW_EPOCH}"
        )
    for old, where in ((outside, "kept outside the database"), (_as_note(newest), "in the database")):
        if old is not None:
            _prove_pair(log, old, new, where)


def _prove_pair(log: Log, old: notes.Checkpoint, new: notes.Checkpoint, where: str) -> None:
    if old.size > new.size:
        raise SigningStopped(
            f"The log {log.origin} has {new.size} entries, but the checkpoint {where} was signed at {old.size}."
            " The database was probably restored from a backup older than that checkpoint. A second history"
            f" is never signed, so no checkpoint is; events are still recorded. {NEW_EPOCH}"
        )
    try:
        proof = tree.consistency(log.pk, old.size, new.size)
        merkle.verify_consistency(old.size, new.size, proof, old.root, new.root)
    except merkle.ProofError:
        raise SigningStopped(
            f"The first {old.size} entries of the log {log.origin} are no longer those of the checkpoint {where}."
            " Entries or tiles were changed, or a backup was restored. No checkpoint is signed; events are still"
            f" recorded. `quarterdeck ledger verify --all` names what differs. {NEW_EPOCH}"
        ) from None


def _as_note(checkpoint: Checkpoint | None) -> notes.Checkpoint | None:
    if checkpoint is None:
        return None
    return notes.Checkpoint(checkpoint.log.origin, checkpoint.size, bytes(checkpoint.root))


def _signers(log: Log) -> list[notes.Signer]:
    """The log's newest key and, for a while after a change, the one before it unless its file was taken away.

    The first is made when the log has never had one. KeyProblem when the newest is missing or another's.
    """
    if not log.verifier_keys:
        # One may be there: made by a transaction that was rolled back, or known to a newer database.
        with suppress(FileExistsError):
            secrets.write_key_file(key_file(log.origin), os.urandom(32))
        log.verifier_keys = [str(_read_signer(log.origin, 0).verifier)]
        log.save(update_fields=["verifier_keys"])
    newest = len(log.verifier_keys) - 1
    signers = [_signer(log, newest)]
    if overlap_ends(log) and key_file(log.origin, newest - 1).exists():
        signers.insert(0, _signer(log, newest - 1))
    return signers


def _signer(log: Log, number: int) -> notes.Signer:
    signer = _read_signer(log.origin, number)
    if str(signer.verifier) != log.verifier_keys[number]:
        path = key_file(log.origin, number)
        raise secrets.KeyProblem(f"The key file {path} is not the key that signed this log so far.")
    return signer


def _read_signer(origin: str, number: int) -> notes.Signer:
    path = key_file(origin, number)
    seed = secrets.read_key_file(path)
    if len(seed) != 32:
        raise secrets.KeyProblem(f"The key file {path} should be 32 bytes and is {len(seed)}.")
    return notes.Signer(origin, seed)


def _write_outside(origin: str, note: str) -> None:
    """Replace the file durably: either the old checkpoint is there or the new one is."""
    path = outside_file(origin)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(f".{os.getpid()}")
    with open(fresh, "w") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _words(log: Log, trouble: Exception) -> str:
    if isinstance(trouble, secrets.KeyProblem):
        return f"{trouble} No checkpoint of {log.origin} is signed; events are still recorded. {NEW_EPOCH}"
    if isinstance(trouble, OSError):
        return (
            f"The newest checkpoint cannot be written to {outside_file(log.origin)}: {trouble.strerror}."
            " Nothing was signed; events are still recorded. Make room or correct the folder’s permissions;"
            " signing goes on by itself."
        )
    return f"{trouble} No checkpoint of {log.origin} is signed; events are still recorded."


def _short(origin: str) -> str:
    return hashlib.sha256(origin.encode()).hexdigest()[:16]
