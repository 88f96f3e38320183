"""Who is in the demo, and what its parts do over and over: a draft, an approval, a plan, a post that went out."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from quarterdeck.channels import verbs as channels
from quarterdeck.channels.models import Channel
from quarterdeck.core import clock
from quarterdeck.core.problems import Problem
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import Brand, Member, User
from quarterdeck.desk.demo import texts
from quarterdeck.publishing import sending, verbs
from quarterdeck.publishing.intake import Claimed
from quarterdeck.publishing.models import Delivery, Post


@dataclass
class Cast:
    """Who is in it, and the dice by which every run tells the same story."""

    owner: Member
    lead: Member
    author: Member
    approver: Member
    brand: Brand
    channels: list[Channel]
    dice: random.Random = field(default_factory=lambda: random.Random(9))  # noqa: S311


def gather(owner: User) -> Cast:
    zone = owner.timezone or "Europe/Berlin"
    me = crew.create_workspace(by=owner, name=texts.WORKSPACE, timezone=zone, demo=True)
    people = {}
    for name, role in texts.PEOPLE:
        user = User.objects.create_user(name=name, timezone=zone, is_active=False)
        people[role] = crew.accept_invitation(crew.invite(by=me, role=role).token, user=user)
    brand = me.workspace.brands.get()
    both = [
        channels.connect_sandbox(me, brand=brand, name=texts.BRAND),
        channels.connect_sandbox(me, brand=brand, name=f"{texts.BRAND} Jobs"),
    ]
    for member in people.values():
        member.workspace = me.workspace
    return Cast(me, people["lead"], people["author"], people["approver"], brand, both)


def wall(cast: Cast, day: datetime, hour: int, minute: int) -> datetime:
    local = day.astimezone(cast.owner.workspace.zone)
    return local.replace(hour=hour, minute=minute, second=0)


def _text(cast: Cast, when: datetime) -> str:
    return texts.post(cast.dice, when.month, when.isocalendar().week)


def draft(cast: Cast, at: datetime, due: datetime, by: Member | None = None, *, ask: bool = True) -> Post:
    by = by or (cast.owner if cast.dice.random() < 0.4 else cast.author)
    chosen = cast.channels if cast.dice.random() < 0.2 else cast.channels[:1]
    with clock.at(at):
        post = verbs.draft(by, brand=cast.brand, text=_text(cast, due), channels=chosen)
    if ask:
        with clock.at(at + timedelta(minutes=12)):
            verbs.ask_approval(post, by=by)
    return post


def approve(cast: Cast, post: Post, at: datetime) -> None:
    with clock.at(at):
        verbs.approve(post, by=cast.lead, text_hash=post.text_hash)


def plan(post: Post, at: datetime, due: datetime) -> None:
    with clock.at(at):
        wall = due.replace(tzinfo=None, fold=0)
        try:
            verbs.schedule(post, by=post.author, when=wall, fold=0)
        except Problem:  # a slot inside a clock change: an hour later is as good
            verbs.schedule(post, by=post.author, when=wall + timedelta(hours=1), fold=0)


def past_post(cast: Cast, due: datetime) -> None:
    """From a draft two days before to out; now and then returned first, now and then missed."""
    begun = due - timedelta(hours=cast.dice.randint(26, 60))
    post = draft(cast, begun, due)
    if cast.dice.random() < 0.12:
        with clock.at(begun + timedelta(hours=1)):
            verbs.return_(post, by=cast.lead, reason=cast.dice.choice(texts.REASONS))
        with clock.at(begun + timedelta(hours=2)):
            text = post.text + "\n\nWhile it lasts."
            post = verbs.edit(post, by=post.author, version=1, text=text, channels=list(post.channels.all()))
            verbs.ask_approval(post, by=post.author)
    approve(cast, post, begun + timedelta(hours=3))
    plan(post, begun + timedelta(hours=4), due)
    late = cast.dice.random() < 0.01
    for delivery in post.deliveries.filter(state="intent"):
        see_through(delivery, delivery.due_at + (timedelta(minutes=40) if late else timedelta(seconds=1)))
        if late:
            with clock.at(delivery.due_at + timedelta(hours=1)):
                verbs.drop(delivery, by=post.author)


def see_through(delivery: Delivery, at: datetime) -> None:
    """What the sending loop does, for this one delivery."""
    with clock.at(at):
        Delivery.objects.filter(pk=delivery.pk).update(attempt=1, lease_until=at + timedelta(minutes=2))
        sending.work([Claimed(delivery.pk, 1)])


def next_half_hour(cast: Cast, moment: datetime, hours: int) -> datetime:
    """The next half hour after `moment` plus `hours`, in the workspace's zone."""
    local = (moment + timedelta(hours=hours)).astimezone(cast.owner.workspace.zone)
    half = local.replace(minute=30 if local.minute < 30 else 0, second=0)
    return half if local.minute < 30 else half + timedelta(hours=1)
