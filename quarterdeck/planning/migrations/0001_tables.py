"""The tables of this room, which change only together with a ledger event."""

import django.db.models.deletion
from django.db import migrations, models

import quarterdeck.core.ids
import quarterdeck.planning.models
from quarterdeck.core.tables import Tables
from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("planning", "0001_initial"),
        ("planning", "0002_protect"),
        ("planning", "0003_series_watcher"),
    ]

    dependencies = [
        ("channels", "0001_tables"),
        ("crew", "0002_guards"),
        ("ledger", "0001_tables"),
        ("publishing", "0001_tables"),
    ]

    operations = [
        Tables(
            [
                migrations.CreateModel(
                    name="Rules",
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
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="crew.workspace",
                            ),
                        ),
                        ("days", models.JSONField(default=quarterdeck.planning.models._weekdays)),
                        ("opens", models.CharField(default="09:00", max_length=5)),
                        ("closes", models.CharField(default="18:00", max_length=5)),
                        ("near_minutes", models.PositiveSmallIntegerField(default=30)),
                        ("markets", models.JSONField(blank=True, default=list)),
                        (
                            "changed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("changed_at", models.DateTimeField()),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="WeeklySlot",
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
                                related_name="+",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="slots",
                                to="channels.channel",
                            ),
                        ),
                        ("weekday", models.PositiveSmallIntegerField()),
                        ("wall", models.CharField(max_length=5)),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        ("removed_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("removed_at__isnull", True)),
                                fields=("channel", "weekday", "wall"),
                                name="slot_stands_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Span",
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
                                related_name="+",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("launch", "Launch"),
                                    ("quiet", "Quiet period"),
                                    ("blackout", "Blackout"),
                                    ("embargo", "Embargo"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("title", models.CharField(max_length=120)),
                        ("begins", models.CharField(blank=True, max_length=16)),
                        ("ends", models.CharField(max_length=16)),
                        ("zone", models.CharField(max_length=64)),
                        ("begins_at", models.DateTimeField(null=True)),
                        ("ends_at", models.DateTimeField()),
                        ("blocks", models.BooleanField(default=False)),
                        (
                            "scope",
                            models.CharField(
                                choices=[
                                    ("workspace", "Everything"),
                                    ("brand", "A brand"),
                                    ("channel", "A channel"),
                                    ("label", "A label"),
                                    ("post", "One post"),
                                ],
                                default="workspace",
                                max_length=10,
                            ),
                        ),
                        ("target", models.UUIDField(null=True)),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        ("removed_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("removed_at__isnull", True)),
                                fields=["workspace", "ends_at"],
                                name="span_standing",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Layer",
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
                                related_name="+",
                                to="crew.workspace",
                            ),
                        ),
                        ("title", models.CharField(max_length=80)),
                        ("sealed", models.BinaryField(null=True)),
                        ("host", models.CharField(blank=True, max_length=200)),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        ("removed_at", models.DateTimeField(null=True)),
                        ("read_at", models.DateTimeField(null=True)),
                        ("problem", models.CharField(blank=True, max_length=500)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="LayerDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "layer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="days",
                                to="planning.layer",
                            ),
                        ),
                        ("first", models.DateField()),
                        ("last", models.DateField()),
                        ("title", models.CharField(max_length=200)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["layer", "first"], name="layer_day_first")],
                    },
                ),
                migrations.CreateModel(
                    name="Series",
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
                                related_name="+",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="publishing.post",
                            ),
                        ),
                        ("rule", models.CharField(max_length=300)),
                        ("wall", models.CharField(max_length=16)),
                        ("zone", models.CharField(max_length=64)),
                        ("ahead_days", models.PositiveSmallIntegerField(default=28)),
                        (
                            "watcher",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Occurrence",
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
                            "series",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="occurrences",
                                to="planning.series",
                            ),
                        ),
                        ("wall", models.CharField(max_length=16)),
                        (
                            "post",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="publishing.post",
                            ),
                        ),
                        ("problem", models.CharField(blank=True, max_length=500)),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("series", "wall"), name="occurrence_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Watch",
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
                                related_name="+",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="publishing.post",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("due_at", models.DateTimeField()),
                        (
                            "named_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("named_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("post",),
                                name="watch_named_once",
                            )
                        ],
                    },
                ),
            ]
        ),
        Protect("planning_rules"),
        Protect("planning_weeklyslot"),
        Protect("planning_span"),
        Protect("planning_layer", columns=["title", "host", "removed_at"]),
        Protect("planning_series"),
        Protect("planning_occurrence"),
        Protect("planning_watch"),
    ]
