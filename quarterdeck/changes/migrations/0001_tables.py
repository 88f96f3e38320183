"""The table of this room, which changes only together with a ledger event; a lease and its attempts are no state."""

import django.db.models.deletion
from django.db import migrations, models

import quarterdeck.core.ids
from quarterdeck.core.tables import Tables
from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("changes", "0001_initial"),
        ("changes", "0002_protect"),
    ]

    dependencies = [
        ("crew", "0002_guards"),
        ("ledger", "0001_tables"),
        ("publishing", "0001_tables"),
    ]

    operations = [
        Tables(
            [
                migrations.CreateModel(
                    name="Change",
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
                                related_name="changes",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "delivery",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="changes",
                                to="publishing.delivery",
                            ),
                        ),
                        (
                            "how",
                            models.CharField(choices=[("edit", "edit"), ("remove", "removal")], max_length=6),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("owner", "Owner"),
                                    ("lead", "Lead"),
                                    ("author", "Author"),
                                    ("approver", "Approver"),
                                    ("analyst", "Analyst"),
                                    ("observer", "Observer"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("reason", models.CharField(blank=True, max_length=500)),
                        ("before", models.TextField(blank=True)),
                        ("text", models.TextField(blank=True)),
                        ("version", models.PositiveIntegerField()),
                        ("text_hash", models.CharField(max_length=64)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "planned"),
                                    ("sending", "being made"),
                                    ("unknown", "not known"),
                                    ("handed", "handed out"),
                                    ("done", "done"),
                                    ("refused", "refused"),
                                    ("left", "left as it is"),
                                ],
                                default="planned",
                                max_length=8,
                            ),
                        ),
                        ("attempt", models.PositiveIntegerField(default=0)),
                        ("lease_until", models.DateTimeField(null=True)),
                        ("try_at", models.DateTimeField()),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        ("lost", models.BooleanField(default=False)),
                        ("payload", models.JSONField(null=True)),
                        ("payload_hash", models.CharField(blank=True, max_length=64)),
                        ("failure", models.CharField(blank=True, max_length=1000)),
                        ("evidence", models.CharField(blank=True, max_length=2000)),
                        ("person_at", models.DateTimeField(null=True)),
                        (
                            "handed_to",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("handed_at", models.DateTimeField(null=True)),
                        ("said", models.BooleanField(default=False)),
                        ("began_at", models.DateTimeField(null=True)),
                        ("done_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("state__in", ("planned", "sending")),
                                    models.Q(("person_at__isnull", True), ("state", "unknown")),
                                    _connector="OR",
                                ),
                                fields=["try_at"],
                                name="change_open",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("state__in", ("planned", "handed", "refused")),
                                    models.Q(("person_at__isnull", False), ("state", "unknown")),
                                    _connector="OR",
                                ),
                                fields=["workspace", "-asked_at"],
                                name="change_asks",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("state__in", ("planned", "sending", "unknown", "handed"))
                                ),
                                fields=("delivery", "how"),
                                name="change_open_once",
                            )
                        ],
                    },
                ),
            ]
        ),
        Protect(
            "changes_change",
            columns=[
                "delivery_id",
                "how",
                "role",
                "asked_at",
                "reason",
                "before",
                "text",
                "version",
                "text_hash",
                "state",
                "payload_hash",
                "failure",
                "person_at",
                "handed_to_id",
                "handed_at",
                "said",
                "done_at",
                "ended_at",
            ],
        ),
    ]
