"""Gives every committed event its place: one loop in the worker, any number of them at once.

A batch is one transaction: the advisory lock as its own statement (so that the next statement's snapshot sees
what the last holder committed), then DELETE pending, INSERT entries, extend tiles, NOTIFY. A crash anywhere
leaves everything pending as it was. READ COMMITTED is required: under REPEATABLE READ the snapshot would be
older than the lock, and two sequencers would place the same events twice.

The order is that of the pending rows' numbers. A transaction that saw another's effects inserted later, so
causes stand before what they caused. The log's clock (`sequenced_at`) is the database's clock, but never
earlier than the entry before or than the time in the leaf: it cannot run backwards, whatever the machine's
clock does. The time in the leaf is when the event was recorded, at or after the log's clock of that moment;
of two transactions that ran at once, the later one may stand first.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from django.db import connection, connections, transaction

from quarterdeck.core import clock, env
from quarterdeck.core.problems import Problem
from quarterdeck.engines.merkle import leaf_hash
from quarterdeck.ledger import signing, tree

log = logging.getLogger(__name__)

LOCK = 0x716C_6564  # one for all logs: "qled"
BATCH = 2000
BUSY_SECONDS, IDLE_SECONDS = 0.05, 0.25
SIGN_SECONDS = 2.0  # at most one checkpoint of a log in this time
RETRY_SECONDS = 30.0  # look for unsigned logs even when nothing was placed here

Announce = Callable[[uuid.UUID, list[tuple[str, str]]], None]
announce: Announce | None = None  # set in config/wiring: live.announce


class Isolation(RuntimeError):
    """The sequencer runs at another isolation level than READ COMMITTED, where it would be wrong."""


class Row(NamedTuple):
    id: int
    event_id: uuid.UUID
    workspace_id: uuid.UUID
    kind: str
    about_type: str
    about_id: uuid.UUID
    recorded_at: int
    leaf: bytes


class Sequencer:
    """The loop: every 50 ms while events arrive, every 250 ms while none do."""

    name = "ledger-sequencer"

    def __init__(self) -> None:
        self._unsigned = self._started = True
        self._signed_at = self._looked_at = float("-inf")

    def run(self, stop: threading.Event) -> None:
        pause = IDLE_SECONDS
        try:
            while not stop.is_set():
                placed = sequence_once() if anything_pending() else 0
                self._unsigned |= placed > 0
                self._sign_when_due()
                pause = BUSY_SECONDS if placed else min(IDLE_SECONDS, pause * 1.5)
                if placed < BATCH:
                    stop.wait(pause)
        finally:
            connections.close_all()

    def _sign_when_due(self) -> None:
        now = time.monotonic()
        due = self._unsigned and now - self._signed_at >= SIGN_SECONDS
        if due or now - self._looked_at >= RETRY_SECONDS:
            self._signed_at = self._looked_at = now
            if self._started:
                self._erase_again()
            # At the start every log is looked at: a database restored from a backup has nothing unsigned.
            sign_all(signing.begun() if self._started else None)
            self._unsigned = self._started = False

    def _erase_again(self) -> None:
        from quarterdeck.ledger import restored  # it stands on this module

        try:
            again = restored.erase_again()
        except (Problem, OSError) as trouble:  # events must have their place all the same
            log.error("Whether erased words came back with a backup is not known. %s", trouble)
            return
        if again:
            log.warning(
                "What was erased of %d people had come back with a backup and was erased again.", again
            )


def anything_pending() -> bool:
    """One cheap question outside any transaction; most of the time the answer is no."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM ledger_pending)")
        return cursor.fetchone()[0]


def sequence_once(limit: int = BATCH) -> int:
    """Place at most `limit` pending events; how many were. 0 also when another sequencer is at it."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not take_lock(cursor, wait=False):
            return 0
        rows = _take(cursor, limit)
        by_workspace: dict[uuid.UUID, list[Row]] = defaultdict(list)
        for row in _first_time(cursor, rows):
            by_workspace[row.workspace_id].append(row)
        for workspace_id, mine in by_workspace.items():
            place(cursor, workspace_id, mine)
        return len(rows)


def sequence_all() -> int:
    """Place everything that is pending now (tests, the demo, the command line)."""
    total = 0
    while placed := sequence_once():
        total += placed
    return total


def take_lock(cursor, *, wait: bool) -> bool:
    """The sequencer's lock until the transaction ends, as a statement of its own."""
    name = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    cursor.execute(f"SELECT {name}(%s), current_setting('transaction_isolation')", [LOCK])
    taken, isolation = cursor.fetchone()
    if isolation != "read committed":
        raise Isolation(f"The sequencer needs READ COMMITTED and runs under {isolation.upper()}.")
    return wait or taken


