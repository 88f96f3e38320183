"""The tables of the record and what Django's models cannot say: the writing transaction's id on a pending event,
tables that are only added to, the functions behind `ledger.protect.Protect`, and `ledger_record`."""

import django.db.models.deletion
from django.db import migrations, models

import quarterdeck.core.ids
from quarterdeck.core.tables import Tables

PENDING_XID = "ALTER TABLE ledger_pending ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id()"

APPEND_ONLY = """
CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The table % is only ever added to: % is refused.', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry
  FOR EACH ROW EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_entry
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER ledger_checkpoint_append_only BEFORE UPDATE OR DELETE ON ledger_checkpoint
  FOR EACH ROW EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER ledger_checkpoint_no_truncate BEFORE TRUNCATE ON ledger_checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();
"""

PROTECT = """
CREATE FUNCTION ledger_row_has_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM ledger_pending
    WHERE event_id = NEW.ledger_event_id AND xid = pg_current_xact_id();
  IF NOT FOUND THEN
    RAISE EXCEPTION 'A row of % was changed without an event in the ledger; nothing is saved.', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation',
            HINT = 'The verb records its event with event_id set to the row''s ledger_event_id.';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION ledger_deletion_has_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM ledger_pending
    WHERE xid = pg_current_xact_id() AND about_id = (to_jsonb(OLD) ->> TG_ARGV[0])::uuid;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'A row of % was deleted without an event in the ledger; nothing is saved.', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
"""

# The one statement that `record` makes: an event becomes a pending row, and what its fields said is kept beside it.
# It answers the time in the leaf, in Unix seconds, or NULL when it wrote nothing: because the workspace has no open
# log, or because a pseudonym is no longer (or not yet, after a rollback) that of its person. A leaf names no person:
# the function is told whom an event is about beside what the leaf says of it.
RECORD = """
CREATE FUNCTION ledger_record(
  p_workspace uuid, p_moved bigint, p_always boolean, p_given boolean,
  p_actor uuid, p_actor_pseudonym uuid, p_about uuid, p_about_pseudonym uuid,
  p_event uuid, p_kind text, p_type text, p_object uuid, p_head text,
  p_plain bytea, p_of_actor bytea, p_of_about bytea
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  at bigint;
BEGIN
  SELECT CASE WHEN p_moved IS NOT NULL AND (demo OR p_always) THEN p_moved
              ELSE greatest(floor(extract(epoch FROM clock_timestamp()))::bigint, clock) END
    INTO at FROM ledger_log
    WHERE workspace_id = p_workspace AND closed_at IS NULL
      AND (p_actor_pseudonym IS NULL OR EXISTS (SELECT 1 FROM ledger_subject WHERE
        pseudonym = p_actor_pseudonym AND person_id = p_actor AND workspace_id = p_workspace));
  IF at IS NULL THEN
    RETURN NULL;
  END IF;
  IF p_about_pseudonym IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ledger_subject WHERE
      pseudonym = p_about_pseudonym AND person_id = p_about AND workspace_id = p_workspace) THEN
    RETURN NULL;
  END IF;
  IF p_given AND EXISTS (SELECT 1 FROM ledger_entry WHERE event_id = p_event) THEN
    RAISE EXCEPTION 'An event with this event_id is recorded already.' USING ERRCODE = 'unique_violation';
  END IF;
  INSERT INTO ledger_pending (event_id, workspace_id, kind, about_type, about_id, recorded_at, leaf)
    VALUES (p_event, p_workspace, p_kind, p_type, p_object, at, convert_to(p_head || at || ',"v":2}', 'UTF8'));
  IF p_plain IS NOT NULL THEN
    INSERT INTO ledger_payload (event_id, part, subject, sealed) VALUES (p_event, 0, NULL, p_plain);
  END IF;
  IF p_of_actor IS NOT NULL THEN
    INSERT INTO ledger_payload (event_id, part, subject, sealed)
      VALUES (p_event, 1, p_actor_pseudonym, p_of_actor);
  END IF;
  IF p_of_about IS NOT NULL THEN
    INSERT INTO ledger_payload (event_id, part, subject, sealed)
      VALUES (p_event, 2, p_about_pseudonym, p_of_about);
  END IF;
  RETURN at;
END $$;
"""

