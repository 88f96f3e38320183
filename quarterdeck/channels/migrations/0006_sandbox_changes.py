from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0005_checkup_without_attempt")]

    operations = [
        migrations.AddField("sandboxpost", "edited_at", models.DateTimeField(null=True)),
        migrations.AddField("sandboxpost", "earlier", models.JSONField(blank=True, default=list)),
        migrations.AddField("sandboxpost", "taken_down_at", models.DateTimeField(null=True)),
    ]
