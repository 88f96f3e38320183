"""A migrating process that is killed at given instants, one after the other, and at last is left alone.

Run as a program with the instants as arguments, each `statement,word,number`: the process dies by kill -9 before it
sends the statement of that number that begins with `statement` and holds `word`, in its text or among its values. Each
is a process of its own with a connection of its own, forked from one that has loaded everything but the database: so
dying six times costs little more than once. Prints a line for each: how it ended, and what it said.
"""

from __future__ import annotations

import os
import signal
import sys

from quarterdeck.config.cli import database, migrate


def main(instants: list[str]) -> None:
    with database.reached("migrate"):
        database.set_up()
        from django.db.migrations.loader import MigrationLoader

        MigrationLoader(None)  # the modules of all steps, read once
        for instant in [*instants, ""]:
            child = os.fork()
            if not child:
                _migrate(instant)
            status = os.waitpid(child, 0)[1]
            print(os.waitstatus_to_exitcode(status), flush=True)


def _migrate(instant: str) -> None:
    """Never returns: the process ends as it would, without what its parent has still to do."""
    from django.db import connection

    try:
        with connection.execute_wrapper(_killer(instant)):
            print("\n".join(migrate.prepare(static=False)), flush=True)
    except BaseException as problem:
        print(f"{type(problem).__name__}: {problem}".strip(), flush=True)
        os._exit(1)
    os._exit(0)


def _killer(instant: str):
    beginning, word, number = instant.split(",") if instant else ("never", "", "1")
    left = int(number)

    def execute(send, sql, params, many, context):
        nonlocal left
        if sql.startswith(beginning) and word in (sql + repr(params)):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
        return send(sql, params, many, context)

    return execute


if __name__ == "__main__":
    main(sys.argv[1:])
