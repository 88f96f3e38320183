"""From here on these tables change only together with a ledger event."""

from django.db import migrations

from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    dependencies = [("studio", "0002_library"), ("ledger", "0002_guards")]

    operations = [
        Protect("studio_folder"),
        Protect("studio_card"),
        Protect("studio_shown"),
        Protect("studio_cut"),
    ]
