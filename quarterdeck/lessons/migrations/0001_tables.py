"""The tables of this room, which change only together with a ledger event; the first date of a commitment never changes,
nor what was written of a move, whatever event stands beside."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import quarterdeck.core.ids
from quarterdeck.core.tables import Tables
from quarterdeck.ledger.protect import Protect

FOR_EVER = """
CREATE FUNCTION lessons_stays_as_it_was() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'In the table % this stays for ever as it was first written; nothing is saved.', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER lessons_first_due_stays BEFORE UPDATE ON lessons_commitment
  FOR EACH ROW WHEN (OLD.first_due IS DISTINCT FROM NEW.first_due) EXECUTE FUNCTION lessons_stays_as_it_was();
CREATE TRIGGER lessons_move_stays BEFORE UPDATE ON lessons_move
  FOR EACH ROW EXECUTE FUNCTION lessons_stays_as_it_was();
"""
NO_MORE = """
DROP TRIGGER lessons_first_due_stays ON lessons_commitment;
DROP TRIGGER lessons_move_stays ON lessons_move;
DROP FUNCTION lessons_stays_as_it_was();
"""


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("lessons", "0001_initial"),
        ("lessons", "0002_protect"),
    ]

    dependencies = [
        ("crew", "0002_guards"),
        ("ledger", "0001_tables"),
    ]

    operations = [
        Tables(
            [
                migrations.CreateModel(
                    name="Cause",
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
                                related_name="causes",
                                to="crew.workspace",
                            ),
                        ),
                        ("key", models.CharField(blank=True, max_length=20)),
                        ("name", models.CharField(max_length=40)),
                        ("made_at", models.DateTimeField()),
                        ("retired_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("workspace"),
                                django.db.models.functions.text.Lower("name"),
                                name="cause_named_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Review",
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
                                related_name="reviews",
                                to="crew.workspace",
                            ),
                        ),
                        ("about", models.CharField(max_length=60)),
                        ("about_id", models.UUIDField()),
                        ("title", models.CharField(max_length=200)),
                        (
                            "led_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("opened_at", models.DateTimeField()),
                        ("changed_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("expected", models.TextField(blank=True, max_length=4000)),
                        ("happened", models.TextField(blank=True, max_length=4000)),
                        ("surprised", models.TextField(blank=True, max_length=4000)),
                        ("change", models.TextField(blank=True, max_length=4000)),
                        ("nothing_because", models.TextField(blank=True, max_length=1000)),
                        ("timeline", models.JSONField(blank=True, default=list)),
                        ("causes", models.JSONField(blank=True, default=list)),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("closed_by_event", models.UUIDField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["workspace", "-closed_at"], name="review_closed"),
                            models.Index(fields=["about_id"], name="review_about"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=("workspace", "about", "about_id"),
                                name="review_open_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Note",
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
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notes",
                                to="lessons.review",
                            ),
                        ),
                        (
                            "said_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("said_at", models.DateTimeField()),
                        ("text", models.CharField(max_length=500)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["review", "said_at"], name="note_of_review")],
                    },
                ),
                migrations.CreateModel(
                    name="Commitment",
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
                                related_name="commitments",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="commitments",
                                to="lessons.review",
                            ),
                        ),
                        ("what", models.CharField(max_length=300)),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
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
                        (
                            "offered_to",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("first_due", models.DateField()),
                        ("due", models.DateField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("free", "nobody has it yet"),
                                    ("offered", "offered"),
                                    ("open", "open"),
                                    ("claimed", "done, waits for a second look"),
                                    ("kept", "kept"),
                                    ("unverified", "kept, not verified"),
                                    ("not kept", "not kept"),
                                    ("dropped", "dropped"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("state_at", models.DateTimeField()),
                        ("evidence", models.CharField(blank=True, max_length=2000)),
                        ("word", models.CharField(blank=True, max_length=300)),
                        (
                            "verified_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["workspace", "state", "due"], name="commitment_due"),
                            models.Index(
                                condition=models.Q(("state", "open")),
                                fields=["owner"],
                                name="commitment_owned",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("verified_by__isnull", True),
                                    models.Q(("verified_by", models.F("owner")), _negated=True),
                                    _connector="OR",
                                ),
                                name="commitment_verified_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "kept"), ("verified_by__isnull", False)),
                                    models.Q(
                                        ("verified_by__isnull", True),
                                        models.Q(("state", "kept"), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="commitment_kept_was_verified",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Move",
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
                            "commitment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="moves",
                                to="lessons.commitment",
                            ),
                        ),
                        ("before", models.DateField()),
                        ("after", models.DateField()),
                        ("reason", models.CharField(max_length=300)),
                        ("moved_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["commitment", "moved_at"], name="move_of_commitment")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Credit",
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
                                related_name="credits",
                                to="crew.workspace",
                            ),
                        ),
                        ("about", models.CharField(max_length=60)),
                        ("about_id", models.UUIDField()),
                        ("moment", models.UUIDField(null=True)),
                        (
                            "member",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=120)),
                        (
                            "link",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.signedlink",
                            ),
                        ),
                        ("helped_with", models.CharField(max_length=200)),
                        (
                            "given_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("given_at", models.DateTimeField()),
                        (
                            "answer",
                            models.CharField(
                                choices=[
                                    ("waits", "Waits"),
                                    ("confirmed", "Confirmed"),
                                    ("declined", "Declined"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="waits",
                                max_length=9,
                            ),
                        ),
                        ("answered_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["about_id"], name="credit_about"),
                            models.Index(
                                condition=models.Q(("answer", "waits")),
                                fields=["member"],
                                name="credit_waits",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("link__isnull", True), ("member__isnull", False), ("name", "")),
                                    models.Q(
                                        ("link__isnull", False),
                                        ("member__isnull", True),
                                        models.Q(("name", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="credit_to_one",
                            )
                        ],
                    },
                ),
            ]
        ),
        Protect("lessons_cause"),
        Protect("lessons_review"),
        Protect("lessons_note"),
        Protect("lessons_commitment"),
        Protect("lessons_move"),
        Protect("lessons_credit"),
        migrations.RunSQL(FOR_EVER, NO_MORE),
    ]
