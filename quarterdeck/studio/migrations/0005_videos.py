"""Files in pieces, so that a video never lies in one row; and what is known of a video."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

# Frames and pictures are compressed already: stored as they come, a part of a piece is found without unpacking it.
PLAIN = 'ALTER TABLE studio_piece ALTER COLUMN "data" SET STORAGE EXTERNAL'

# A piece has 1,048,576 bytes. The rows' references are checked at once, because the next step alters a table.
INTO_PIECES = """
SET CONSTRAINTS ALL IMMEDIATE;
INSERT INTO studio_piece (file_id, "offset", data)
SELECT f.id, n * 1048576, substring(f.data FROM n * 1048576 + 1 FOR 1048576)
FROM studio_file f, generate_series(0, (octet_length(f.data) - 1) / 1048576) AS n
WHERE octet_length(f.data) > 0;
"""


class Migration(migrations.Migration):
    dependencies = [("studio", "0004_scan")]

    operations = [
        migrations.AddField("file", "seconds", models.FloatField(null=True)),
        migrations.AddField(
            "file", "codecs", models.CharField(blank=True, default="", max_length=60), preserve_default=False
        ),
        migrations.AlterField(
            "piece",
            "upload",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pieces",
                to="studio.upload",
            ),
        ),
        migrations.AddField(
            "piece",
            "file",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pieces",
                to="studio.file",
            ),
        ),
        migrations.AddConstraint(
            "piece", models.UniqueConstraint(fields=["file", "offset"], name="piece_of_file_once")
        ),
        migrations.AddConstraint(
            "piece", models.CheckConstraint(condition=Q(upload=None) ^ Q(file=None), name="piece_of_one")
        ),
        migrations.RunSQL(PLAIN, migrations.RunSQL.noop),
        migrations.RunSQL(INTO_PIECES, migrations.RunSQL.noop),
        migrations.RemoveField("file", "data"),
    ]
