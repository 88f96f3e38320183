"""From here on an absence changes only together with a ledger event."""

from django.db import migrations

from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    dependencies = [("crew", "0006_absence"), ("ledger", "0002_guards")]

    operations = [Protect("crew_absence")]
