"""From here on these tables change only together with a ledger event; the first date of a commitment never changes, nor
what was written of a move, whatever event stands beside."""

from django.db import migrations

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
    dependencies = [("lessons", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        Protect("lessons_cause"),
        Protect("lessons_review"),
        Protect("lessons_note"),
        Protect("lessons_commitment"),
        Protect("lessons_move"),
        Protect("lessons_credit"),
        migrations.RunSQL(FOR_EVER, NO_MORE),
    ]
