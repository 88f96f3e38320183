"""A post comes again by one series at a time. Where two were begun at once, the first stays and the others end, each
with its event; the drafts that they made stay."""

from types import SimpleNamespace

from django.db import migrations, models

from quarterdeck import ledger
from quarterdeck.core import clock, ids


def end_seconds(apps, schema_editor) -> None:
    """End each running series whose post had one already, the one that was begun first."""
    running = apps.get_model("planning", "Series").objects.filter(ended_at__isnull=True)
    seen = set()
    for row in running.order_by("made_at", "pk"):
        if row.post_id not in seen:
            seen.add(row.post_id)
            continue
        row.ended_at, row.ledger_event_id = clock.now(), ids.new()
        row.save(update_fields=["ended_at", "ledger_event_id"])
        about = SimpleNamespace(pk=row.pk, workspace_id=row.workspace_id, ledger_name="planning.series")
        actor = ledger.system(row.workspace_id)
        ledger.record("planning.series.ended", actor=actor, about=about, event_id=row.ledger_event_id)
    # What the triggers of the table still have to look at would keep it from being given an index.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0001_tables"),
    ]

    operations = [
        migrations.RunPython(end_seconds, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("post",),
                name="series_runs_once",
            ),
        ),
    ]
