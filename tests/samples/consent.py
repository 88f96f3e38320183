"""Samples of consent."""

from __future__ import annotations

from datetime import timedelta

from quarterdeck.consent import verbs
from quarterdeck.consent.fair import working
from quarterdeck.consent.models import Against, Conflict, FairPlan, Round
from quarterdeck.core import clock
from quarterdeck.crew.models import Workspace
from quarterdeck.planning.verbs import slots
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Label
from quarterdeck.publishing.verbs import labels
from tests.samples.channels import _channel
from tests.samples.crew import _owner
from tests.samples.stakeholders import _request, _stakeholder


def _labels(workspace: Workspace) -> tuple[Label, Label]:
    number, owner = Label.objects.filter(workspace=workspace).count(), _owner(workspace)
    one, other = (labels.make_label(owner, name=f"Side {number + n}") for n in range(2))
    return one, other


def _against(workspace: Workspace) -> Against:
    one, other = _labels(workspace)
    verbs.change_rules(
        _owner(workspace), audience_hours=24, per_day=None, per_week=None, audiences=[one, other]
    )
    return verbs.set_against(_owner(workspace), one=one, other=other, days=7, why="Sold out is not on sale.")


def _conflict(workspace: Workspace) -> Conflict:
    """Two posts want one slot."""
    owner, channel = _owner(workspace), _channel(workspace)
    when = (clock.now() + timedelta(days=3)).astimezone(workspace.zone).replace(tzinfo=None, hour=11)
    for text in ("The launch.", "The recap."):
        post = publishing.draft(owner, brand=channel.brand, text=text, channels=[channel])
        publishing.schedule(post, by=owner, when=when, fold=0)
    found = verbs.look(workspace)
    return next(one for one in found if one.kind == Conflict.Kind.SLOT)


def _round(workspace: Workspace, conflict: Conflict | None = None) -> Round:
    about = {"about": conflict.ledger_name, "about_id": conflict.pk} if conflict else {}
    owner, who = _owner(workspace), _stakeholder(workspace)
    return verbs.open_round(
        owner,
        title="The launch goes first",
        proposal="The launch keeps Tuesday; the recap moves to Thursday.",
        changes="Sales’ recap comes two days later.",
        last_day=clock.now().astimezone(workspace.zone).date() + timedelta(days=3),
        stakeholders=[who],
        **about,
    )


def _free_round(workspace: Workspace) -> Round:
    return _round(workspace, _conflict(workspace))


def _plan(workspace: Workspace) -> FairPlan:
    """Worked out over one request and a slot of every day."""
    owner, asked, channel = _owner(workspace), _request(workspace), _channel(workspace)
    for weekday in range(7):
        slots.make_slot(owner, channel=channel, weekday=weekday, wall="11:00")
    verbs.set_weight(asked.department, by=owner, weight=2, reason="They wait longest.")
    table = {"must": 100, "good": 50, "free": 10, "weekly_loss": 20, "musts": 3}
    verbs.set_points(owner, **table, reason="As agreed in spring.")
    day = clock.now().astimezone(workspace.zone).date() + timedelta(days=40)
    plan = verbs.ask_plan(owner, span="month", day=day)
    return working.work_out(plan.pk)


SIGNED_LINKS = {"consent.round": lambda w: _free_round(w).voices.get()}

SAMPLES = {
    "consent-against-end": lambda w: {"pk": _against(w).pk},
    **{f"consent-conflict{act}": lambda w: {"pk": _conflict(w).pk} for act in ("", "-settle", "-keep")},
    "consent-plan": lambda w: {"pk": verbs.adopt_plan(_plan(w), by=_owner(w)).pk},
    **{f"consent-plan-{act}": lambda w: {"pk": _plan(w).pk} for act in ("adopt", "aside")},
    **{f"consent-round{act}": lambda w: {"pk": _free_round(w).pk} for act in ("", "-adopt", "-withdraw")},
}
