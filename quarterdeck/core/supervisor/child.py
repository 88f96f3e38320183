"""One child of the supervisor: started, listened to, started again with a growing pause, stopped in bounded time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from quarterdeck.core import lifeline

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY = 30.0  # a child that lived this long begins again with the first pause

Say = Callable[[str, str], None]


@dataclass(slots=True)
class Household:
    """What every child gets: its environment, the reading end of the lifeline, and where its lines go."""

    say: Say
    environment: dict[str, str] = field(default_factory=dict)
    reading: int = -1
    writing: int = -1  # only here; its closing is what ends the children

    def __post_init__(self) -> None:
        self.reading, self.writing = os.pipe()

    async def start(
        self, arguments: list[str], *, sockets: tuple[int, ...] = (), errors_apart: bool = False
    ) -> asyncio.subprocess.Process:
        own = {"PYTHONUNBUFFERED": "1", "MALLOC_ARENA_MAX": "2", lifeline.VARIABLE: str(self.reading)}
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "quarterdeck",
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE if errors_apart else asyncio.subprocess.STDOUT,
            env=os.environ | own | self.environment,
            pass_fds=(self.reading, *sockets),
            start_new_session=True,  # Ctrl-C in the terminal is for us; we stop them in order
        )

    async def once(
        self,
        name: str,
        arguments: list[str],
        patience: float = 0.0,
        hurry: Callable[[], bool] = lambda: False,
    ) -> tuple[int, str, str]:
        """Run a short-lived child; its status, its output, and its last line on standard error.

        Cancelled, it still gets `patience` seconds to end by itself, less when in a hurry; then it is killed.
        """
        process = await self.start(arguments, errors_apart=True)
        talking = asyncio.ensure_future(process.communicate())
        try:
            out, errors = await asyncio.shield(talking)
        except asyncio.CancelledError:
            deadline = time.monotonic() + patience
            while not talking.done() and time.monotonic() < deadline and not hurry():
                await asyncio.wait({talking}, timeout=0.05)
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await asyncio.wait({talking}, timeout=5)
            raise
        lines = errors.decode(errors="replace").splitlines()
        for line in lines:
            self.say(name, line)
        return process.returncode or 0, out.decode(errors="replace").strip(), lines[-1] if lines else ""


class Child:
    """A long-lived child. `keep()` runs until cancelled or until `stop()`."""

    def __init__(
        self,
        name: str,
        household: Household,
        *,
        patience: float,
        sockets: tuple[int, ...] = (),
        arguments: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.patience = patience  # seconds it may take to stop
        self.process: asyncio.subprocess.Process | None = None
        self._household = household
        self._sockets = sockets
        self._arguments = arguments
        self._stopping = False

    async def keep(self) -> None:
        """Start the child, and start it again whenever it ends."""
        pause = FIRST_PAUSE
        while not self._stopping:
            began = time.monotonic()
            try:
                self.process = await self._household.start(
                    [self.name, *self._arguments], sockets=self._sockets
                )
                await self._relay(self.process)
                status = await self.process.wait()
                self.process = None
            except Exception as error:
                status = 1
                self._household.say(self.name, f"could not be started: {error}")
            if self._stopping:
                return
            if time.monotonic() - began > STEADY:
                pause = FIRST_PAUSE
            self._household.say("up", f"{self.name} {_ending(status)}; it starts again in {pause:g} s.")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _relay(self, process: asyncio.subprocess.Process) -> None:
        """Hand on what the child says, line by line, until it ends. A grandchild may hold the pipe longer."""
        assert process.stdout is not None
        ended = asyncio.ensure_future(process.wait())
        rest = b""
        while True:
            reading = asyncio.ensure_future(process.stdout.read(65536))
            await asyncio.wait({reading, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                await asyncio.wait({reading}, timeout=0.5)
            if not reading.done():
                reading.cancel()
                break
            chunk = reading.result()
            if not chunk:
                break
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._household.say(self.name, line.decode(errors="replace"))
            if len(rest) > 65536:
                self._household.say(self.name, rest.decode(errors="replace"))
                rest = b""
        if rest:
            self._household.say(self.name, rest.decode(errors="replace"))

    async def stop(self, hurry: Callable[[], bool], pause: Callable[[float], Awaitable[None]]) -> None:
        """SIGTERM, then after `patience` seconds (at once when in a hurry) SIGKILL for it and its children."""
        self._stopping = True
        process = self.process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + self.patience
        while process.returncode is None and time.monotonic() < deadline and not hurry():
            await pause(0.05)
        if process.returncode is None:
            self._household.say("up", f"{self.name} did not stop in {self.patience:g} s and is ended.")
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


def _ending(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"was ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"was ended by signal {-status}"
