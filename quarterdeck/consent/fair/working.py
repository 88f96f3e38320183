"""What the worker does with a plan that was asked for: outside any transaction, and within a bound of seconds."""

from __future__ import annotations

from uuid import UUID

from quarterdeck.consent.fair import problem, solving
from quarterdeck.consent.models import FairPlan
from quarterdeck.consent.verbs import plans
from quarterdeck.engines.fairness import BadInput


def work_out(pk: UUID) -> FairPlan | None:
    """Work a plan out and keep what was found. Doing it again does nothing."""
    plan = FairPlan.objects.select_related("workspace", "table").filter(pk=pk).first()
    if plan is None or plan.state != FairPlan.State.WORKING:
        return None
    try:
        asked = problem.read(plan)
        found = solving.work_out(asked)
    except problem.TooMuch as too_much:
        return plans.answer_plan(plan, found=None, problem=str(too_much))
    except BadInput as error:  # a circle of requests that come after each other
        return plans.answer_plan(plan, found=None, problem=f"The requests cannot be planned: {error}")
    return plans.answer_plan(plan, found=found)
