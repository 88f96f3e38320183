"""From here on an unmasking changes only together with a ledger event."""

from django.db import migrations

from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    dependencies = [("crew", "0004_looks_and_unmaskings"), ("ledger", "0002_guards")]

    operations = [Protect("crew_unmasking")]
