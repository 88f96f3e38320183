"""What Django's models cannot say: the writing transaction's id on a pending event, tables that are only added
to, the functions behind `ledger.protect.Protect`, and the one statement that `record` makes."""

from django.db import migrations

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

RECORD = """
CREATE FUNCTION ledger_record(
  p_workspace uuid, p_moved bigint, p_always boolean, p_given boolean,
  p_people uuid[], p_pseudonyms uuid[],
  p_events uuid[], p_kinds text[], p_types text[], p_objects uuid[], p_heads text[],
  p_payload_events uuid[], p_parts int[], p_subjects uuid[], p_sealed bytea[]
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  at bigint;
BEGIN
  SELECT CASE WHEN p_moved IS NOT NULL AND (demo OR p_always) THEN p_moved
              ELSE greatest(floor(extract(epoch FROM clock_timestamp()))::bigint, clock) END
    INTO at FROM ledger_log WHERE workspace_id = p_workspace AND closed_at IS NULL;
  IF at IS NULL THEN
    RETURN NULL;
  END IF;
  IF (SELECT count(*) FROM unnest(p_pseudonyms, p_people) AS k(pseudonym, person)
      JOIN ledger_subject s ON s.pseudonym = k.pseudonym AND s.person_id = k.person
        AND s.workspace_id = p_workspace) <> cardinality(p_people) THEN
    RETURN NULL;
  END IF;
  IF p_given AND EXISTS (SELECT 1 FROM ledger_entry WHERE event_id = ANY(p_events)) THEN
    RAISE EXCEPTION 'An event with this event_id is recorded already.' USING ERRCODE = 'unique_violation';
  END IF;
  INSERT INTO ledger_pending (event_id, workspace_id, kind, about_type, about_id, recorded_at, leaf)
    SELECT e, p_workspace, k, t, o, at, convert_to(h || at || ',"v":1}', 'UTF8')
    FROM unnest(p_events, p_kinds, p_types, p_objects, p_heads) AS r(e, k, t, o, h);
  IF cardinality(p_sealed) > 0 THEN
    INSERT INTO ledger_payload (event_id, part, subject, sealed)
      SELECT e, n, s, v FROM unnest(p_payload_events, p_parts, p_subjects, p_sealed) AS r(e, n, s, v);
  END IF;
  RETURN at;
END $$;
"""

UNDO = """
DROP FUNCTION ledger_record;
DROP FUNCTION ledger_deletion_has_event();
DROP FUNCTION ledger_row_has_event();
DROP FUNCTION ledger_append_only() CASCADE;
ALTER TABLE ledger_pending DROP COLUMN xid;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(PENDING_XID + ";" + APPEND_ONLY + PROTECT + RECORD, UNDO),
    ]
