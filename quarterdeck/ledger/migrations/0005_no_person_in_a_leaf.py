"""Leaves of version 2 name no person: the function is told whom an event is about beside what the leaf says of it.

Entries of version 1 stay as they are, and stay readable: a log is only ever added to.
"""

from importlib import import_module

from django.db import migrations

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


BEFORE = import_module("quarterdeck.ledger.migrations.0003_record").RECORD
DROP = "DROP FUNCTION ledger_record;"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_key_changed")]

    operations = [migrations.RunSQL(DROP + RECORD, DROP + BEFORE)]
