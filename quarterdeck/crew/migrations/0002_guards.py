"""An unmasking and an absence change only together with a ledger event.

What every other room waits for. So the tables of signing in, which point to people, are made before theirs: Django
builds every model that is related to people anew for each step of those, and here that is still few.
"""

from django.db import migrations

from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    replaces = [
        ("crew", "0005_protect"),
        ("crew", "0007_protect_absence"),
    ]

    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("crew", "0001_tables"),
        ("ledger", "0001_tables"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]

    operations = [
        Protect("crew_unmasking"),
        Protect("crew_absence"),
    ]
