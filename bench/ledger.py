"""What recording costs a verb, what it leaves of eight writers' throughput, and how soon events have their place.

On a durable PostgreSQL of its own (fsync on). Client CPU is this process's; throughput and lag are wall time.
"""

from __future__ import annotations

import statistics
import threading
import time
import uuid
from dataclasses import dataclass, field

from bench import ground

WRITERS, RUNS, SECONDS = 8, 5, 3.0
RATE, LAG_SECONDS = 200, 10.0
BULK = 20_000
FIELDS = {"state": "approved", "note": "The price is right now; thank you for looking twice.", "version": 3}


@dataclass
class Thing:
    workspace_id: uuid.UUID
    pk: uuid.UUID = field(default_factory=uuid.uuid4)
    version: int = 1
    ledger_name: str = "bench.thing"


def main() -> list[dict]:
    """Rows of claim, figure and target."""
    with ground.house(clock=""):
        from django.db import connection

        from quarterdeck import ledger

        ledger.declare(
            ledger.Event(
                "bench.thing.done",
                {"state": ledger.plain(), "note": ledger.personal(), "version": ledger.plain()},
                "Done",
            )
        )
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_thing (id uuid PRIMARY KEY, state text, ledger_event_id uuid)")
        workspace = uuid.uuid4()
        ledger.open_log(workspace)
        rows = [*_client_cpu(workspace), _throughput(workspace), *_sequencing(workspace), _lag(workspace)]
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE bench_thing")
        return rows


def _act(actor: Thing, *, recorded: bool) -> uuid.UUID:
    """A small verb: one row written, one event recorded or not."""
    from django.db import connection, transaction

    from quarterdeck import ledger
    from quarterdeck.core import ids

    event_id = ids.new()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_thing VALUES (%s, 'approved', %s)", [ids.new(), event_id])
        if recorded:
            thing = Thing(actor.workspace_id)
            ledger.record("bench.thing.done", actor=actor, about=thing, fields=FIELDS, event_id=event_id)
    return event_id


def _client_cpu(workspace: uuid.UUID) -> list[dict]:
    actor = Thing(workspace)
    figures: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(RUNS):
        for recorded in (False, True):
            before = time.process_time()
            for _ in range(400):
                _act(actor, recorded=recorded)
            figures[recorded].append((time.process_time() - before) / 400 * 1e3)
    plain, both = statistics.median(figures[False]), statistics.median(figures[True])
    return [
        {
            "claim": "record: client CPU added to a verb (three fields, one of them personal)",
            "figure": f"{both - plain:.2f} ms",
            "target": "<= 0.6 ms",
            "peer": f"the verb without it: {plain:.2f} ms",
        }
    ]


def _throughput(workspace: uuid.UUID) -> dict:
    ratios, rates = [], []
    for _ in range(RUNS):
        without, recorded = _rate(workspace, recorded=False), _rate(workspace, recorded=True)
        ratios.append(recorded / without)
        rates.append((without, recorded))
    without, recorded = sorted(rates, key=lambda pair: pair[1] / pair[0])[RUNS // 2]
    return {
        "claim": f"throughput kept by {WRITERS} writers that record (median of {RUNS} runs, wall)",
        "figure": f"{statistics.median(ratios):.0%}",
        "target": ">= 50 %",
        "peer": f"{recorded:,.0f} of {without:,.0f} verbs a second",
    }


def _rate(workspace: uuid.UUID, *, recorded: bool) -> float:
    """Verbs a second of eight threads, each with a connection of its own: as the web process writes."""
    from django.db import connection

    counts: list[int] = []
    begin = threading.Barrier(WRITERS)

    def write() -> None:
        actor = Thing(workspace)
        _act(actor, recorded=True)  # the pseudonym is there, the connection is open
        begin.wait()
        end, done = time.monotonic() + SECONDS, 0
        while time.monotonic() < end:
            _act(actor, recorded=recorded)
            done += 1
        counts.append(done)
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return sum(counts) / SECONDS


def _sequencing(workspace: uuid.UUID) -> list[dict]:
    from django.db import transaction

    from quarterdeck import ledger
    from quarterdeck.ledger import sequencer

    sequencer.sequence_all()
    actor = Thing(workspace)
    for _ in range(BULK // 1000):
        with transaction.atomic():
            ledger.record_many(
                [ledger.Record("bench.thing.done", actor, Thing(workspace), FIELDS) for _ in range(1000)]
            )
    before, wall = time.process_time(), time.monotonic()
    placed = sequencer.sequence_all()
    cpu, wall = time.process_time() - before, time.monotonic() - wall
    return [
        {
            "claim": "sequencer: events placed a second, in batches of 2,000 (wall)",
            "figure": f"{placed / wall:,.0f}",
            "peer": f"{cpu / placed * 1e6:.0f} microseconds of CPU each",
        }
    ]


def _lag(workspace: uuid.UUID) -> dict:
    from quarterdeck.ledger import sequencer

    committed: dict[uuid.UUID, float] = {}
    placed: dict[uuid.UUID, float] = {}
    insert, once, batch = sequencer._insert, sequencer.sequence_once, []

    def note_batch(cursor, entries) -> None:
        batch.extend(entry[-1].event_id for entry in entries)
        insert(cursor, entries)

    def note_commit(limit: int = sequencer.BATCH) -> int:
        found = once(limit)
        now = time.monotonic()
        placed.update((event_id, now) for event_id in batch)
        batch.clear()
        return found

    sequencer._insert, sequencer.sequence_once = note_batch, note_commit
    stop = threading.Event()
    loop = threading.Thread(target=sequencer.Sequencer().run, args=(stop,))
    loop.start()
    try:
        _paced(workspace, committed)
        deadline = time.monotonic() + 10
        while len(placed) < len(committed) and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        stop.set()
        loop.join()
        sequencer._insert, sequencer.sequence_once = insert, once
    lags = sorted(placed[event_id] - at for event_id, at in committed.items())
    p99 = lags[int(len(lags) * 0.99)]
    return {
        "claim": f"sequencing lag at {len(committed) / LAG_SECONDS:.0f} events a second (wall)",
        "figure": f"p99 {p99 * 1e3:.0f} ms",
        "target": "p99 < 2 s",
        "peer": f"p50 {statistics.median(lags) * 1e3:.0f} ms",
    }


def _paced(workspace: uuid.UUID, committed: dict[uuid.UUID, float]) -> None:
    """Four threads that together record RATE events a second for LAG_SECONDS."""
    from django.db import connections

    def write(offset: int) -> None:
        actor = Thing(workspace)
        begin = time.monotonic()
        for number in range(offset, int(RATE * LAG_SECONDS), 4):
            time.sleep(max(0.0, begin + number / RATE - time.monotonic()))
            event_id = _act(actor, recorded=True)
            committed[event_id] = time.monotonic()
        connections.close_all()

    threads = [threading.Thread(target=write, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
