"""The tables of this room, which change only together with a ledger event. What an objective and a key result were made
for, what a check-in said, and a word of a decision that stands never change, whatever event stands beside."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import quarterdeck.core.ids
from quarterdeck.core.tables import Tables
from quarterdeck.ledger.protect import Protect

FOR_EVER = """
CREATE FUNCTION strategy_stays_as_it_was() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'In the table % this stays for ever as it was first written; nothing is saved.', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER strategy_first_end_stays BEFORE UPDATE ON strategy_objective
  FOR EACH ROW WHEN (OLD.first_ends IS DISTINCT FROM NEW.first_ends) EXECUTE FUNCTION strategy_stays_as_it_was();
CREATE TRIGGER strategy_verdict_stays BEFORE UPDATE ON strategy_objective
  FOR EACH ROW WHEN (OLD.read_out_at IS NOT NULL) EXECUTE FUNCTION strategy_stays_as_it_was();
CREATE TRIGGER strategy_first_target_stays BEFORE UPDATE ON strategy_keyresult
  FOR EACH ROW WHEN (OLD.first_target IS DISTINCT FROM NEW.first_target OR OLD.start IS DISTINCT FROM NEW.start)
  EXECUTE FUNCTION strategy_stays_as_it_was();
CREATE TRIGGER strategy_check_in_stays BEFORE UPDATE ON strategy_checkin
  FOR EACH ROW WHEN (OLD.value IS DISTINCT FROM NEW.value OR OLD.as_of IS DISTINCT FROM NEW.as_of
    OR OLD.noted_at IS DISTINCT FROM NEW.noted_at OR OLD.withdrawn_at IS NOT NULL)
  EXECUTE FUNCTION strategy_stays_as_it_was();
CREATE TRIGGER strategy_decision_stays BEFORE UPDATE ON strategy_decision
  FOR EACH ROW EXECUTE FUNCTION strategy_stays_as_it_was();
CREATE TRIGGER strategy_outcome_stays BEFORE UPDATE ON strategy_outcome
  FOR EACH ROW EXECUTE FUNCTION strategy_stays_as_it_was();
