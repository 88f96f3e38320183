"""What the demo’s posts are for: two objectives, one of them over and waiting to be read out, a campaign in its opening
week, and posts that name it. Told through the same verbs as people use, like the rest of the demo.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from quarterdeck.core import clock
from quarterdeck.desk.demo.cast import Cast, see_through
from quarterdeck.publishing import verbs as posts
from quarterdeck.publishing.models import Delivery, DeliveryState, Post
from quarterdeck.strategy import verbs
from quarterdeck.strategy.models import Campaign, KeyResult, Objective, Pillar

PILLARS = {
    "Behind the counter": ("The people who cook, and how it is done.", 40),
    "The menu": ("What there is to eat this week.", 40),
    "Neighbours": ("The market, the harbour, the street.", 20),
}
CHECKLIST = (
    "The link answers on a phone",
    "Opening hours are the same everywhere",
    "Every picture has a description",
    "Somebody reads the first comments",
)
OPENED = (
    "The terrace is open. Twelve tables, the harbour in front, lunch in twenty minutes.",
    "Yasmin carries the first plate outside this year: nettle soup, bread, butter.",
)


def tell(cast: Cast, now: datetime) -> None:
    """Five weeks of it, until `now`."""
    terrace = _terrace(cast, now)
    _cooks(cast, now)
    pillars = _pillars(cast, now)
    opening = _opening(cast, now, terrace)
    for days, text in zip((6, 3), OPENED, strict=True):
        _out(cast, now - timedelta(days=days), text, posts.Named(opening, pillar=pillars[days // 4]))
    for post, pillar in zip(_planned(cast)[:3], pillars, strict=False):
        with clock.at(now - timedelta(hours=2)):
            posts.name_purpose(post, by=cast.author, named=posts.Named(opening, pillar=pillar))
    for post in _gone(cast)[:1]:
        with clock.at(now - timedelta(hours=1)):
            posts.name_purpose(post, by=cast.author, named=posts.Named(opening))


def _day(cast: Cast, when: datetime) -> date:
    return when.astimezone(cast.owner.workspace.zone).date()


def _terrace(cast: Cast, now: datetime) -> Objective:
    """It runs, and one of its numbers lags behind."""
    begun = now - timedelta(days=33)
    with clock.at(begun):
        aim = verbs.set_objective(
            cast.lead,
            brand=cast.brand,
            title="A terrace that is full on weekdays",
            why="Weekends are full anyway; the days from Monday to Thursday pay the rent.",
            begins=_day(cast, begun),
            ends=_day(cast, now + timedelta(days=42)),
        )
    measured = {"start": Decimal(40), "target": Decimal(130), "unit": "bookings"}
    bookings = _measured(cast, begun, aim, "Bookings from Monday to Thursday, a week", **measured)
    near = {"start": Decimal(310), "target": Decimal(400), "unit": "followers"}
    followers = _measured(cast, begun, aim, "Followers who live in the district", **near)
    _noted(cast, now, bookings, {21: "48", 9: "57", 2: "63"})
    _noted(cast, now, followers, {15: "341", 2: "362"})
    return aim


def _cooks(cast: Cast, now: datetime) -> None:
    """It is over, and waits to be read out."""
    begun = now - timedelta(days=34)
    with clock.at(begun):
        aim = verbs.set_objective(
            cast.lead,
            brand=cast.brand,
            title="Two cooks for the summer",
            begins=_day(cast, begun),
            ends=_day(cast, now - timedelta(days=3)),
        )
    asked = {"start": Decimal(0), "target": Decimal(12), "unit": "applications"}
    _noted(cast, now, _measured(cast, begun, aim, "Applications that name us", **asked), {12: "9", 4: "14"})


def _measured(cast: Cast, when: datetime, aim: Objective, measure: str, **numbers) -> KeyResult:
    with clock.at(when + timedelta(minutes=5)):
        return verbs.add_key_result(aim, by=cast.lead, measure=measure, **numbers)


def _noted(cast: Cast, now: datetime, result: KeyResult, values: dict[int, str]) -> None:
    for days, value in values.items():
        with clock.at(now - timedelta(days=days)):
            verbs.check_in(result, by=cast.author, value=Decimal(value))


def _pillars(cast: Cast, now: datetime) -> list[Pillar]:
    with clock.at(now - timedelta(days=32)):
        made = [
            verbs.make_pillar(cast.lead, brand=cast.brand, name=name, about=about)
            for name, (about, _) in PILLARS.items()
        ]
        shares = {pillar: PILLARS[pillar.name][1] for pillar in made}
        verbs.set_mix(cast.lead, brand=cast.brand, shares=shares)
    return made


def _opening(cast: Cast, now: datetime, terrace: Objective) -> Campaign:
    first = now - timedelta(days=14)

    def days(begins: int, ends: int) -> dict:
        return {
            "begins": _day(cast, first + timedelta(days=begins)),
            "ends": _day(cast, first + timedelta(days=ends)),
        }

    with clock.at(first - timedelta(days=1)):
        brief = verbs.Brief(
            name="Terrace opening",
            objective=terrace,
            audience="People who work within ten minutes’ walk and eat at their desks.",
            message="Lunch outside takes no longer than lunch inside.",
            proof="Twenty minutes from the order to the plate, timed at every table.",
            stop_if="Fewer than five bookings by the end of the second week, or a week of rain.",
            channels=cast.channels[:1],
            budget=800,
            currency="EUR",
            **days(0, 28),
        )
        made = verbs.begin_campaign(cast.author, brand=cast.brand, brief=brief)
        for name, span in (("Teaser", days(0, 6)), ("Opening", days(7, 20)), ("Recap", days(21, 28))):
            verbs.add_phase(made, by=cast.author, name=name, **span)
        template = verbs.make_template(cast.author, name="Before an opening", lines=CHECKLIST)
        checklist = verbs.add_checklist(made, by=cast.author, template=template)
    with clock.at(now - timedelta(days=8)):
        for line in checklist.lines.all()[:2]:
            verbs.tick(line, by=cast.author, done=True)
    return made


def _out(cast: Cast, due: datetime, text: str, named: posts.Named) -> None:
    """A post that named what it is for before it went out."""
    begun = due - timedelta(hours=30)
    with clock.at(begun):
        post = posts.draft(cast.author, brand=cast.brand, text=text, channels=cast.channels[:1])
        posts.name_purpose(post, by=cast.author, named=named)
        posts.ask_approval(post, by=cast.author)
    with clock.at(begun + timedelta(hours=2)):
        posts.approve(post, by=cast.lead, text_hash=post.text_hash)
    slot = due.astimezone(cast.owner.workspace.zone).replace(minute=45, second=0, tzinfo=None)
    with clock.at(begun + timedelta(hours=3)):
        posts.schedule(post, by=cast.author, when=slot, fold=0)
    for delivery in post.deliveries.filter(state=DeliveryState.INTENT):
        see_through(delivery, delivery.due_at + timedelta(seconds=1))


def _planned(cast: Cast) -> list[Post]:
    """What goes out next, the soonest first."""
    rows = Delivery.objects.filter(workspace=cast.owner.workspace, state=DeliveryState.INTENT)
    found = rows.order_by("due_at").select_related("post")
    return list({row.post_id: row.post for row in found}.values())


def _gone(cast: Cast) -> list[Post]:
    """What went out last and names nothing."""
    rows = Delivery.objects.filter(
        workspace=cast.owner.workspace, state=DeliveryState.ACCEPTED, post__purpose__isnull=True
    )
    return [row.post for row in rows.order_by("-ended_at").select_related("post")[:1]]
