"""Checks a log from its bytes up and names exactly what is broken: which entry, tile, checkpoint or field.

It trusts nothing that is derived. Leaf hashes are made anew from the leaves, tiles from the leaf hashes, roots
from the tiles; checkpoints are held against the roots and their signatures against the log's keys.
"""

from __future__ import annotations

import json
import uuid
from base64 import b64encode
from binascii import b2a_base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

import psycopg
from django.db import connection, transaction
from psycopg.rows import tuple_row

from quarterdeck.core import secrets
from quarterdeck.engines import merkle, notes, tiles
from quarterdeck.ledger import leaf, signing
from quarterdeck.ledger import tree as stored
from quarterdeck.ledger.models import Checkpoint, Entry, Log
from quarterdeck.ledger.reads import fields_of, open_deks
from quarterdeck.ledger.subjects import plain_key

CHUNK = 2000
MOST = 1000  # findings of one kind: a log torn to pieces need not be told entry by entry


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: `where` is "entry 17", "tile/0/003", "checkpoint 512" or "log"."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class Report:
    log: Log
    entries: int
    checkpoints: int
    findings: list[Finding]
    notes: list[Finding] = field(default_factory=list)  # what is not as it should be, and declared in the log

    @property
    def ok(self) -> bool:
        return not self.findings


def verify_all() -> list[Report]:
    """Verify every log, closed epochs too."""
    return [verify(log) for log in Log.objects.order_by("workspace_id", "epoch")]


def verify(log: Log) -> Report:
    """Read the whole log once, in one snapshot, and check everything that can be checked."""
    # The file is read first: it may only be older than the snapshot, never newer.
    outside, findings = _outside(Log.objects.get(pk=log.pk))
    with transaction.atomic():
        if not _nested():
            # Straight to the driver: it must be the transaction's first statement, before a moved clock is told.
            connection.ensure_connection()
            connection.connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        log = Log.objects.get(pk=log.pk)
        tree = merkle.Tree()
        for finding in _entries(log, tree):
            if len(findings) < MOST:
                findings.append(finding)
        if len(tree) != log.size:
            findings.append(
                Finding("log", f"there are {len(tree)} entries and the log says it has {log.size}.")
            )
        findings += _tiles(log, tree)
        checkpoints = list(Checkpoint.objects.filter(log=log).order_by("size"))
        findings += _checkpoints(log, tree, checkpoints)
        told = []
        if outside is not None:
            differs = _against(f"checkpoint {outside.size} outside the database", outside, tree)
            if differs and (declared := _declared(log, outside)):
                told = [declared]
            else:
                findings += differs
    return Report(log, len(tree), len(checkpoints), findings, told)


def verify_one(found: Entry) -> Report:
    """Check one entry: its bytes, its fields, its path to the newest checkpoint and that one's signature."""
    log = found.log
    row = _row(found)
    said, findings = _entry(row, merkle.leaf_hash(row.leaf), None)
    if said is not None:
        findings += _payloads({row.event_id: (row.seq, said["c"])}, _Openers())
    newest = Checkpoint.objects.filter(log=log).order_by("-size").first()
    if newest is None or newest.size <= found.seq:
        findings.append(Finding(f"entry {found.seq}", "no signed checkpoint covers it yet."))
        return Report(log, 1, 0, findings)
    where = f"checkpoint {newest.size}"
    try:
        signed = notes.open_checkpoint(newest.note, signing.keys_of(log), log.origin)
        proof = stored.inclusion(log.pk, found.seq, signed.size)
        merkle.verify_inclusion(
            found.seq, signed.size, merkle.leaf_hash(bytes(found.leaf)), proof, signed.root
        )
    except notes.NoteError as wrong:
        findings.append(Finding(where, str(wrong)))
    except (merkle.ProofError, tiles.TileError) as wrong:
        findings.append(Finding(f"entry {found.seq}", f"it cannot be proved in {where}: {wrong}"))
    return Report(log, 1, 1, findings)


def rebuild_tiles(log: Log) -> int:
    """Make the tiles anew from the entries; how many there are. The entries decide, the checkpoints judge them."""
    with transaction.atomic(), connection.cursor() as cursor:
        Log.objects.select_for_update().get(pk=log.pk)
        cursor.execute("DELETE FROM ledger_tile WHERE log_id = %s", [log.pk])
        tree = merkle.Tree()
        for chunk in _chunks(log):
            tree.extend(merkle.leaf_hash(row.leaf) for row in chunk)
        rows = [(log.pk, level, n, hashes) for level, n, hashes in _tiles_of(tree)]
        cursor.executemany("INSERT INTO ledger_tile (log_id, level, n, hashes) VALUES (%s, %s, %s, %s)", rows)
        return len(rows)


# --- entries ------------------------------------------------------------------------------------------


