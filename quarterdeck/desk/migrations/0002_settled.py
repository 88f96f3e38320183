"""A hand-over also ends when its matter is settled."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0001_tables"),
    ]

    operations = [
        migrations.AlterField(
            model_name="handover",
            name="answer",
            field=models.CharField(
                blank=True,
                choices=[
                    ("accepted", "accepted"),
                    ("declined", "handed back"),
                    ("withdrawn", "taken back"),
                    ("settled", "settled"),
                ],
                max_length=10,
            ),
        ),
    ]
