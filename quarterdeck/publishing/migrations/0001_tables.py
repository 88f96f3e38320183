"""The tables of this room, which change only together with a ledger event."""

import django.db.models.deletion
from django.db import migrations, models

import quarterdeck.core.ids
from quarterdeck.core.tables import Tables
from quarterdeck.ledger.protect import Protect

DELIVERY = [
    "post_id",
    "channel_id",
    "wall",
    "zone",
    "fold",
    "due_at",
    "latest_at",
    "state",
    "client_key",
    "part",
    "after_id",
    "text",
    "payload_hash",
    "remote_id",
    "url",
    "failure",
    "asked_at",
    "handed_to_id",
    "handed_at",
    "said_by_id",
    "opened_by",
    "closed_by",
    "edited_at",
    "removed_at",
    "closed_why",
]


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("publishing", "0001_initial"),
        ("publishing", "0002_protect"),
        ("publishing", "0003_parts"),
        ("publishing", "0004_clearing"),
        ("publishing", "0005_composer"),
        ("publishing", "0006_making"),
        ("publishing", "0007_short_links"),
        ("publishing", "0008_changes"),
        ("publishing", "0009_purpose"),
        ("publishing", "0010_size"),
    ]

    dependencies = [
        ("channels", "0001_tables"),
        ("crew", "0002_guards"),
        ("ledger", "0001_tables"),
        ("strategy", "0001_tables"),
        ("studio", "0001_tables"),
    ]

    operations = [
        Tables(
            [
                migrations.CreateModel(
                    name="Label",
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
                                related_name="labels",
                                to="crew.workspace",
                            ),
                        ),
                        ("name", models.CharField(max_length=40)),
                        ("latest_minutes", models.PositiveIntegerField(null=True)),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("workspace", "name"), name="label_named_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Post",
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
                                related_name="posts",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "brand",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="posts",
                                to="crew.brand",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("text", models.TextField(max_length=20000)),
                        ("images", models.JSONField(blank=True, default=list)),
                        ("following", models.JSONField(blank=True, default=list)),
                        ("overrides", models.JSONField(blank=True, default=dict)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("post", "Post"),
                                    ("thread", "Thread"),
                                    ("carousel", "Carousel"),
                                    ("document", "Document"),
                                    ("story", "Story"),
                                    ("reel", "Reel or short"),
                                    ("poll", "Poll"),
                                ],
                                default="post",
                                max_length=10,
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
                        ("language", models.CharField(blank=True, max_length=35)),
                        ("version_of", models.UUIDField(db_index=True, null=True)),
                        (
                            "answers",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answered_by",
                                to="publishing.post",
                            ),
                        ),
                        ("answers_part", models.PositiveSmallIntegerField(default=0)),
                        ("card", models.JSONField(null=True)),
                        ("terms", models.JSONField(blank=True, default=dict)),
                        ("text_hash", models.CharField(max_length=64)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "answerable",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("latest_minutes", models.PositiveIntegerField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("changed_at", models.DateTimeField()),
                        (
                            "changed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("discarded_at", models.DateTimeField(null=True)),
                        ("labels", models.ManyToManyField(related_name="posts", to="publishing.label")),
                        ("channels", models.ManyToManyField(related_name="+", to="channels.channel")),
                    ],
                    options={
                        "indexes": [models.Index(fields=["workspace", "-changed_at"], name="post_recent")],
                    },
                ),
                migrations.CreateModel(
                    name="Ask",
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
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="asks",
                                to="publishing.post",
                            ),
                        ),
                        ("text_hash", models.CharField(max_length=64)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "ended_how",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("approved", "Approved"),
                                    ("returned", "Returned"),
                                    ("overtaken", "Overtaken"),
                                ],
                                max_length=10,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("post",),
                                name="ask_open_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Approval",
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
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="approvals",
                                to="publishing.post",
                            ),
                        ),
                        ("text_hash", models.CharField(max_length=64)),
                        (
                            "approved_by",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.signedlink",
                            ),
                        ),
                        ("guest", models.CharField(blank=True, max_length=120)),
                        ("guest_address", models.EmailField(blank=True, max_length=254)),
                        ("approved_at", models.DateTimeField()),
                        ("note", models.CharField(blank=True, max_length=500)),
                        ("alone", models.BooleanField(default=False)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_at__isnull", True)),
                                fields=("post", "text_hash", "approved_by"),
                                name="approval_once_a_member",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_at__isnull", True)),
                                fields=("post", "text_hash", "link"),
                                name="approval_once_a_link",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("approved_by__isnull", False), ("link__isnull", True)),
                                    models.Q(("approved_by__isnull", True), ("link__isnull", False)),
                                    _connector="OR",
                                ),
                                name="approval_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Return",
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
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="returns",
                                to="publishing.post",
                            ),
                        ),
                        ("text_hash", models.CharField(max_length=64)),
                        (
                            "returned_by",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.signedlink",
                            ),
                        ),
                        ("guest", models.CharField(blank=True, max_length=120)),
                        ("returned_at", models.DateTimeField()),
                        ("reason", models.CharField(max_length=1000)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Clearance",
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
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="clearances",
                                to="publishing.post",
                            ),
                        ),
                        ("text_hash", models.CharField(max_length=64)),
                        (
                            "given",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="publishing.approval",
                            ),
                        ),
                        (
                            "carried_from",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="publishing.clearance",
                            ),
                        ),
                        ("cleared_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("post", "text_hash"),
                                name="clearance_stands_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Policy",
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
                                related_name="policies",
                                to="crew.workspace",
                            ),
                        ),
                        ("name", models.CharField(max_length=60)),
                        (
                            "brand",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="crew.brand",
                            ),
                        ),
                        (
                            "label",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="publishing.label",
                            ),
                        ),
                        ("steps", models.JSONField(default=list)),
                        ("ordered", models.BooleanField(default=False)),
                        (
                            "own",
                            models.CharField(
                                choices=[
                                    ("alone", "only when nobody else is in the workspace"),
                                    ("allowed", "yes, where a step names them"),
                                    ("never", "never"),
                                ],
                                default="alone",
                                max_length=8,
                            ),
                        ),
                        ("small_edits", models.BooleanField(default=False)),
                        ("phrases", models.JSONField(blank=True, default=list)),
                        ("claim_labels", models.JSONField(blank=True, default=list)),
                        ("deadline_hours", models.PositiveSmallIntegerField(null=True)),
                        ("reminders", models.JSONField(blank=True, default=list)),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        ("retired_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "verbose_name_plural": "policies",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("retired_at__isnull", True)),
                                fields=("workspace", "brand", "label"),
                                name="policy_once_a_place",
                                nulls_distinct=False,
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PostVersion",
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
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="publishing.post",
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("parts", models.JSONField()),
                        ("besides", models.JSONField(blank=True, default=dict)),
                        ("text_hash", models.CharField(max_length=64)),
                        (
                            "saved_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("saved_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("post", "number"), name="version_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reminder",
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
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reminders",
                                to="publishing.post",
                            ),
                        ),
                        ("text_hash", models.CharField(max_length=64)),
                        ("due_at", models.DateTimeField()),
                        ("hours", models.PositiveSmallIntegerField()),
                        ("reminded_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("post", "text_hash", "due_at", "hours"), name="reminded_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
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
                                related_name="deliveries",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="publishing.post",
                            ),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="channels.channel",
                            ),
                        ),
                        (
                            "planned_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("planned_at", models.DateTimeField()),
                        ("opened_by", models.UUIDField()),
                        ("closed_by", models.UUIDField(null=True)),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("closed_why", models.CharField(blank=True, max_length=300)),
                        ("wall", models.CharField(max_length=19)),
                        ("zone", models.CharField(max_length=64)),
                        ("fold", models.PositiveSmallIntegerField(default=0)),
                        ("due_at", models.DateTimeField()),
                        ("latest_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("intent", "planned"),
                                    ("sending", "being sent"),
                                    ("handed", "handed out"),
                                    ("accepted", "out"),
                                    ("rejected", "refused"),
                                    ("ambiguous", "not known"),
                                    ("missed", "missed"),
                                    ("cancelled", "taken off"),
                                ],
                                default="intent",
                                max_length=10,
                            ),
                        ),
                        ("attempt", models.PositiveIntegerField(default=0)),
                        ("lease_until", models.DateTimeField(null=True)),
                        ("try_at", models.DateTimeField()),
                        ("client_key", models.CharField(max_length=64, unique=True)),
                        ("part", models.PositiveSmallIntegerField(default=0)),
                        (
                            "after",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="before",
                                to="publishing.delivery",
                            ),
                        ),
                        ("text", models.TextField(blank=True)),
                        ("uploads", models.JSONField(blank=True, default=list)),
                        ("payload", models.JSONField(null=True)),
                        ("payload_hash", models.CharField(blank=True, max_length=64)),
                        ("remote_id", models.CharField(blank=True, max_length=200)),
                        ("url", models.CharField(blank=True, max_length=500)),
                        ("remote", models.JSONField(blank=True, default=dict)),
                        ("failure", models.CharField(blank=True, max_length=1000)),
                        ("evidence", models.CharField(blank=True, max_length=2000)),
                        ("looks", models.PositiveSmallIntegerField(default=0)),
                        ("asked_at", models.DateTimeField(null=True)),
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
                        ("reminded_at", models.DateTimeField(null=True)),
                        (
                            "said_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("began_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("edited_at", models.DateTimeField(null=True)),
                        ("removed_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("state__in", ("intent", "sending", "handed")),
                                    models.Q(("asked_at__isnull", True), ("state", "ambiguous")),
                                    _connector="OR",
                                ),
                                fields=["try_at"],
                                name="delivery_open",
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ("intent", "sending", "handed"))),
                                fields=["workspace", "due_at"],
                                name="delivery_planned",
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ("missed", "rejected", "ambiguous"))),
                                fields=["workspace", "ended_at"],
                                name="delivery_trouble",
                            ),
                            models.Index(
                                condition=models.Q(("state", "accepted")),
                                fields=["workspace", "-ended_at"],
                                name="delivery_out",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("state__in", ("intent", "sending", "handed", "accepted", "ambiguous"))
                                ),
                                fields=("post", "channel", "part"),
                                name="delivery_once_per_channel",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("latest_at__gte", models.F("due_at"))),
                                name="delivery_latest_after_due",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Settlement",
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
                            "delivery",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="settlements",
                                to="publishing.delivery",
                            ),
                        ),
                        (
                            "how",
                            models.CharField(
                                choices=[
                                    ("sent again", "sent again"),
                                    ("moved", "moved to another time"),
                                    ("dropped", "dropped"),
                                    ("out", "it is out"),
                                    ("absent", "it is not out, so it is sent again"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "settled_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("settled_at", models.DateTimeField()),
                        ("act", models.UUIDField(null=True)),
                        ("undone_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("undone_at__isnull", True)),
                                fields=("delivery",),
                                name="settlement_stands_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Hold",
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
                                related_name="holds",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "scope",
                            models.CharField(
                                choices=[
                                    ("workspace", "everything"),
                                    ("brand", "a brand"),
                                    ("channel", "a channel"),
                                    ("label", "a label"),
                                    ("post", "one post"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("target", models.UUIDField()),
                        ("reason", models.CharField(blank=True, max_length=500)),
                        (
                            "placed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("placed_at", models.DateTimeField()),
                        (
                            "lifted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("lifted_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("lifted_at__isnull", True)),
                                fields=("workspace", "scope", "target"),
                                name="hold_stands_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Caught",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "hold",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="caught",
                                to="publishing.hold",
                            ),
                        ),
                        (
                            "delivery",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="publishing.delivery",
                            ),
                        ),
                        ("handed_out", models.BooleanField(default=False)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("hold", "delivery"), name="caught_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Outside",
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
                        ("title", models.CharField(max_length=120)),
                        ("how", models.CharField(blank=True, max_length=500)),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("added_at", models.DateTimeField()),
                        ("removed_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Tick",
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
                            "hold",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="ticks",
                                to="publishing.hold",
                            ),
                        ),
                        (
                            "outside",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="publishing.outside",
                            ),
                        ),
                        (
                            "delivery",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="publishing.delivery",
                            ),
                        ),
                        (
                            "ticked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("ticked_at", models.DateTimeField()),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="LinkedPage",
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
                            "workspace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="crew.workspace",
                            ),
                        ),
                        ("url", models.CharField(max_length=2000)),
                        ("url_hash", models.BinaryField(max_length=32)),
                        ("asked_at", models.DateTimeField()),
                        ("looked_at", models.DateTimeField(null=True)),
                        ("status", models.PositiveSmallIntegerField(null=True)),
                        ("failure", models.CharField(blank=True, max_length=300)),
                        ("title", models.CharField(blank=True, max_length=300)),
                        ("description", models.CharField(blank=True, max_length=1000)),
                        (
                            "image",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="studio.file",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("workspace", "url_hash"), name="linked_page_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Phrase",
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
                                    ("name", "Name"),
                                    ("snippet", "Snippet"),
                                    ("hashtags", "Hashtags"),
                                    ("link", "Link rule"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("value", models.JSONField(default=dict)),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("removed_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("removed_at__isnull", True)),
                                fields=("workspace", "kind", "name"),
                                name="phrase_named_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ShortLink",
                    fields=[
                        ("code", models.CharField(max_length=16, primary_key=True, serialize=False)),
                        (
                            "workspace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="crew.workspace",
                            ),
                        ),
                        ("url", models.TextField()),
                        ("made_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Purpose",
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
                                related_name="purposes",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "post",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="purpose",
                                to="publishing.post",
                            ),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="purposes",
                                to="strategy.campaign",
                            ),
                        ),
                        (
                            "objective",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="purposes",
                                to="strategy.objective",
                            ),
                        ),
                        (
                            "pillar",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="purposes",
                                to="strategy.pillar",
                            ),
                        ),
                        ("campaign_after", models.BooleanField(default=False)),
                        ("objective_after", models.BooleanField(default=False)),
                        ("pillar_after", models.BooleanField(default=False)),
                        ("named_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["workspace", "campaign"], name="purpose_of_campaign"),
                            models.Index(fields=["workspace", "objective"], name="purpose_of_objective"),
                        ],
                    },
                ),
            ]
        ),
        Protect("publishing_post"),
        Protect("publishing_ask"),
        Protect("publishing_approval"),
        Protect("publishing_return"),
        Protect("publishing_settlement"),
        Protect("publishing_label"),
        Protect("publishing_hold"),
        Protect("publishing_outside"),
        Protect("publishing_tick"),
        Protect("publishing_delivery", columns=DELIVERY),
        Protect("publishing_clearance"),
        Protect("publishing_policy"),
        Protect("publishing_postversion"),
        Protect("publishing_reminder"),
        Protect("publishing_phrase"),
        Protect("publishing_purpose"),
    ]