def _nested() -> bool:
    """Whether statements ran in this transaction already, as in tests that wrap each one in their own."""
    return bool(connection.savepoint_ids)


class Row(NamedTuple):
    """An entry as the database gives it; ids are text, as they stand in the leaf."""

    seq: int
    place: int
    event_id: str
    kind: str
    about_type: str
    about_id: str
    recorded_at: int
    leaf: bytes
    leaf_hash: bytes
    sequenced_at: int


_ENTRIES = """
SELECT seq, place, event_id::text, kind, about_type, about_id::text, recorded_at, leaf, leaf_hash, sequenced_at
FROM ledger_entry WHERE log_id = %s AND seq > %s ORDER BY seq LIMIT %s
"""
_PAYLOADS = """
SELECT event_id::text, part, subject::text, sealed FROM ledger_payload WHERE event_id = ANY(%s::uuid[])
"""


def _ask(sql: str, arguments: list[Any]) -> list[tuple]:
    """Straight to the driver, in binary: a million rows through the models would cost three times as much."""
    connection.ensure_connection()
    with (
        connection.wrap_database_errors,
        psycopg.Cursor(connection.connection, row_factory=tuple_row) as cursor,
    ):
        return cursor.execute(sql, arguments, binary=True).fetchall()


def _row(found: Entry) -> Row:
    return Row(*(_plain(getattr(found, name)) for name in Row._fields))


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    return bytes(value) if isinstance(value, memoryview) else value


def _chunks(log: Log) -> Iterator[list[Row]]:
    after = -1
    while rows := [*map(Row._make, _ask(_ENTRIES, [log.pk, after, CHUNK]))]:
        yield rows
        after = rows[-1].seq


def _entries(log: Log, tree: merkle.Tree) -> Iterator[Finding]:
    before: Row | None = None
    openers = _Openers()
    for chunk in _chunks(log):
        hashes, committed = [], {}
        for row in chunk:
            expected = before.seq + 1 if before else 0
            if row.seq != expected:
                yield Finding(f"entry {expected}", f"it is missing; the next one is entry {row.seq}.")
            made = merkle.leaf_hash(row.leaf)
            hashes.append(made)
            said, wrong = _entry(row, made, before)
            yield from wrong
            if said is not None:
                committed[row.event_id] = (row.seq, said["c"])
            before = row
        tree.extend(hashes)
        yield from _payloads(committed, openers)


_scan = json.JSONDecoder().scan_once
_quoted = json.encoder.encode_basestring


def _read(text: str) -> Any:
    """JSON, without the look for spaces around it. ValueError when it is none, or something is behind it."""
    try:
        found, end = _scan(text, 0)
    except StopIteration:
        raise ValueError("This is not JSON.") from None
    if end != len(text):
        raise ValueError("Something stands behind the JSON.")
    return found


def _entry(row: Row, made: bytes, before: Row | None) -> tuple[dict[str, Any] | None, list[Finding]]:
    """What the leaf says, None when it is no event; and what is wrong with the entry."""
    where = f"entry {row.seq}"
    findings = []
    if made != row.leaf_hash:
        findings.append(Finding(where, "its bytes do not have the hash that is stored with them."))
    try:
        said = _read(row.leaf.decode("ascii"))
        about, committed = said["o"], said["c"]
        told = (said["e"], said["k"], about[0], about[1], said["t"])
        known = isinstance(committed, dict)
    except (ValueError, KeyError, IndexError, TypeError):
        known = False
    if not known:
        return None, [*findings, Finding(where, "its bytes are not an event.")]
    if told != (row.event_id, row.kind, row.about_type, row.about_id, row.recorded_at):
        findings.append(Finding(where, "its columns say something else than its bytes."))
    if row.recorded_at > row.sequenced_at:
        findings.append(Finding(where, "it says it was recorded after it got its place."))
    if before is not None:
        if row.sequenced_at < before.sequenced_at:
            findings.append(Finding(where, "the log’s clock runs backwards here."))
        if row.place <= before.place:
            findings.append(Finding(where, "its place among all logs is not after that of the entry before."))
    return said, findings


class _Openers:
    """What opens the payloads of each subject (None: the plain ones), each key asked for once: a log has few people and
    many entries. A subject without a key is not in it."""

    def __init__(self) -> None:
        self.known = {None: secrets.opener(plain_key())}
        self._asked: set[str | None] = {None}

    def learn(self, pseudonyms: set[str | None]) -> None:
        if new := pseudonyms - self._asked:
            self._asked |= new
            found = open_deks({uuid.UUID(one) for one in new})
            self.known |= {str(pseudonym): secrets.opener(dek) for pseudonym, dek in found.items()}


Committed = dict[str, tuple[int, dict[str, str]]]  # event id -> its entry's number, field -> commitment


