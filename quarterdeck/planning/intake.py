"""What is read from calendars elsewhere. Idempotent: reading the same again changes nothing more."""

from __future__ import annotations

from datetime import timedelta

from quarterdeck.core import clock
from quarterdeck.core.verbs import intake
from quarterdeck.planning import ics
from quarterdeck.planning.models import Layer, LayerDay

BACK, AHEAD = timedelta(days=92), timedelta(days=730)


@intake
def keep_layer(layer: Layer, content: bytes) -> int:
    """Keep the days of a calendar from three months ago to two years ahead, in place of what was kept of it. Returns
    how many. Invalid when it is no calendar: then what was kept stays."""
    layer = Layer.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=layer.pk)
    now = clock.now()
    today = now.astimezone(layer.workspace.zone).date()
    days = ics.read(content, layer.workspace.zone, today - BACK, today + AHEAD)
    if layer.removed_at:
        return 0
    layer.days.all().delete()
    LayerDay.objects.bulk_create(
        LayerDay(layer=layer, first=one.first, last=one.last, title=one.title) for one in days
    )
    Layer.objects.filter(pk=layer.pk).update(read_at=now, problem="")
    return len(days)


@intake
def note_problem(layer: Layer, words: str) -> None:
    """Say why it could not be read; what was kept of it stays."""
    Layer.objects.filter(pk=layer.pk).update(problem=words[:500])
