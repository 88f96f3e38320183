from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("studio", "0005_videos")]

    operations = [migrations.AddField("file", "in_bucket", models.BooleanField(default=False))]
