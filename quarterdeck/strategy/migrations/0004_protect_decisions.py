"""From here on decisions and what came of them are only added, each together with a ledger event; a word of one that
stands is never changed, whatever event stands beside."""

from django.db import migrations

from quarterdeck.ledger.protect import Protect

FOR_EVER = """
CREATE TRIGGER strategy_decision_stays BEFORE UPDATE ON strategy_decision
  FOR EACH ROW EXECUTE FUNCTION strategy_stays_as_it_was();
CREATE TRIGGER strategy_outcome_stays BEFORE UPDATE ON strategy_outcome
  FOR EACH ROW EXECUTE FUNCTION strategy_stays_as_it_was();
"""
NO_MORE = """
DROP TRIGGER strategy_decision_stays ON strategy_decision;
DROP TRIGGER strategy_outcome_stays ON strategy_outcome;
"""


class Migration(migrations.Migration):
    dependencies = [("strategy", "0003_decisions"), ("ledger", "0002_guards")]

    operations = [
        Protect("strategy_decision"),
        Protect("strategy_outcome"),
        migrations.RunSQL(FOR_EVER, NO_MORE),
    ]
