"""A consult can end, and another take its place."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0001_tables")]

    operations = [
        migrations.AddField("consult", "ended_at", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("consult", "consult_once_a_post"),
        migrations.AddConstraint(
            "consult",
            models.UniqueConstraint(
                condition=Q(ended_at__isnull=True),
                fields=("post", "stakeholder", "department"),
                name="consult_once_a_post",
            ),
        ),
    ]
