"""The tables of this room; what is kept of folders, cards and cuts changes only together with a ledger event."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import quarterdeck.core.ids
from quarterdeck.core.tables import Tables
from quarterdeck.ledger.protect import Protect

# Frames and pictures are compressed already: stored as they come, a part of a piece is found without unpacking it.
PLAIN = 'ALTER TABLE studio_piece ALTER COLUMN "data" SET STORAGE EXTERNAL'


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("studio", "0001_initial"),
        ("studio", "0002_library"),
        ("studio", "0003_protect"),
        ("studio", "0004_scan"),
        ("studio", "0005_videos"),
        ("studio", "0006_bucket"),
    ]

    dependencies = [
        ("crew", "0002_guards"),
        ("ledger", "0001_tables"),
    ]

    operations = [
        Tables(
            [
                migrations.CreateModel(
                    name="File",
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
                                related_name="files",
                                to="crew.workspace",
                            ),
                        ),
                        ("sha256", models.CharField(max_length=64)),
                        ("name", models.CharField(max_length=120)),
                        ("mime", models.CharField(max_length=80)),
                        ("size", models.PositiveIntegerField()),
                        ("width", models.PositiveIntegerField()),
                        ("height", models.PositiveIntegerField()),
                        ("seconds", models.FloatField(null=True)),
                        ("codecs", models.CharField(blank=True, max_length=60)),
                        ("in_bucket", models.BooleanField(default=False)),
                        ("kept_at", models.DateTimeField()),
                        (
                            "cut_from",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="cuts",
                                to="studio.file",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["workspace", "-kept_at"], name="file_newest")],
                        "constraints": [
                            models.UniqueConstraint(fields=("workspace", "sha256"), name="file_kept_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Folder",
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
                                related_name="folders",
                                to="crew.workspace",
                            ),
                        ),
                        ("name", models.CharField(max_length=60)),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("workspace", "name"), name="folder_named_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Card",
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
                            "file",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="card",
                                to="studio.file",
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=120)),
                        ("description", models.CharField(blank=True, max_length=2000)),
                        (
                            "folder",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cards",
                                to="studio.folder",
                            ),
                        ),
                        (
                            "tags",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        ("source", models.CharField(blank=True, max_length=300)),
                        ("holder", models.CharField(blank=True, max_length=120)),
                        ("licence", models.CharField(blank=True, max_length=1000)),
                        ("rights_until", models.DateField(null=True)),
                        (
                            "not_on",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=20),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        ("not_on_why", models.CharField(blank=True, max_length=300)),
                        ("words", models.TextField(blank=True)),
                        ("put_aside_at", models.DateTimeField(null=True)),
                        (
                            "put_aside_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Shown",
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
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="people",
                                to="studio.file",
                            ),
                        ),
                        ("sealed", models.BinaryField()),
                        ("given_on", models.DateField(null=True)),
                        ("until", models.DateField(null=True)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        ("noted_at", models.DateTimeField()),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Cut",
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
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="recipes",
                                to="studio.file",
                            ),
                        ),
                        ("place", models.CharField(max_length=40)),
                        ("left", models.FloatField()),
                        ("top", models.FloatField()),
                        ("width", models.FloatField()),
                        ("height", models.FloatField()),
                        (
                            "made",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="studio.file",
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("file", "place"), name="cut_once_a_place")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Small",
                    fields=[
                        (
                            "file",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="small",
                                serialize=False,
                                to="studio.file",
                            ),
                        ),
                        ("mime", models.CharField(blank=True, max_length=40)),
                        ("data", models.BinaryField(default=bytes)),
                        ("frames", models.PositiveIntegerField(default=1)),
                        ("trouble", models.CharField(blank=True, max_length=300)),
                        ("made_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Scan",
                    fields=[
                        (
                            "file",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="scan",
                                serialize=False,
                                to="studio.file",
                            ),
                        ),
                        ("found", models.CharField(blank=True, max_length=100)),
                        ("trouble", models.CharField(blank=True, max_length=300)),
                        ("seen_at", models.DateTimeField(null=True)),
                        ("asked_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Upload",
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
                                related_name="uploads",
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
                        ("key", models.CharField(max_length=64)),
                        ("name", models.CharField(max_length=300)),
                        ("size", models.PositiveIntegerField()),
                        ("offset", models.PositiveIntegerField(default=0)),
                        (
                            "file",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="studio.file",
                            ),
                        ),
                        ("begun_at", models.DateTimeField()),
                        ("moved_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("member", "key"), name="upload_begun_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Piece",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "upload",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pieces",
                                to="studio.upload",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pieces",
                                to="studio.file",
                            ),
                        ),
                        ("offset", models.PositiveIntegerField()),
                        ("data", models.BinaryField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("upload", "offset"), name="piece_once"),
                            models.UniqueConstraint(fields=("file", "offset"), name="piece_of_file_once"),
                            models.CheckConstraint(
                                condition=models.Q(("upload", None), ("file", None), _connector="XOR"),
                                name="piece_of_one",
                            ),
                        ],
                    },
                ),
            ]
        ),
        Protect("studio_folder"),
        Protect("studio_card"),
        Protect("studio_shown"),
        Protect("studio_cut"),
        migrations.RunSQL(PLAIN, migrations.RunSQL.noop),
    ]
