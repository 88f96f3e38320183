"""The boundaries at which a worker dies: between two steps whose order carries the guarantee."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable
from typing import Any

# In the order in which a delivery comes by them.
POINTS = {
    "claimed": "right after the lease is committed",
    "uploaded": "after a file was brought to the network",
    "to begin": "before “sending” is written",
    "beginning": "“sending” is written, not committed",
    "begun": "“sending” is committed, no call yet",
    "at the gate": "connected, before the first byte",
    "first byte": "the first bytes have left",
    "answered": "the network’s answer is read",
    "to finish": "before the result is written",
    "finishing": "the result is written, not committed",
    "finished": "the result is committed",
    "looked": "a lost answer was looked for",
}


class Fuse:
    """Kills this very process, as `kill -9` does, when it comes by `point` for the `count`th time."""

    def __init__(self, point: str, count: int) -> None:
        self._point, self._left = point, count

    def at(self, point: str) -> None:
        if point == self._point:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


def lay(fuse: Fuse) -> None:
    """Lead every boundary of the sending loop past the fuse. For a process that lives for nothing else."""
    from quarterdeck import ledger
    from quarterdeck.channels import adapters
    from quarterdeck.publishing import intake, sending
    from quarterdeck.publishing.gate import Gate
    from quarterdeck.publishing.verbs import sending as steps

    claim, begin, finish, record_many = intake.claim, steps.begin, steps.finish, ledger.record_many
    writing = {"now": ""}

    def claiming(*args: Any) -> Any:
        batches = claim(*args)
        if batches:
            fuse.at("claimed")
        return batches

    def beginning(prepared: Any) -> Any:
        fuse.at("to begin")
        writing["now"] = "beginning"
        begun = begin(prepared)
        fuse.at("begun")
        return begun

    def finishing(outcomes: Any) -> Any:
        fuse.at("to finish")
        writing["now"] = "finishing"
        done = finish(outcomes)
        fuse.at("finished")
        return done

    def recording(records: Any) -> Any:
        receipts = record_many(records)
        fuse.at(writing["now"])
        return receipts

    intake.claim = sending.intake.claim = claiming
    steps.begin, steps.finish, ledger.record_many = beginning, finishing, recording
    passing = Gate.passing

    @contextlib.contextmanager
    def gate(self: Gate, delivery: Any) -> Any:
        with passing(self, delivery):
            fuse.at("at the gate")
            yield
            fuse.at("first byte")

    Gate.passing = gate
    for kind in set(adapters.NETWORKS.values()):
        kind.publish = _after(kind.publish, fuse, "answered")
        kind.upload = _after(kind.upload, fuse, "uploaded")
        kind.reconcile = _after(kind.reconcile, fuse, "looked")


def _after(real: Callable, fuse: Fuse, point: str) -> Callable:
    def call(*args: Any, **kwargs: Any) -> Any:
        result = real(*args, **kwargs)
        fuse.at(point)
        return result

    return call
