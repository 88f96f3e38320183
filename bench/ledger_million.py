"""A log of a million entries in PostgreSQL: what it costs to verify all of it, to prove one, and to give a proof away.

The entries are recorded and sequenced as any other, with three fields each, one of them personal. Figures are CPU time
of this process, which reads and hashes everything itself and takes nothing from the database for right.
"""

from __future__ import annotations

import random
import resource
import statistics
import time
import uuid

from bench import ground

ENTRIES = 1_000_000
PROOFS = 200


def main() -> list[dict]:
    """Rows of claim, figure and target."""
    with ground.house(clock=""):
        from bench import _ledger_verb as verb

        verb.set_up()
        log = _filled(verb)
        rows = [_verified(log), *_proved(log)]
        verb.take_down()
        return rows


def _filled(verb):
    from django.db import transaction

    from quarterdeck import ledger
    from quarterdeck.ledger import reads, sequencer

    workspace = uuid.uuid4()
    ledger.open_log(workspace)
    writer = verb.Writer(workspace)
    things = writer.things[True]
    many = [ledger.Record("bench.thing.done", writer.actor, thing, verb.FIELDS) for thing in things]
    for _ in range(ENTRIES // 10_000):
        for _ in range(10):
            with transaction.atomic():
                ledger.record_many(many * (1000 // len(many)))
        sequencer.sequence_all()
    if reasons := sequencer.sign_all():
        raise RuntimeError(reasons[0])
    return reads.open_log(workspace)


def _verified(log) -> dict:
    from quarterdeck.ledger import verify

    before, wall = time.process_time(), time.monotonic()
    report = verify.verify(log)
    cpu, wall = time.process_time() - before, time.monotonic() - wall
    if report.findings or report.entries < ENTRIES:
        raise RuntimeError(f"{report.entries} entries: {report.findings[:3]}")
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "claim": f"verify all of {ENTRIES:,} entries from PostgreSQL: hashes, every field, tiles, signatures",
        "figure": f"{cpu:.1f} s",
        "target": "<= 30 s",
        "peer": f"{wall:.0f} s wall; {held:.0f} MB at most",
    }


def _proved(log) -> list[dict]:
    from quarterdeck.engines import verify
    from quarterdeck.ledger import packs, reads
    from quarterdeck.ledger.models import Entry

    chosen = random.Random(7).sample(range(1, ENTRIES), PROOFS)
    found = [Entry.objects.select_related("log").get(log=log, seq=seq) for seq in chosen]
    proofs, made, checked, sizes = [], [], [], []
    for entry in found:
        proofs.append(_timed(lambda entry=entry: reads.prove(entry))[0])
        choice = packs.choices([entry], None)
        names = {entry.event_id: choice[0].shown}
        spent, pack = _timed(lambda choice=choice, names=names: packs.make(choice, names))
        made.append(spent)
        sizes.append(len(pack))
        checked.append(_timed(lambda pack=pack: verify.check(pack, log.verifier_keys))[0])
    return [
        _row(f"proof of any of {ENTRIES:,} entries", proofs, "<= 20 ms"),
        _row("proof file of one entry, two fields shown", made, "<= 20 ms"),
        _row("the same checked by verify.py", checked, None),
        {"claim": "size of that file", "figure": f"{max(sizes):,} bytes at most", "target": "<= 4,096 bytes"},
    ]


def _timed(act) -> tuple[float, object]:
    before = time.process_time()
    found = act()
    return (time.process_time() - before) * 1e3, found


def _row(claim: str, spent: list[float], target: str | None) -> dict:
    spent.sort()
    figure = f"p95 {spent[int(len(spent) * 0.95)]:.2f} ms, median {statistics.median(spent):.2f} ms"
    return {"claim": claim, "figure": figure, "target": target}