_COLUMNS = "id, event_id, workspace_id, kind, about_type, about_id, recorded_at, leaf"
_TAKE = "DELETE FROM ledger_pending WHERE {} RETURNING " + _COLUMNS  # noqa: S608 - the three below fill it
_TAKE_NEXT = _TAKE.format(
    "id IN (SELECT p.id FROM ledger_pending p WHERE EXISTS"
    " (SELECT 1 FROM ledger_log l WHERE l.workspace_id = p.workspace_id AND l.closed_at IS NULL)"
    " ORDER BY p.id LIMIT %s)"
)
_TAKE_EVENT = _TAKE.format("event_id = %s")
_TAKE_WORKSPACE = _TAKE.format("workspace_id = %s")


def _take(cursor, limit: int) -> list[Row]:
    cursor.execute(_TAKE_NEXT, [limit])
    return sorted(Row(*row[:-1], bytes(row[-1])) for row in cursor.fetchall())


def take_event(cursor, event_id: uuid.UUID) -> Row:
    """Take one pending event out of its turn: the first entry of a new epoch."""
    cursor.execute(_TAKE_EVENT, [event_id])
    row = cursor.fetchone()
    return Row(*row[:-1], bytes(row[-1]))


def take_workspace(cursor, workspace_id: uuid.UUID) -> list[Row]:
    """Take everything one workspace has pending: before its epoch ends."""
    cursor.execute(_TAKE_WORKSPACE, [workspace_id])
    return sorted(Row(*row[:-1], bytes(row[-1])) for row in cursor.fetchall())


def _first_time(cursor, rows: list[Row]) -> list[Row]:
    """Without events that already have a place: an id used twice must not stop the log for everybody."""
    if not rows:
        return rows
    cursor.execute("SELECT event_id FROM ledger_entry WHERE event_id = ANY(%s)", [[r.event_id for r in rows]])
    known = {event_id for (event_id,) in cursor.fetchall()}
    for event_id in known:
        log.error("The event %s was recorded twice; it keeps its first place.", event_id)
    return [row for row in rows if row.event_id not in known]


_LOG = """
SELECT id, size, clock, floor(extract(epoch FROM clock_timestamp()))::bigint,
       (SELECT coalesce(max(place), 0) FROM ledger_entry)
FROM ledger_log WHERE workspace_id = %s AND closed_at IS NULL FOR UPDATE
"""


def place(cursor, workspace_id: uuid.UUID, rows: list[Row]) -> None:
    """Append `rows` to the workspace's open log. The caller holds the lock."""
    if not rows:
        return
    cursor.execute(_LOG, [workspace_id])
    log_id, size, log_clock, now, last_place = cursor.fetchone()
    now = _moved() or now
    entries = []
    for offset, row in enumerate(rows):
        log_clock = max(log_clock, now, row.recorded_at)
        entries.append((log_id, size + offset, last_place + 1 + offset, log_clock, leaf_hash(row.leaf), row))
    _insert(cursor, entries)
    tree.grow(cursor, log_id, size, [entry[4] for entry in entries])
    cursor.execute(
        "UPDATE ledger_log SET size = %s, clock = %s WHERE id = %s", [size + len(rows), log_clock, log_id]
    )
    if announce is not None:
        announce(workspace_id, list(dict.fromkeys((row.about_type, str(row.about_id)) for row in rows)))


_COPY = (
    "COPY ledger_entry (log_id, seq, place, sequenced_at, leaf_hash, event_id, kind, about_type, about_id,"
    " recorded_at, leaf) FROM STDIN (FORMAT BINARY)"
)
_TYPES = ["uuid", "int8", "int8", "int8", "bytea", "uuid", "varchar", "varchar", "uuid", "int8", "bytea"]


def _insert(cursor, entries: list[tuple]) -> None:
    with cursor.copy(_COPY) as copy:
        copy.set_types(_TYPES)
        for *placed, row in entries:
            copy.write_row(
                (
                    *placed,
                    row.event_id,
                    row.kind,
                    row.about_type,
                    row.about_id,
                    row.recorded_at,
                    row.leaf,
                )
            )


def _moved() -> int | None:
    instant = clock.moved()
    if instant is None or env.get("QUARTERDECK_CLOCK") != "test":
        return None
    return int(instant.timestamp())


def sign_all(logs: list[uuid.UUID] | None = None) -> list[str]:
    """Sign a checkpoint of every open log that grew since its last one; the reasons why some could not be.

    `logs` are looked at whether they grew or not.
    """
    reasons = []
    for log_id in signing.unsigned() if logs is None else logs:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                if take_lock(cursor, wait=False):
                    signing.sign(log_id)
        except signing.SigningStopped as stopped:
            reasons.append(str(stopped))
            if signing.note_stop(log_id, str(stopped)):
                log.error("%s", stopped)
    return reasons
