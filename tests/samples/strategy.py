"""Samples of strategy."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from quarterdeck.core import clock
from quarterdeck.crew.models import Workspace
from quarterdeck.publishing import verbs as post_verbs
from quarterdeck.publishing.models import Post
from quarterdeck.strategy import reads, verbs
from quarterdeck.strategy.models import (
    Campaign,
    CheckIn,
    Checklist,
    ChecklistTemplate,
    Decision,
    KeyResult,
    Objective,
    Phase,
    Pillar,
)
from quarterdeck.strategy.verbs.decisions import About, Expected, decide, note_outcome
from tests.samples.crew import _owner
from tests.samples.publishing import _post


def _objective(workspace: Workspace) -> Objective:
    today = reads.today(workspace)
    return verbs.set_objective(
        _owner(workspace),
        brand=reads.brand(workspace),
        title="A full terrace on weekdays",
        begins=today - timedelta(days=30),
        ends=today + timedelta(days=60),
        why="Weekends are full; the week pays the rent.",
    )


def _key_result(workspace: Workspace) -> KeyResult:
    owner = _owner(workspace)
    made = verbs.add_key_result(
        _objective(workspace),
        by=owner,
        measure="Bookings from Monday to Thursday",
        start=Decimal(40),
        target=Decimal(120),
        unit="bookings",
    )
    verbs.check_in(made, by=owner, value=Decimal(62), word="The terrace opened.")
    return made


def _check_in(workspace: Workspace) -> CheckIn:
    return verbs.check_in(_key_result(workspace), by=_owner(workspace), value=Decimal(64))


def _campaign(workspace: Workspace) -> Campaign:
    today, objective = reads.today(workspace), _key_result(workspace).objective
    brief = verbs.Brief(
        name="Launch week",
        begins=today,
        ends=today + timedelta(days=20),
        objective=objective,
        audience="People who work nearby and eat at their desks.",
        message="Lunch outside takes no longer.",
        budget=800,
        currency="EUR",
    )
    return verbs.begin_campaign(_owner(workspace), brand=reads.brand(workspace), brief=brief)


def _phase(workspace: Workspace) -> Phase:
    made = _campaign(workspace)
    return verbs.add_phase(
        made, by=_owner(workspace), name="Teaser", begins=made.begins, ends=made.begins + timedelta(days=4)
    )


def _template(workspace: Workspace) -> ChecklistTemplate:
    name = f"Before a launch {ChecklistTemplate.objects.filter(workspace=workspace).count() + 1}"
    return verbs.make_template(_owner(workspace), name=name, lines=["The link answers", "Legal has read it"])


def _checklist(workspace: Workspace) -> Checklist:
    template = _template(workspace)
    return verbs.add_checklist(_campaign(workspace), by=_owner(workspace), template=template)


def _pillar(workspace: Workspace) -> Pillar:
    brand, owner = reads.brand(workspace), _owner(workspace)
    for row in reads.pillars(workspace, brand)[8:]:
        verbs.retire_pillar(row, by=owner)
    name = f"Behind the counter {Pillar.objects.filter(brand=brand).count() + 1}"
    return verbs.make_pillar(owner, brand=brand, name=name, about="The people who cook.")


def _named(workspace: Workspace) -> Post:
    post = _post(workspace)
    named = post_verbs.Named(campaign=_campaign(workspace), pillar=_pillar(workspace))
    post_verbs.name_purpose(post, by=_owner(workspace), named=named)
    return post


def _decision(workspace: Workspace) -> Decision:
    owner, post = _owner(workspace), _post(workspace)
    due = clock.now().astimezone(workspace.zone).date() + timedelta(days=7)
    made = decide(
        owner,
        title="The launch moves to Thursday",
        context="Sales has its fair on Tuesday.",
        options=["Leave it on Tuesday", "Move it to Thursday"],
        choice=1,
        because="Both want the same people.",
        expected=Expected("More people see it", Decimal(300), "sign-ups", due),
        heard=["Sales", "Legal"],
        about=About(post.ledger_name, post.pk, post.title),
    )
    note_outcome(made, by=owner, verdict="better", words="Counted on the page.", number_came=Decimal(340))
    return made


_DECISIONS = {
    "strategy-decision": lambda w: {"pk": _decision(w).pk},
    "strategy-decision-outcome": lambda w: {"pk": _decision(w).pk},
}

SAMPLES: dict = {
    "strategy-objective": lambda w: {"pk": _key_result(w).objective_id},
    **{
        f"strategy-{act}": lambda w: {"pk": _objective(w).pk}
        for act in ("objective-change", "objective-move", "objective-read-out", "key-result-add")
    },
    **{
        f"strategy-{act}": lambda w: {"pk": _key_result(w).pk}
        for act in ("check-in", "key-result-target", "key-result-drop")
    },
    "strategy-check-in-withdraw": lambda w: {"pk": _check_in(w).pk},
    "strategy-campaign": lambda w: {"pk": _checklist(w).campaign_id},
    **{
        f"strategy-{act}": lambda w: {"pk": _campaign(w).pk}
        for act in ("campaign-change", "campaign-end", "campaign-reopen", "phase-add", "checklist-add")
    },
    "strategy-phase-remove": lambda w: {"pk": _phase(w).pk},
    "strategy-checklist-remove": lambda w: {"pk": _checklist(w).pk},
    "strategy-checklist-tick": lambda w: {"pk": _checklist(w).lines.first().pk},
    **{
        f"strategy-template-{act}": lambda w: {"pk": _template(w).pk}
        for act in ("change", "retire", "restore")
    },
    **{f"strategy-pillar-{act}": lambda w: {"pk": _pillar(w).pk} for act in ("change", "retire", "restore")},
    "publishing-post-purpose": lambda w: {"pk": _named(w).pk},
    **_DECISIONS,
}
