"""From here on these tables change only together with a ledger event."""

from django.db import migrations

from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    dependencies = [("planning", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        Protect("planning_rules"),
        Protect("planning_weeklyslot"),
        Protect("planning_span"),
        Protect("planning_layer", columns=["title", "host", "removed_at"]),
        Protect("planning_series"),
        Protect("planning_occurrence"),
        Protect("planning_watch"),
    ]
