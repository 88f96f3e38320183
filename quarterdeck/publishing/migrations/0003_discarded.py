"""A post can be put aside without being deleted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0002_protect")]

    operations = [
        migrations.AddField(model_name="post", name="discarded_at", field=models.DateTimeField(null=True)),
    ]
