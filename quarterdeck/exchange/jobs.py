"""The background work of exchange. Each may be run again at any time: nothing is done twice."""

from __future__ import annotations

from procrastinate.contrib.django import app

from quarterdeck.core.loops import returning_connections
from quarterdeck.exchange import importing


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
