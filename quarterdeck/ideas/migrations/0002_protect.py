"""From here on these tables change only together with a ledger event."""

from django.db import migrations

from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    dependencies = [("ideas", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        Protect("ideas_idea"),
        Protect("ideas_step"),
        Protect("ideas_origin"),
        Protect("ideas_address"),
    ]
