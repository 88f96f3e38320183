"""Who hears of a hold, inside the verb's transaction: those who may lift it, and whoever has a post in their hands."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from quarterdeck.crew import notify
from quarterdeck.crew.models import Member
from quarterdeck.crew.naming import by_role, starting
from quarterdeck.publishing import holds_reads
from quarterdeck.publishing.models import Delivery, DeliveryState, Hold


def _address(hold: Hold) -> str:
    return reverse("publishing-hold", kwargs={"workspace": hold.workspace.slug, "pk": hold.pk})


def _leads(hold: Hold) -> list[Member]:
    present = Member.objects.filter(workspace=hold.workspace_id, left_at__isnull=True).select_related("user")
    return [member for member in present if member.may("publishing.hold.lift")]


def placed(hold: Hold, handed_out: Sequence[Delivery]) -> None:
    """Urgent: somebody pressed the button. Who has a post to put up by hand is asked not to."""
    [it] = holds_reads.named([hold])
    words = f"{starting(by_role(hold.placed_by))} placed it. No publish call starts until it is lifted."
    if hold.reason:
        words += f" “{hold.reason}”"
    for member in _leads(hold):
        if member.pk != hold.placed_by_id:
            subject = f"{it.What} is on hold"
            notify.tell(member, subject=subject, text=words, url=_address(hold), urgent=True)
    for row in handed_out:
        subject = f"Please do not post “{row.post.short}” on {row.channel.name}"
        text = f"{it.What} is on hold, and you have this one to post by hand. {words}"
        notify.tell(row.handed_to, subject=subject, text=text, url=_address(hold), urgent=True)


def lifted(hold: Hold, by: Member) -> None:
    """Everybody who was told that it stands, except who lifted it."""
    [it] = holds_reads.named([hold])
    told = {member.pk: member for member in _leads(hold)} | {hold.placed_by_id: hold.placed_by}
    for member in told.values():
        if member.pk != by.pk and member.left_at is None:
            subject = f"{it.What} is no longer on hold"
            notify.tell(
                member, subject=subject, text=f"{starting(by_role(by))} lifted the hold.", url=_address(hold)
            )
    caught = hold.caught.filter(handed_out=True, delivery__state=DeliveryState.HANDED)
    caught = caught.select_related("delivery__post", "delivery__channel", "delivery__handed_to__user")
    rows = [one.delivery for one in caught]
    free = holds_reads.freed_by(hold, rows)  # not what another hold covers
    for row in rows:
        if row.pk not in free:
            continue
        subject = f"You may post “{row.post.short}” on {row.channel.name} again"
        notify.tell(
            row.handed_to,
            subject=subject,
            text=f"{starting(by_role(by))} lifted the hold.",
            url=_address(hold),
        )
