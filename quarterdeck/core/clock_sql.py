"""The moved clock, in the database: `quarterdeck_now()` answers what `clock.now()` answers.

Only in processes started as a test or as the demo. In any other nothing here is installed, the session
setting `quarterdeck.now` is never written, and `quarterdeck_now()` is the database's own clock.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from psycopg.pq import TransactionStatus

from quarterdeck.core import clock

_MARK = "quarterdeck_clock_handed"  # on the psycopg connection, because a pool hands it from thread to thread


def install() -> None:
    """From CoreApp.ready(): every connection of this process gets the clock with each statement."""
    if not clock.may_move():
        return
    from django.db.backends.signals import connection_created

    connection_created.connect(_attach, dispatch_uid="quarterdeck.core.clock_sql")


def _attach(connection: Any, **_: Any) -> None:
    if _hand_over not in connection.execute_wrappers:
        connection.execute_wrappers.append(_hand_over)


def _hand_over(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Set the session's instant before the statement, anew each time: a rollback takes a setting back too."""
    raw = context["connection"].connection
    moved = clock.moved()
    concerned = raw is not None and (moved is not None or getattr(raw, _MARK, False))
    if concerned and raw.info.transaction_status != TransactionStatus.INERROR:
        setattr(raw, _MARK, True)
        instant = moved.isoformat() if moved is not None else ""
        with raw.cursor() as cursor:
            cursor.execute("SELECT set_config('quarterdeck.now', %s, false)", [instant])
    return execute(sql, params, many, context)
