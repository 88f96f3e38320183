"""What recording costs a verb, what it leaves of eight writers' throughput, and how soon events have their place.

On a durable PostgreSQL of its own (fsync on). Client CPU is this process's; throughput and lag are wall time. The
verb is that of `bench/_ledger_verb.py`: SELECT FOR UPDATE, UPDATE and INSERT through the models, in one transaction.
The eight writers are threads of one process with a connection each, because that is what the web process is; the
verb with its event and the verb without take turns, and a ratio is that of two neighbours in time.
"""

from __future__ import annotations

import statistics
import threading
import time
import uuid
from typing import Any

from bench import ground

WRITERS, RUNS, SECONDS = 8, 5, 2.0
ACTS = 300  # verbs in one run of the CPU measure
RATE, LAG_SECONDS = 200, 10.0
BULK = 20_000


def main() -> list[dict]:
    """Rows of claim, figure and target."""
    with ground.house(clock=""):
        from bench import _ledger_verb as verb
        from quarterdeck import ledger

        verb.set_up()
        workspace = uuid.uuid4()
        ledger.open_log(workspace)
        rows = [
            *_client_cpu(workspace),
            _throughput(workspace, "act", f"throughput kept by {WRITERS} writers that record", ">= 50 %"),
            _throughput(workspace, "bare", "the same beside one bare INSERT, which no verb is", None),
            *_sequencing(workspace),
            _lag(workspace),
        ]
        verb.take_down()
        return rows


def _writer(workspace: uuid.UUID) -> Any:
    from bench._ledger_verb import Writer

    return Writer(workspace)


def _client_cpu(workspace: uuid.UUID) -> list[dict]:
    writer = _writer(workspace)
    figures: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(RUNS):
        for recorded in (False, True):
            before = time.process_time()
            for _ in range(ACTS):
                writer.act(recorded=recorded)
            figures[recorded].append((time.process_time() - before) / ACTS * 1e3)
    added = [both - plain for both, plain in zip(figures[True], figures[False], strict=True)]
    return [
        {
            "claim": "record: client CPU added to a verb (three fields, one of them personal)",
            "figure": f"{statistics.median(added):.2f} ms",
            "target": "<= 0.6 ms",
            "peer": f"the verb without it: {statistics.median(figures[False]):.2f} ms",
        }
    ]


def _throughput(workspace: uuid.UUID, act: str, claim: str, target: str | None) -> dict:
    pairs = []
    for _ in range(RUNS):
        without, recorded = (_rate(workspace, act, recorded=recorded) for recorded in (False, True))
        pairs.append((without, recorded))
    without, recorded = sorted(pairs, key=lambda pair: pair[1] / pair[0])[RUNS // 2]
    return {
        "claim": f"{claim} (median of {RUNS} pairs, wall)",
        "figure": f"{recorded / without:.0%}",
        "target": target,
        "peer": f"{recorded:,.0f} of {without:,.0f} a second",
    }


def _rate(workspace: uuid.UUID, act: str, *, recorded: bool) -> float:
    """Verbs a second of eight threads, each with a connection of its own."""
    from django.db import connection

    counts: list[int] = []
    begin = threading.Barrier(WRITERS)

    def write() -> None:
        once = getattr(_writer(workspace), act)  # the pseudonym is there, the connection is open
        once(recorded=recorded)
        begin.wait()
        end, done = time.monotonic() + SECONDS, 0
        while time.monotonic() < end:
            once(recorded=recorded)
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

    from bench._ledger_verb import FIELDS
    from quarterdeck import ledger
    from quarterdeck.ledger import sequencer

    sequencer.sequence_all()
    writer = _writer(workspace)
    many = [ledger.Record("bench.thing.done", writer.actor, thing, FIELDS) for thing in writer.things[True]]
    spent = time.process_time()
    for _ in range(BULK // 1000):
        with transaction.atomic():
            ledger.record_many(many * (1000 // len(many)))
    spent = time.process_time() - spent
    before, wall = time.process_time(), time.monotonic()
    placed = sequencer.sequence_all()
    cpu, wall = time.process_time() - before, time.monotonic() - wall
    return [
        {
            "claim": "record_many: client CPU of one event among 1,000",
            "figure": f"{spent / BULK * 1e3:.2f} ms",
        },
        {
            "claim": "sequencer: events placed a second, in batches of 2,000 (wall)",
            "figure": f"{placed / wall:,.0f}",
            "peer": f"{cpu / placed * 1e6:.0f} microseconds of CPU each",
        },
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
        while committed.keys() - placed.keys() and time.monotonic() < deadline:
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
        writer = _writer(workspace)
        begin = time.monotonic()
        for number in range(offset, int(RATE * LAG_SECONDS), 4):
            time.sleep(max(0.0, begin + number / RATE - time.monotonic()))
            event_id = writer.act(recorded=True)
            committed[event_id] = time.monotonic()
        connections.close_all()

    threads = [threading.Thread(target=write, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
