"""What the tests of consent start from: a workspace of three with one channel, slots on weekdays, and three
departments with one stakeholder each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.test import Client

from quarterdeck.channels import verbs as channels
from quarterdeck.channels.models import Channel
from quarterdeck.consent import verbs
from quarterdeck.consent.models import Conflict, Round, Voice
from quarterdeck.crew.models import Brand, Member, Workspace
from quarterdeck.planning.verbs import slots
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.verbs import labels
from quarterdeck.stakeholders import verbs as people
from quarterdeck.stakeholders.models import Department, Request, Stakeholder
from quarterdeck.stakeholders.verbs import answering, asking, becoming
from quarterdeck.stakeholders.wishes import Wish
from tests import make

NOON = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)  # a Monday; 13:00 in Berlin
TUESDAY = datetime(2026, 3, 10, 11, 30)  # noqa: DTZ001  a wall time in Berlin


@dataclass
class World:
    workspace: Workspace
    author: Member
    lead: Member
    observer: Member
    brand: Brand
    channel: Channel
    departments: dict[str, Department] = field(default_factory=dict)
    people: dict[str, Stakeholder] = field(default_factory=dict)

    def post(self, text: str = "Nettle soup.", when: datetime | None = TUESDAY, **given) -> Post:
        post = publishing.draft(self.author, brand=self.brand, text=text, channels=[self.channel], **given)
        if when is not None:
            publishing.schedule(post, by=self.author, when=when, fold=0)
        return post

    def asked(self, department: str, what: str, **wish) -> Request:
        """A request of that department, accepted."""
        wish = {"kind": "launch", "why": "It sells.", "brand": self.brand} | wish
        made = asking.write_down(
            self.departments[department],
            by=self.author,
            wish=Wish(what=what, **wish),
            stakeholder=self.people[department],
        )
        return answering.accept(made, by=self.author, reason="Gladly.")

    def wanted(self, department: str, what: str, when: datetime = TUESDAY, **wish) -> Post:
        """A planned post that serves a request of that department."""
        asked, post = self.asked(department, what, **wish), self.post(what, when)
        becoming.join_post(asked, post, by=self.author)
        return post

    def label(self, name: str, *posts: Post):
        made = labels.make_label(self.lead, name=name)
        for one in posts:
            fresh = Post.objects.get(pk=one.pk)
            labels.label_post(fresh, by=self.author, labels=[*fresh.labels.all(), made])
        return made

    def look(self) -> list[Conflict]:
        """The open conflicts after a look."""
        from quarterdeck.consent import looking, reads

        looking.look(self.workspace)
        return reads.open_conflicts(self.workspace)

    def round(self, *departments: str, conflict: Conflict | None = None, **given) -> Round:
        given = {
            "title": "The launch keeps Tuesday",
            "proposal": "The launch keeps Tuesday, the recap goes to Thursday.",
            "changes": "Product’s recap comes two days later.",
            "last_day": date(2026, 3, 13),
        } | given
        if conflict is not None:
            given |= {"about": conflict.ledger_name, "about_id": conflict.pk}
        asked = [self.people[name] for name in departments or self.people]
        return verbs.open_round(self.lead, stakeholders=asked, **given)


def three(zone: str = "Europe/Berlin") -> World:
    workspace = make.workspace(timezone=zone)
    lead = make.member("lead", workspace, "Bea")
    brand = workspace.brands.get()
    w = World(
        workspace,
        make.member("author", workspace, "Ada"),
        lead,
        make.member("observer", workspace, "Dee"),
        brand,
        channels.connect_sandbox(lead, brand=brand, name="Harbour"),
    )
    for name, who in (("Sales", "Sol"), ("Product", "Pia"), ("Legal", "Leo")):
        w.departments[name] = people.add_department(lead, name=name)
        w.people[name] = people.add_stakeholder(
            w.departments[name], by=lead, name=who, address=f"{who.lower()}@example.org"
        )
    return w


def with_slots(w: World, *walls: str) -> World:
    """Weekly slots on each weekday at these times."""
    for weekday in range(5):
        for wall in walls or ("11:30",):
            slots.make_slot(w.lead, channel=w.channel, weekday=weekday, wall=wall)
    return w


def later(**by) -> datetime:
    return TUESDAY + timedelta(**by)


def browser(member: Member) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(member.user)
    return client


def address(w: World, rest: str = "") -> str:
    return f"/w/{w.workspace.slug}/{rest}"


def door(voice: Voice) -> str:
    """The path that a voice's link opens."""
    from django.urls import reverse

    return reverse("crew-link-open", kwargs={"token": Voice.objects.get(pk=voice.pk).token})


def stranger() -> Client:
    return Client(headers={"host": "localhost"})
