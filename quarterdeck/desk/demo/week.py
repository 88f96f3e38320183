"""The demo's weeks and decisions: a plan kept and laid beside what happened; of the decisions one has come back."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

from quarterdeck.core import clock
from quarterdeck.desk import verbs, week
from quarterdeck.desk.demo.cast import Cast
from quarterdeck.publishing import verbs as posts
from quarterdeck.publishing.weeks import WEEK, monday_of
from quarterdeck.strategy.verbs.decisions import Expected, decide, note_outcome

POINTS = 14
SORREL = "Sorrel is back: a soup for the first warm evening."


def tell(cast: Cast, now: datetime) -> None:
    """After the posts of the demo are there."""
    _weeks(cast, now)
    _decisions(cast, now)


def _weeks(cast: Cast, now: datetime) -> None:
    zone = cast.owner.workspace.zone
    monday = monday_of(now.astimezone(zone).date())
    with clock.at(now - 9 * WEEK):
        verbs.set_capacity(cast.lead, points=POINTS)
    last, this = (datetime.combine(day, time(8, 40), tzinfo=zone) for day in (monday - WEEK, monday))
    sorrel = _sorrel(cast, now, last)
    for when in (last, min(this, now)):
        with clock.at(when):
            found = week.week(cast.owner.workspace, monday_of(when.astimezone(zone).date()), when)
            if any(item.counts for item in found.items):
                verbs.plan_week(cast.lead, monday=found.span.monday)
    with clock.at(last + timedelta(days=2)):
        posts.cancel(sorrel, by=cast.author, reason="The farm had no sorrel after the frost.")
    _settled(cast, now, monday - WEEK)


def _sorrel(cast: Cast, now: datetime, last: datetime):
    """A post of the last week that was taken off while the week ran, with its reason."""
    with clock.at(last - timedelta(days=3)):
        post = posts.draft(cast.author, brand=cast.brand, text=SORREL, channels=cast.channels[:1])
        wall = (last + timedelta(days=3)).replace(hour=11, minute=40, tzinfo=None)
        posts.schedule(post, by=cast.author, when=wall)
    return post


def _settled(cast: Cast, now: datetime, monday) -> None:
    """What else was left in the last week has its reason, but for one thing."""
    left = [item for item in week.week(cast.owner.workspace, monday, now).items if item.asks_why]
    for item in left[1:]:
        with clock.at(now - timedelta(hours=20)):
            verbs.say_why(
                cast.lead, monday=monday, key=item.key, words="The evening was fully booked by then."
            )


def _decisions(cast: Cast, now: datetime) -> None:
    today = now.astimezone(cast.owner.workspace.zone).date()
    with clock.at(now - timedelta(days=30)):
        fewer = decide(
            cast.lead,
            title="Three posts a week instead of five",
            context="Comments wait for two days, and the last posts of each week are hardly read.",
            options=["Go on with five posts a week", "Three posts a week, and answer every comment"],
            choice=1,
            because="An answered comment brings guests; a fifth post does not.",
            expected=Expected(
                "More saves for each post", Decimal(40), "saves a post", today - timedelta(days=2)
            ),
            heard=["Kitchen", "Front of house"],
        )
    with clock.at(now - timedelta(days=1, hours=3)):
        note_outcome(
            fewer,
            by=cast.lead,
            verdict="better",
            words="Counted over the twelve posts since then. The warm weather helped as well.",
            number_came=Decimal(52),
        )
    with clock.at(now - timedelta(days=6)):
        decide(
            cast.owner,
            title="The autumn menu is announced on a Tuesday",
            context="The newsletter leaves on Thursday, and the printed menu is there on Monday.",
            options=["Announce it on Monday", "Announce it on Tuesday", "Wait for the newsletter"],
            choice=1,
            because="One quiet day to find mistakes in the printed menu.",
            expected=Expected(
                "Tables booked in the first week", Decimal(60), "bookings", today + timedelta(days=9)
            ),
            heard=["Kitchen", "Newsletter"],
        )
