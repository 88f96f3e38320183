"""From here on these tables change only together with a ledger event."""

from django.db import migrations

from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    dependencies = [("desk", "0003_week"), ("ledger", "0002_guards")]

    operations = [
        Protect("desk_capacity"),
        Protect("desk_weekplan"),
        Protect("desk_reason"),
    ]
