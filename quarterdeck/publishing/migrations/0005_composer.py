from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0004_clearing")]

    operations = [
        migrations.AddField("post", "overrides", models.JSONField(blank=True, default=dict)),
        migrations.AddField("postversion", "besides", models.JSONField(blank=True, default=dict)),
    ]
