"""From here on these tables change only together with a ledger event."""

from django.db import migrations

from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    dependencies = [("accountability", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        Protect("accountability_slip"),
        Protect("accountability_flag"),
        Protect("accountability_correction"),
        Protect("accountability_coverage"),
        Protect("accountability_promise"),
    ]
