"""The embedded PostgreSQL: a folder, and a server in it that lives exactly as long as this process wants.

    <path>/18/              PostgreSQL's own data directory, named by its major version, mode 0700
    <path>/16/              kept after an upgrade from 16, never touched again
    <path>/socket/          the only way in (mode 0700; nothing listens on the network)
    <path>/cluster.json     which version made it, and where the data is when it could not be here

As root, PostgreSQL runs as an account of its own; when that account cannot enter `path`, everything but
`cluster.json` stands below /var/lib/quarterdeck, and we say so. No folder's permissions are widened.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import quarterdeck
from quarterdeck.core.postgres import binaries as postgres_binaries
from quarterdeck.core.postgres import upgrade as postgres_upgrade
from quarterdeck.core.postgres.account import HOME, Account, ClusterProblem, needed
from quarterdeck.core.postgres.binaries import Binaries
from quarterdeck.core.postgres.server import PORT, Server

__all__ = ["Cluster", "ClusterProblem"]

_SOCKET_ROOM = (103 if sys.platform == "darwin" else 107) - len(f"/.s.PGSQL.{PORT}")


class Cluster:
    """PostgreSQL on the folder `path`. Not durable means: for a test, as fast as it goes, lost in a crash.

    `say` gets sentences for people (where the data is, that an upgrade runs); `log` gets the server's lines.
    """

    def __init__(
        self,
        path: Path,
        durable: bool = True,
        *,
        binaries: Binaries | None = None,
        say: Callable[[str], None] | None = None,
        log: Callable[[str], None] | None = None,
    ) -> None:
        self.path = Path(path).absolute()
        self.durable = durable
        self.home = self.path
        self._binaries = binaries
        self._say = say or (lambda sentence: None)
        self._log = log
        self._server: Server | None = None
        self._passing_home = False

    @property
    def url(self) -> str:
        """A libpq URL of the database `quarterdeck`. Only after `start`."""
        return self._started.url

    @property
    def pid(self) -> int | None:
        return self._server.process.pid if self._server and self._server.process else None

    @property
    def running(self) -> bool:
        return self._server is not None and self._server.running

    @property
    def _started(self) -> Server:
        if self._server is None:
            raise ClusterProblem("The embedded database has not been started.")
        return self._server

    def binary(self, name: str) -> Path:
        """The path of one of the bundled programs, e.g. `pg_dump`."""
        return (self._binaries or postgres_binaries.newest()).program(name)

    def start(self) -> None:
        """Make, upgrade and start what is needed; returns when the database takes connections."""
        for _ in self.starting():
            time.sleep(0.03)

    def starting(self) -> Iterator[None]:
        """The same, yielding while it waits, so that a supervisor can go on with its own work."""
        if self.running:
            return
        if self._server is not None:
            self._server.stop()  # it died: let go of what guarded it
        try:
            server = self._find()
            if not server.data.exists():
                yield from self._make(server)
            self._server = server
            yield from server.starting()
            if not self._notes().get("prepared"):
                server.prepare()
                self._note(prepared=True)
        except OSError as error:
            raise ClusterProblem(_io_words(self.path, error)) from None

    def stop(self) -> None:
        """Stop the server and wait for it. Calling it twice, or before `start`, does nothing."""
        if self._server is not None:
            self._server.stop()
            if self._server.sockets.parent != self.home:
                shutil.rmtree(self._server.sockets, ignore_errors=True)
            self._server = None
        if self._passing_home:
            shutil.rmtree(self.home, ignore_errors=True)
            self._passing_home = False

    # --- where, as whom, with what ------------------------------------------------------------------

    def _find(self) -> Server:
        """The server for the newest data directory there is, or for the one to be made."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        account = self._account()
        self.home = self._place(account)
        binaries = postgres_binaries.reachable(self._binaries or postgres_binaries.newest(), account)
        newer = [major for major in self._majors() if major > binaries.major]
        if newer:
            raise ClusterProblem(
                f"The data in {self.path} was made by PostgreSQL {max(newer)}; this Quarterdeck brings "
                f"{binaries.major}. Install the newer Quarterdeck again. Nothing was changed."
            )
        return self._server_for(binaries, self.home / str(binaries.major), account)

    def _server_for(self, binaries: Binaries, data: Path, account: Account | None) -> Server:
        return Server(binaries, data, self._sockets(account), account, self.durable, self._log)

    def _majors(self) -> list[int]:
        found = [
            int(entry.parent.name) for entry in self.home.glob("*/PG_VERSION") if entry.parent.name.isdigit()
        ]
        return sorted(found)

    def _account(self) -> Account | None:
        """As root: who owns the data that is there, else the account made for it."""
        account = needed()
        if account is None:
            return None
        at = Path(self._notes().get("at") or self.path)
        for entry in at.glob("*/PG_VERSION"):
            owner = entry.stat()
            if owner.st_uid != 0:
                return Account(
                    account.name if owner.st_uid == account.uid else "owner", owner.st_uid, owner.st_gid
                )
        return account

    def _place(self, account: Account | None) -> Path:
        if account is None:
            _private(self.path)
            return self.path
        noted = self._notes().get("at")
        if noted:
            if not Path(noted).is_dir():
                raise ClusterProblem(
                    f"The database of {self.path} should be in {noted}, which does not exist."
                )
            return Path(noted)
        if account.can_enter(self.path.parent):
            os.chown(self.path, account.uid, account.gid)
            _private(self.path)
            return self.path
        if not self.durable:
            self._passing_home = True
            home = Path(tempfile.mkdtemp(prefix="qd-pg-", dir="/tmp"))
        else:
            home = HOME / "clusters" / f"{self.path.parent.name or 'data'}-{secrets.token_hex(4)}"
            home.mkdir(parents=True, mode=0o700)
            os.chmod(HOME / "clusters", 0o711)  # noqa: S103 - to be entered, not listed
            if not account.can_enter(home.parent):
                raise ClusterProblem(f"The account {account.name} cannot enter {home.parent}.")
            self._note(at=str(home))
            self._say(
                f"The database lives in {home}, because the account {account.name}, which runs it, "
                f"cannot enter {self.path.parent}."
            )
        os.chown(home, account.uid, account.gid)
        return home

    def _sockets(self, account: Account | None) -> Path:
        """A private folder whose name leaves room for the socket's: systems allow about a hundred bytes."""
        folder = self.home / "socket"
        if len(os.fsencode(folder)) > _SOCKET_ROOM:
            base = os.environ.get("XDG_RUNTIME_DIR", "") if account is None else ""
            mark = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
            if not (base and os.path.isdir(base) and len(os.fsencode(base)) + 20 <= _SOCKET_ROOM):
                base = "/tmp"  # noqa: S108
            folder = Path(base) / f"qd-{os.geteuid()}-{mark}"
        folder.mkdir(exist_ok=True, mode=0o700)
        if account is not None and folder.lstat().st_uid == 0:
            os.chown(folder, account.uid, account.gid)
        seen = folder.lstat()
        if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != (account.uid if account else os.geteuid()):
            raise ClusterProblem(f"{folder} is not ours: another user of this machine made it. Remove it.")
        _private(folder)
        return folder

    # --- made and upgraded --------------------------------------------------------------------------

    def _make(self, server: Server) -> Iterator[None]:
        """Make the data directory beside its name and rename it when it is whole; upgrade when an older is there."""
        scratch = server.data.with_name(f"{server.data.name}.new")
        if scratch.exists():  # a start that was interrupted
            shutil.rmtree(scratch)
        fresh = Server(server.binaries, scratch, server.sockets, server.account, self.durable, self._log)
        fresh.make()
        older = self._majors()
        if older:
            yield from self._upgrade(older[-1], fresh)
        os.rename(scratch, server.data)
        self._note(postgres=server.binaries.major, made_by=quarterdeck.__version__, prepared=bool(older))

    def _upgrade(self, major: int, fresh: Server) -> Iterator[None]:
        installed = postgres_binaries.installed()
        if major not in installed:
            raise ClusterProblem(
                f"The data in {self.path} was made by PostgreSQL {major}, whose programs this Quarterdeck does not "
                "bring. Start it once with the version before this one and make a backup. Nothing was changed."
            )
        self._say(
            f"The database moves from PostgreSQL {major} to {fresh.binaries.major}; this can take minutes."
        )
        binaries = postgres_binaries.reachable(installed[major], fresh.account)
        old = self._server_for(binaries, self.home / str(major), fresh.account)
        yield from postgres_upgrade.move(old, fresh)
        self._say(f"It is done. The old data stays in {old.data} until you remove it.")

    # --- cluster.json -------------------------------------------------------------------------------

    def _notes(self) -> dict[str, Any]:
        try:
            notes = json.loads((self.path / "cluster.json").read_text())
        except FileNotFoundError:
            return {}
        except ValueError:
            raise ClusterProblem(
                f"{self.path / 'cluster.json'} is damaged; put back the one from a copy."
            ) from None
        return dict(notes)

    def _note(self, **facts: object) -> None:
        notes = self._notes() | facts
        scratch = self.path / ".cluster.json"
        with open(scratch, "w") as file:
            json.dump(notes, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(scratch, self.path / "cluster.json")


def _private(folder: Path) -> None:
    if stat.S_IMODE(folder.lstat().st_mode) != 0o700:
        os.chmod(folder, 0o700)


def _io_words(path: Path, error: OSError) -> str:
    import errno

    if error.errno == errno.ENOSPC:
        return (
            f"The disk is full: the database in {path} could not be written. Free some space and start again."
        )
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return f"{path} cannot be written by this user. Choose another data directory with --data."
    return f"The database in {path} could not be made: {error}"
