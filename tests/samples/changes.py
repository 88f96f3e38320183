"""Samples of changes."""

from __future__ import annotations

from quarterdeck.changes import verbs
from quarterdeck.changes.models import Change
from quarterdeck.crew.models import Workspace
from quarterdeck.publishing.models import Delivery
from tests.samples.crew import _owner
from tests.samples.publishing import _recorded


def _out(workspace: Workspace) -> Delivery:
    """Something that is out, by hand: no loop has to run for it."""
    return _recorded(workspace).deliveries.get()


def _change(workspace: Workspace) -> Change:
    row = _out(workspace)
    return verbs.edit(row.post, by=_owner(workspace), parts=["Other words."], channels=[row.channel])[0]


SAMPLES = {
    **{
        f"changes-{page}": lambda w: {"pk": _out(w).post_id}
        for page in ("post", "edit", "answer", "remove", "post-undo")
    },
    **{
        f"changes-{page}": lambda w: {"pk": _change(w).pk}
        for page in ("change", "made", "leave", "retry", "withdraw")
    },
}
