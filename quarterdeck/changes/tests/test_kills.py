"""Workers that are killed with `kill -9` at each boundary, in processes of their own: a change is made once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from quarterdeck.changes import intake, making, verbs
from quarterdeck.changes.tests.kill_process import POINTS
from quarterdeck.changes.tests.world import delivery, out
from quarterdeck.channels.sandbox.models import SandboxPost
from quarterdeck.core import clock
from quarterdeck.ledger.models import Pending
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import UNDO_WINDOW
from tests.web.serving import database_url

pytestmark = [pytest.mark.prove, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def killed_at(point: str) -> None:
    """A worker comes along and dies there; its lease ends."""
    command = [sys.executable, "-m", "quarterdeck.changes.tests.kill_process", point]
    died = subprocess.run(command, env=os.environ | {"DATABASE_URL": database_url()}, timeout=60, check=False)
    assert died.returncode == -signal.SIGKILL, point
    time.sleep(0.6)


@pytest.mark.parametrize("how", ["edit", "remove"])
def test_killed_at_every_boundary_it_is_made_once(how):
    w, post = out()
    for number, point in enumerate(POINTS):
        row = delivery(post)
        with clock.at(clock.now() - UNDO_WINDOW):
            if how == "edit":
                (change,) = verbs.edit(post, by=w.author, parts=[f"Soup {number}."], channels=[w.channel])
                post.refresh_from_db()  # another number is no small edit: somebody else reads it first
                publishing.approve(post, by=w.approver, text_hash=post.text_hash)
            else:
                (change,) = verbs.remove([row], by=w.author, reason="Wrong.")
        killed_at(point)
        for _ in range(3):
            for claimed in intake.claim(10, clock.now() + timedelta(minutes=10)):
                making.work(claimed)
        change.refresh_from_db()
        assert change.state == "done", point
        there = SandboxPost.objects.get(pk=row.remote_id)
        made = Pending.objects.filter(about_id=row.pk, kind__endswith=".made")
        if how == "edit":
            assert (there.text, len(there.earlier), made.count()) == (change.text, number + 1, number + 1), (
                point
            )
        else:
            assert (there.taken_down_at is not None, made.count()) == (True, 1), point
            w, post = out(w=w)
