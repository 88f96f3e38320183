"""Moving data to a newer major of the embedded PostgreSQL: dump from the old server, restore into the new.

The old data directory is only read. The new one becomes visible under its name after everything is in it,
so an interruption at any point leaves the old data as it was and the next start begins again.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from quarterdeck.core.postgres.account import ClusterProblem
from quarterdeck.core.postgres.server import DATABASE, ROLE, Server

_LIMIT = 6 * 3600.0


def move(old: Server, fresh: Server) -> Iterator[None]:
    """Copy Quarterdeck's database from `old` to `fresh`; both are stopped before and after."""
    with tempfile.TemporaryDirectory(prefix="upgrade-", dir=fresh.data.parent) as folder:
        dump = Path(folder) / "all.dump"
        yield from old.starting()
        try:
            command = [str(fresh.binaries.program("pg_dump")), "-Fc", "-f", str(dump), "-d", old.url]
            yield from _run(command, "The old database could not be read")
        finally:
            old.stop()
        yield from fresh.starting()
        try:
            fresh.prepare()
            command = [str(fresh.binaries.program("pg_restore")), "--exit-on-error", "--no-owner", "--no-acl"]
            command += ["--single-transaction", "-d", fresh.url, str(dump)]
            yield from _run(command, "The new database could not be filled")
            fresh.sql("VACUUM ANALYZE", DATABASE, ROLE)
        finally:
            fresh.stop()


def _run(command: list[str], failing: str) -> Iterator[None]:
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        try:
            deadline = time.monotonic() + _LIMIT
            while process.poll() is None and time.monotonic() < deadline:
                yield
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        if process.returncode != 0:
            said.seek(0)
            raise ClusterProblem(f"{failing}: {said.read().strip()[-600:]} The old data was not changed.")
