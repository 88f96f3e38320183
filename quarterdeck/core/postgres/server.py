"""One PostgreSQL server as our own foreground child: made, started, asked, stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from quarterdeck.core import lifeline
from quarterdeck.core.postgres.account import Account, ClusterProblem
from quarterdeck.core.postgres.binaries import Binaries

PORT = 5432  # only part of the socket's name: nothing listens on the network
SUPERUSER = "postgres"
ROLE = DATABASE = "quarterdeck"

# What a dying predecessor leaves behind for some seconds after a kill.
_PASSING = ("lock file", "pre-existing shared memory block", "could not bind Unix address", "in use")
_RETRY = 12.0
_RECOVERY = 600.0  # replaying the log after a crash may take its time; a server that lives is waited for

_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "jit": "off",
    "synchronous_commit": "on",
    "fsync": "on",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "[%p] ",
    "log_checkpoints": "off",
    "log_min_messages": "warning",
    "logging_collector": "off",
    "cluster_name": "quarterdeck",
}
# \\gexec is psql's: it runs what the query before it answered.
_PREPARE = """
SELECT 'CREATE ROLE quarterdeck LOGIN CREATEDB'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'quarterdeck') \\gexec
SELECT 'CREATE DATABASE quarterdeck OWNER quarterdeck TEMPLATE template0'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'quarterdeck') \\gexec
"""
_FLEETING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "1GB"}


def _environment() -> dict[str, str]:
    """Nothing of ours: a PGDATA or a locale in the caller's environment must not reach the programs."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}


