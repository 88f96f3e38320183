"""From here on these tables change only together with a ledger event; what came of a mail stands beside."""

from django.db import migrations

from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0003_consults"), ("ledger", "0002_guards")]

    operations = [
        Protect("stakeholders_consultrule"),
        Protect("stakeholders_consult"),
        Protect("stakeholders_consultask", columns=["consult_id", "text_hash", "why", "asked_at"]),
        Protect("stakeholders_waiver"),
        Protect("stakeholders_digestplan", pk="workspace_id"),
        Protect("stakeholders_reader"),
        Protect("stakeholders_digest", columns=["stakeholder_id", "week", "lines", "made_at"]),
        Protect("stakeholders_window"),
        Protect(
            "stakeholders_expertquestion",
            columns=["department_id", "words", "sealed", "state", "asked_at", "state_at", "reason"],
        ),
        Protect("stakeholders_expertanswer"),
    ]
