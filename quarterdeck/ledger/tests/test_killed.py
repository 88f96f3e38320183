"""A sequencer killed between any two of its statements leaves a log that another one simply continues."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from quarterdeck.ledger import reads, sequencer
from quarterdeck.ledger.models import Entry
from quarterdeck.ledger.tests import world
from quarterdeck.ledger.verify import verify

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("declared")]

KILLED = """
import os, signal, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from django.db import connection
from quarterdeck.ledger import sequencer
left = [int(sys.argv[2])]
def count(execute, sql, params, many, context):
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return execute(sql, params, many, context)
connection.ensure_connection()
with connection.execute_wrapper(count):
    sequencer.sequence_once(limit=5)
    sequencer.sign_all()
"""


def kill_after(statements: int) -> int:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, connection.settings_dict["NAME"], str(statements)],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "quarterdeck.config.settings"},
        cwd=Path(__file__).parents[3],
        check=False,
        timeout=60,
    )
    return done.returncode


def survives(moments: list[int]) -> None:
    actor, thing = world.people()
    expected = []
    killed = 0
    for moment in moments:
        expected += [r.event_id for r in world.act(actor, thing, 3)]
        killed += kill_after(moment) == -9
    assert killed, "no kill came before the end"
    sequencer.sequence_all()
    assert sequencer.sign_all() == []
    log = reads.open_log(thing.workspace_id)
    assert list(Entry.objects.filter(log=log).order_by("seq").values_list("event_id", flat=True)) == expected
    assert verify(log).findings == []


def test_killed_in_the_middle_of_a_batch_and_of_a_signature():
    survives([3, 6, 13])


@pytest.mark.prove
def test_killed_between_any_two_statements():
    survives(list(range(20)))
