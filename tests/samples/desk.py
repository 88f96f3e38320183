"""Samples of desk."""

from __future__ import annotations

from datetime import datetime, time

from quarterdeck.core import clock, ids
from quarterdeck.crew.models import Workspace
from quarterdeck.desk import verbs as desk_verbs
from quarterdeck.desk.models import HandOver
from quarterdeck.publishing import verbs as post_verbs
from quarterdeck.publishing import weeks
from tests.samples.crew import _other, _owner
from tests.samples.publishing import _post


def _offer(workspace: Workspace) -> HandOver:
    act = desk_verbs.hand_over(_owner(workspace), [ids.new().hex], to=_other(workspace))
    return HandOver.objects.get(act=act)


def a_week(workspace: Workspace) -> None:
    """A week that comes: what it holds, its plan, a post taken off it, and why."""
    owner = _owner(workspace)
    monday = weeks.monday_of(clock.now().astimezone(workspace.zone).date()) + weeks.WEEK
    desk_verbs.set_capacity(owner, points=12)
    post = _post(workspace)
    post_verbs.schedule(post, by=owner, when=datetime.combine(monday, time(12)))
    desk_verbs.plan_week(owner, monday=monday)
    post_verbs.cancel(post, by=owner)
    desk_verbs.say_why(owner, monday=monday, key=f"post:{post.pk}", words="No nettles.")


SAMPLES = {
    "desk-handover-accept": lambda w: {"pk": _offer(w).pk},
    "desk-handover-decline": lambda w: {"pk": _offer(w).pk},
    "desk-handover-withdraw": lambda w: {"pk": _offer(w).pk},
    "desk-item-undo": lambda w: {"act": _offer(w).act},
}
