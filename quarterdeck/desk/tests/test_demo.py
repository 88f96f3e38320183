"""The demo is made by the same verbs, says that it is one, and leaves something to do."""

from __future__ import annotations

import pytest

from quarterdeck.core import clock
from quarterdeck.desk import demo, reads
from quarterdeck.ledger.models import Log
from quarterdeck.publishing.models import Delivery
from tests import make


@pytest.mark.django_db
def test_five_weeks_of_harbour_kitchen():
    owner = make.user("Ada", timezone="Europe/Berlin")
    workspace = demo.make(owner)
    assert workspace.is_demo
    assert "demo" in workspace.name
    assert Log.objects.get(workspace_id=workspace.pk).origin.count("/demo/") == 1
    states = set(Delivery.objects.filter(workspace=workspace).values_list("state", flat=True))
    assert states >= {"accepted", "intent", "missed"}
    assert Delivery.objects.filter(workspace=workspace, state="accepted").count() >= 30
    found = reads.desk(workspace.members.get(user=owner), clock.now())
    kinds = {line.lead.kind for line in found.arrangement.shown}
    assert kinds >= {"missed", "approve", "make"}
    assert found.arrangement.waiting
