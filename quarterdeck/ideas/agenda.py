"""What is being made stands on its maker's Desk, and opens where they left off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.urls import reverse

from quarterdeck.core.registries import AgendaItem, ItemAction
from quarterdeck.crew.models import Member
from quarterdeck.ideas import reads
from quarterdeck.ideas.models import Format, Idea, Size

# How a maker would say it.
TITLES = {
    Format.TEXT: "Write “{}”",
    Format.PICTURE: "Make the picture “{}”",
    Format.CAROUSEL: "Lay out the carousel “{}”",
    Format.VIDEO: "Cut the clip “{}”",
    Format.STORY: "Make the story “{}”",
}
WORK = {Size.SMALL: timedelta(days=1), Size.MEDIUM: timedelta(days=2), Size.LARGE: timedelta(days=5)}
DAY_ENDS = time(18, 0)


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """In no order: the Desk ranks."""
    if not who.may("ideas.idea.keep"):
        return
    for idea in reads.being_made(who):
        yield _item(who, idea, now)


def _item(who: Member, idea: Idea, now: datetime) -> AgendaItem:
    page = reverse("ideas-idea", kwargs={"workspace": who.workspace.slug, "pk": idea.pk})
    draft = reads.open_draft(idea)
    there = page
    if draft is not None:
        there = reverse("publishing-post-edit", kwargs={"workspace": who.workspace.slug, "pk": draft})
    due = _due(who, idea)
    label = "Go on writing" if draft else "Open"
    actions = (ItemAction(label, there, primary=True),)
    return AgendaItem(
        key=f"ideas.making:{idea.pk}",
        kind="make",
        title=TITLES.get(idea.format, "Make “{}”").format(idea.short),
        why=_why(idea, due, now, draft is not None),
        url=there,
        since=idea.owner_at or idea.state_at,
        consequence=50 if due and due < now else 40,
        due=due,
        can_wait_until=_begins(who, idea, due, now),
        actions=actions if there == page else (*actions, ItemAction("The brief", page)),
    )


def _why(idea: Idea, due: datetime | None, now: datetime, begun: bool) -> str:
    parts = []
    if due is not None:
        parts.append(f"{'Was due' if due < now else 'Due'} {idea.due:%A} {idea.due.day} {idea.due:%B}.")
    else:
        parts.append("No day is set.")
    if idea.size:
        parts.append(f"Size {idea.get_size_display()}.")
    parts.append("It opens in the draft, where you left off." if begun else "There is no draft of it yet.")
    return " ".join(parts)


def _due(who: Member, idea: Idea) -> datetime | None:
    """The end of its day in the workspace's zone."""
    return datetime.combine(idea.due, DAY_ENDS, tzinfo=who.workspace.zone) if idea.due else None


def _begins(who: Member, idea: Idea, due: datetime | None, now: datetime) -> datetime | None:
    """Nine o'clock on the day by which its size asks to begin; what should have begun already cannot wait."""
    if due is None or not idea.due:
        return None
    work = WORK[Size(idea.size)] if idea.size else WORK[Size.MEDIUM]
    morning = datetime.combine(idea.due - work, time(9, 0), tzinfo=who.zone)
    return morning if morning > now else None
