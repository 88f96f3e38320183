"""Keeps workers of the sending loop alive, each with a fuse of its own, until enough of them have died.

    python -m tests.chaos.nursery KILLS WORKERS SEED LOG

Django is loaded once; every worker is a fork of this process, so one more life costs milliseconds. A worker whose
fuse is not reached is killed at a moment of chance. Each death is a JSON line in LOG. After the last one, workers
without a fuse go on until standard input is closed.
"""

from __future__ import annotations

import faulthandler
import json
import os
import random
import signal
import sys
import threading
import time
from datetime import timedelta

from tests.chaos import points

LEASE = timedelta(seconds=4)
ANSWER = 1.5  # seconds for one call: shorter than the lease, as in life
PATIENCE = (0.3, 5.0)  # seconds a worker lives whose fuse is not reached


def hurry() -> None:
    """The same proportions as in life, in seconds instead of minutes."""
    from quarterdeck.channels import calls
    from quarterdeck.publishing import ahead, intake, refusals
    from quarterdeck.publishing import looking as lost

    intake.LEASE, calls.ANSWER = LEASE, ANSWER
    calls.SETTLED = timedelta(seconds=ANSWER + 3)
    intake.BATCH = 3  # a worker that dies takes few with it, so the others have something to die with
    lost.STILL_WORKING = timedelta(seconds=ANSWER + 3)
    lost.LOOKS = (1, 1, 2, 2, 4, 4, 8, 8)
    refusals.LONGEST_PAUSE = 2.0
    ahead.PAUSE = 0.2


def warm() -> None:
    """Import and make what every life would otherwise make anew; nothing that a fork must not share."""
    from django.db import connections

    from quarterdeck.channels import calls
    from quarterdeck.publishing import reads

    calls.client()
    reads.next_due()
    connections.close_all()
    for connection in connections.all():
        connection.close_pool()


def live(fuse: points.Fuse | None) -> None:
    """A worker's life, in a process of its own. Never returns."""
    from quarterdeck.publishing import ahead, sending

    random.seed(os.getpid())
    faulthandler.register(signal.SIGUSR1, all_threads=True)  # says where it stands, for whoever looks
    if fuse is not None:
        points.lay(fuse)
    threading.Thread(target=_die_with_parent, args=(os.getppid(),), daemon=True).start()
    stop = threading.Event()
    threading.Thread(target=ahead.ready.run, args=(stop,), daemon=True).start()
    sending.loop().run(stop)


def _die_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


class Nursery:
    def __init__(self, kills: int, workers: int, seed: int, log: str) -> None:
        self.left, self.workers, self.chance, self.log = kills, workers, random.Random(seed), log
        self.alive: dict[int, tuple[str, float]] = {}

    def run(self) -> None:
        while self.left > 0:
            self._fill()
            self._bury()
            self._hasten()
            time.sleep(0.01)
        for pid in self.alive:
            os.kill(pid, signal.SIGKILL)
        sys.stdout.write("done\n")
        sys.stdout.flush()
        self.alive = {self._fork(None): ("", float("inf")) for _ in range(self.workers)}
        sys.stdin.read()
        for pid in self.alive:
            os.kill(pid, signal.SIGKILL)

    def _fill(self) -> None:
        while len(self.alive) < self.workers:
            point = self.chance.choice([*points.POINTS, "any moment"])
            fuse = points.Fuse(point, self.chance.choice((1, 1, 1, 2, 3)))
            most = PATIENCE[0] * 4 if point == "any moment" else PATIENCE[1]
            until = time.monotonic() + self.chance.uniform(PATIENCE[0] if most < 2 else most / 2, most)
            self.alive[self._fork(fuse)] = (point, until)

    def _fork(self, fuse: points.Fuse | None) -> int:
        pid = os.fork()
        if pid:
            return pid
        try:
            live(fuse)
        finally:
            os._exit(3)

    def _bury(self) -> None:
        while self.alive:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
                raise RuntimeError(f"A worker ended by itself, with status {status}: that is no kill.")
            if pid in self.alive:
                self._note(self.alive.pop(pid)[0])

    def _hasten(self) -> None:
        now = time.monotonic()
        for pid, (_, until) in list(self.alive.items()):
            if now > until:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                del self.alive[pid]
                self._note("any moment")

    def _note(self, point: str) -> None:
        self.left -= 1
        with open(self.log, "a") as log:
            log.write(json.dumps({"at": time.time(), "point": point}) + "\n")


def main() -> None:
    import django

    django.setup()
    hurry()
    warm()
    kills, workers, seed, log = sys.argv[1:]
    Nursery(int(kills), int(workers), int(seed), log).run()


if __name__ == "__main__":
    main()
