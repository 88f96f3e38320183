"""What the worker does with a plan that was asked for: outside any transaction, and within a bound of seconds."""

from __future__ import annotations

from uuid import UUID

from quarterdeck.consent.fair import problem, solving
from quarterdeck.consent.models import FairPlan
from quarterdeck.consent.verbs import plans
from quarterdeck.core.problems import Conflict
from quarterdeck.engines.fairness import BadInput


def work_out(pk: UUID) -> FairPlan | None:
    """Work a plan out and keep what was found. Doing it again does nothing."""
    plan = FairPlan.objects.select_related("workspace", "table").filter(pk=pk).first()
    if plan is None or plan.state != FairPlan.State.WORKING:
        return None
    found, said = None, ""
    try:
        found = solving.work_out(problem.read(plan))
    except problem.TooMuch as too_much:
        said = str(too_much)
    except BadInput as error:  # nothing the rooms let in; it is told all the same
        said = f"The requests cannot be planned: {error}"
    try:
        return plans.answer_plan(plan, found=found, problem=said)
    except Conflict:  # put aside meanwhile
        return None
