"""Planning's background work that carries no guarantee: calendars from elsewhere, and the times of series."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from quarterdeck.core.claims import return_connections
from quarterdeck.core.problems import Problem
from quarterdeck.planning.models import Layer


@app.task(name="planning.read_layer", queue="planning", pass_context=False)
def read_layer(layer_id: str) -> None:
    """Read one calendar from its address; idempotent. What goes wrong is said on the page of layers."""
    try:
        _read(Layer.objects.filter(pk=UUID(layer_id), removed_at__isnull=True, sealed__isnull=False).first())
    finally:
        return_connections()


def _read(layer: Layer | None) -> None:
    from quarterdeck.planning import intake, reading

    if layer is None:
        return
    try:
        intake.keep_layer(layer, reading.fetch(layer))
    except Problem as problem:
        intake.note_problem(layer, problem.title)


@app.periodic(cron="17 */6 * * *")
@app.task(name="planning.read_layers", queueing_lock="planning.read_layers", pass_context=False)
def read_layers(timestamp: int) -> None:
    """Every six hours each calendar with an address is read again."""
    del timestamp
    try:
        for pk in Layer.objects.filter(removed_at__isnull=True, sealed__isnull=False).values_list(
            "pk", flat=True
        ):
            read_layer.defer(layer_id=str(pk))
    finally:
        return_connections()


@app.periodic(cron="7 * * * *")
@app.task(name="planning.fill_series", queueing_lock="planning.fill_series", pass_context=False)
def fill_series(timestamp: int) -> None:
    """Every hour the times of series that came near become drafts; idempotent: each time has one."""
    from quarterdeck.planning import repeating

    del timestamp
    try:
        repeating.fill_all()
    finally:
        return_connections()
