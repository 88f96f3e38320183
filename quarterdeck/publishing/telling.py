"""Who is told of what, inside the verb's transaction: the one who answers for a post hears first."""

from __future__ import annotations

from django.urls import reverse

from quarterdeck.crew import notify
from quarterdeck.crew import reads as crew
from quarterdeck.crew.models import Member
from quarterdeck.crew.naming import by_role, starting
from quarterdeck.crew.permissions import Role
from quarterdeck.publishing import answering, clearing, content, differences, policies, previewing
from quarterdeck.publishing.models import Approval, Delivery, DeliveryState, Post, PostVersion, Return
from quarterdeck.publishing.policies import Progress

LEADS = {Role.OWNER, Role.LEAD}
LONGEST_TOLD = 3_000  # characters of a post in a message; the page has all of it

_TOLD = (DeliveryState.INTENT, DeliveryState.MISSED, DeliveryState.REJECTED)  # or told soon


def _address(post: Post) -> str:
    return reverse("publishing-post", kwargs={"workspace": post.workspace.slug, "pk": post.pk})


def asked(post: Post, by: Member) -> None:
    """Everybody whose approval is wanted now, with the whole preview."""
    stands = clearing.progress(post)
    for member in stands.crew.present:
        if member.pk != by.pk and policies.is_asked(stands, member, post.author):
            _ask(member, post, f"You are asked to approve “{post.short}”")


def _ask(member: Member, post: Post, subject: str) -> None:
    notify.tell(member, subject=subject, text=previewing.plain(post), url=_address(post))


def approved(post: Post, given: Approval) -> None:
    """The text may go out: its author hears it."""
    if given.approved_by_id != post.author_id:
        words = f"{given.who} approved it." + (f" “{given.note}”" if given.note else "")
        notify.tell(post.author, subject=f"“{post.short}” is approved", text=words, url=_address(post))


def spoken(post: Post, given: Approval, stands: Progress) -> None:
    """One approval of several: the author hears it, and in an order those whose turn has come."""
    if given.approved_by_id != post.author_id:
        words = f"{given.who} approved it." + (f" “{given.note}”" if given.note else "")
        words += f" It still waits for {policies.waited_for(stands)}."
        notify.tell(
            post.author, subject=f"{given.who} approved “{post.short}”", text=words, url=_address(post)
        )
    if stands.rules.ordered or _opens(given, stands):
        for member in stands.crew.present:
            if policies.is_asked(stands, member, post.author):
                _ask(member, post, f"Now you are asked to approve “{post.short}”")


def _opens(given: Approval, stands: Progress) -> bool:
    """Whether the team's turn came with this voice, of somebody outside who had to be heard first."""
    first = [state for state in stands.steps if state.step.first]
    link = given.link_id.hex if given.link_id else ""
    spoke = any(seat.who == link for state in first for seat in state.step.seats)
    return spoke and all(state.state == "done" for state in first)


def returned(post: Post, given: Return) -> None:
    if given.returned_by_id != post.author_id:
        words = f"{given.who} wrote: {given.reason}"
        notify.tell(post.author, subject=f"“{post.short}” came back", text=words, url=_address(post))


def carried(post: Post, by: Member, read: PostVersion) -> None:
    """A small edit kept the approval: those who gave it, to the version they read, see what was changed."""
    words = f"{starting(by_role(by))} changed a few characters after you approved it. By the policy it stays"
    words += " approved.\n\n"
    changes = differences.in_sentences(previewing.texts(read.parts), previewing.texts(post.parts))
    given = post.approvals.filter(text_hash=read.text_hash, withdrawn_at__isnull=True)
    for one in given.select_related("approved_by__user"):
        member = one.approved_by
        if member is not None and member.pk != by.pk and member.left_at is None:
            subject, text = f"“{post.short}” was changed a little", words + "\n\n".join(changes)
            notify.tell(member, subject=subject, text=text, url=_address(post))


def reworded(post: Post, by: Member) -> None:
    """Words of a post that is out were changed a little, where no policy stands: who approved it once hears of it."""
    given = post.approvals.filter(withdrawn_at__isnull=True, approved_by__left_at__isnull=True)
    told = {one.approved_by for one in given.select_related("approved_by__user") if one.approved_by_id}
    for member in sorted(told - {by}, key=lambda one: one.pk):
        subject = f"“{post.short}” was changed where it is out"
        notify.tell(member, subject=subject, text=previewing.plain(post), url=_address(post))


def reminded(post: Post, hours: int) -> int:
    """Its slot comes nearer and approvals are missing: those who have to give them, and with the last reminder the
    leads too. Returns how many were told."""
    stands = clearing.progress(post)
    leads = hours <= min(stands.rules.reminders, default=hours)
    at = slot_in_words(post)
    told = [m for m in stands.crew.present if policies.may_speak(stands, m, post.author)]
    for member in told:
        _ask(member, post, f"“{post.short}” still needs your approval before {at}")
    if leads:
        others = [m for m in stands.crew.present if m.role in LEADS and m not in told]
        for member in others:
            words = f"It waits for {policies.waited_for(stands)}. Without it nothing is sent at {at}."
            subject = f"“{post.short}” is not approved yet"
            notify.tell(member, subject=subject, text=words, url=_address(post))
        told += others
    return len(told)


def slot_in_words(post: Post) -> str:
    """When it goes out next: "Monday 9 March, 12:30 Europe/Berlin"; "its slot" when nothing is planned."""
    return previewing.when(post) or "its slot"


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
    words = (
        "It was handed over to you: you hear first when it fails, and you post it where it goes out by hand."
    )
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
    if (answered := answering.answered(post, delivery.channel)) is not None:
        todo += f" It answers this post: {answered.url or answered.post.short}"
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
