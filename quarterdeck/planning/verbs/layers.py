"""Calendars read from elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit

from quarterdeck import ledger
from quarterdeck.core import clock, ids, secrets
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.planning import intake, jobs
from quarterdeck.planning.models import Layer
from quarterdeck.planning.reading import sealed_for

MOST_LAYERS = 20


@verb
def add_layer(by: Member, *, title: str, url: str = "", content: bytes | None = None) -> Layer:
    """Lay a calendar over ours: the .ics in `content` as it is, or what stands at `url`, read soon and again every
    six hours. Invalid, in words, for what is no calendar or no address."""
    title = " ".join(title.split())[:80]
    if not title:
        raise Invalid("A name is needed.", fields={"title": "Please name it."})
    if Layer.objects.filter(workspace=by.workspace_id, removed_at__isnull=True).count() >= MOST_LAYERS:
        raise Conflict(f"At most {MOST_LAYERS} calendars lie over ours.", next_step="Remove one first.")
    url = url.replace("webcal://", "https://", 1)
    host = urlsplit(url).hostname if url.startswith(("https://", "http://")) else None
    if content is None and not host:
        raise Invalid(
            "That is no address of a calendar.", fields={"url": "It begins with https:// or webcal://."}
        )
    layer = Layer(
        workspace=by.workspace, title=title, made_by=by, made_at=clock.now(), ledger_event_id=ids.new()
    )
    if content is None:
        layer.host = (host or "")[:200]
        layer.sealed = secrets.seal(url.encode(), context=sealed_for(layer))
    layer.save(force_insert=True)
    fields = {"title": title, "host": layer.host}
    ledger.record(
        "planning.layer.added", actor=by, about=layer, fields=fields, event_id=layer.ledger_event_id
    )
    if content is None:
        jobs.read_layer.defer(layer_id=str(layer.pk))
    else:
        intake.keep_layer(layer, content)
    return layer


@verb
def remove_layer(layer: Layer, *, by: Member) -> None:
    """Take it off the calendar; it is not read any more, and what was read of it is gone."""
    layer = Layer.objects.select_for_update(of=("self",)).get(pk=layer.pk)
    if layer.removed_at:
        raise Conflict("It was removed already.")
    layer.removed_at, layer.ledger_event_id = clock.now(), ids.new()
    layer.save()
    layer.days.all().delete()
    ledger.record("planning.layer.removed", actor=by, about=layer, event_id=layer.ledger_event_id)
