"""The demo workspace: weeks, or a year, of a small restaurant's posts, made by calling the same verbs as people do.

Only a process that may move its clock (`QUARTERDECK_CLOCK=demo`) can make it. The worker starts one
(`make_in_child`). All of it is one transaction, so that nobody sees half a demo and its log gets its places once.
The clock moves from act to act; deliveries are seen through one by one, never by the claim that serves everybody.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from quarterdeck.core import clock
from quarterdeck.core.problems import Unavailable
from quarterdeck.crew.models import Notification, User, Workspace
from quarterdeck.desk.demo import posts
from quarterdeck.desk.demo.cast import Cast, gather

WEEKS, PER_WEEK = 5, 7
YEAR_WEEKS, YEAR_PER_WEEK = 52, 29
PATIENCE = 150.0  # seconds the worker waits for its child
STEP = re.compile(r"Week (\d+) of (\d+)")
Said = Callable[[str], None]


def make(owner: User, *, year: bool = False, say: Said = lambda words: None) -> Workspace:
    """Build it and return the workspace. ClockIsReal in a process that serves people."""
    weeks, per_week = (YEAR_WEEKS, YEAR_PER_WEEK) if year else (WEEKS, PER_WEEK)
    now = clock.now().replace(microsecond=0)
    begins = now - timedelta(weeks=weeks)
    with transaction.atomic():
        with clock.at(begins - timedelta(days=1)):
            cast = gather(owner)
        for week in range(weeks):
            posts.week(cast, begins + timedelta(weeks=week), per_week, now)
            say(f"Week {week + 1} of {weeks}")
        posts.present(cast, now)
        _others(cast, now)
        Notification.objects.filter(member=cast.owner, created_at__lt=now - timedelta(days=1)).update(
            read_at=now
        )
    return cast.owner.workspace


def _others(cast: Cast, now: datetime) -> None:
    """What the posts are for, who else has a say, how they agree, and the week.

    Imported here, since the fair plan's engine is large and every process knows this module.
    """
    from quarterdeck.desk.demo import consent, digest, fair, stakeholders, strategy, week

    for part in (strategy, stakeholders, digest, consent, fair, week):
        part.tell(cast, now)


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
