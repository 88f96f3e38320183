"""The tables of this room, which change only together with a ledger event."""

import django.db.models.deletion
from django.db import migrations, models

import quarterdeck.core.ids
from quarterdeck.core.tables import Tables
from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("desk", "0001_initial"),
        ("desk", "0002_protect"),
        ("desk", "0003_week"),
        ("desk", "0004_protect_week"),
    ]

    dependencies = [
        ("crew", "0002_guards"),
        ("ledger", "0001_tables"),
    ]

    operations = [
        Tables(
            [
                migrations.CreateModel(
                    name="Handled",
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
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("key", models.CharField(max_length=200)),
                        ("until", models.DateTimeField(null=True)),
                        ("act", models.UUIDField()),
                        ("reopened_at", models.DateTimeField(null=True)),
                        ("handled_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("member", "key"), name="handled_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandOver",
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
                        ("key", models.CharField(max_length=200)),
                        (
                            "giver",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        (
                            "taker",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=500)),
                        ("act", models.UUIDField()),
                        ("offered_at", models.DateTimeField()),
                        (
                            "answer",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("accepted", "accepted"),
                                    ("declined", "handed back"),
                                    ("withdrawn", "taken back"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("answered_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["taker", "answer"], name="handed_to")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("answer__in", ("", "accepted"))),
                                fields=("giver", "key"),
                                name="handed_over_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Capacity",
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
                        ("points", models.PositiveSmallIntegerField()),
                        (
                            "set_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("set_at", models.DateTimeField()),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="WeekPlan",
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
                        ("monday", models.DateField()),
                        ("items", models.JSONField(default=list)),
                        ("points", models.PositiveSmallIntegerField()),
                        ("holds", models.PositiveSmallIntegerField(null=True)),
                        (
                            "planned_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("planned_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("workspace", "monday"), name="week_planned_once"),
                            models.CheckConstraint(
                                condition=models.Q(("monday__iso_week_day", 1)), name="week_begins_on_monday"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reason",
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
                        ("monday", models.DateField()),
                        ("key", models.CharField(max_length=60)),
                        ("words", models.CharField(max_length=300)),
                        (
                            "said_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("said_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [models.Index(fields=["workspace", "monday"], name="reason_of_week")],
                    },
                ),
            ]
        ),
        Protect("desk_handled"),
        Protect("desk_handover"),
        Protect("desk_capacity"),
        Protect("desk_weekplan"),
        Protect("desk_reason"),
    ]
