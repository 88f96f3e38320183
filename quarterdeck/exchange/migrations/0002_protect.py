"""From here on these tables change only together with a ledger event; how far a job is is no state."""

from django.db import migrations

from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        Protect(
            "exchange_import", columns=["workspace_id", "by_id", "name", "answers", "state", "undone_by_id"]
        ),
        Protect(
            "exchange_export",
            columns=["workspace_id", "by_id", "state", "ready_at", "expires_at", "size", "sha256", "failure"],
        ),
    ]
