"""The tables of this room; a channel changes only together with a ledger event."""

import django.db.models.deletion
from django.db import migrations, models

import quarterdeck.core.ids
from quarterdeck.core.tables import Tables
from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("channels", "0001_initial"),
        ("channels", "0002_protect"),
        ("channels", "0003_connections"),
        ("channels", "0004_sandbox_pictures"),
        ("channels", "0005_checkup_without_attempt"),
        ("channels", "0006_sandbox_changes"),
    ]

    dependencies = [
        ("crew", "0002_guards"),
        ("ledger", "0001_tables"),
    ]

    operations = [
        Tables(
            [
                migrations.CreateModel(
                    name="SandboxAccount",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("handle", models.SlugField(max_length=60, unique=True)),
                        ("name", models.CharField(max_length=80)),
                        ("created_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="SandboxPost",
                    fields=[
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
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="posts",
                                to="channels.sandboxaccount",
                            ),
                        ),
                        ("client_key", models.CharField(max_length=64, unique=True)),
                        ("text", models.TextField()),
                        ("images", models.JSONField(blank=True, default=list)),
                        (
                            "answers",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answered_by",
                                to="channels.sandboxpost",
                            ),
                        ),
                        ("posted_at", models.DateTimeField()),
                        ("edited_at", models.DateTimeField(null=True)),
                        ("earlier", models.JSONField(blank=True, default=list)),
                        ("taken_down_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["account", "-posted_at"], name="sandbox_feed")],
                    },
                ),
                migrations.CreateModel(
                    name="SandboxFile",
                    fields=[
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
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="channels.sandboxaccount",
                            ),
                        ),
                        ("sha256", models.CharField(max_length=64)),
                        ("mime", models.CharField(max_length=80)),
                        ("width", models.PositiveIntegerField()),
                        ("height", models.PositiveIntegerField()),
                        ("data", models.BinaryField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("account", "sha256"), name="sandbox_file_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Channel",
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
                                related_name="channels",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "brand",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="channels",
                                to="crew.brand",
                            ),
                        ),
                        ("network", models.CharField(max_length=24)),
                        ("handle", models.CharField(max_length=120)),
                        ("name", models.CharField(max_length=80)),
                        ("by_hand", models.BooleanField(default=False)),
                        ("remote_id", models.CharField(blank=True, max_length=200)),
                        ("server", models.CharField(blank=True, max_length=200)),
                        ("facts", models.JSONField(blank=True, default=dict)),
                        (
                            "connected_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("connected_at", models.DateTimeField()),
                        (
                            "disconnected_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("disconnected_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("disconnected_at__isnull", True)),
                                fields=("workspace", "network", "handle", "server", "by_hand"),
                                name="channel_connected_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Credential",
                    fields=[
                        (
                            "channel",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="credential",
                                serialize=False,
                                to="channels.channel",
                            ),
                        ),
                        ("sealed", models.BinaryField()),
                        ("expires_at", models.DateTimeField(null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("changed_at", models.DateTimeField()),
                        ("renewing_until", models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Beginning",
                    fields=[
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
                        (
                            "brand",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="crew.brand"
                            ),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="channels.channel",
                            ),
                        ),
                        ("network", models.CharField(max_length=24)),
                        ("sealed", models.BinaryField()),
                        ("state_hash", models.BinaryField(unique=True)),
                        ("begun_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("used_at", models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Checkup",
                    fields=[
                        (
                            "channel",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="checkup",
                                serialize=False,
                                to="channels.channel",
                            ),
                        ),
                        ("next_at", models.DateTimeField()),
                        ("failures", models.PositiveIntegerField(default=0)),
                        ("looked_at", models.DateTimeField(null=True)),
                        ("well_at", models.DateTimeField(null=True)),
                        ("failed_at", models.DateTimeField(null=True)),
                        ("failure", models.TextField(blank=True)),
                        ("reconnect", models.BooleanField(default=False)),
                        ("since", models.DateTimeField(null=True)),
                        ("expires_at", models.DateTimeField(null=True)),
                        ("life", models.DurationField(null=True)),
                        ("ends_soon", models.BooleanField(default=False)),
                        ("missing", models.JSONField(default=list)),
                        ("left", models.JSONField(default=list)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["next_at"], name="checkup_due")],
                    },
                ),
                migrations.CreateModel(
                    name="FirstLook",
                    fields=[
                        (
                            "channel",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="first_look",
                                serialize=False,
                                to="channels.channel",
                            ),
                        ),
                        ("since", models.DateTimeField()),
                        ("asked_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("found", models.PositiveIntegerField(default=0)),
                        ("cut", models.BooleanField(default=False)),
                        ("failure", models.TextField(blank=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="RemotePost",
                    fields=[
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
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="remote_posts",
                                to="channels.channel",
                            ),
                        ),
                        ("remote_id", models.CharField(max_length=400)),
                        ("url", models.CharField(blank=True, max_length=600)),
                        ("details", models.JSONField(blank=True, default=dict)),
                        ("posted_at", models.DateTimeField()),
                        ("text", models.TextField(blank=True)),
                        ("ours", models.BooleanField(default=False)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["channel", "-posted_at"], name="remote_post_newest")
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("channel", "remote_id"), name="remote_post_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Snapshot",
                    fields=[
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
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="snapshots",
                                to="channels.remotepost",
                            ),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="channels.channel",
                            ),
                        ),
                        ("age_hours", models.PositiveSmallIntegerField(null=True)),
                        ("due_at", models.DateTimeField()),
                        ("latest_at", models.DateTimeField()),
                        ("try_at", models.DateTimeField(null=True)),
                        ("attempt", models.PositiveIntegerField(default=0)),
                        ("taken_at", models.DateTimeField(null=True)),
                        ("counts", models.JSONField(blank=True, default=dict)),
                        ("gone", models.BooleanField(default=False)),
                        ("reason", models.CharField(blank=True, max_length=500)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("try_at__isnull", False)),
                                fields=["channel", "try_at"],
                                name="snapshot_due",
                            ),
                            models.Index(
                                condition=models.Q(("try_at__isnull", False)),
                                fields=["latest_at"],
                                name="snapshot_latest",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("post", "age_hours"),
                                name="snapshot_once_per_age",
                                nulls_distinct=False,
                            )
                        ],
                    },
                ),
            ]
        ),
        Protect("channels_channel"),
    ]
