"""The tables of this room, and `quarterdeck_now()`."""

from django.db import migrations, models

from quarterdeck.core.tables import Tables

# The one clock, asked from SQL. See core/clock_sql.py for who may move it.
FORWARD = """
CREATE OR REPLACE FUNCTION quarterdeck_now() RETURNS timestamptz
LANGUAGE sql VOLATILE AS $$
    SELECT coalesce(nullif(current_setting('quarterdeck.now', true), '')::timestamptz, clock_timestamp())
$$;
"""


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("core", "0001_initial"),
        ("core", "0002_clock"),
    ]

    dependencies = []

    operations = [
        Tables(
            [
                migrations.CreateModel(
                    name="Setting",
                    fields=[
                        ("key", models.TextField(primary_key=True, serialize=False)),
                        ("value", models.JSONField(blank=True, null=True)),
                        ("sealed", models.BinaryField(blank=True, null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Outage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("started_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField()),
                        (
                            "kind",
                            models.TextField(choices=[("down", "was not running"), ("slept", "was asleep")]),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["ended_at"], name="core_outage_ended_a_91e58d_idx")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ended_at__gt", models.F("started_at"))),
                                name="outage_ends_after_it_starts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["down", "slept"])),
                                name="outage_kind_is_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BackupRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.TextField(choices=[("backup", "Backup"), ("test", "Test restore")])),
                        ("started_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("succeeded", models.BooleanField(default=False)),
                        ("path", models.TextField(blank=True)),
                        ("size", models.BigIntegerField(default=0)),
                        ("words", models.TextField(blank=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["kind", "-started_at"], name="core_backup_kind_93b191_idx")
                        ],
                    },
                ),
            ]
        ),
        migrations.RunSQL(FORWARD, "DROP FUNCTION IF EXISTS quarterdeck_now()"),
    ]
