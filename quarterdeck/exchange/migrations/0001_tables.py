"""The tables of this room, which change only together with a ledger event; how far a job is is no state."""

import django.db.models.deletion
from django.db import migrations, models

import quarterdeck.core.ids
from quarterdeck.core.tables import Tables
from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("exchange", "0001_initial"),
        ("exchange", "0002_protect"),
    ]

    dependencies = [
        ("crew", "0002_guards"),
        ("ledger", "0001_tables"),
    ]

    operations = [
        Tables(
            [
                migrations.CreateModel(
                    name="Import",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workspace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="imports",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("kind", models.CharField(max_length=80)),
                        ("sha256", models.CharField(max_length=64)),
                        ("guess", models.JSONField(default=dict)),
                        ("answers", models.JSONField(null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("received", "not confirmed yet"),
                                    ("running", "being imported"),
                                    ("done", "imported"),
                                    ("undoing", "being undone"),
                                    ("undone", "undone"),
                                ],
                                default="received",
                                max_length=10,
                            ),
                        ),
                        ("received_at", models.DateTimeField()),
                        ("begun_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("undone_at", models.DateTimeField(null=True)),
                        (
                            "undone_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("moved_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [models.Index(fields=["workspace", "-received_at"], name="import_newest")],
                    },
                ),
                migrations.CreateModel(
                    name="Row",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "of",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="exchange.import",
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("cells", models.JSONField()),
                        ("unread", models.JSONField(default=list)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("draft", "draft"),
                                    ("fix", "to fix"),
                                    ("head", "headings"),
                                    ("left", "left out"),
                                    ("gone", "taken back"),
                                ],
                                default="waiting",
                                max_length=8,
                            ),
                        ),
                        ("reasons", models.JSONField(default=list)),
                        ("warnings", models.JSONField(default=list)),
                        ("said", models.JSONField(default=dict)),
                        ("extra", models.JSONField(default=dict)),
                        ("mark", models.CharField(blank=True, max_length=64)),
                        ("post", models.UUIDField(null=True)),
                        ("post_event", models.UUIDField(null=True)),
                        ("plan_act", models.UUIDField(null=True)),
                        ("kept_because", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["of", "state", "number"], name="import_row_state"),
                            models.Index(
                                condition=models.Q(("post__isnull", False)),
                                fields=["post"],
                                name="import_row_post",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("of", "number"), name="import_row_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Mapping",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "workspace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="crew.workspace",
                            ),
                        ),
                        ("signature", models.CharField(max_length=64)),
                        ("answers", models.JSONField()),
                        ("used_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("workspace", "signature"), name="mapping_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Export",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workspace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="exports",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("asked", "asked for"), ("ready", "ready"), ("failed", "not made")],
                                default="asked",
                                max_length=8,
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("done", models.PositiveIntegerField(default=0)),
                        ("of_parts", models.PositiveIntegerField(default=0)),
                        ("moved_at", models.DateTimeField()),
                        ("ready_at", models.DateTimeField(null=True)),
                        ("expires_at", models.DateTimeField(null=True)),
                        ("size", models.BigIntegerField(default=0)),
                        ("sha256", models.CharField(blank=True, max_length=64)),
                        ("failure", models.CharField(blank=True, max_length=500)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["workspace", "-asked_at"], name="export_newest")],
                    },
                ),
            ]
        ),
        Protect(
            "exchange_import", columns=["workspace_id", "by_id", "name", "answers", "state", "undone_by_id"]
        ),
        Protect(
            "exchange_export",
            columns=["workspace_id", "by_id", "state", "ready_at", "expires_at", "size", "sha256", "failure"],
        ),
    ]
