"""The background work of exchange. Each may be run again at any time: nothing is done twice."""

from __future__ import annotations

from procrastinate.contrib.django import app

from quarterdeck.core.loops import returning_connections
from quarterdeck.exchange import exporting, importing


@app.task(name="exchange.run_import", queue="exchange")
def run_import(import_id: str) -> None:
    """Take the rows of an import that still wait."""
    with returning_connections():
        importing.run(import_id)


@app.task(name="exchange.run_undo", queue="exchange")
def run_undo(import_id: str) -> None:
    """Take back the drafts of an import."""
    with returning_connections():
        importing.run_undo(import_id)


@app.task(name="exchange.make_export", queue="exchange")
def make_export(export_id: str) -> None:
    """Write the archive of an export."""
    with returning_connections():
        exporting.make(export_id)


@app.periodic(cron="23 * * * *")
@app.task(name="exchange.clear_exports", queueing_lock="exchange.clear_exports")
def clear_exports(timestamp: int) -> None:
    """Delete the files of exports that have expired."""
    with returning_connections():
        exporting.clear()
