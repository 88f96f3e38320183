"""The demo workspace: weeks, or a year, of a small restaurant's posts, made by calling the same verbs as people do.

Only a process that may move its clock (`QUARTERDECK_CLOCK=demo`) can make it. The worker starts one
(`make_in_child`). All of it is one transaction, so that nobody sees half a demo and its log gets its places once.
The clock moves from act to act; deliveries are seen through one by one, never by the claim that serves everybody.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from quarterdeck.accountability import verbs as corrections
from quarterdeck.changes import making
from quarterdeck.changes.intake import Claimed as Asked
from quarterdeck.changes.models import Change
from quarterdeck.channels import verbs as channels
from quarterdeck.channels.models import Channel
from quarterdeck.core import clock
from quarterdeck.core.problems import Problem, Unavailable
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import Brand, Member, Notification, User, Workspace
from quarterdeck.desk import demo_texts, demo_week
from quarterdeck.publishing import sending, verbs
from quarterdeck.publishing.intake import Claimed
from quarterdeck.publishing.models import Delivery, Post

WEEKS, PER_WEEK = 5, 7
YEAR_WEEKS, YEAR_PER_WEEK = 52, 29
PATIENCE = 150.0  # seconds the worker waits for its child
STEP = re.compile(r"Week (\d+) of (\d+)")
Said = Callable[[str], None]


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


def make(owner: User, *, year: bool = False, say: Said = lambda words: None) -> Workspace:
    """Build it and return the workspace. ClockIsReal in a process that serves people."""
    weeks, per_week = (YEAR_WEEKS, YEAR_PER_WEEK) if year else (WEEKS, PER_WEEK)
    now = clock.now().replace(microsecond=0)
    begins = now - timedelta(weeks=weeks)
    with transaction.atomic():
        with clock.at(begins - timedelta(days=1)):
            cast = _cast(owner)
        for week in range(weeks):
            _week(cast, begins + timedelta(weeks=week), per_week, now)
            say(f"Week {week + 1} of {weeks}")
        _present(cast, now)
        demo_week.tell(cast, now)
        Notification.objects.filter(member=cast.owner, created_at__lt=now - timedelta(days=1)).update(
            read_at=now
        )
    return cast.owner.workspace


def begin(owner: User) -> None:
    """Have the worker make it; `crew.first_run` says to the person how far it is."""
    from quarterdeck.desk.jobs import make_demo

    make_demo.defer(owner=str(owner.pk))


def make_in_child(owner: User, say: Callable[[int, int], None]) -> None:
    """Build it in a process of its own, whose clock may move, and wait; `say(done, of)` after each step.

    Unavailable, with the child's last words as its cause, when that fails: then nothing of it is there.
    """
    environment = {**os.environ, "QUARTERDECK_CLOCK": "demo"}
    with subprocess.Popen(
        _command(owner), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as child:
        late = threading.Timer(PATIENCE, child.kill)
        late.start()
        last = ""
        try:
            for line in child.stderr or ():
                last = line.strip() or last
                if step := STEP.fullmatch(last):
                    say(int(step[1]), int(step[2]))
        finally:
            late.cancel()
    if child.returncode != 0:
        raise Unavailable(
            "The demo could not be made.", not_done="No demo workspace was added.", next_step="Try again."
        ) from RuntimeError(f"its process ended with {child.returncode}: {last}")


def _command(owner: User) -> list[str]:
    return [sys.executable, "-m", "quarterdeck", "demo", "--owner", str(owner.pk)]


def build(owner: str = "", year: bool = False) -> str:
    """For the command line: a demo for the person with this id, else for the owner of the installation."""
    people = User.objects.filter(pk=owner) if owner else User.objects.filter(owns_installation=True)
    person = people.order_by("joined_at").first()
    if person is None:
        raise Unavailable(
            "There is nobody to own the demo yet.", next_step="Sign in once by the link that “up” prints."
        )
    made = make(person, year=year, say=lambda words: print(words, file=sys.stderr, flush=True))
    return f"The demo is at /w/{made.slug}/, workspace {made.pk}"


def _cast(owner: User) -> Cast:
    zone = owner.timezone or "Europe/Berlin"
    me = crew.create_workspace(by=owner, name=demo_texts.WORKSPACE, timezone=zone, demo=True)
    people = {}
    for name, role in demo_texts.PEOPLE:
        user = User.objects.create_user(name=name, timezone=zone, is_active=False)
        people[role] = crew.accept_invitation(crew.invite(by=me, role=role).token, user=user)
    brand = me.workspace.brands.get()
    both = [
        channels.connect_sandbox(me, brand=brand, name=demo_texts.BRAND),
        channels.connect_sandbox(me, brand=brand, name=f"{demo_texts.BRAND} Jobs"),
    ]
    for member in people.values():
        member.workspace = me.workspace
    return Cast(me, people["lead"], people["author"], people["approver"], brand, both)


def _week(cast: Cast, monday: datetime, posts: int, now: datetime) -> None:
    for number in range(posts):
        day = monday + timedelta(days=number % 7)
        due = _wall(
            cast, day, hour=cast.dice.choice([8, 11, 12, 14, 17, 19]), minute=cast.dice.choice([0, 30])
        )
        if due < now - timedelta(hours=2):
            _past_post(cast, due)


def _wall(cast: Cast, day: datetime, hour: int, minute: int) -> datetime:
    local = day.astimezone(cast.owner.workspace.zone)
    return local.replace(hour=hour, minute=minute, second=0)


def _text(cast: Cast, when: datetime) -> str:
    return demo_texts.post(cast.dice, when.month, when.isocalendar().week)


def _draft(cast: Cast, at: datetime, due: datetime, by: Member | None = None, *, ask: bool = True) -> Post:
    by = by or (cast.owner if cast.dice.random() < 0.4 else cast.author)
    chosen = cast.channels if cast.dice.random() < 0.2 else cast.channels[:1]
    with clock.at(at):
        post = verbs.draft(by, brand=cast.brand, text=_text(cast, due), channels=chosen)
    if ask:
        with clock.at(at + timedelta(minutes=12)):
            verbs.ask_approval(post, by=by)
    return post


def _approve(cast: Cast, post: Post, at: datetime) -> None:
    with clock.at(at):
        verbs.approve(post, by=cast.lead, text_hash=post.text_hash)


def _plan(post: Post, at: datetime, due: datetime) -> None:
    with clock.at(at):
        wall = due.replace(tzinfo=None, fold=0)
        try:
            verbs.schedule(post, by=post.author, when=wall, fold=0)
        except Problem:  # a slot inside a clock change: an hour later is as good
            verbs.schedule(post, by=post.author, when=wall + timedelta(hours=1), fold=0)


def _past_post(cast: Cast, due: datetime) -> None:
    """From a draft two days before to out; now and then returned first, now and then missed."""
    begun = due - timedelta(hours=cast.dice.randint(26, 60))
    post = _draft(cast, begun, due)
    if cast.dice.random() < 0.12:
        with clock.at(begun + timedelta(hours=1)):
            verbs.return_(post, by=cast.lead, reason=cast.dice.choice(demo_texts.REASONS))
        with clock.at(begun + timedelta(hours=2)):
            text = post.text + "\n\nWhile it lasts."
            post = verbs.edit(post, by=post.author, version=1, text=text, channels=list(post.channels.all()))
            verbs.ask_approval(post, by=post.author)
    _approve(cast, post, begun + timedelta(hours=3))
    _plan(post, begun + timedelta(hours=4), due)
    late = cast.dice.random() < 0.01
    for delivery in post.deliveries.filter(state="intent"):
        _see_through(delivery, delivery.due_at + (timedelta(minutes=40) if late else timedelta(seconds=1)))
        if late:
            with clock.at(delivery.due_at + timedelta(hours=1)):
                verbs.drop(delivery, by=post.author)


def _see_through(delivery: Delivery, at: datetime) -> None:
    """What the sending loop does, for this one delivery."""
    with clock.at(at):
        Delivery.objects.filter(pk=delivery.pk).update(attempt=1, lease_until=at + timedelta(minutes=2))
        sending.work([Claimed(delivery.pk, 1)])


def _present(cast: Cast, now: datetime) -> None:
    """How things stand this morning: something missed, something returned, some to approve, some planned."""
    _missed(cast, now)
    _typo(cast, now)
    returned = _draft(cast, now - timedelta(hours=20), now, cast.owner)
    with clock.at(now - timedelta(hours=3)):
        verbs.return_(returned, by=cast.lead, reason=demo_texts.REASONS[3])
    for hours, ahead in ((22, 5), (9, 30), (6, 76), (5, 100), (4, 124), (3, 148)):
        post = _draft(cast, now - timedelta(hours=hours), now, cast.author)
        _plan(post, now - timedelta(hours=hours - 1), _next(cast, now, ahead))
    for hours in (30, 7):
        _draft(cast, now - timedelta(hours=hours), now, cast.author)
    for ahead in (3, 26, 50, 54, 74, 98):
        post = _draft(cast, now - timedelta(hours=12), now, cast.owner)
        _approve(cast, post, now - timedelta(hours=8))
        _plan(post, now - timedelta(hours=7), _next(cast, now, ahead))
    for hours in (40, 16):
        _approve(cast, _draft(cast, now - timedelta(hours=hours), now, cast.owner), now - timedelta(hours=2))
    for hours in (50, 28, 2):
        _draft(cast, now - timedelta(hours=hours), now, cast.owner, ask=False)


def _typo(cast: Cast, now: datetime) -> None:
    """A typo of a fortnight ago: seen an hour later, fixed where it stands, over."""
    due = _next(cast, now - timedelta(days=15), 0)
    with clock.at(due - timedelta(hours=20)):
        right, wrong = demo_texts.TYPO
        post = verbs.draft(cast.author, brand=cast.brand, text=wrong, channels=cast.channels[:1])
        verbs.ask_approval(post, by=cast.author)
    _approve(cast, post, due - timedelta(hours=18))
    _plan(post, due - timedelta(hours=17), due)
    for delivery in post.deliveries.filter(state="intent"):
        _see_through(delivery, delivery.due_at + timedelta(seconds=1))
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
    due = _next(cast, now - timedelta(hours=5), 0)
    post = _draft(cast, due - timedelta(hours=12), due, cast.owner)
    _plan(post, due - timedelta(hours=10), due)
    for delivery in post.deliveries.filter(state="intent"):
        _see_through(delivery, delivery.latest_at + timedelta(seconds=30))


def _next(cast: Cast, moment: datetime, hours: int) -> datetime:
    """The next half hour after `moment` plus `hours`, in the workspace's zone."""
    local = (moment + timedelta(hours=hours)).astimezone(cast.owner.workspace.zone)
    half = local.replace(minute=30 if local.minute < 30 else 0, second=0)
    return half if local.minute < 30 else half + timedelta(hours=1)
