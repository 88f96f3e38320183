"""Who is told of what, inside the verb's transaction: the one who answers for a post hears first."""

from __future__ import annotations

from django.urls import reverse

from quarterdeck.crew import notify
from quarterdeck.crew import reads as crew
from quarterdeck.crew.models import Member
from quarterdeck.publishing import content
from quarterdeck.publishing.models import Delivery, DeliveryState, Post
from quarterdeck.publishing.rows import whole_text

LONGEST_TOLD = 3_000  # characters of a post in a message; the page has all of it

_TOLD = (DeliveryState.INTENT, DeliveryState.MISSED, DeliveryState.REJECTED)  # or told soon


def _address(post: Post) -> str:
    return reverse("publishing-post", kwargs={"workspace": post.workspace.slug, "pk": post.pk})


def asked(post: Post, by: Member) -> None:
    """Everybody who may approve it, with the whole text."""
    present = Member.objects.filter(workspace=post.workspace_id, left_at__isnull=True).select_related("user")
    for member in present:
        if member.pk not in {by.pk, post.author_id} and member.may("publishing.post.approve"):
            subject = f"{by} asks you to approve “{post.short}”"
            notify.tell(member, subject=subject, text=whole_text(post), url=_address(post))


def approved(post: Post, by: Member, note: str) -> None:
    if by.pk != post.author_id:
        words = f"{by} approved it." + (f" “{note}”" if note else "")
        notify.tell(post.author, subject=f"“{post.short}” is approved", text=words, url=_address(post))


def returned(post: Post, by: Member, reason: str) -> None:
    if by.pk != post.author_id:
        words = f"{by} wrote: {reason}"
        notify.tell(post.author, subject=f"“{post.short}” came back", text=words, url=_address(post))


def handed(delivery: Delivery) -> None:
    """It is time to post by hand: whoever answers for it, at once, with the text ready to copy."""
    for member in _who_hears(delivery.post):
        _tell_by_hand(member, delivery, f"Now by hand on {delivery.channel.name}: “{delivery.post.short}”")


def handed_again(delivery: Delivery) -> None:
    """Half an hour has passed, and nobody has said whether it is out."""
    for member in _who_hears(delivery.post):
        _tell_by_hand(member, delivery, f"Is it out on {delivery.channel.name}? “{delivery.post.short}”")


def stand_ins(delivery: Delivery) -> int:
    """An hour has passed: whoever stands in for the one who answers for it. Returns how many were told."""
    post = delivery.post
    told = crew.stand_ins(post.answerable)
    for member in told:
        subject = f"For {post.answerable}: is it out on {delivery.channel.name}? “{post.short}”"
        _tell_by_hand(member, delivery, subject)
    return len(told)


def handed_over(post: Post, by: Member, to: Member) -> None:
    """Somebody else answers for it from now on: they hear of it."""
    subject = f"You answer for “{post.short}” now"
    words = f"{by} handed it over to you: you hear first when it fails, and you post it where it goes out by hand."
    notify.tell(to, subject=subject, text=words, url=_address(post))


def _who_hears(post: Post) -> list[Member]:
    """The one who answers for it; whoever stands in, when that person has left."""
    return [post.answerable] if post.answerable.left_at is None else crew.stand_ins(post.answerable)


def _tell_by_hand(member: Member, delivery: Delivery, subject: str) -> None:
    """The text first, so that it can be copied from the message itself; then what to do."""
    post = delivery.post
    said = content.said(post, delivery.channel)
    parts = [part["text"].strip() for part in said]
    images = sum(len(part["images"]) for part in said)
    latest = delivery.latest_at.astimezone(delivery.local.tzinfo)
    text = "\n\n---\n\n".join(part for part in parts if part) or "It has no text."
    if len(text) > LONGEST_TOLD:
        text = text[:LONGEST_TOLD] + "…\n\n(The whole text is on the page.)"
    todo = f"To be posted on {delivery.channel.name} ({delivery.channel.title}) by {latest:%H:%M}"
    todo += f", with {images} image{'s' * (images != 1)} from the page." if images else "."
    url = reverse("publishing-by-hand", kwargs={"workspace": post.workspace.slug, "pk": delivery.pk})
    words = f"{text}\n\n---\n{todo} Then say there whether it is out."
    notify.tell(member, subject=subject, text=words, url=url, urgent=True)


def not_out(delivery: Delivery) -> None:
    """Missed, refused or not known: urgent, because somebody expects it to be out. Of a thread the first such part is
    told: the rest goes with it."""
    post = delivery.post
    if delivery.state == DeliveryState.MISSED and delivery.after_id and delivery.after.state in _TOLD:
        return
    what = {
        DeliveryState.MISSED: "did not go out on",
        DeliveryState.REJECTED: "was refused by",
        DeliveryState.AMBIGUOUS: "may or may not be out on",
    }[DeliveryState(delivery.state)]
    subject = f"“{post.short}” {what} {delivery.channel.name}"
    for member in _who_hears(post):
        notify.tell(member, subject=subject, text=delivery.failure, url=_address(post), urgent=True)
