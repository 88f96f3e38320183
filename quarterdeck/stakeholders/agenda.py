"""What stakeholders asks of those who answer requests: an answer before its time is over, and something to be made of
what was accepted. One question when there is nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse

from quarterdeck.core.registries import AgendaItem, ItemAction
from quarterdeck.crew.models import Member
from quarterdeck.shell.templatetags.shell import moment
from quarterdeck.stakeholders import reads
from quarterdeck.stakeholders.models import Request
from quarterdeck.stakeholders.models.requests import Need, State

SOON = timedelta(hours=8)


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """In no order: the Desk ranks."""
    if who.may("stakeholders.request.answer"):
        for one in reads.to_see_to(who.workspace_id):
            yield _asked(who, one, now) if one.state == State.ASKED else _accepted(who, one)


def _page(who: Member, one: Request) -> str:
    return reverse("stakeholders-request", kwargs={"workspace": who.workspace.slug, "pk": one.pk})


def _asked(who: Member, one: Request, now: datetime) -> AgendaItem:
    url, late = _page(who, one), one.due_at <= now
    due = moment(one.due_at, who.user.timezone)
    word = {Need.MUST: " They say that it must happen.", Need.FREE: " Only if there is room."}.get(
        Need(one.need), ""
    )
    soon = one.due_at - now <= SOON
    return AgendaItem(
        key=f"stakeholders.request:{one.pk}:{one.state_at:%Y%m%d%H%M%S}",
        kind="answer",
        title=f"{one.department} asks for “{one.short}”",
        why=f"An answer {'was promised' if late else 'is promised'} by {due}.{word}",
        url=url,
        since=one.state_at,
        consequence=(62 if late else 54 if soon else 40) + (4 if one.need == Need.MUST else 0),
        due=one.due_at,
        actions=(ItemAction("Answer", url, primary=True),),
        fold="stakeholders.request",
        fold_title=lambda items: f"{len(items)} requests wait for an answer",
    )


def _accepted(who: Member, one: Request) -> AgendaItem:
    url = _page(who, one)
    draft = reverse("stakeholders-request-draft", kwargs={"workspace": who.workspace.slug, "pk": one.pk})
    week = f" for the week of {moment(one.agreed_week)}" if one.agreed_week else ""
    return AgendaItem(
        key=f"stakeholders.accepted:{one.pk}",
        kind="make",
        title=f"Make “{one.short}” for {one.department}",
        why=f"It was accepted{week}, and nothing is made of it yet.",
        url=url,
        since=one.state_at,
        consequence=38,
        actions=(
            ItemAction("Begin a draft", draft, method="post", primary=True),
            ItemAction("Open", url),
        ),
        fold="stakeholders.accepted",
        fold_title=lambda items: f"{len(items)} accepted requests that nothing is made of yet",
    )
