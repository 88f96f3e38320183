"""What Django's models cannot say: the writing transaction's id on a pending event, tables that are only added
to, and the functions behind `ledger.protect.Protect`."""

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

UNDO = """
DROP FUNCTION IF EXISTS ledger_record;
DROP FUNCTION ledger_deletion_has_event();
DROP FUNCTION ledger_row_has_event();
DROP FUNCTION ledger_append_only() CASCADE;
ALTER TABLE ledger_pending DROP COLUMN xid;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(PENDING_XID + ";" + APPEND_ONLY + PROTECT, UNDO),
    ]