UNDO = """
DROP FUNCTION IF EXISTS ledger_record;
DROP FUNCTION ledger_deletion_has_event();
DROP FUNCTION ledger_row_has_event();
DROP FUNCTION ledger_append_only() CASCADE;
ALTER TABLE ledger_pending DROP COLUMN xid;
"""


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("ledger", "0001_initial"),
        ("ledger", "0002_guards"),
        ("ledger", "0003_record"),
        ("ledger", "0004_key_changed"),
        ("ledger", "0005_no_person_in_a_leaf"),
    ]

    dependencies = []

    operations = [
        Tables(
            [
                migrations.CreateModel(
                    name="Log",
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
                        ("workspace_id", models.UUIDField()),
                        ("epoch", models.PositiveIntegerField(default=1)),
                        ("origin", models.CharField(max_length=255, unique=True)),
                        ("demo", models.BooleanField(default=False)),
                        ("size", models.BigIntegerField(default=0)),
                        ("clock", models.BigIntegerField(default=0)),
                        ("verifier_keys", models.JSONField(default=list)),
                        ("key_changed_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("stopped_because", models.TextField(blank=True, default="")),
                        ("stopped_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("workspace_id", "epoch"), name="log_epoch_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=("workspace_id",),
                                name="log_one_open",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Pending",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("event_id", models.UUIDField(unique=True)),
                        ("workspace_id", models.UUIDField()),
                        ("kind", models.CharField(max_length=90)),
                        ("about_type", models.CharField(max_length=60)),
                        ("about_id", models.UUIDField()),
                        ("recorded_at", models.BigIntegerField()),
                        ("leaf", models.BinaryField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "log_id", "seq", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "log",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="entries",
                                to="ledger.log",
                            ),
                        ),
                        ("seq", models.BigIntegerField()),
                        ("place", models.BigIntegerField(unique=True)),
                        ("event_id", models.UUIDField(unique=True)),
                        ("kind", models.CharField(max_length=90)),
                        ("about_type", models.CharField(max_length=60)),
                        ("about_id", models.UUIDField()),
                        ("recorded_at", models.BigIntegerField()),
                        ("leaf", models.BinaryField()),
                        ("leaf_hash", models.BinaryField()),
                        ("sequenced_at", models.BigIntegerField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["log", "kind", "seq"], name="entry_by_kind"),
                            models.Index(fields=["about_id"], name="entry_by_about"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Payload",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "event_id",
                                "part",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("event_id", models.UUIDField()),
                        ("part", models.PositiveSmallIntegerField()),
                        ("sealed", models.BinaryField()),
                        ("subject", models.UUIDField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("subject__isnull", False)),
                                fields=["subject"],
                                name="payload_by_subject",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Subject",
                    fields=[
                        ("pseudonym", models.UUIDField(primary_key=True, serialize=False)),
                        ("workspace_id", models.UUIDField()),
                        ("person_id", models.UUIDField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("workspace_id", "person_id"), name="subject_person_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SubjectKey",
                    fields=[
                        ("pseudonym", models.UUIDField(primary_key=True, serialize=False)),
                        ("dek_sealed", models.BinaryField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Tile",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "log_id",
                                "level",
                                "n",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "log",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="tiles",
                                to="ledger.log",
                            ),
                        ),
                        ("level", models.PositiveSmallIntegerField()),
                        ("n", models.BigIntegerField()),
                        ("hashes", models.BinaryField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Checkpoint",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "log_id",
                                "size",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "log",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="checkpoints",
                                to="ledger.log",
                            ),
                        ),
                        ("size", models.BigIntegerField()),
                        ("root", models.BinaryField()),
                        ("note", models.TextField()),
                        ("created_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Anchor",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "log",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="anchors",
                                to="ledger.log",
                            ),
                        ),
                        ("size", models.BigIntegerField()),
                        ("kind", models.CharField(max_length=40)),
                        ("evidence", models.BinaryField()),
                        ("anchored_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="ReactionCursor",
                    fields=[
                        ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                        ("place", models.BigIntegerField(default=0)),
                        ("failures", models.PositiveIntegerField(default=0)),
                        ("trouble", models.TextField(blank=True, default="")),
                    ],
                ),
            ]
        ),
        migrations.RunSQL(PENDING_XID + ";" + APPEND_ONLY + PROTECT + RECORD, UNDO),
    ]
