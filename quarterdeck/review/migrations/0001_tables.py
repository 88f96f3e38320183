"""The tables of this room, which change only together with a ledger event."""

import django.db.models.deletion
from django.db import migrations, models

import quarterdeck.core.ids
from quarterdeck.core.tables import Tables
from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("review", "0001_initial"),
        ("review", "0002_protect"),
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
                    name="Guest",
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
                                related_name="guests",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="guests",
                                to="publishing.post",
                            ),
                        ),
                        (
                            "link",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="guest",
                                to="crew.signedlink",
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("address", models.EmailField(blank=True, max_length=254)),
                        ("may_comment", models.BooleanField(default=True)),
                        ("may_suggest", models.BooleanField(default=True)),
                        ("may_approve", models.BooleanField(default=False)),
                        (
                            "invited_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("invited_at", models.DateTimeField()),
                        ("mailed_at", models.DateTimeField(null=True)),
                        ("mail_problem", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["post", "-invited_at"], name="guest_of_post")],
                    },
                ),
                migrations.CreateModel(
                    name="Comment",
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
                                related_name="comments",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="comments",
                                to="publishing.post",
                            ),
                        ),
                        ("version", models.PositiveIntegerField()),
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
                            "guest",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="comments",
                                to="review.guest",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="replies",
                                to="review.comment",
                            ),
                        ),
                        ("text", models.TextField(blank=True, max_length=2000)),
                        ("said_at", models.DateTimeField()),
                        (
                            "about",
                            models.CharField(
                                choices=[
                                    ("whole", "Whole"),
                                    ("phrase", "Phrase"),
                                    ("spot", "Spot"),
                                    ("second", "Second"),
                                ],
                                default="whole",
                                max_length=6,
                            ),
                        ),
                        ("part", models.PositiveSmallIntegerField(default=0)),
                        ("quote", models.CharField(blank=True, max_length=1000)),
                        ("before", models.CharField(blank=True, max_length=40)),
                        ("after", models.CharField(blank=True, max_length=40)),
                        ("start", models.PositiveIntegerField(default=0)),
                        ("file", models.CharField(blank=True, max_length=32)),
                        ("x", models.FloatField(null=True)),
                        ("y", models.FloatField(null=True)),
                        ("second", models.FloatField(null=True)),
                        ("instead", models.CharField(max_length=1000, null=True)),
                        (
                            "settled",
                            models.CharField(
                                blank=True,
                                choices=[("taken", "Taken"), ("declined", "Declined")],
                                max_length=8,
                            ),
                        ),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("settled_word", models.CharField(blank=True, max_length=300)),
                        ("resolved_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["post", "said_at"], name="comment_of_post")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("guest__isnull", True), ("member__isnull", False)),
                                    models.Q(("guest__isnull", False), ("member__isnull", True)),
                                    _connector="OR",
                                ),
                                name="comment_by_somebody",
                            )
                        ],
                    },
                ),
            ]
        ),
        Protect("review_comment"),
        Protect(
            "review_guest",
            columns=[
                "post_id",
                "link_id",
                "name",
                "address",
                "may_comment",
                "may_suggest",
                "may_approve",
                "invited_by_id",
                "invited_at",
            ],
        ),
    ]
