"""What changes ask of a member on their Desk: what is in their hands, what was refused or is not known, what waits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from quarterdeck.changes import reads, words
from quarterdeck.changes.models import Change, ChangeState
from quarterdeck.changes.telling import todo
from quarterdeck.core.registries import AgendaItem, ItemAction
from quarterdeck.crew import reads as crew
from quarterdeck.crew.models import Member
from quarterdeck.publishing.handing import STAND_IN_AFTER


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """For whoever answers for the post; for who stands in when that person has left or does not answer for an hour."""
    if not who.may("publishing.delivery.answer"):
        return
    changes = [one for one in reads.asking(who.workspace) if _is_for(who, one, now)]
    for one in words.told(changes):
        item = _item(who, one)
        if item is not None:
            yield item


def _is_for(who: Member, change: Change, now: datetime) -> bool:
    answers = change.delivery.post.answerable
    if answers.pk == who.pk:
        return True
    since = change.handed_at or change.person_at or change.ended_at
    late = since is not None and now >= since + STAND_IN_AFTER
    return (answers.left_at is not None or late) and who.pk in {one.pk for one in crew.stand_ins(answers)}


def _item(who: Member, told: words.Told) -> AgendaItem | None:
    """None for what needs nobody."""
    change = told.change
    row, post = change.delivery, change.delivery.post
    parts = {"workspace": who.workspace.slug, "pk": change.pk}
    url, what = (
        reverse("changes-change", kwargs=parts),
        "other words for" if change.is_edit else "taking down",
    )
    opens = ItemAction("Open", url, primary=True)
    if change.state == ChangeState.HANDED:
        title, kind, weight = f"{todo(change)}: “{post.short}”", "correct", 86
        why = "The words to copy and the link are there. Then say whether it was done."
        opens = ItemAction("Open what to change" if change.is_edit else "Open it", url, primary=True)
    elif change.state == ChangeState.UNKNOWN:
        title, kind, weight = f"Is “{post.short}” {_done(change)} on {row.channel.name}?", "decide", 89
        why = change.failure
    elif change.state == ChangeState.REFUSED:
        title, kind, weight = f"{row.channel.title} refused {what} “{post.short}”", "correct", 87
        why = change.failure
    elif told.word in {"held", "waits for approval"}:
        waits = "wait for approval" if told.word != "held" else "are held"
        title, kind, weight = f"Other words for “{post.short}” {waits}", "notice", 40
        why = told.sentence
    else:
        return None
    return AgendaItem(
        key=f"changes.change:{change.pk}:{change.state}",
        kind=kind,
        title=title,
        why=why,
        url=url,
        since=change.handed_at or change.person_at or change.ended_at or change.asked_at,
        consequence=weight,
        actions=(opens,),
    )


def _done(change: Change) -> str:
    return "changed" if change.is_edit else "taken down"
