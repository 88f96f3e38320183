"""A web process that lives but answers nothing is ended, so that it starts again.

Every few seconds one small page is asked for, through the same threads as every page but without the database: a
database that is away is not the web process's fault. After three questions in a row without any answer it is ended
by kill -9 and said so. A question during which this machine slept, or the supervisor itself did not run, tells
nothing and is forgotten: it is cut into short beats, and a beat that took too long by either clock gives that away
(in sleep the monotonic clock stands still and the wall clock goes on).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from quarterdeck.core.supervisor.child import Child, Say

PATH = "/reach/-"  # answered by a page thread, without session and database; what it answers does not matter
Clocks = Callable[[], tuple[float, float]]


def both_clocks() -> tuple[float, float]:
    return time.monotonic(), time.time()  # only their steps are compared, so no time of day is read from it


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: how long an answer may take, between two questions, a beat, and what no beat takes while we run."""

    answer: float = 15.0
    between: float = 5.0
    misses: int = 3
    first_answer: float = 120.0  # until a process that has just begun has to answer at all
    beat: float = 1.0
    away: float = 5.0


class Pulse:
    """`keep()` watches one child until it is cancelled. `ask` answers whether anything came back."""

    def __init__(
        self,
        child: Child,
        ask: Callable[[], Awaitable[bool]],
        say: Say,
        patience: Patience | None = None,
        clocks: Clocks = both_clocks,
    ) -> None:
        self._child, self._ask, self._say = child, ask, say
        self._patience = patience or Patience()
        self._clocks = clocks
        self._watched: asyncio.subprocess.Process | None = None
        self._began = 0.0
        self._answered = False
        self._missed = 0

    async def keep(self) -> None:
        while True:
            await self._look()
            await asyncio.sleep(self._patience.between)

    async def _look(self) -> None:
        """One question to the process that runs now, and what follows from its answer."""
        process = self._child.process
        if process is not self._watched:
            self._watched, self._began = process, self._clocks()[0]
            self._answered, self._missed = False, 0
        if process is None or process.returncode is not None:
            return
        answered, awake = await self._awake(asyncio.wait_for(self._ask(), self._patience.answer))
        if answered:
            self._answered, self._missed = True, 0
        elif not awake or self._is_new():
            self._missed = 0
        else:
            self._missed += 1
            if self._missed >= self._patience.misses and process is self._child.process:
                self._end(process)

    def _is_new(self) -> bool:
        return not self._answered and self._clocks()[0] - self._began < self._patience.first_answer

    async def _awake(self, waiting: Awaitable[bool]) -> tuple[bool, bool]:
        """(what it answered, whether this machine and this process ran all the while)."""
        task = asyncio.ensure_future(waiting)
        awake = True
        try:
            while not task.done():
                before = self._clocks()
                await asyncio.wait({task}, timeout=self._patience.beat)
                steps = (now - then for now, then in zip(self._clocks(), before, strict=True))
                awake = awake and all(step <= self._patience.away for step in steps)
        finally:
            task.cancel()
        with contextlib.suppress(OSError, TimeoutError, ValueError, EOFError):
            return bool(task.result()), awake
        return False, awake

    def _end(self, process: asyncio.subprocess.Process) -> None:
        self._say(
            "up",
            f"{self._child.name} runs but has not answered {self._missed} questions in a row, "
            f"{self._patience.answer:g} s each; it is ended and starts again.",
        )
        self._missed = 0
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
