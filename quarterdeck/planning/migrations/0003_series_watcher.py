import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crew", "0001_initial"), ("planning", "0002_protect")]

    operations = [
        migrations.AddField(
            "series",
            "watcher",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crew.member"
            ),
        ),
    ]
