"""What happened beside the acts on a request: whether its mails left, and that its first week was told."""

from __future__ import annotations

from quarterdeck.core import clock
from quarterdeck.core.verbs import intake
from quarterdeck.stakeholders import telling
from quarterdeck.stakeholders.models import Request


@intake
def note_mailed(request: Request, problem: str) -> None:
    """What came of the last mail: empty where the server took it."""
    Request.objects.filter(pk=request.pk).update(mail_problem=problem[:300])


@intake
def tell_week(request: Request) -> bool:
    """Have whoever asked told of the first week, once; whether it was done now."""
    fresh = Request.objects.filter(pk=request.pk, told_week_at__isnull=True)
    if not fresh.update(told_week_at=clock.now()):
        return False
    telling.to_requester(request, "week")
    return True
