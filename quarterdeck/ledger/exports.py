"""What the full export holds of the ledger: every entry by number and hash, and what proofs are checked against."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from quarterdeck.core import env
from quarterdeck.core.registries import ExportFiles, ExportTable, in_chunks
from quarterdeck.ledger.models import Anchor, Checkpoint, Entry, Log

Rows = Iterator[dict[str, Any]]


def entries(workspace: Any) -> Rows:
    """Each entry of the log by its number and hash; the proof of each is fetched from the log by these."""
    logs = {log.pk: log for log in Log.objects.filter(workspace_id=workspace.pk)}
    for row in in_chunks(Entry.objects.filter(log__in=logs).order_by("log_id", "seq")):
        yield {
            "origin": logs[row.log_id].origin,
            "seq": row.seq,
            "event_id": row.event_id,
            "kind": row.kind,
            "about_type": row.about_type,
            "about_id": row.about_id,
            "recorded_at_unix": row.recorded_at,
            "leaf_hash": bytes(row.leaf_hash).hex(),
        }


def anchors(workspace: Any) -> Rows:
    for row in in_chunks(Anchor.objects.filter(log__workspace_id=workspace.pk).order_by("anchored_at", "pk")):
        yield {
            "origin": row.log.origin,
            "size": row.size,
            "kind": row.kind,
            "evidence_hex": bytes(row.evidence).hex(),
            "anchored_at": row.anchored_at,
        }


def checkpoints(workspace: Any) -> Iterator[tuple[str, Callable[[], Iterable[bytes]]]]:
    """The newest signed checkpoint of each epoch, its public keys, and where the log is read."""
    host = env.public_url() or env.local_url()
    for log in Log.objects.filter(workspace_id=workspace.pk).order_by("epoch"):
        address = f"{host.split('://', 1)[0]}://{log.origin}"
        told = f"Origin: {log.origin}\nRead at: {address}/checkpoint, {address}/tile/, {address}/key\n"
        yield f"epoch-{log.epoch}/where.txt", functools.partial(_at_once, told)
        yield (
            f"epoch-{log.epoch}/keys.txt",
            functools.partial(_at_once, "".join(f"{key}\n" for key in log.verifier_keys)),
        )
        newest = Checkpoint.objects.filter(log=log).order_by("-size").first()
        if newest is not None:
            yield f"epoch-{log.epoch}/checkpoint", functools.partial(_at_once, newest.note)


def _at_once(words: str) -> list[bytes]:
    return [words.encode()]


EXPORTS = {
    "ledger_entries": ExportTable(
        "Every entry of the ledger by number and hash; proofs are at its log.", entries
    ),
    "ledger_anchors": ExportTable("Evidence from outside that a checkpoint existed at a time.", anchors),
    "ledger": ExportFiles(
        "The newest signed checkpoint of each log, its public keys, and where it is read.", checkpoints
    ),
}
