"""Samples of planning."""

from __future__ import annotations

from datetime import timedelta

from quarterdeck.core import clock
from quarterdeck.crew.models import Workspace
from quarterdeck.planning.models import Layer, Series, Span
from quarterdeck.planning.verbs import layers as plan_layers
from quarterdeck.planning.verbs import series as plan_series
from quarterdeck.planning.verbs import slots as plan_slots
from quarterdeck.planning.verbs import spans as plan_spans
from tests.samples.channels import _channel
from tests.samples.crew import _owner
from tests.samples.publishing import _post


def _span(workspace: Workspace) -> Span:
    now = clock.now().replace(tzinfo=None)
    return plan_spans.mark_span(
        _owner(workspace), kind="launch", title="Opening", begins=now, ends=now + timedelta(days=1)
    )


def _layer(workspace: Workspace) -> Layer:
    empty = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    return plan_layers.add_layer(_owner(workspace), title="School", content=empty)


def _series(workspace: Workspace) -> Series:
    begins = clock.now().replace(tzinfo=None)
    return plan_series.begin_series(_post(workspace), by=_owner(workspace), frequency="weekly", begins=begins)


SAMPLES = {
    "planning-move": lambda w: {"pk": _post(w).pk},
    "planning-series-begin": lambda w: {"pk": _post(w).pk},
    "planning-watch": lambda w: {"pk": _post(w).pk},
    "planning-slot-remove": lambda w: {
        "pk": plan_slots.make_slot(_owner(w), channel=_channel(w), weekday=1, wall="11:30").pk
    },
    "planning-span-remove": lambda w: {"pk": _span(w).pk},
    "planning-span-restore": lambda w: {"pk": _span(w).pk},
    "planning-layer-remove": lambda w: {"pk": _layer(w).pk},
    "planning-series-end": lambda w: {"pk": _series(w).pk},
}

SIGNED_LINKS = {"planning.feed": lambda w: ""}
