"""Who is told of what, inside the verb's transaction: the one who answers for a post hears first."""

from __future__ import annotations

from django.urls import reverse

from quarterdeck.crew import notify
from quarterdeck.crew.models import Member
from quarterdeck.publishing.models import Delivery, DeliveryState, Post


def _address(post: Post) -> str:
    return reverse("publishing-post", kwargs={"workspace": post.workspace.slug, "pk": post.pk})


def asked(post: Post, by: Member) -> None:
    """Everybody who may approve it, with the whole text."""
    present = Member.objects.filter(workspace=post.workspace_id, left_at__isnull=True).select_related("user")
    for member in present:
        if member.pk not in {by.pk, post.author_id} and member.may("publishing.post.approve"):
            subject = f"{by} asks you to approve “{post.short}”"
            notify.tell(member, subject=subject, text=post.text, url=_address(post))


def approved(post: Post, by: Member, note: str) -> None:
    if by.pk != post.author_id:
        words = f"{by} approved it." + (f" “{note}”" if note else "")
        notify.tell(post.author, subject=f"“{post.short}” is approved", text=words, url=_address(post))


def returned(post: Post, by: Member, reason: str) -> None:
    if by.pk != post.author_id:
        words = f"{by} wrote: {reason}"
        notify.tell(post.author, subject=f"“{post.short}” came back", text=words, url=_address(post))


def not_out(delivery: Delivery) -> None:
    """Missed, refused or not known: urgent, because somebody expects it to be out."""
    post = delivery.post
    what = {
        DeliveryState.MISSED: "did not go out on",
        DeliveryState.REJECTED: "was refused by",
        DeliveryState.AMBIGUOUS: "may or may not be out on",
    }[DeliveryState(delivery.state)]
    subject = f"“{post.short}” {what} {delivery.channel.name}"
    notify.tell(post.author, subject=subject, text=delivery.failure, url=_address(post), urgent=True)
