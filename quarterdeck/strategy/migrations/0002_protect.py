"""From here on these tables change only together with a ledger event. What an objective and a key result were made for,
and what a check-in said, never changes, whatever event stands beside."""

from django.db import migrations

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
"""
NO_MORE = """
DROP TRIGGER strategy_first_end_stays ON strategy_objective;
DROP TRIGGER strategy_verdict_stays ON strategy_objective;
DROP TRIGGER strategy_first_target_stays ON strategy_keyresult;
DROP TRIGGER strategy_check_in_stays ON strategy_checkin;
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
)


class Migration(migrations.Migration):
    dependencies = [("strategy", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        *(Protect(f"strategy_{table}") for table in TABLES),
        migrations.RunSQL(FOR_EVER, NO_MORE),
    ]
