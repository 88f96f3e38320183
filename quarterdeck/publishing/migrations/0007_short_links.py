import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crew", "0003_member_stand_in"),
        ("publishing", "0006_making"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShortLink",
            fields=[
                ("code", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("url", models.TextField()),
                ("made_at", models.DateTimeField()),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="crew.workspace"
                    ),
                ),
            ],
        ),
    ]
