"""The watch over a web process that lives but does not answer. Real processes; only sleep is told by fake clocks."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from quarterdeck.core.supervisor.pulse import Patience, Pulse, both_clocks

ANSWERS = "import sys\nwhile sys.stdin.read(1): print('.', end='', flush=True)"
QUICK = Patience(answer=0.3, between=0.01, misses=3, first_answer=60, beat=0.05, away=30)


@dataclass
class FakeChild:
    """As much of a Child as the watch reads; nobody starts its process again."""

    process: asyncio.subprocess.Process
    name: str = "web"


class Watched:
    """A process that answers a byte with a byte, and the watch over it."""

    def __init__(self, process: asyncio.subprocess.Process, patience: Patience, clocks) -> None:
        self.process = process
        self.said: list[str] = []
        self.asked = self.answered = 0
        self.pulse = Pulse(
            FakeChild(process), self.ask, lambda who, words: self.said.append(words), patience, clocks
        )

    async def ask(self) -> bool:
        self.asked += 1
        self.process.stdin.write(b"?")
        got = await self.process.stdout.read(1)
        self.answered += bool(got)
        return bool(got)


@contextlib.asynccontextmanager
async def watched(patience: Patience = QUICK, clocks=both_clocks):
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ANSWERS, stdin=pipe, stdout=pipe, start_new_session=True
    )
    made = Watched(process, patience, clocks)
    keeping = asyncio.create_task(made.pulse.keep())
    try:
        yield made
    finally:
        keeping.cancel()
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until(true, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come to pass"
        await asyncio.sleep(0.01)


def run(test) -> None:
    """In a thread of its own: when browser tests ran before, Playwright's loop still runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, test()).result()


def test_one_that_stands_still_is_ended_after_three_questions():
    async def test():
        async with watched() as web:
            await until(lambda: web.answered >= 3)
            os.kill(web.process.pid, signal.SIGSTOP)
            before = web.answered
            assert await asyncio.wait_for(web.process.wait(), 30) == -signal.SIGKILL
            assert web.asked - before >= 3
        assert "has not answered 3 questions in a row" in web.said[0]
        assert "starts again" in web.said[0]

    run(test)


def test_one_that_answers_late_but_answers_is_left_alone():
    async def test():
        async with watched(Patience(answer=20, between=0.01, beat=0.05)) as web:
            await until(lambda: web.answered >= 3)
            os.kill(web.process.pid, signal.SIGSTOP)
            await asyncio.sleep(0.5)
            os.kill(web.process.pid, signal.SIGCONT)
            before = web.answered
            await until(lambda: web.answered >= before + 3)
            assert web.process.returncode is None
        assert web.said == []

    run(test)


@pytest.mark.parametrize("what", ["the wall clock ran on", "this process stood still as well"])
def test_time_asleep_is_not_held_against_it(what):
    """Each look at the clocks says that an hour went by: in sleep only the wall clock moves, in a pause both do."""
    hours = itertools.count()

    def clocks() -> tuple[float, float]:
        hour = next(hours) * 3600.0
        return (time.monotonic() if what == "the wall clock ran on" else hour), hour

    async def test():
        async with watched(clocks=clocks) as web:
            await until(lambda: web.answered >= 1)
            os.kill(web.process.pid, signal.SIGSTOP)
            await until(lambda: web.asked >= 8)
            assert web.process.returncode is None
        assert web.said == []

    run(test)


def test_one_that_has_just_begun_is_given_time():
    async def test():
        async with watched() as web:
            os.kill(web.process.pid, signal.SIGSTOP)  # it has not answered yet
            await until(lambda: web.asked >= 8)
            assert web.process.returncode is None

    run(test)


def test_one_that_never_begins_to_answer_is_ended_in_the_end():
    async def test():
        patience = Patience(answer=0.1, between=0.01, misses=3, first_answer=0.5, beat=0.05, away=30)
        async with watched(patience) as web:
            os.kill(web.process.pid, signal.SIGSTOP)
            assert await asyncio.wait_for(web.process.wait(), 30) == -signal.SIGKILL

    run(test)
