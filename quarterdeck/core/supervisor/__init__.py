"""`quarterdeck up`: one small process that starts everything, starts again what falls, and stops all in order.

It loads neither Django nor a database driver, because it stays in memory for as long as Quarterdeck runs.
What needs them (migrations, the sign-in link) is done by short-lived children. Order of stopping: web, so
that nobody begins anything new; worker; listener; the database last. When this process is killed, its
children read the end of a pipe and stop, and PostgreSQL is stopped by two guards (see lifeline.py).
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from pathlib import Path

from quarterdeck.core import datadir, env, loops
from quarterdeck.core.journal import Journal
from quarterdeck.core.postgres import Cluster, ClusterProblem
from quarterdeck.core.supervisor import pulse
from quarterdeck.core.supervisor.child import FIRST_PAUSE, LONGEST_PAUSE, Child, Household
from quarterdeck.core.supervisor.port import CannotStart, bind_all

_READY = 120.0  # seconds the pages may take to answer before we say that they do not
_ALONE = 10.0  # seconds the web process gets before the others start as well
_MIGRATING = 60.0  # seconds a migration that has begun may go on when we are asked to stop
_LEFT_BEHIND = 10.0  # seconds the children of a killed predecessor may still hold the port


def run(*, open_browser: bool, print_link: bool) -> int:
    """Start and supervise until a signal. 0 after an ordered stop, 2 when it could not start (said in words)."""
    data = env.data_dir()
    lock = datadir.Lock(data)
    listening: list[socket.socket] = []
    try:
        closed = datadir.ensure(data)
        lock.take("up")
        try:
            patience = _LEFT_BEHIND if lock.left_behind else 0.0
            listening = bind_all(env.get("QUARTERDECK_HOST"), env.get("QUARTERDECK_PORT"), patience)
            journal = _journal(data)
            if closed:
                journal.write("up", closed)
            supervisor = Supervisor(data, listening, journal, open_browser, print_link)
            return asyncio.run(supervisor.run())
        finally:
            for made in listening:
                made.close()
            lock.release()
    except (datadir.DataProblem, CannotStart, ClusterProblem) as problem:
        print(f"quarterdeck up: {problem}", file=sys.stderr)
        return 2


def _journal(data: Path) -> Journal:
    try:
        return Journal(data / "quarterdeck.log")
    except OSError as error:
        raise CannotStart(datadir.words(data, error)) from None


class Supervisor:
    """The running whole. `run()` returns the exit status after everything has stopped."""

    def __init__(
        self,
        data: Path,
        listening: list[socket.socket],
        journal: Journal,
        open_browser: bool,
        print_link: bool,
    ) -> None:
        self._data = data
        self._listening = listening
        self._journal = journal
        self._open_browser = open_browser
        self._print_link = print_link
        self._signals = 0
        self._stop = asyncio.Event()
        self._cluster: Cluster | None = None
        self._household = Household(journal.write)
        numbers = tuple(made.fileno() for made in listening)
        named = ",".join(map(str, numbers))
        self._children = [
            Child("web", self._household, patience=12, sockets=numbers, arguments=("--sockets", named)),
            Child("worker", self._household, patience=loops.PATIENCE + 3),
            Child("listen", self._household, patience=6),
        ]
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:  # nohup
                loop.add_signal_handler(number, self._asked_to_stop)
        starting = asyncio.ensure_future(self._start())
        asked = asyncio.ensure_future(self._stop.wait())
        failure: BaseException | None = None
        try:
            await asyncio.wait({starting, asked}, return_when=asyncio.FIRST_COMPLETED)
            if not starting.done():
                starting.cancel()
            await asyncio.wait({starting})
            failure = None if starting.cancelled() else starting.exception()
            if failure is None:
                await asked
        finally:
            await self._end()
        if failure is not None:
            if isinstance(failure, CannotStart | ClusterProblem | datadir.DataProblem):
                self._journal.write("up", str(failure))
            raise failure
        return 0

    def _asked_to_stop(self) -> None:
        self._signals += 1
        if self._signals == 1:
            self._journal.write("up", "Stopping. A second Ctrl-C does not wait.")
        self._stop.set()

    # --- starting -----------------------------------------------------------------------------------

    async def _start(self) -> None:
        began = time.monotonic()
        if not env.get("DATABASE_URL"):
            await self._start_database()
        datadir.write_running(self._data, self._running())
        status, _, last = await self._household.once("migrate", ["migrate"], _MIGRATING, self._in_a_hurry)
        if status != 0:
            raise CannotStart(
                last.removeprefix("quarterdeck migrate: ") or f"The preparation ended with {status}."
            )
        web, *others = self._children
        self._keep(web)
        watch = pulse.Pulse(web, self._web_answers, self._journal.write)
        self._tasks.append(asyncio.create_task(watch.keep(), name="pulse"))
        ready = await self._pages_answer(_ALONE)  # on a small machine the first page comes sooner alone
        for child in others:
            self._keep(child)
        ready = ready or await self._pages_answer(_READY)
        seconds = time.monotonic() - began
        if not ready:
            self._journal.write(
                "up", f"The pages do not answer after {_READY:g} s; see the lines of “web” above."
            )
            return
        self._journal.write("up", f"Ready after {seconds:.1f} s.")
        await self._greet()

    async def _web_answers(self) -> bool:
        return await _answers(*self._address(), pulse.PATH)

    def _address(self) -> tuple[str, int]:
        """Where this machine reaches the web process."""
        host, port = self._listening[0].getsockname()[:2]
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port  # noqa: S104

    def _running(self) -> dict[str, str]:
        """What a command given in another terminal needs to know of us."""
        names = ("QUARTERDECK_HOST", "QUARTERDECK_PORT", "QUARTERDECK_PUBLIC_URL", "QUARTERDECK_KEYS")
        facts = {name: env.get(name) for name in names if env.get(name)}
        return facts | {
            name: url for name, url in self._household.environment.items() if name == "DATABASE_URL"
        }

    def _keep(self, child: Child) -> None:
        self._tasks.append(asyncio.create_task(child.keep(), name=child.name))

    async def _start_database(self) -> None:
        loop = asyncio.get_running_loop()

        def log(line: str) -> None:
            loop.call_soon_threadsafe(self._journal.write, "database", line)

        self._cluster = Cluster(
            self._data / "postgres", say=lambda sentence: self._journal.write("up", sentence), log=log
        )
        for _ in self._cluster.starting():
            await asyncio.sleep(0.03)
        self._household.environment["DATABASE_URL"] = self._cluster.url
        self._tasks.append(asyncio.create_task(self._keep_database(self._cluster), name="database"))

    async def _keep_database(self, cluster: Cluster) -> None:
        """Start PostgreSQL again whenever it is gone; it replays its log, and no committed row is lost."""
        pause = FIRST_PAUSE
        while True:
            await asyncio.sleep(0.5)
            if cluster.running:
                continue
            self._journal.write("up", "The database has ended and is started again.")
            try:
                for _ in cluster.starting():
                    await asyncio.sleep(0.03)
                pause = FIRST_PAUSE
                self._journal.write("up", "The database runs again.")
            except Exception as problem:
                self._journal.write("up", f"{problem} The next try is in {pause:g} s.")
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _pages_answer(self, patience: float) -> bool:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if await _answers(*self._address(), "/"):
                return True
            await asyncio.sleep(0.2)
        return False

    async def _greet(self) -> None:
        """Say where it is. The link goes to the terminal only: a log is read by others, and it signs in."""
        address = env.public_url() or env.local_url()
        link = ""
        if self._print_link:
            status, out, _ = await self._household.once("link", ["link", "--only"])
            link = out.splitlines()[-1] if status == 0 and out else ""
        say = self._journal.say
        say()
        say(f"  Quarterdeck runs at {address}")
        if link:
            say(f"  Sign in as the owner, once, within 24 hours: {link}")
        say(f"  Its data is in {self._data}. Ctrl-C stops it.")
        say()
        if self._open_browser and sys.stdout.isatty() and _has_screen():
            import webbrowser

            await asyncio.to_thread(webbrowser.open, link or address)

    # --- stopping -----------------------------------------------------------------------------------

    async def _end(self) -> None:
        """Web, worker, listener, database; then nothing of ours runs."""
        for child in self._children:
            await child.stop(self._in_a_hurry, asyncio.sleep)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        datadir.remove_running(self._data)
        if self._cluster is not None:
            await asyncio.to_thread(self._cluster.stop)
        await asyncio.sleep(0)  # the database's last lines
        self._journal.write("up", "Stopped.")

    def _in_a_hurry(self) -> bool:
        return self._signals > 1


async def _answers(host: str, port: int, path: str) -> bool:
    """Whether this page comes, whatever it says. Asking for one also loads what it needs."""
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_connection(host, port), 30)
        try:
            writer.write(
                f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n".encode()
            )
            line = await asyncio.wait_for(reader.readline(), 30)
        finally:
            writer.close()
    except (OSError, TimeoutError):
        return False
    return line.startswith(b"HTTP/")


def _has_screen() -> bool:
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