def _payloads(committed: Committed, openers: _Openers) -> list[Finding]:
    rows = _ask(_PAYLOADS, [list(committed)])
    openers.learn({row[2] for row in rows})
    findings = []
    for event_id, part, subject, sealed in rows:
        open_one = openers.known.get(subject)
        if open_one is None:
            continue  # its key was destroyed: nobody can say what it said
        seq, fields = committed[event_id]
        try:
            told = _read(open_one(sealed, f"ledger_payload:{event_id}:{part}").decode())
            wrong = [
                name for name, (salt, value) in told.items() if fields.get(name) != _made(salt, name, value)
            ]
        except (secrets.KeyProblem, ValueError, TypeError, AttributeError):
            what = "personal" if subject else "plain"
            words = f"its {what} fields cannot be opened: they were changed, or this is another installation’s key."
            findings.append(Finding(f"entry {seq}", words))
            continue
        findings += [
            Finding(f"entry {seq}", f"its field “{one}” is not what was committed to.") for one in wrong
        ]
    return findings


def _made(salt: str, name: str, value: Any) -> str:
    """`leaf.commitment`, which a test holds equal, without taking the salt apart and together again."""
    said = _quoted(value) if type(value) is str else leaf.canonical(value)
    return b2a_base64(sha256(f'["{salt}","{name}",{said}]'.encode()).digest(), newline=False).decode()


# --- tiles and checkpoints ----------------------------------------------------------------------------


def _tiles_of(tree: merkle.Tree) -> Iterator[tuple[int, int, bytes]]:
    level = 0
    while count := len(tree) >> (8 * level):
        for number in range((count + tiles.WIDTH - 1) // tiles.WIDTH):
            first = number * tiles.WIDTH
            width = tiles.width_at(level, number, len(tree))
            yield level, number, tree.nodes(8 * level, first, first + width)
        level += 1


def _tiles(log: Log, tree: merkle.Tree) -> list[Finding]:
    findings = []
    known = set()
    for level, number, expected in _tiles_of(tree):
        known.add((level, number))
        have = stored.tile(log.pk, level, number)
        if have == expected:
            continue
        where = tiles.path(level, number, len(expected) // tiles.HASH)
        if len(have) != len(expected):
            findings.append(
                Finding(where, f"it has {len(have) // tiles.HASH} hashes, not {len(expected) // tiles.HASH}.")
            )
        for at in range(0, min(len(have), len(expected)), tiles.HASH):
            if have[at : at + tiles.HASH] != expected[at : at + tiles.HASH]:
                findings.append(Finding(where, f"its hash {at // tiles.HASH} is not that of the entries."))
    for level, number in log.tiles.values_list("level", "n"):
        if (level, number) not in known:
            findings.append(
                Finding(tiles.path(level, number), "the log is not large enough to have this tile.")
            )
    return findings[:MOST]


def _checkpoints(log: Log, tree: merkle.Tree, checkpoints: list[Checkpoint]) -> list[Finding]:
    findings = []
    for one in checkpoints:
        where = f"checkpoint {one.size}"
        try:
            signed = notes.open_checkpoint(one.note, signing.keys_of(log), log.origin)
        except notes.NoteError as wrong:
            findings.append(Finding(where, str(wrong)))
            continue
        if (signed.size, signed.root) != (one.size, bytes(one.root)):
            findings.append(Finding(where, "its columns say something else than its signed text."))
        findings += _against(where, signed, tree)
    return findings


def _outside(log: Log) -> tuple[notes.Checkpoint | None, list[Finding]]:
    if not log.verifier_keys:
        return None, []
    try:
        return signing.read_outside(log), []
    except signing.SigningStopped as wrong:
        return None, [Finding("checkpoint outside the database", str(wrong))]


def _declared(log: Log, outside: notes.Checkpoint) -> Finding | None:
    """That the next epoch's first entry says what this log lost: it names the very checkpoint that stands outside."""
    first = Entry.objects.filter(
        log__workspace_id=log.workspace_id, log__epoch=log.epoch + 1, seq=0, kind="ledger.epoch.opened"
    ).first()
    said = fields_of([first.event_id]).get(first.event_id, {}) if first else {}
    lost = (log.origin, outside.size, b64encode(outside.root).decode())
    if (said.get("old_origin"), said.get("outside_size"), said.get("outside_root")) != lost:
        return None
    return Finding(
        f"checkpoint {outside.size} outside the database",
        "entries it covers are not in this database; the first entry of the next epoch says so.",
    )


def _against(where: str, signed: notes.Checkpoint, tree: merkle.Tree) -> list[Finding]:
    if signed.size > len(tree):
        return [Finding(where, f"it was signed at {signed.size} entries and there are only {len(tree)}.")]
    if tree.root(signed.size) != signed.root:
        root = b64encode(tree.root(signed.size)).decode()
        return [Finding(where, f"the entries it covers have changed: their root is now {root}.")]
    return []
