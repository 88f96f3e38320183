"""What the tests of stakeholders start from: a team of three, two departments with a link each, one channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.test import Client

from quarterdeck.channels import verbs as channels
from quarterdeck.channels.models import Channel
from quarterdeck.core import clock
from quarterdeck.crew import links
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.publishing import sending
from quarterdeck.publishing import verbs as posts
from quarterdeck.publishing.intake import Claimed
from quarterdeck.publishing.models import Delivery, Post
from quarterdeck.stakeholders import verbs
from quarterdeck.stakeholders.models import Department, Door, Request
from quarterdeck.stakeholders.wishes import Wish
from tests import make

NOON = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)  # a Monday
WEEK, NEXT = date(2026, 3, 16), date(2026, 3, 23)  # Mondays
SOUP = Wish(kind="launch", what="Nettle soup comes back on Tuesday", why="So that people book a table.")


@dataclass
class World:
    workspace: Workspace
    author: Member
    lead: Member
    observer: Member
    sales: Department
    legal: Department
    channel: Channel

    def door(self, of: Department | None = None) -> Door:
        return verbs.open_door(of or self.sales, by=self.lead)

    def asked(self, wish: Wish = SOUP, of: Department | None = None, **given) -> Request:
        fields = {name: getattr(wish, name) for name in wish.__slots__ if name != "pk"} | given
        door = self.door(of)
        return verbs.ask_by_link(door.department, door=door.link, wish=Wish(**fields), anyway=True)

    def accepted(self, into: str = "draft", **given) -> Request:
        asked = self.asked(**given)
        return verbs.accept(asked, by=self.author, reason="Gladly.", into=into)

    def out(self, post: Post, when: datetime) -> Delivery:
        """Approved, planned and sent: what the sending loop does, for this one post."""
        post = posts.edit(post, by=self.author, version=post.version, text=post.text, channels=[self.channel])
        posts.ask_approval(post, by=self.author)
        posts.approve(post, by=self.lead, text_hash=post.text_hash)
        local = when.astimezone(self.workspace.zone).replace(tzinfo=None)
        posts.schedule(post, by=self.author, when=local)
        row = post.deliveries.get()
        with clock.at(row.due_at + timedelta(seconds=1)):
            Delivery.objects.filter(pk=row.pk).update(
                attempt=1, lease_until=row.due_at + timedelta(minutes=2)
            )
            sending.work([Claimed(row.pk, 1)])
        row.refresh_from_db()
        assert row.state == "accepted"
        return row


def three(zone: str = "Europe/Berlin") -> World:
    workspace = make.workspace(timezone=zone)
    author = make.member("author", workspace, "Ada")
    lead = make.member("lead", workspace, "Bea")
    make.member("owner", workspace, "Olu")
    brand = workspace.brands.get()
    return World(
        workspace,
        author,
        lead,
        make.member("observer", workspace, "Cem"),
        verbs.add_department(lead, name="Sales"),
        verbs.add_department(lead, name="Legal"),
        channels.connect_sandbox(lead, brand=brand),
    )


def form(**given) -> dict:
    """What the form of a department sends."""
    return {"kind": "launch", "what": SOUP.what, "why": SOUP.why, "need": "good"} | given


def browser(member: Member | None = None) -> Client:
    client = Client(headers={"host": "localhost"})
    if member is not None:
        client.force_login(member.user)
    return client


def path(row: Door | Request) -> str:
    return links.path(row.token)


def at(member: Member, rest: str = "") -> str:
    return f"/w/{member.workspace.slug}/{rest}"
