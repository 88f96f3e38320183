"""PostgreSQL's LISTEN and NOTIFY. A notice is only a hint that rows changed: it may be lost, doubled or late,
and whoever waits for one looks at the rows anyway from time to time.
"""

from __future__ import annotations

import logging
import re
import time
from typing import Any

import psycopg
from django.db import connection, connections
from psycopg import sql

LARGEST_PAYLOAD = 7999  # bytes; PostgreSQL refuses 8000 and more (async.c, NOTIFY_PAYLOAD_MAX_LENGTH)
_CHANNEL = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
_log = logging.getLogger(__name__)


def checked_channel(name: str) -> str:
    """`name` when it can be a channel (lower-case letters, digits, underscores), else ValueError."""
    if not _CHANNEL.match(name):
        raise ValueError(f"“{name}” cannot be the name of a channel.")
    return name


def wake(channel: str, payload: str = "") -> None:
    """Send a notice when the present transaction commits; at once outside one. Nothing is sent on rollback.

    Several equal notices of one transaction arrive as one. ValueError when `payload` is 8000 bytes or more.
    """
    if len(payload.encode()) > LARGEST_PAYLOAD:
        raise ValueError("A notice must be shorter than 8000 bytes.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [checked_channel(channel), payload])


def connection_settings() -> dict[str, Any]:
    """What `psycopg.connect` needs to reach Django's default database outside Django's pool.

    The keep-alives find a server that vanished without a word within about half a minute.
    """
    given = connections["default"].get_connection_params()
    kept = {k: v for k, v in given.items() if k not in {"cursor_factory", "context", "prepare_threshold"}}
    quick = {"connect_timeout": 5, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
    return quick | kept | {"autocommit": True}


class Listener:
    """A LISTEN connection of its own that mends itself, for a thread that waits with a selector.

    `mend()` connects when needed and due; `fileno()` is readable when notices came; `heard()` takes them.
    """

    def __init__(self, *channels: str) -> None:
        self.channels = [checked_channel(name) for name in channels]
        self._connection: psycopg.Connection[Any] | None = None
        self._pause = 0.0
        self._try_after = 0.0

    @property
    def connected(self) -> bool:
        return self._connection is not None

    def fileno(self) -> int:
        assert self._connection is not None
        return self._connection.pgconn.socket

    def seconds_to_next_try(self) -> float:
        return 0.0 if self.connected else max(0.0, self._try_after - time.monotonic())

    def mend(self) -> bool:
        """Connect if there is no connection and the last failure is long enough ago. True when just made."""
        if self.connected or self.seconds_to_next_try() > 0:
            return False
        made = None
        try:
            made = psycopg.connect(**connection_settings())
            for name in self.channels:
                made.execute(sql.SQL("LISTEN {}").format(sql.Identifier(name)))
        except psycopg.Error as error:
            if made is not None:
                made.close()
            self._pause = min(10.0, max(0.1, self._pause * 2))
            self._try_after = time.monotonic() + self._pause
            _log.warning("No connection for notices on %s: %s", ", ".join(self.channels), str(error).strip())
            return False
        self._pause = 0.0
        self._connection = made
        return True

    def heard(self) -> list[str]:
        """The payloads that came since the last call; never waits. An ended connection closes itself."""
        if self._connection is None:
            return []
        payloads = []
        try:
            raw = self._connection.pgconn
            raw.consume_input()
            while notice := raw.notifies():
                payloads.append(notice.extra.decode())
            alive = raw.status == psycopg.pq.ConnStatus.OK
        except psycopg.Error:
            alive = False
        if not alive:
            self.close()
            self._try_after = time.monotonic() + 0.1
        return payloads

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
