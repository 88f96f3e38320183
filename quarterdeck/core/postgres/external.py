"""A PostgreSQL that somebody else runs: reached with some patience, and refused with words when it cannot serve."""

from __future__ import annotations

import time

import psycopg
from psycopg.conninfo import conninfo_to_dict

from quarterdeck.core.postgres.account import ClusterProblem

FLOOR = 15
_PATIENCE = 6.0  # seconds a server may take to come up, or to come back


def place(url: str) -> str:
    """Where the URL points, for people: the host and the database, never the password."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error:
        return "DATABASE_URL"
    host = parts.get("host") or "this machine"
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"“{parts.get('dbname') or parts.get('user') or 'postgres'}” on {host}{port}"


def major(url: str, patience: float = _PATIENCE) -> int:
    """The server's major version. ClusterProblem, in words, when it cannot be reached or is older than 15."""
    deadline = time.monotonic() + patience
    while True:
        try:
            with psycopg.connect(url, connect_timeout=4, application_name="quarterdeck check") as connection:
                version = connection.info.server_version // 10000
            break
        except psycopg.ProgrammingError:
            raise ClusterProblem(
                "DATABASE_URL cannot be read. It should look like postgresql://name:password@host:5432/database."
            ) from None
        except psycopg.OperationalError as error:
            said = str(error)
            if _is_final(said) or time.monotonic() > deadline:
                raise ClusterProblem(_words(url, said)) from None
            time.sleep(0.5)
    if version < FLOOR:
        raise ClusterProblem(
            f"The database {place(url)} is PostgreSQL {version}. Quarterdeck needs {FLOOR} or newer: upgrade that "
            "server, or leave DATABASE_URL empty to use the database Quarterdeck brings along."
        )
    return version


def _is_final(said: str) -> bool:
    return any(
        word in said
        for word in ("authentication failed", "does not exist", "no pg_hba.conf entry", "no password")
    )


def _words(url: str, said: str) -> str:
    start = f"The database {place(url)} "
    if "authentication failed" in said or "no password" in said:
        return start + "refuses the name or the password in DATABASE_URL. Correct them and start again."
    if "does not exist" in said:
        return start + "does not exist, or its role does not. Create it, or correct DATABASE_URL."
    if "no pg_hba.conf entry" in said:
        return start + "does not accept connections from this machine (its pg_hba.conf decides that)."
    if "name or service not known" in said.lower() or "could not translate" in said or "resolve" in said:
        return start + "cannot be reached: there is no such host. Correct DATABASE_URL and start again."
    return start + "cannot be reached. See that it runs and that DATABASE_URL is right, and start again."
