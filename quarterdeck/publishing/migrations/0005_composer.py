from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0004_clearing")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="overrides",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="postversion",
            name="besides",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
