"""Samples of ledger."""

from __future__ import annotations

from django.db import connection

from quarterdeck.crew import verbs
from quarterdeck.crew.models import Workspace
from quarterdeck.crew.permissions import Role
from quarterdeck.ledger import sequencer
from quarterdeck.ledger.models import Entry
from tests.samples.crew import _owner


def _entry(workspace: Workspace) -> Entry:
    verbs.invite(by=_owner(workspace), role=Role.AUTHOR)
    with connection.cursor() as cursor:  # as a commit would: rows are held against events that still wait
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    sequencer.sequence_all()
    sequencer.sign_all()
    return Entry.objects.filter(log__workspace_id=workspace.pk).latest("seq")


SAMPLES = {
    f"ledger-entry{part}": lambda w: {"event_id": _entry(w).event_id}
    for part in ("", "-leaf", "-fields", "-proof", "-pack")
}
