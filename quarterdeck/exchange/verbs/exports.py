"""Acts on full exports: asked for by a person, made or not made by the worker."""

from __future__ import annotations

from datetime import timedelta

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict
from quarterdeck.core.verbs import verb
from quarterdeck.crew import intake
from quarterdeck.crew.models import Look, Member, Workspace
from quarterdeck.exchange.models import EXPORT_LASTS, Export

STILL = timedelta(minutes=10)  # without a word for this long, nobody works on it any more


@verb
def ask_export(by: Member) -> Export:
    """Have everything of the workspace put into one archive, for `by` to fetch. One at a time in a workspace."""
    from quarterdeck.exchange.jobs import make_export

    Workspace.objects.select_for_update().get(pk=by.workspace_id)
    now = clock.now()
    running = Export.objects.filter(workspace=by.workspace_id, state=Export.State.ASKED)
    if running.filter(moved_at__gt=now - STILL).exists():
        raise Conflict(
            "An export is being made already.",
            not_done="No other was begun.",
            next_step="Wait until it is ready.",
        )
    for stuck in running:
        _fail(stuck, "Nobody finished it; it was asked for again.")
    export = Export.objects.create(
        workspace=by.workspace, by=by, asked_at=now, moved_at=now, ledger_event_id=ids.new()
    )
    intake.looked(by, Look.What.EXPORT)
    ledger.record("exchange.export.asked", actor=by, about=export, fields={}, event_id=export.ledger_event_id)
    make_export.defer(export_id=str(export.pk))
    return export


@verb
def say_made(export: Export, *, size: int, sha256: str) -> None:
    """It lies in its place, with this size and hash. Conflict when it was said already."""
    export = _asked(export)
    now = clock.now()
    export.state, export.size, export.sha256 = Export.State.READY, size, sha256
    export.ready_at, export.expires_at, export.ledger_event_id = now, now + EXPORT_LASTS, ids.new()
    export.save()
    ledger.record(
        "exchange.export.made",
        actor=ledger.system(export.workspace_id),
        about=export,
        fields={"sha256": sha256, "bytes": size},
        event_id=export.ledger_event_id,
    )


@verb
def say_failed(export: Export, *, words: str) -> None:
    """It could not be made; `words` say why. Conflict when it was made meanwhile."""
    _fail(_asked(export), words)


def _asked(export: Export) -> Export:
    export = Export.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=export.pk)
    if export.state != Export.State.ASKED:
        raise Conflict("This export has ended already.")
    return export


def _fail(export: Export, words: str) -> None:
    export.state, export.failure, export.ledger_event_id = Export.State.FAILED, words[:500], ids.new()
    export.save()
    ledger.record(
        "exchange.export.failed",
        actor=ledger.system(export.workspace_id),
        about=export,
        fields={},
        event_id=export.ledger_event_id,
    )