@dataclass(slots=True)
class Server:
    """A server on the data directory `data`, reached by a socket in `sockets`, run as `account`."""

    binaries: Binaries
    data: Path
    sockets: Path
    account: Account | None
    durable: bool = True
    log: Callable[[str], None] | None = None
    process: subprocess.Popen[str] | None = None
    _guard: lifeline.Guard | None = None
    _last: deque[str] = field(default_factory=lambda: deque(maxlen=40))

    @property
    def url(self) -> str:
        """A libpq URL of Quarterdeck's own database."""
        return self.url_of(DATABASE, ROLE)

    def url_of(self, database: str, role: str) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='')}&port={PORT}"

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    # --- made ---------------------------------------------------------------------------------------

    def make(self) -> None:
        """initdb: text sorts by code point everywhere (this build has no ICU), pages carry checksums."""
        command = [str(self.binaries.program("initdb")), "-D", str(self.data), "-U", SUPERUSER]
        command += ["--auth=trust", "--encoding=UTF8", "--locale=C", "--data-checksums"]
        if self.binaries.major >= 17:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not self.durable:
            command.append("--no-sync")
        done = self._run(command, timeout=300)
        if done.returncode != 0:
            raise ClusterProblem(_words(self.data, _reason(done)))

    # --- started ------------------------------------------------------------------------------------

    def start(self) -> None:
        for _ in self.starting():
            time.sleep(0.03)

    def starting(self) -> Iterator[None]:
        """Start, yielding while there is nothing to do but wait. Afterwards the server takes connections.

        A server that died a moment ago still holds its lock: that is tried again for twelve seconds.
        """
        deadline = time.monotonic() + _RETRY
        while True:
            self._launch()
            yield from self._until_ready_or_dead()
            if self.running:
                return
            said = " ".join(self._last)
            self._forget()
            if not any(word in said for word in _PASSING) or time.monotonic() > deadline:
                raise ClusterProblem(_words(self.data, said))
            pause = time.monotonic() + 0.5
            while time.monotonic() < pause:
                yield

    def _launch(self) -> None:
        settings = _SETTINGS | {"unix_socket_directories": str(self.sockets)}
        if self.binaries.major >= 18:
            settings["io_method"] = "sync"  # three workers less in memory; the machine is small
        if not self.durable:
            settings |= _FLEETING
        command = [str(self.binaries.program("postgres")), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        self._last.clear()
        popen = self.account.popen() if self.account else {}
        try:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                cwd="/",
                env=_environment(),
                start_new_session=True,  # Ctrl-C in a terminal is for us; we stop the database last
                preexec_fn=lifeline.dies_with_parent(signal.SIGINT),
                **popen,
            )
        except OSError as error:
            raise ClusterProblem(f"PostgreSQL could not be started: {error}") from None
        self._guard = lifeline.Guard(self.process.pid, popen)
        threading.Thread(target=self._read, args=(self.process,), name="postgres-log", daemon=True).start()

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        for line in process.stderr:
            self._last.append(line.rstrip())
            if self.log is not None:
                self.log(line.rstrip())

    def _until_ready_or_dead(self) -> Iterator[None]:
        """PostgreSQL itself writes "ready" into the eighth line of its lock file; pg_ctl waits the same way."""
        assert self.process is not None
        deadline = time.monotonic() + _RECOVERY
        while self.process.poll() is None:
            try:
                lines = (self.data / "postmaster.pid").read_text(errors="replace").splitlines()
            except OSError:
                lines = []
            if len(lines) >= 8 and lines[0].strip() == str(self.process.pid) and lines[7].strip() == "ready":
                return
            if time.monotonic() > deadline:
                self.stop()
                raise ClusterProblem("PostgreSQL did not become ready within ten minutes; see the log.")
            yield
        time.sleep(0.1)  # its last words may still be in the pipe

    # --- asked --------------------------------------------------------------------------------------

    def sql(self, script: str, database: str = "postgres", role: str = SUPERUSER) -> str:
        """Run statements through psql and return its output. ClusterProblem with PostgreSQL's words."""
        command = [str(self.binaries.program("psql")), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        command += ["-d", self.url_of(database, role)]
        done = subprocess.run(
            command,
            input=script,
            capture_output=True,
            text=True,
            env=_environment(),
            timeout=120,
            check=False,
        )
        if done.returncode != 0:
            raise ClusterProblem(f"The database refused: {_reason(done)}")
        return done.stdout

    def prepare(self) -> None:
        """Make the role and the database of Quarterdeck when they are missing. The role is no superuser."""
        self.sql(_PREPARE)

    # --- stopped ------------------------------------------------------------------------------------

    def stop(self, patience: float = 20.0) -> None:
        """Fast shutdown (sessions end, a checkpoint is written); after `patience` seconds without one."""
        process = self.process
        if process is None:
            return
        for sign, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            if process.poll() is not None:
                break
            process.send_signal(sign)
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
        self._forget()

    def _forget(self) -> None:
        if self._guard is not None:
            self._guard.release()
            self._guard = None
        if self.process is not None:
            self.process.wait()
            self.process = None

    def _run(self, command: list[str], timeout: float) -> subprocess.CompletedProcess[str]:
        popen = self.account.popen() if self.account else {}
        try:
            return subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                cwd="/",
                env=_environment(),
                timeout=timeout,
                check=False,
                **popen,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ClusterProblem(f"{Path(command[0]).name} could not be run: {error}") from None


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in (done.stderr or done.stdout or "").splitlines() if line.strip()]
    telling = [line for line in lines if "error" in line.lower() or "fatal" in line.lower()]
    return " ".join((telling or lines)[-3:]) or f"it ended with status {done.returncode}"


def _words(data: Path, said: str) -> str:
    """What PostgreSQL's last words mean to a person."""
    lowered = said.lower()
    if "no space left on device" in lowered:
        return f"The disk is full: the database in {data} could not start. Free some space and start again."
    if "read-only file system" in lowered:
        return f"The database in {data} lies on a read-only file system. Make it writable and start again."
    if "lock file" in lowered or "shared memory block" in lowered:
        return f"Another process is using the database in {data}. Stop it first."
    if "incompatible with server" in lowered:
        return f"The database in {data} was made by another version of PostgreSQL."
    return f"The database in {data} did not start. PostgreSQL said: {said.strip()[-600:] or 'nothing'}"
