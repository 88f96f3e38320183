"""The demo is made by the same verbs, says that it is one, and leaves something to do."""

from __future__ import annotations

import sys

import pytest

from quarterdeck.accountability.models import Slip
from quarterdeck.core import clock
from quarterdeck.core.problems import Unavailable
from quarterdeck.desk import demo, reads
from quarterdeck.desk.demo import texts
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
    (slip,) = Slip.objects.filter(workspace=workspace)
    assert (slip.ended, slip.post.text) == ("corrected", texts.TYPO[0])
    found = reads.desk(workspace.members.get(user=owner), clock.now())
    kinds = {line.lead.kind for line in found.arrangement.shown}
    assert kinds >= {"missed", "approve", "make"}
    assert found.arrangement.waiting


def test_its_child_says_how_far_it_is(monkeypatch):
    says = "import sys; [print(f'Week {n} of 3', file=sys.stderr) for n in (1, 2, 3)]; print('The demo is at ...')"
    monkeypatch.setattr(demo, "_command", lambda owner: [sys.executable, "-c", says])
    heard = []
    demo.make_in_child(None, lambda done, of: heard.append((done, of)))
    assert heard == [(1, 3), (2, 3), (3, 3)]


def test_a_child_that_fails_is_said_with_its_last_words(monkeypatch):
    fails = "import sys; print('Week 1 of 3', file=sys.stderr); sys.exit('the disk is full')"
    monkeypatch.setattr(demo, "_command", lambda owner: [sys.executable, "-c", fails])
    with pytest.raises(Unavailable) as failed:
        demo.make_in_child(None, lambda done, of: None)
    assert "the disk is full" in str(failed.value.__cause__)


def test_a_child_that_never_ends_is_ended(monkeypatch):
    monkeypatch.setattr(demo, "PATIENCE", 0.3)
    monkeypatch.setattr(
        demo, "_command", lambda owner: [sys.executable, "-c", "import time; time.sleep(100)"]
    )
    with pytest.raises(Unavailable):
        demo.make_in_child(None, lambda done, of: None)


def test_the_worker_knows_the_job():
    from procrastinate.contrib.django import app

    assert "desk.make_demo" in app.tasks
