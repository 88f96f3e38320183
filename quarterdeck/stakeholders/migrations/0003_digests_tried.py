"""What came of sending a week's digest: begun, and how often. It stands beside, like the outcome."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0002_consults_end")]

    operations = [
        migrations.AddField("digest", "sending_at", models.DateTimeField(null=True)),
        migrations.AddField("digest", "tries", models.PositiveSmallIntegerField(default=0)),
    ]
