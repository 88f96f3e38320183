"""The tables of this room, which change only together with a ledger event."""

import django.db.models.deletion
from django.db import migrations, models

import quarterdeck.core.ids
from quarterdeck.core.tables import Tables
from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("ideas", "0001_initial"),
        ("ideas", "0002_protect"),
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
                    name="Idea",
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
                                related_name="ideas",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("idea", "An idea of ours"), ("swipe", "Somebody else’s post")],
                                default="idea",
                                max_length=5,
                            ),
                        ),
                        (
                            "way",
                            models.CharField(
                                choices=[
                                    ("form", "typed in"),
                                    ("bookmarklet", "kept from a page"),
                                    ("share", "shared from a phone"),
                                    ("mail", "sent by mail"),
                                ],
                                default="form",
                                max_length=12,
                            ),
                        ),
                        ("title", models.CharField(max_length=200)),
                        ("link", models.CharField(blank=True, max_length=2000)),
                        ("words", models.TextField(blank=True, max_length=5000)),
                        ("why", models.TextField(blank=True, max_length=2000)),
                        ("images", models.JSONField(blank=True, default=list)),
                        ("tags", models.JSONField(blank=True, default=list)),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        ("changed_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("idea", "Ideas"),
                                    ("brief", "Brief"),
                                    ("making", "Making"),
                                    ("reviewing", "Review"),
                                    ("ready", "Ready"),
                                ],
                                default="idea",
                                max_length=9,
                            ),
                        ),
                        ("state_at", models.DateTimeField()),
                        ("aside_at", models.DateTimeField(null=True)),
                        ("audience", models.CharField(blank=True, max_length=300)),
                        ("message", models.TextField(blank=True, max_length=2000)),
                        ("proof", models.TextField(blank=True, max_length=1000)),
                        (
                            "format",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("text", "Text"),
                                    ("picture", "Picture"),
                                    ("carousel", "Carousel"),
                                    ("video", "Video"),
                                    ("story", "Story"),
                                    ("other", "Something else"),
                                ],
                                max_length=8,
                            ),
                        ),
                        (
                            "size",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("S", "S, about an hour"),
                                    ("M", "M, about a day"),
                                    ("L", "L, several days"),
                                ],
                                max_length=1,
                            ),
                        ),
                        ("due", models.DateField(null=True)),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("owner_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["workspace", "state", "-state_at"], name="idea_on_the_board"
                            ),
                            models.Index(
                                condition=models.Q(("aside_at__isnull", True), ("state", "making")),
                                fields=["owner"],
                                name="idea_being_made",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Step",
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
                            "idea",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="ideas.idea",
                            ),
                        ),
                        (
                            "before",
                            models.CharField(
                                choices=[
                                    ("idea", "Ideas"),
                                    ("brief", "Brief"),
                                    ("making", "Making"),
                                    ("reviewing", "Review"),
                                    ("ready", "Ready"),
                                ],
                                max_length=9,
                            ),
                        ),
                        (
                            "after",
                            models.CharField(
                                choices=[
                                    ("idea", "Ideas"),
                                    ("brief", "Brief"),
                                    ("making", "Making"),
                                    ("reviewing", "Review"),
                                    ("ready", "Ready"),
                                ],
                                max_length=9,
                            ),
                        ),
                        (
                            "moved_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("moved_at", models.DateTimeField()),
                        ("act", models.UUIDField()),
                        ("gave_owner", models.BooleanField(default=False)),
                        ("undone_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Origin",
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
                            "idea",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="origins",
                                to="ideas.idea",
                            ),
                        ),
                        (
                            "post",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="publishing.post",
                            ),
                        ),
                        (
                            "promoted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("promoted_at", models.DateTimeField()),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Address",
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
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("token_hash", models.BinaryField(max_length=32, unique=True)),
                        ("token_sealed", models.BinaryField()),
                        ("opened_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=("member",),
                                name="idea_address_once",
                            )
                        ],
                    },
                ),
            ]
        ),
        Protect("ideas_idea"),
        Protect("ideas_step"),
        Protect("ideas_origin"),
        Protect("ideas_address"),
    ]
