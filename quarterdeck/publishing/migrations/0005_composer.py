from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0003_parts")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="overrides",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
