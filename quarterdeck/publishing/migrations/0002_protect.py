"""From here on these tables change only together with a ledger event."""

from django.db import migrations

from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        Protect("publishing_post"),
        Protect("publishing_ask"),
        Protect("publishing_approval"),
        Protect("publishing_return"),
        Protect("publishing_settlement"),
        Protect("publishing_label"),
        Protect("publishing_hold"),
        Protect("publishing_outside"),
        Protect("publishing_tick"),
        Protect(
            "publishing_delivery",
            columns=[
                "post_id",
                "channel_id",
                "wall",
                "zone",
                "fold",
                "due_at",
                "latest_at",
                "state",
                "client_key",
                "part",
                "after_id",
                "text",
                "payload_hash",
                "remote_id",
                "url",
                "failure",
                "asked_at",
                "handed_to_id",
                "handed_at",
                "said_by_id",
                "opened_by",
                "closed_by",
            ],
        ),
    ]
