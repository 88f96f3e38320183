"""From here on these tables change only together with a ledger event; of a request what was told stands beside."""

from django.db import migrations

from quarterdeck.ledger.protect import Protect

REQUEST = [
    "department_id",
    "stakeholder_id",
    "sealed",
    "way",
    "door_id",
    "link_id",
    "token_sealed",
    "kind",
    "what",
    "why",
    "audience",
    "need",
    "preferred_week",
    "latest",
    "assets",
    "otherwise",
    "brand_id",
    "after_id",
    "state",
    "asked_at",
    "state_at",
    "due_at",
    "answered_at",
    "agreed_week",
]


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        Protect("stakeholders_department"),
        Protect("stakeholders_door"),
        Protect("stakeholders_stakeholder"),
        Protect("stakeholders_interest"),
        Protect("stakeholders_request", columns=REQUEST),
        Protect("stakeholders_requestanswer"),
        Protect("stakeholders_requestpost"),
        Protect("stakeholders_requestidea"),
        Protect("stakeholders_answertime"),
        Protect("stakeholders_question"),
    ]
