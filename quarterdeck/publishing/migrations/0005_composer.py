from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0003_parts")]

    operations = [
        migrations.AddField("post", "overrides", models.JSONField(blank=True, default=dict)),
    ]
