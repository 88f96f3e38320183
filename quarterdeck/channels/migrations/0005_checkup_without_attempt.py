from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("channels", "0004_sandbox_pictures")]

    operations = [migrations.RemoveField("checkup", "attempt")]
