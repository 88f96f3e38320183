"""From here on these tables change only together with a ledger event."""

from django.db import migrations

from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    dependencies = [("review", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        Protect("review_comment"),
        Protect(
            "review_guest",
            columns=[
                "post_id",
                "link_id",
                "name",
                "address",
                "may_comment",
                "may_suggest",
                "may_approve",
                "invited_by_id",
                "invited_at",
            ],
        ),
    ]
