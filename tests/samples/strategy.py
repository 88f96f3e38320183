"""Samples of strategy."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from quarterdeck.core import clock
from quarterdeck.crew.models import Workspace
from quarterdeck.strategy.models import Decision
from quarterdeck.strategy.verbs.decisions import About, Expected, decide, note_outcome
from tests.samples.crew import _owner
from tests.samples.publishing import _post


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

SAMPLES: dict = {**_DECISIONS}
