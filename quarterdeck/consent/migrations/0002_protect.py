"""From here on these tables change only together with a ledger event; of a voice what was mailed stands beside."""

from django.db import migrations

from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        Protect("consent_conflictrules"),
        Protect("consent_against"),
        Protect("consent_conflict"),
        Protect("consent_round"),
        Protect(
            "consent_voice",
            columns=[
                "round_id",
                "stakeholder_id",
                "department_id",
                "link_id",
                "token_sealed",
                "answer",
                "reason",
                "instead",
                "answered_at",
                "times",
                "reminded_at",
            ],
        ),
    ]
