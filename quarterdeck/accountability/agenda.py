"""What corrections ask of a member on their Desk: what nobody sees to yet, what they have, what they are offered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from quarterdeck.accountability import reads, ways
from quarterdeck.accountability.models import Level, Slip
from quarterdeck.accountability.telling import LEADS
from quarterdeck.core.registries import AgendaItem, ItemAction
from quarterdeck.crew.models import Member

OPEN = {Level.SMALL: 52, Level.WRONG: 80, Level.HARM: 95}
MINE = {Level.SMALL: 50, Level.WRONG: 72, Level.HARM: 92}


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """One item a slip. A level from 2 on has a due time, its brand's promise, so that it rises as that comes near; past
    it the leads see it too, whoever has it."""
    if not who.may("accountability.slip.own"):
        return
    found = reads.open_slips(who.workspace)
    promised = reads.promises({slip.post.brand_id for slip in found})
    for slip in found:
        due = reads.due(slip, promised[slip.post.brand_id])
        late = due is not None and due < now
        if slip.offered_to_id == who.pk:
            yield _offered(who, slip, due)
        elif slip.owner_id == who.pk and slip.corrected_at is not None:
            yield _on_its_way(who, slip)
        elif slip.owner_id == who.pk:
            yield _mine(who, slip, due, now)
        elif _nobody(slip):
            yield _open(who, slip, due, now)
        elif late and who.role in LEADS:
            yield _late(who, slip, due, now)


def _nobody(slip: Slip) -> bool:
    return slip.owner is None or slip.owner.left_at is not None


def _address(name: str, who: Member, slip: Slip) -> str:
    return reverse(f"accountability-{name}", kwargs={"workspace": who.workspace.slug, "pk": slip.pk})


def _item(who: Member, slip: Slip, title: str, why: str, weight: int, due, actions) -> AgendaItem:
    url = _address("slip", who, slip)
    return AgendaItem(
        key=f"accountability.slip:{slip.pk}",
        kind="correct",
        title=title,
        why=why[:300],
        url=url,
        since=slip.trace_at,
        consequence=weight,
        due=due,
        actions=(*actions, ItemAction("Open", url)),
    )


def _lateness(slip: Slip, due: datetime | None, now: datetime) -> str:
    if due is None or due > now:
        return ""
    return f" Open for {reads.in_words(now - slip.trace_at)}; the promise is {reads.in_words(due - slip.trace_at)}."


def _open(who: Member, slip: Slip, due: datetime | None, now: datetime) -> AgendaItem:
    take = ItemAction("I have this", _address("own", who, slip), "post", primary=True)
    title = f"Something may be wrong in “{slip.post.short}”"
    why = f"{slip.get_level_display()}: “{slip.short}” Nobody sees to it yet.{_lateness(slip, due, now)}"
    return _item(who, slip, title, why, OPEN[Level(slip.level)], due, (take,))


def _offered(who: Member, slip: Slip, due: datetime | None) -> AgendaItem:
    take = ItemAction("Take it over", _address("accept", who, slip), "post", primary=True)
    title = f"You are asked to take over a correction: “{slip.post.short}”"
    why = f"“{slip.short}” {slip.offered_word}".strip()
    return _item(who, slip, title, why, max(78, OPEN[Level(slip.level)]), due, (take,))


def _mine(who: Member, slip: Slip, due: datetime | None, now: datetime) -> AgendaItem:
    why = f"You have this. “{slip.short}”{_lateness(slip, due, now)}"
    if slip.declined_word:
        why = f"It was not taken over: “{slip.declined_word}” About: “{slip.short}”"
    return _item(who, slip, f"Correct “{slip.post.short}”", why, MINE[Level(slip.level)], due, ())


def _on_its_way(who: Member, slip: Slip) -> AgendaItem:
    """Decided, and not done everywhere yet: what each channel waits for, and louder where something is in the way."""
    left = [one for one in ways.stands(slip) if not one.done]
    stuck = [one for one in left if one.trouble]
    named = "; ".join(f"{one.coverage.channel.name}: {one.word}" for one in (stuck or left)[:4])
    title = f"The correction of “{slip.post.short}” " + (
        "needs another way" if stuck else "is not done everywhere"
    )
    return _item(who, slip, title, f"{named or 'It is being looked at'}.", 76 if stuck else 38, None, ())


def _late(who: Member, slip: Slip, due: datetime, now: datetime) -> AgendaItem:
    title = f"“{slip.post.short}” is not corrected yet"
    why = f"“{slip.short}” {slip.owner} sees to it now.{_lateness(slip, due, now)}"
    return _item(who, slip, title, why, 70, due, ())
