"""A worker of its own that dies, as by `kill -9`, when it comes by the boundary it was given.

python -m quarterdeck.changes.tests.kill_process BOUNDARY
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from datetime import timedelta
from typing import Any

import django

POINTS = ("claimed", "beginning", "begun", "at the gate", "first byte", "answered", "finishing", "finished")


def lay(point: str) -> None:
    """Lead every boundary of the loop past the one that kills."""
    from quarterdeck import ledger
    from quarterdeck.changes import gate, making
    from quarterdeck.changes.verbs import working
    from quarterdeck.channels.sandbox.adapter import SandboxAdapter

    begin, finish, record, passing = working.begin, working.finish, ledger.record, gate.passing
    writing = {"now": ""}

    def at(here: str) -> None:
        if here == point:
            os.kill(os.getpid(), signal.SIGKILL)

    def beginning(*given: Any) -> Any:
        at("claimed")
        writing["now"] = "beginning"
        change = begin(*given)
        at("begun")
        return change

    def finishing(*given: Any) -> Any:
        at("answered")
        writing["now"] = "finishing"
        change = finish(*given)
        at("finished")
        return change

    def recording(*given: Any, **more: Any) -> Any:
        receipt = record(*given, **more)
        at(writing["now"])
        return receipt

    @contextlib.contextmanager
    def through(*given: Any) -> Any:
        with passing(*given):
            at("at the gate")
            yield
        at("first byte")

    working.begin, working.finish, ledger.record, gate.passing = beginning, finishing, recording, through
    delete = SandboxAdapter.delete

    def deleting(self: SandboxAdapter, published: Any) -> None:
        at("at the gate")
        delete(self, published)
        at("first byte")

    SandboxAdapter.delete = deleting
    assert making.working is working


def main() -> None:
    django.setup()
    from quarterdeck.changes import intake, making
    from quarterdeck.core import clock

    intake.LEASE = timedelta(milliseconds=500)
    lay(sys.argv[1])
    for claimed in intake.claim(10, clock.now()):
        making.work(claimed)


if __name__ == "__main__":
    main()
