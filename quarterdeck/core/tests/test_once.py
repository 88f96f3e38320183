"""A short-lived child of the supervisor that is told to stop while it works. Real processes."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from quarterdeck.core.supervisor.child import Household

WORKS = """
import pathlib, sys, time
at = pathlib.Path(sys.argv[1])
at.write_text("begun")
time.sleep(float(sys.argv[2]))
at.write_text("ended")
"""


class Worker(Household):
    """Its children do something for as long as they are told."""

    async def start(self, arguments, **_):
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(
            sys.executable, "-c", WORKS, *arguments, stdout=pipe, stderr=pipe
        )


async def stopped(at: Path, seconds: float, *more) -> float:
    """Cancel it when it has begun; how long it then took."""
    task = asyncio.create_task(Worker(lambda *_: None).once("migrate", [str(at), str(seconds)], *more))
    while not at.exists() or not at.read_text():
        await asyncio.sleep(0.01)
    asked = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return time.monotonic() - asked


def taken(stopping: Coroutine[None, None, float]) -> float:
    """In a thread of its own: browser tests of the same process have a loop in this one."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, stopping).result()


def test_it_may_end_what_it_has_begun(tmp_path):
    taken(stopped(tmp_path / "at", 0.3, 60.0))
    assert (tmp_path / "at").read_text() == "ended"


def test_it_is_ended_at_once_where_nobody_waits(tmp_path):
    assert taken(stopped(tmp_path / "at", 60)) < 20
    assert (tmp_path / "at").read_text() == "begun"


def test_it_is_ended_when_its_time_is_over(tmp_path):
    assert 0.2 <= taken(stopped(tmp_path / "at", 60, 0.2)) < 20
    assert (tmp_path / "at").read_text() == "begun"


def test_a_second_ctrl_c_does_not_wait(tmp_path):
    asked = iter([False, False])
    assert taken(stopped(tmp_path / "at", 60, 60.0, lambda: next(asked, True))) < 20
    assert (tmp_path / "at").read_text() == "begun"