"""
NO_MORE = """
DROP TRIGGER strategy_first_end_stays ON strategy_objective;
DROP TRIGGER strategy_verdict_stays ON strategy_objective;
DROP TRIGGER strategy_first_target_stays ON strategy_keyresult;
DROP TRIGGER strategy_check_in_stays ON strategy_checkin;
DROP TRIGGER strategy_decision_stays ON strategy_decision;
DROP TRIGGER strategy_outcome_stays ON strategy_outcome;
DROP FUNCTION strategy_stays_as_it_was();
"""
TABLES = (
    "objective",
    "keyresult",
    "checkin",
    "pillar",
    "campaign",
    "phase",
    "checklisttemplate",
    "checklist",
    "checklistline",
    "decision",
    "outcome",
)


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("strategy", "0001_initial"),
        ("strategy", "0002_protect"),
        ("strategy", "0003_decisions"),
        ("strategy", "0004_protect_decisions"),
    ]

    dependencies = [
        ("channels", "0001_tables"),
        ("crew", "0002_guards"),
        ("ledger", "0001_tables"),
    ]

    operations = [
        Tables(
            [
                migrations.CreateModel(
                    name="Objective",
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
                                related_name="objectives",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "brand",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="objectives",
                                to="crew.brand",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="strategy.objective",
                            ),
                        ),
                        ("title", models.CharField(max_length=160)),
                        ("why", models.TextField(blank=True, max_length=2000)),
                        ("begins", models.DateField()),
                        ("first_ends", models.DateField()),
                        ("ends", models.DateField()),
                        ("made_at", models.DateTimeField()),
                        ("changed_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "verdict",
                            models.CharField(
                                blank=True,
                                choices=[("continue", "Continue"), ("change", "Change"), ("stop", "Stop")],
                                max_length=8,
                            ),
                        ),
                        ("because", models.TextField(blank=True, max_length=2000)),
                        ("read_out_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("read_out_at", None)),
                                fields=["workspace", "ends"],
                                name="objective_runs",
                            ),
                            models.Index(fields=["workspace", "-made_at"], name="objective_newest"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends__gte", models.F("begins"))),
                                name="objective_ends_after_begin",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("parent__isnull", True),
                                    models.Q(("parent", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="objective_not_under_itself",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("because", ""), ("read_out_at__isnull", True), ("verdict", "")),
                                    models.Q(
                                        ("read_out_at__isnull", False),
                                        models.Q(("verdict", ""), _negated=True),
                                        models.Q(("because", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="objective_read_out_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="KeyResult",
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
                            "objective",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="key_results",
                                to="strategy.objective",
                            ),
                        ),
                        ("measure", models.CharField(max_length=160)),
                        ("unit", models.CharField(blank=True, max_length=20)),
                        ("metric", models.CharField(blank=True, max_length=80)),
                        ("start", models.DecimalField(decimal_places=4, max_digits=18)),
                        ("first_target", models.DecimalField(decimal_places=4, max_digits=18)),
                        ("target", models.DecimalField(decimal_places=4, max_digits=18)),
                        ("begins", models.DateField()),
                        ("ends", models.DateField()),
                        ("made_at", models.DateTimeField()),
                        ("dropped_at", models.DateTimeField(null=True)),
                        ("dropped_because", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("target", models.F("start")), _negated=True),
                                name="key_result_goes_somewhere",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ends__gt", models.F("begins"))),
                                name="key_result_ends_after_begin",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CheckIn",
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
                            "key_result",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="check_ins",
                                to="strategy.keyresult",
                            ),
                        ),
                        ("value", models.DecimalField(decimal_places=4, max_digits=18)),
                        ("as_of", models.DateField()),
                        ("word", models.CharField(blank=True, max_length=300)),
                        ("noted_at", models.DateTimeField()),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["key_result", "-as_of", "-noted_at"], name="check_in_newest")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Campaign",
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
                                related_name="campaigns",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "brand",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="campaigns",
                                to="crew.brand",
                            ),
                        ),
                        (
                            "objective",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="campaigns",
                                to="strategy.objective",
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("audience", models.TextField(blank=True, max_length=1500)),
                        ("message", models.TextField(blank=True, max_length=1500)),
                        ("proof", models.TextField(blank=True, max_length=1500)),
                        ("stop_if", models.TextField(blank=True, max_length=1500)),
                        ("begins", models.DateField()),
                        ("ends", models.DateField()),
                        ("budget", models.PositiveBigIntegerField(null=True)),
                        ("currency", models.CharField(blank=True, max_length=12)),
                        ("made_at", models.DateTimeField()),
                        ("changed_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("ended_word", models.TextField(blank=True, max_length=1000)),
                        ("channels", models.ManyToManyField(related_name="+", to="channels.channel")),
                    ],
                    options={
                        "indexes": [models.Index(fields=["workspace", "begins"], name="campaign_begins")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends__gte", models.F("begins"))),
                                name="campaign_ends_after_begin",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Phase",
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
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="phases",
                                to="strategy.campaign",
                            ),
                        ),
                        ("name", models.CharField(max_length=60)),
                        ("begins", models.DateField()),
                        ("ends", models.DateField()),
                        ("made_at", models.DateTimeField()),
                        ("removed_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["campaign", "begins"], name="phase_of_campaign")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends__gte", models.F("begins"))),
                                name="phase_ends_after_begin",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChecklistTemplate",
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
                                related_name="checklist_templates",
                                to="crew.workspace",
                            ),
                        ),
                        ("name", models.CharField(max_length=60)),
                        ("lines", models.JSONField(default=list)),
                        ("made_at", models.DateTimeField()),
                        ("retired_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("workspace"),
                                django.db.models.functions.text.Lower("name"),
                                name="template_named_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Checklist",
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
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="checklists",
                                to="strategy.campaign",
                            ),
                        ),
                        (
                            "template",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="strategy.checklisttemplate",
                            ),
                        ),
                        ("name", models.CharField(max_length=60)),
                        ("made_at", models.DateTimeField()),
                        ("removed_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ChecklistLine",
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
                            "checklist",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="strategy.checklist",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("words", models.CharField(max_length=160)),
                        ("done_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("checklist", "position"), name="checklist_line_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
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
                                related_name="decisions",
                                to="crew.workspace",
                            ),
                        ),
                        ("title", models.CharField(max_length=200)),
                        ("context", models.TextField(blank=True, max_length=3000)),
                        ("options", models.JSONField(default=list)),
                        ("choice", models.PositiveSmallIntegerField()),
                        ("because", models.TextField(blank=True, max_length=1000)),
                        ("expected", models.CharField(blank=True, max_length=300)),
                        ("number", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                        ("unit", models.CharField(blank=True, max_length=40)),
                        ("due", models.DateField(null=True)),
                        ("heard", models.JSONField(blank=True, default=list)),
                        ("about", models.CharField(blank=True, max_length=60)),
                        ("about_id", models.UUIDField(null=True)),
                        ("about_title", models.CharField(blank=True, max_length=200)),
                        (
                            "supersedes",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="superseded_by",
                                to="strategy.decision",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("decided_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["workspace", "-decided_at"], name="decision_made"),
                            models.Index(fields=["workspace", "due"], name="decision_due"),
                            models.Index(fields=["about_id"], name="decision_about"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("due__isnull", True), ("expected", ""), ("number__isnull", True)
                                    ),
                                    models.Q(
                                        ("due__isnull", False),
                                        ("number__isnull", False),
                                        models.Q(("expected", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="decision_expects_all_or_nothing",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Outcome",
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
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="outcomes",
                                to="strategy.decision",
                            ),
                        ),
                        (
                            "verdict",
                            models.CharField(
                                choices=[
                                    ("as expected", "As expected"),
                                    ("better", "Better than expected"),
                                    ("worse", "Worse than expected"),
                                    ("cannot tell", "Cannot tell"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("number", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                        ("words", models.TextField(max_length=1000)),
                        (
                            "noted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("noted_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["decision", "noted_at"], name="outcome_of_decision")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("number__isnull", False), ("verdict", "cannot tell"), _connector="OR"
                                ),
                                name="outcome_has_number",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Pillar",
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
                                related_name="pillars",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "brand",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pillars",
                                to="crew.brand",
                            ),
                        ),
                        ("name", models.CharField(max_length=40)),
                        ("about", models.CharField(blank=True, max_length=300)),
                        ("share", models.PositiveSmallIntegerField(null=True)),
                        ("made_at", models.DateTimeField()),
                        ("retired_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("brand"),
                                django.db.models.functions.text.Lower("name"),
                                name="pillar_named_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("share__isnull", True), ("share__lte", 100), _connector="OR"
                                ),
                                name="pillar_share_of_a_hundred",
                            ),
                        ],
                    },
                ),
            ]
        ),
        *(Protect(f"strategy_{table}") for table in TABLES),
        migrations.RunSQL(FOR_EVER, NO_MORE),
    ]
