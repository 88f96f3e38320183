"""The tables of slips, flags, corrections and promises."""

import django.db.models.deletion
from django.db import migrations, models

import quarterdeck.core.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("channels", "0006_sandbox_changes"),
        ("crew", "0003_member_stand_in"),
        ("publishing", "0008_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Slip",
            fields=[
                ("ledger_event_id", models.UUIDField()),
                (
                    "id",
                    models.UUIDField(
                        default=quarterdeck.core.ids.new, editable=False, primary_key=True, serialize=False
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
                ("owned_at", models.DateTimeField(null=True)),
                ("owned_first_at", models.DateTimeField(null=True)),
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
                (
                    "offered_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crew.member",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crew.member",
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
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="slips", to="crew.workspace"
                    ),
                ),
            ],
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
            name="Correction",
            fields=[
                ("ledger_event_id", models.UUIDField()),
                (
                    "id",
                    models.UUIDField(
                        default=quarterdeck.core.ids.new, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("wrong", models.CharField(max_length=1000)),
                ("why", models.CharField(blank=True, max_length=1000)),
                ("fix", models.CharField(blank=True, max_length=1000)),
                ("prevention", models.CharField(blank=True, max_length=1000)),
                ("note", models.CharField(blank=True, max_length=2000)),
                ("made_at", models.DateTimeField()),
                ("listed", models.BooleanField(default=False)),
                (
                    "slip",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="correction",
                        to="accountability.slip",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Flag",
            fields=[
                ("ledger_event_id", models.UUIDField()),
                (
                    "id",
                    models.UUIDField(
                        default=quarterdeck.core.ids.new, editable=False, primary_key=True, serialize=False
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
                ("sender", models.EmailField(blank=True, max_length=254)),
                (
                    "link",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="crew.signedlink",
                    ),
                ),
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
                    "slip",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flags",
                        to="accountability.slip",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("ledger_event_id", models.UUIDField()),
                (
                    "id",
                    models.UUIDField(
                        default=quarterdeck.core.ids.new, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("promise_hours", models.PositiveSmallIntegerField(default=24)),
                ("public", models.BooleanField(default=False)),
                ("findable", models.BooleanField(default=False)),
                ("address", models.SlugField(max_length=80, unique=True)),
                ("about", models.CharField(blank=True, max_length=500)),
                (
                    "brand",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="promise", to="crew.brand"
                    ),
                ),
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
                        default=quarterdeck.core.ids.new, editable=False, primary_key=True, serialize=False
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
                ("begun_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="channels.channel"
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
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrects",
                        to="publishing.post",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("correction", "channel"), name="coverage_once_a_channel"),
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
        migrations.AddIndex(
            model_name="slip",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["workspace", "-flagged_at"],
                name="slip_open",
            ),
        ),
        migrations.AddIndex(
            model_name="slip",
            index=models.Index(fields=["workspace", "-ended_at"], name="slip_ended"),
        ),
        migrations.AddIndex(
            model_name="slip",
            index=models.Index(
                condition=models.Q(("corrected_at__isnull", False), ("ended_at__isnull", True)),
                fields=["workspace"],
                name="slip_being_corrected",
            ),
        ),
        migrations.AddConstraint(
            model_name="slip",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("post",), name="slip_open_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="slip",
            constraint=models.CheckConstraint(
                condition=models.Q(("trace_at__lte", models.F("flagged_at"))), name="slip_trace_first"
            ),
        ),
        migrations.AddConstraint(
            model_name="slip",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True),
                    models.Q(("offered_to__isnull", True), ("owner__isnull", True)),
                    _connector="OR",
                ),
                name="slip_ended_names_nobody",
            ),
        ),
        migrations.AddIndex(
            model_name="flag",
            index=models.Index(fields=["slip", "flagged_at"], name="flag_of_slip"),
        ),
    ]
