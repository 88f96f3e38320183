"""Somebody's week, made by what they really do: a post that goes out, an approval, a hold, an idea, comments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from quarterdeck.core import clock, ids
from quarterdeck.crew.models import Member
from quarterdeck.leadership import drafting, intake
from quarterdeck.publishing import intake as queue
from quarterdeck.publishing import sending, verbs
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.tests import world

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 14, 0, tzinfo=UTC)
WEEK = MONDAY.date()


@dataclass
class Life:
    ada: Member  # author
    bea: Member  # lead
    post: Post


def lived(zone: str = "UTC") -> Life:
    """Ada wrote a post on Monday, which went out; Bea approved it."""
    with clock.at(MONDAY):
        w = world.two(zone)
        for one in (w.author, w.approver):
            one.user.timezone = zone
            one.user.save()
        post = w.approved("Nettle soup is back.\n\nUntil it is gone.")
        verbs.publish_now(post, by=w.author)
    with clock.at(post.deliveries.get().due_at):
        for batch in queue.claim(1, clock.now()):
            sending.work(batch)
    return Life(w.author, w.approver, post)


def kept(member: Member, text: str = "I talked the launch into next week.", monday=WEEK) -> str:
    """The member keeps a private week, with one sentence of their own; its id."""
    intake.switch_on(member.user)
    line_id = ids.new().hex
    intake.add(member.user, monday, kind="together", text=text, line_id=line_id)
    return line_id


def drafted(member: Member) -> list[str]:
    """What the product would say to the member of that week."""
    with clock.at(FRIDAY):
        return [deed.said("You") for deed in drafting.drafted(member.user, WEEK).deeds]
