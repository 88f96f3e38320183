"""From here on these tables change only together with a ledger event."""

from django.db import migrations

from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    dependencies = [("changes", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        Protect(
            "changes_change",
            columns=[
                "delivery_id",
                "how",
                "role",
                "asked_at",
                "reason",
                "before",
                "text",
                "version",
                "text_hash",
                "state",
                "payload_hash",
                "failure",
                "person_at",
                "handed_to_id",
                "handed_at",
                "said",
                "done_at",
                "ended_at",
            ],
        ),
    ]
