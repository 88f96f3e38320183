"""The demo's part on other departments: three of them, five people, and six requests, each at another point of its way.
Made up, every word of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from quarterdeck.core import clock
from quarterdeck.crew.models import Member
from quarterdeck.desk.demo.cast import Cast, see_through
from quarterdeck.publishing import verbs as publishing
from quarterdeck.stakeholders import following, verbs
from quarterdeck.stakeholders.models import Department, Request, RequestPost
from quarterdeck.stakeholders.rows import monday
from quarterdeck.stakeholders.wishes import Wish

DEPARTMENTS = {
    "Events": ("Plans the evenings, fairs and parties of the house.", ("Lena Brandt", "Oskar Nyström")),
    "People": ("Hires, and looks after those who work here.", ("Amira Haddad",)),
    "Kitchen": ("Cooks, and decides what is on the menu.", ("Paolo Ricci", "Greta Holm")),
}
INTERESTS = {"Events": "harbour evening", "People": "jobs", "Kitchen": "menu"}


def tell(cast: Cast, now: datetime) -> list[Request]:
    """About forty acts within the last fortnight, by the verbs that people use; the requests in the order of asking."""
    lead, author, channels = cast.lead, cast.author, cast.channels
    begins = now - timedelta(days=13)
    with clock.at(begins):
        on_map = {name: _department(lead, name) for name in DEPARTMENTS}
    out = _out(lead, author, on_map["Kitchen"], channels, begins)
    accepted = _ask(lead, on_map["Events"], now - timedelta(days=6), _harbour(now))
    with clock.at(now - timedelta(days=5)):
        week = monday(now.date()) + timedelta(weeks=2)
        verbs.accept(
            accepted,
            by=author,
            reason="Gladly: one post a week before, one on the day.",
            week=week,
            into="draft",
        )
    declined = _ask(lead, on_map["Kitchen"], now - timedelta(days=5), SHOP_WINDOW)
    with clock.at(now - timedelta(days=4)):
        verbs.decline(
            declined, by=lead, reason="A menu board reaches those who stand before it; nobody further away."
        )
    proposed = _ask(lead, on_map["People"], now - timedelta(days=3), _jobs(now))
    with clock.at(now - timedelta(days=2)):
        words = (
            "The week you would like is full. The one after has two free slots, and a team picture by then?"
        )
        verbs.propose(proposed, by=author, reason=words, week=monday(now.date()) + timedelta(weeks=2))
    urgent = _ask(lead, on_map["Events"], now - timedelta(hours=40), _quiz(now))
    fresh = _ask(lead, on_map["Kitchen"], now - timedelta(hours=3), MUSHROOMS)
    return [out, accepted, declined, proposed, urgent, fresh]


def _department(lead: Member, name: str) -> Department:
    does, people = DEPARTMENTS[name]
    made = verbs.add_department(lead, name=name, does=does)
    for person in people:
        verbs.add_stakeholder(made, by=lead, name=person, address=_address(person), heard="link")
    verbs.note_interest(made, by=lead, about="topic", words=INTERESTS[name])
    return made


def _ask(lead: Member, department: Department, at: datetime, wish: Wish) -> Request:
    """By the department's link, which is made with its first request."""
    with clock.at(at):
        door = department.doors.first() or verbs.open_door(department, by=lead)
        wish = replace(wish, address=_address(wish.name))
        return verbs.ask_by_link(department, door=door.link, wish=wish)


def _address(name: str) -> str:
    return f"{name.split()[0].lower()}@harbour-kitchen.example"


def _out(lead: Member, author: Member, kitchen: Department, channels: list, begins: datetime) -> Request:
    """Asked, accepted, written, approved, out: from the first word to the first numbers."""
    asked = _ask(lead, kitchen, begins + timedelta(hours=2), OYSTERS)
    with clock.at(begins + timedelta(hours=20)):
        verbs.accept(asked, by=author, reason="Yes. Oysters always do well here.", into="draft")
    post = RequestPost.objects.get(request=asked).post
    with clock.at(begins + timedelta(hours=22)):
        post = publishing.edit(
            post, by=author, version=post.version, text=OYSTERS_POST, channels=channels[:1]
        )
        publishing.ask_approval(post, by=author)
    with clock.at(begins + timedelta(hours=25)):
        publishing.approve(post, by=lead, text_hash=post.text_hash)
        due = (begins + timedelta(days=3)).astimezone(lead.workspace.zone)
        publishing.schedule(
            post, by=author, when=due.replace(tzinfo=None, fold=0, minute=30, second=0, hour=11)
        )
    for delivery in post.deliveries.filter(state="intent"):
        see_through(delivery, delivery.due_at + timedelta(seconds=1))
        with clock.at(delivery.due_at + timedelta(seconds=20)):
            following.went_out(post)
    asked.refresh_from_db()
    return asked


# --- what they ask for --------------------------------------------------------------------------------

OYSTERS = Wish(
    kind="launch",
    what="The oysters from the north are here for three weeks",
    why="They cost us a lot and do not keep. We want the long table booked.",
    audience="People who come for dinner, not for lunch",
    assets="Two pictures in the shared folder, by daylight",
    otherwise="We throw some of them away.",
    name="Paolo Ricci",
)
OYSTERS_POST = (
    "The oysters from the north are here, for three weeks. Six or twelve, with nothing but lemon. "
    "The long table by the window is yours when you call before ten."
)
SHOP_WINDOW = Wish(
    kind="other",
    what="A photo of the menu board every morning at eight",
    why="Guests ask what there is today.",
    need="free",
    name="Greta Holm",
)
MUSHROOMS = Wish(
    kind="story",
    what="Where our mushrooms come from, with a picture of the forest",
    why="Guests think that they are from the wholesaler. They are not.",
    audience="Regulars",
    need="good",
    name="Greta Holm",
)


def _week(now: datetime, ahead: int) -> date:
    return monday(now.date()) + timedelta(weeks=ahead)


def _harbour(now: datetime) -> Wish:
    week = _week(now, 2)
    return Wish(
        kind="event",
        what="The harbour evening on the pier, with eighteen tables",
        why="Last year a third of the tables stayed empty.",
        audience="Neighbours within a walk of twenty minutes",
        need="must",
        preferred_week=week,
        latest=week + timedelta(days=4),
        otherwise="We call everybody on the list, two evenings long.",
        name="Lena Brandt",
    )


def _jobs(now: datetime) -> Wish:
    return Wish(
        kind="people",
        what="Two people for the service, three evenings a week",
        why="Without them we close on Mondays from next month on.",
        need="must",
        preferred_week=_week(now, 1),
        latest=_week(now, 4),
        name="Amira Haddad",
    )


def _quiz(now: datetime) -> Wish:
    return Wish(
        kind="event",
        what="Quiz night moves to Thursday",
        why="The band can only play on Fridays.",
        need="good",
        preferred_week=_week(now, 1),
        otherwise="Somebody stands at a closed door on Friday.",
        name="Oskar Nyström",
    )
