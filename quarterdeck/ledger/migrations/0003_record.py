"""The one statement that `record` makes: an event becomes a pending row, and what its fields said is kept beside it.

It answers the time in the leaf, in Unix seconds, or NULL when it wrote nothing: because the workspace has no open
log, or because a pseudonym is no longer (or not yet, after a rollback) that of its person.
"""

from django.db import migrations

RECORD = """
CREATE FUNCTION ledger_record(
  p_workspace uuid, p_moved bigint, p_always boolean, p_given boolean,
  p_actor uuid, p_actor_pseudonym uuid, p_about_pseudonym uuid,
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
      pseudonym = p_about_pseudonym AND workspace_id = p_workspace
      AND (person_id = p_object OR pseudonym = p_object AND person_id IS NOT NULL)) THEN
    RETURN NULL;
  END IF;
  IF p_given AND EXISTS (SELECT 1 FROM ledger_entry WHERE event_id = p_event) THEN
    RAISE EXCEPTION 'An event with this event_id is recorded already.' USING ERRCODE = 'unique_violation';
  END IF;
  INSERT INTO ledger_pending (event_id, workspace_id, kind, about_type, about_id, recorded_at, leaf)
    VALUES (p_event, p_workspace, p_kind, p_type, p_object, at, convert_to(p_head || at || ',"v":1}', 'UTF8'));
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

# A database made before this migration was written has an earlier function of the name.
EARLIER = "DROP FUNCTION IF EXISTS ledger_record;"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]

    operations = [migrations.RunSQL(EARLIER + RECORD, "DROP FUNCTION ledger_record;")]
