"""The Merkle tree at a million leaves: appending, proving, verifying everything. CPU time of this process.

The peer, pymerkle, is under the GPL. It is never imported by Quarterdeck: it is measured in a process of an
environment of its own, where one exists (`QUARTERDECK_BENCH_PYMERKLE` names its python).
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from quarterdeck.engines import merkle

LEAVES = 1_000_000
ENTRY = b"x" * 446  # bytes of an entry, about what an event with a few fields has
PEER_LEAVES = 100_000

PEER = f"""
import json, time
from pymerkle import InmemoryTree
tree = InmemoryTree(algorithm="sha256")
entry = b"x" * 446
before = time.process_time()
for i in range({PEER_LEAVES}):
    tree.append_entry(entry)
append = time.process_time() - before
before = time.process_time()
for i in range(200):
    tree.prove_inclusion(1 + i * 37, {PEER_LEAVES})
prove = (time.process_time() - before) / 200
before = time.process_time()
for i in range(200):
    tree.prove_consistency(1 + i * 37, {PEER_LEAVES})
extend = (time.process_time() - before) / 200
print(json.dumps({{"append": {PEER_LEAVES} / append, "prove": prove, "extend": extend}}))
"""


def main() -> list[dict]:
    """Rows of claim, figure, target, peer and ratio."""
    peer = _peer()
    append, tree = _appending()
    proof = _each(lambda i: tree.inclusion_proof(i * 49_999 % LEAVES), 2000)
    consistency = _each(lambda i: tree.consistency_proof(1 + i * 49_999 % LEAVES), 2000)
    path, root = tree.inclusion_proof(12_345), tree.root()
    leaf = tree.leaf(12_345)
    checked = _each(lambda _: merkle.verify_inclusion(12_345, LEAVES, leaf, path, root), 2000)
    everything = _verify_all(root)
    return [
        _row(
            f"append one by one, {LEAVES:,} entries of {len(ENTRY)} bytes",
            append,
            "{:,.0f} a second",
            ">= 250,000",
            peer.get("append"),
        ),
        _row(
            "inclusion proof at a million leaves",
            proof * 1e3,
            "{:.3f} ms",
            "<= 0.1 ms",
            _ms(peer, "prove"),
            less=True,
        ),
        _row(
            "consistency proof at a million leaves",
            consistency * 1e3,
            "{:.3f} ms",
            "<= 0.1 ms",
            _ms(peer, "extend"),
            less=True,
        ),
        _row("verify one inclusion proof", checked * 1e3, "{:.3f} ms", "", None),
        _row("verify all: rebuild the root of a million entries", everything, "{:.2f} s", "<= 4 s", None),
        _row(
            "memory a leaf",
            sum(len(level) for level in tree._levels) / LEAVES,
            "{:.1f} bytes",
            "<= 64 bytes",
            None,
        ),
        {"claim": "peer", "figure": peer.get("what", "pymerkle at 100,000 leaves, in its own environment")},
    ]


def _appending() -> tuple[float, merkle.Tree]:
    tree = merkle.Tree()
    append, leaf_hash = tree.append, merkle.leaf_hash
    before = time.process_time()
    for _ in range(LEAVES):
        append(leaf_hash(ENTRY))
    return LEAVES / (time.process_time() - before), tree


def _verify_all(root: bytes) -> float:
    before = time.process_time()
    tree = merkle.Tree()
    for _ in range(LEAVES // 2000):  # in chunks, as the ledger reads its entries
        tree.extend([merkle.leaf_hash(ENTRY) for _ in range(2000)])
    if tree.root() != root:
        raise AssertionError("two ways to the same tree differ")
    return time.process_time() - before


def _each(act: Callable[[int], object], count: int) -> float:
    before = time.process_time()
    for i in range(count):
        act(i)
    return (time.process_time() - before) / count


def _row(
    claim: str, figure: float, form: str, target: str, peer: float | None, *, less: bool = False
) -> dict:
    row = {"claim": claim, "figure": form.format(figure), "target": target}
    if peer:
        ratio = peer / figure if less else figure / peer
        row |= {"peer": f"pymerkle {form.format(peer)}", "ratio": f"{ratio:.1f} times"}
    return row


def _ms(peer: dict, name: str) -> float | None:
    return peer[name] * 1e3 if name in peer else None


def _peer() -> dict:
    python = os.environ.get("QUARTERDECK_BENCH_PYMERKLE", "")
    cached = Path.home() / ".cache" / "quarterdeck-bench" / "pymerkle" / "bin" / "python"
    for one in filter(None, [python, str(cached)]):
        if Path(one).exists():
            done = subprocess.run([one, "-c", PEER], capture_output=True, text=True, check=False)
            if done.returncode == 0:
                return json.loads(done.stdout)
    return {"what": "pymerkle (GPL) was not measured: there is no environment of its own for it here"}
