"""The demo's posts: weeks of them that went out, and how things stand this morning."""

from __future__ import annotations

from datetime import datetime, timedelta

from quarterdeck.accountability import verbs as corrections
from quarterdeck.changes import making
from quarterdeck.changes.intake import Claimed as Asked
from quarterdeck.changes.models import Change
from quarterdeck.core import clock
from quarterdeck.desk.demo import texts
from quarterdeck.desk.demo.cast import (
    Cast,
    approve,
    draft,
    next_half_hour,
    past_post,
    plan,
    see_through,
    wall,
)
from quarterdeck.publishing import verbs


def week(cast: Cast, monday: datetime, posts: int, now: datetime) -> None:
    for number in range(posts):
        day = monday + timedelta(days=number % 7)
        due = wall(
            cast, day, hour=cast.dice.choice([8, 11, 12, 14, 17, 19]), minute=cast.dice.choice([0, 30])
        )
        if due < now - timedelta(hours=2):
            past_post(cast, due)


def present(cast: Cast, now: datetime) -> None:
    """How things stand this morning: something missed, something returned, some to approve, some planned."""
    _missed(cast, now)
    _typo(cast, now)
    returned = draft(cast, now - timedelta(hours=20), now, cast.owner)
    with clock.at(now - timedelta(hours=3)):
        verbs.return_(returned, by=cast.lead, reason=texts.REASONS[3])
    for hours, ahead in ((22, 5), (9, 30), (6, 76), (5, 100), (4, 124), (3, 148)):
        post = draft(cast, now - timedelta(hours=hours), now, cast.author)
        plan(post, now - timedelta(hours=hours - 1), next_half_hour(cast, now, ahead))
    for hours in (30, 7):
        draft(cast, now - timedelta(hours=hours), now, cast.author)
    for ahead in (3, 26, 50, 54, 74, 98):
        post = draft(cast, now - timedelta(hours=12), now, cast.owner)
        approve(cast, post, now - timedelta(hours=8))
        plan(post, now - timedelta(hours=7), next_half_hour(cast, now, ahead))
    for hours in (40, 16):
        approve(cast, draft(cast, now - timedelta(hours=hours), now, cast.owner), now - timedelta(hours=2))
    for hours in (50, 28, 2):
        draft(cast, now - timedelta(hours=hours), now, cast.owner, ask=False)


def _typo(cast: Cast, now: datetime) -> None:
    """A typo of a fortnight ago: seen an hour later, fixed where it stands, over."""
    due = next_half_hour(cast, now - timedelta(days=15), 0)
    with clock.at(due - timedelta(hours=20)):
        right, wrong = texts.TYPO
        post = verbs.draft(cast.author, brand=cast.brand, text=wrong, channels=cast.channels[:1])
        verbs.ask_approval(post, by=cast.author)
    approve(cast, post, due - timedelta(hours=18))
    plan(post, due - timedelta(hours=17), due)
    for delivery in post.deliveries.filter(state="intent"):
        see_through(delivery, delivery.due_at + timedelta(seconds=1))
    with clock.at(due + timedelta(hours=1)):
        slip = corrections.fix(post, by=cast.author, texts={"": [right]}, reasons={})
    for change in Change.objects.filter(delivery__post=post):
        with clock.at(due + timedelta(hours=1, seconds=3)):
            Change.objects.filter(pk=change.pk).update(attempt=1, lease_until=due + timedelta(hours=2))
            making.work(Asked(change.pk, 1))
    with clock.at(due + timedelta(hours=1, seconds=4)):
        corrections.settle(slip)


def _missed(cast: Cast, now: datetime) -> None:
    """One that nobody approved in time, and that its author still has to decide about."""
    due = next_half_hour(cast, now - timedelta(hours=5), 0)
    post = draft(cast, due - timedelta(hours=12), due, cast.owner)
    plan(post, due - timedelta(hours=10), due)
    for delivery in post.deliveries.filter(state="intent"):
        see_through(delivery, delivery.latest_at + timedelta(seconds=30))
