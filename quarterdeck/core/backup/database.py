"""The database part of a backup: pg_dump and pg_restore from the bundled programs, or newer ones of the system."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from quarterdeck.core.postgres import binaries as postgres_binaries
from quarterdeck.core.postgres import external as postgres_external
from quarterdeck.core.postgres.account import ClusterProblem

_LIMIT = 6 * 3600  # seconds
# Set at the head of a dump by a newer pg_dump, unknown to an older server, and without meaning for the data.
_HARMLESS = re.compile(r'unrecognized configuration parameter "(transaction_timeout|\w+_timeout)"')


def dump(url: str, into: Path) -> int:
    """Dump the database into the file `into` (pg_dump's custom format); returns the server's major version."""
    major = postgres_external.major(url)
    program = _program("pg_dump", major)
    done = _run([program, "-Fc", "--no-owner", "--no-acl", "-f", str(into)], url)
    if done.returncode != 0:
        into.unlink(missing_ok=True)
        raise ClusterProblem(f"The database could not be backed up: {_last(done)} Nothing was kept.")
    os.chmod(into, 0o600)
    return major


def restore(url: str, dumped: Path) -> None:
    """Fill the empty database in `url` from a dump. ClusterProblem, in words, at the first real error."""
    postgres_external.major(url)
    program = _program("pg_restore", max(postgres_binaries.installed(), default=0))
    done = _run([program, "--no-owner", "--no-acl", str(dumped)], url)
    if done.returncode != 0:
        errors = [line for line in done.stderr.splitlines() if "error:" in line]
        if not errors or not all(_HARMLESS.search(line) for line in errors):
            raise ClusterProblem(f"The backup could not be restored: {_last(done)}")


def scratch_url(url: str, name: str) -> str:
    """The same server, another database."""
    return make_conninfo(url, dbname=name)


def make_database(url: str, name: str) -> None:
    """Make an empty database beside the one in `url`. ClusterProblem when the role may not."""
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege:
        raise ClusterProblem(
            "The role in DATABASE_URL may not make a database, so the backup was not tried out. "
            "Give it that right: ALTER ROLE … CREATEDB."
        ) from None
    except psycopg.Error as error:
        raise ClusterProblem(f"The database {name} could not be made: {str(error).strip()}") from None


def drop_database(url: str, name: str) -> None:
    """Remove a database beside the one in `url`, and whoever is connected to it."""
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def rename_database(url: str, name: str, to: str) -> None:
    """Rename a database beside the one in `url`. Nobody may be connected to it: connections are ended first."""
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(to))
        )


def databases(url: str) -> set[str]:
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        return {row[0] for row in connection.execute("SELECT datname FROM pg_database")}


def count_tables(url: str) -> int:
    """How many tables the database holds; 0 when it is empty."""
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    return int(row[0]) if row is not None else 0


def _program(name: str, server_major: int) -> str:
    """pg_dump must not be older than the server: the bundled one, else a newer one of the system."""
    bundled = postgres_binaries.newest()
    if bundled.major >= server_major:
        return str(bundled.program(name))
    system = shutil.which(name)
    if system:
        said = subprocess.run([system, "--version"], capture_output=True, text=True, check=False).stdout
        match = re.search(r"(\d+)\.", said)
        if match and int(match[1]) >= server_major:
            return system
    raise ClusterProblem(
        f"The database is PostgreSQL {server_major}, newer than the {name} at hand ({bundled.major}). "
        f"Install the PostgreSQL {server_major} client programs on this machine."
    )


def _run(command: list[str], url: str) -> subprocess.CompletedProcess[str]:
    """The connection goes by environment and a private password file: arguments are seen by every user."""
    parts = conninfo_to_dict(url)
    password = str(parts.pop("password", None) or "")
    with tempfile.NamedTemporaryFile("w", prefix="quarterdeck-") as passfile:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        if password:
            escaped = password.replace("\\", "\\\\").replace(":", "\\:")
            passfile.write(f"*:*:*:*:{escaped}\n")
            passfile.flush()
            environment["PGPASSFILE"] = passfile.name
        target = make_conninfo("", **{key: str(value) for key, value in parts.items()})
        try:
            return subprocess.run(
                [command[0], "-d", target, *command[1:]],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                env=environment,
                timeout=_LIMIT,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ClusterProblem(f"{Path(command[0]).name} could not be run: {error}") from None


def _last(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    return " ".join([line for line in lines if "error" in line][:3] or lines[-2:]) or "no reason was given."
