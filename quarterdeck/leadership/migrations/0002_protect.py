"""From here on a works agreement changes only together with a ledger event. What is the person's own has none."""

from django.db import migrations

from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    dependencies = [("leadership", "0001_initial"), ("ledger", "0002_guards")]

    operations = [Protect("leadership_agreement")]
