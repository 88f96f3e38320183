"""The tables of this room, which change only together with a ledger event; of a voice what was mailed stands beside."""

import django.db.models.deletion
from django.db import migrations, models

import quarterdeck.core.ids
from quarterdeck.core.tables import Tables
from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("consent", "0001_initial"),
        ("consent", "0002_protect"),
        ("consent", "0003_plans"),
        ("consent", "0004_protect_plans"),
    ]

    dependencies = [
        ("crew", "0002_guards"),
        ("ledger", "0001_tables"),
        ("publishing", "0001_tables"),
        ("stakeholders", "0001_tables"),
    ]

    operations = [
        Tables(
            [
                migrations.CreateModel(
                    name="ConflictRules",
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
                        ("audience_hours", models.PositiveSmallIntegerField(default=24)),
                        ("audiences", models.JSONField(blank=True, default=list)),
                        ("per_day", models.PositiveSmallIntegerField(null=True)),
                        ("per_week", models.PositiveSmallIntegerField(null=True)),
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
                    name="Against",
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
                            "one",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="publishing.label",
                            ),
                        ),
                        (
                            "other",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="publishing.label",
                            ),
                        ),
                        ("days", models.PositiveSmallIntegerField()),
                        ("why", models.CharField(blank=True, max_length=200)),
                        ("made_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("one", models.F("other")), _negated=True),
                                name="against_another",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("workspace", "one", "other"),
                                name="against_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Conflict",
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
                                related_name="conflicts",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("slot", "Same slot"),
                                    ("audience", "Same audience"),
                                    ("closed", "Closed date"),
                                    ("message", "Contradicting messages"),
                                    ("overuse", "Too much on a channel"),
                                    ("room", "No room in the week"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("key", models.CharField(max_length=40)),
                        ("sides", models.JSONField()),
                        ("at", models.DateTimeField()),
                        ("stands", models.CharField(max_length=20)),
                        ("facts", models.JSONField(blank=True, default=dict)),
                        ("found_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "open"),
                                    ("settled", "settled"),
                                    ("kept", "kept as it is, with a reason"),
                                    ("gone", "gone by itself"),
                                    ("passed", "happened unsettled"),
                                ],
                                default="open",
                                max_length=7,
                            ),
                        ),
                        ("state_at", models.DateTimeField()),
                        ("word", models.CharField(blank=True, max_length=1000)),
                        ("decision", models.UUIDField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "open")),
                                fields=["workspace", "at"],
                                name="conflict_open",
                            ),
                            models.Index(fields=["workspace", "-found_at"], name="conflict_found"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("workspace", "key"), name="conflict_found_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PointsTable",
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
                        ("number", models.PositiveIntegerField()),
                        ("must", models.PositiveSmallIntegerField(default=100)),
                        ("good", models.PositiveSmallIntegerField(default=60)),
                        ("free", models.PositiveSmallIntegerField(default=20)),
                        ("weekly_loss", models.PositiveSmallIntegerField(default=25)),
                        ("musts", models.PositiveSmallIntegerField(default=3)),
                        ("reason", models.CharField(max_length=300)),
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
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("workspace", "number"), name="points_version_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("free__gte", 1),
                                    ("good__gte", models.F("free")),
                                    ("must__gte", models.F("good")),
                                    ("must__lte", 100),
                                ),
                                name="points_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DepartmentWeight",
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
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="weights",
                                to="stakeholders.department",
                            ),
                        ),
                        ("hundredths", models.PositiveSmallIntegerField()),
                        ("reason", models.CharField(max_length=300)),
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
                        "indexes": [models.Index(fields=["department", "-set_at"], name="weight_newest")],
                    },
                ),
                migrations.CreateModel(
                    name="FairPlan",
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
                                related_name="fair_plans",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "span",
                            models.CharField(
                                choices=[("month", "a month"), ("quarter", "a quarter")], max_length=7
                            ),
                        ),
                        ("begins", models.DateField()),
                        ("ends", models.DateField()),
                        (
                            "table",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="consent.pointstable",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("working", "being worked out"),
                                    ("proposed", "proposed"),
                                    ("impossible", "not possible as asked"),
                                    ("failed", "not worked out"),
                                    ("adopted", "adopted"),
                                    ("aside", "put aside"),
                                ],
                                default="working",
                                max_length=10,
                            ),
                        ),
                        ("state_at", models.DateTimeField()),
                        ("found", models.JSONField(blank=True, default=dict)),
                        ("log_welfare", models.FloatField(null=True)),
                        ("bound", models.FloatField(null=True)),
                        ("problem", models.CharField(blank=True, max_length=300)),
                        ("word", models.CharField(blank=True, max_length=300)),
                        ("decision", models.UUIDField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["workspace", "-asked_at"], name="fair_plan_recent"),
                            models.Index(
                                condition=models.Q(("state", "proposed")),
                                fields=["workspace"],
                                name="fair_plan_proposed",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("begins__lt", models.F("ends"))),
                                name="fair_plan_has_days",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Held",
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
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="held",
                                to="consent.fairplan",
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="stakeholders.request",
                            ),
                        ),
                        ("channel", models.UUIDField()),
                        ("at", models.DateTimeField()),
                        ("freed_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("freed_at__isnull", True)),
                                fields=("request",),
                                name="held_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Round",
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
                                related_name="rounds",
                                to="crew.workspace",
                            ),
                        ),
                        ("title", models.CharField(max_length=160)),
                        ("proposal", models.TextField(max_length=3000)),
                        ("changes", models.TextField(max_length=1500)),
                        ("last_day", models.DateField()),
                        ("about", models.CharField(blank=True, max_length=60)),
                        ("about_id", models.UUIDField(null=True)),
                        (
                            "opened_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("opened_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "open"),
                                    ("adopted", "adopted"),
                                    ("changed", "adopted with changes"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                default="open",
                                max_length=9,
                            ),
                        ),
                        ("outcome", models.TextField(blank=True, max_length=3000)),
                        ("answer", models.TextField(blank=True, max_length=1000)),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("by_clock", models.BooleanField(default=False)),
                        ("decision", models.UUIDField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["workspace", "-opened_at"], name="round_recent"),
                            models.Index(
                                condition=models.Q(("state", "open")), fields=["last_day"], name="round_open"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("about_id__isnull", False), ("state", "open")),
                                fields=("workspace", "about", "about_id"),
                                name="round_open_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Voice",
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
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="voices",
                                to="consent.round",
                            ),
                        ),
                        (
                            "stakeholder",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stakeholders.stakeholder",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stakeholders.department",
                            ),
                        ),
                        (
                            "link",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.signedlink",
                            ),
                        ),
                        ("token_sealed", models.BinaryField()),
                        (
                            "answer",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "has not answered"),
                                    ("consent", "consents"),
                                    ("objects", "objects"),
                                ],
                                default="",
                                max_length=7,
                            ),
                        ),
                        ("reason", models.TextField(blank=True, max_length=1000)),
                        ("instead", models.TextField(blank=True, max_length=1000)),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("times", models.PositiveSmallIntegerField(default=0)),
                        ("reminded_at", models.DateTimeField(null=True)),
                        ("mailed_at", models.DateTimeField(null=True)),
                        ("mail_problem", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("round", "stakeholder"), name="voice_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answer", "objects"), _negated=True),
                                    models.Q(
                                        models.Q(("reason", ""), _negated=True),
                                        models.Q(("instead", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="voice_objects_with_reason_and_alternative",
                            ),
                        ],
                    },
                ),
            ]
        ),
        Protect("consent_conflictrules"),
        Protect("consent_against"),
        Protect("consent_conflict"),
        Protect("consent_round"),
        Protect(
            "consent_voice",
            columns=[
                "round_id",
                "stakeholder_id",
                "department_id",
                "link_id",
                "token_sealed",
                "answer",
                "reason",
                "instead",
                "answered_at",
                "times",
                "reminded_at",
            ],
        ),
        Protect("consent_pointstable"),
        Protect("consent_departmentweight"),
        Protect("consent_fairplan"),
        Protect("consent_held"),
    ]
