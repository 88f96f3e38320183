"""The tables of this room, which change only together with a ledger event."""

import django.db.models.deletion
from django.db import migrations, models

import quarterdeck.core.ids
from quarterdeck.core.tables import Tables
from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("accountability", "0001_initial"),
        ("accountability", "0002_protect"),
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
                    name="Slip",
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
                                related_name="slips",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="slips",
                                to="publishing.post",
                            ),
                        ),
                        (
                            "level",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (1, "A typo or a dead link"),
                                    (2, "A wrong fact, price or name"),
                                    (3, "Harmful, or a legal matter"),
                                ]
                            ),
                        ),
                        ("what", models.CharField(max_length=2000)),
                        ("trace_at", models.DateTimeField()),
                        (
                            "trace_basis",
                            models.CharField(
                                choices=[
                                    ("noticed", "when somebody first noticed it"),
                                    ("flagged", "when it was flagged"),
                                    ("mailed", "when a mail about it was sent"),
                                    ("seen", "when the system saw it"),
                                    ("said", "when it was first said in a comment"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("flagged_at", models.DateTimeField()),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("owned_at", models.DateTimeField(null=True)),
                        ("owned_first_at", models.DateTimeField(null=True)),
                        (
                            "offered_to",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("offered_at", models.DateTimeField(null=True)),
                        ("offered_word", models.CharField(blank=True, max_length=300)),
                        ("declined_word", models.CharField(blank=True, max_length=300)),
                        ("told_at", models.DateTimeField(null=True)),
                        ("told", models.PositiveIntegerField(default=0)),
                        ("corrected_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "ended",
                            models.CharField(
                                blank=True,
                                choices=[("corrected", "corrected"), ("withdrawn", "not a mistake")],
                                max_length=9,
                            ),
                        ),
                        ("ended_reason", models.CharField(blank=True, max_length=1000)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=["workspace", "-flagged_at"],
                                name="slip_open",
                            ),
                            models.Index(fields=["workspace", "-ended_at"], name="slip_ended"),
                            models.Index(
                                condition=models.Q(
                                    ("corrected_at__isnull", False), ("ended_at__isnull", True)
                                ),
                                fields=["workspace"],
                                name="slip_being_corrected",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("post",),
                                name="slip_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("trace_at__lte", models.F("flagged_at"))),
                                name="slip_trace_first",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_at__isnull", True),
                                    models.Q(("offered_to__isnull", True), ("owner__isnull", True)),
                                    _connector="OR",
                                ),
                                name="slip_ended_names_nobody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Flag",
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
                            "slip",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="flags",
                                to="accountability.slip",
                            ),
                        ),
                        (
                            "level",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (1, "A typo or a dead link"),
                                    (2, "A wrong fact, price or name"),
                                    (3, "Harmful, or a legal matter"),
                                ]
                            ),
                        ),
                        ("text", models.CharField(max_length=2000)),
                        (
                            "way",
                            models.CharField(
                                choices=[
                                    ("page", "from a page"),
                                    ("link", "by a signed link"),
                                    ("mail", "by mail"),
                                    ("system", "by the system"),
                                ],
                                max_length=6,
                            ),
                        ),
                        ("noticed_at", models.DateTimeField(null=True)),
                        ("flagged_at", models.DateTimeField()),
                        (
                            "member",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        (
                            "link",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="crew.signedlink",
                            ),
                        ),
                        ("sender", models.EmailField(blank=True, max_length=254)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["slip", "flagged_at"], name="flag_of_slip")],
                    },
                ),
                migrations.CreateModel(
                    name="Correction",
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
                            "slip",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="correction",
                                to="accountability.slip",
                            ),
                        ),
                        ("wrong", models.CharField(max_length=1000)),
                        ("why", models.CharField(blank=True, max_length=1000)),
                        ("fix", models.CharField(blank=True, max_length=1000)),
                        ("prevention", models.CharField(blank=True, max_length=1000)),
                        ("note", models.CharField(blank=True, max_length=2000)),
                        ("made_at", models.DateTimeField()),
                        ("listed", models.BooleanField(default=False)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Coverage",
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
                            "correction",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="coverage",
                                to="accountability.correction",
                            ),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="channels.channel",
                            ),
                        ),
                        (
                            "how",
                            models.CharField(
                                choices=[
                                    ("edit", "Edit it, with a visible note"),
                                    ("reply", "Reply to it"),
                                    ("repost", "Take it down and post it again, with an explanation"),
                                    ("leave", "Leave it, with a reason"),
                                ],
                                max_length=6,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=1000)),
                        (
                            "post",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrects",
                                to="publishing.post",
                            ),
                        ),
                        ("begun_at", models.DateTimeField()),
                        ("done_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("correction", "channel"), name="coverage_once_a_channel"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("how", "leave"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="coverage_left_with_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Draft",
                    fields=[
                        (
                            "slip",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="draft",
                                serialize=False,
                                to="accountability.slip",
                            ),
                        ),
                        ("typed", models.JSONField(default=dict)),
                        ("kept_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Promise",
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
                            "brand",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="promise",
                                to="crew.brand",
                            ),
                        ),
                        ("promise_hours", models.PositiveSmallIntegerField(default=24)),
                        ("public", models.BooleanField(default=False)),
                        ("findable", models.BooleanField(default=False)),
                        ("address", models.SlugField(max_length=80, unique=True)),
                        ("about", models.CharField(blank=True, max_length=500)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
            ]
        ),
        Protect("accountability_slip"),
        Protect("accountability_flag"),
        Protect("accountability_correction"),
        Protect("accountability_coverage"),
        Protect("accountability_promise"),
    ]
