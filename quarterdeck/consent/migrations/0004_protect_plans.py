"""From here on tables of points, weights, fair plans and the slots they hold change only together with an event."""

from django.db import migrations

from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    dependencies = [("consent", "0003_plans"), ("ledger", "0002_guards")]

    operations = [
        Protect("consent_pointstable"),
        Protect("consent_departmentweight"),
        Protect("consent_fairplan"),
        Protect("consent_held"),
    ]
