"""What the tests of lessons start from: a workspace of four with one post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.test import Client

from quarterdeck.crew.models import Member, Workspace
from quarterdeck.lessons import verbs
from quarterdeck.lessons.models import Commitment, Review
from quarterdeck.lessons.verbs.reviews import Written
from quarterdeck.publishing import verbs as posts
from quarterdeck.publishing.models import Post
from tests import make

NOON = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)  # a Monday
FRIDAY, NEXT_FRIDAY = date(2026, 3, 13), date(2026, 3, 20)
SAID = Written(
    expected="The soup on Tuesday.",
    happened="The post named Wednesday; the menu had moved.",
    surprised="Two documents held the menu.",
    change="One source for the menu.",
    causes=("source", "handover"),
)


@dataclass
class World:
    workspace: Workspace
    author: Member
    lead: Member
    analyst: Member
    observer: Member

    def post(self, text: str = "Nettle soup from Tuesday.") -> Post:
        return posts.draft(self.author, brand=self.workspace.brands.get(), text=text, channels=[])

    def review(self, post: Post | None = None) -> Review:
        about = post or self.post()
        return verbs.open_review(self.author, about=about.ledger_name, about_id=about.pk)

    def closed(self, written: Written = SAID, text: str = "Nettle soup from Tuesday.") -> Review:
        review = self.review(self.post(text))
        verbs.commit(review, by=self.author, what="One source", due=FRIDAY, owner=self.author)
        return verbs.close(review, by=self.author, version=1, written=written)

    def commitment(self, owner: Member | None = None, **given) -> Commitment:
        given = {"what": "One source for the menu", "due": FRIDAY} | given
        return verbs.commit(self.review(), by=self.author, owner=owner or self.author, **given)


def four(zone: str = "Europe/Berlin") -> World:
    workspace = make.workspace(timezone=zone)
    return World(
        workspace,
        make.member("author", workspace, "Ada"),
        make.member("lead", workspace, "Bea"),
        make.member("analyst", workspace, "Cem"),
        make.member("observer", workspace, "Dee"),
    )


def browser(member: Member) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(member.user)
    return client


def address(member: Member, rest: str = "") -> str:
    return f"/w/{member.workspace.slug}/lessons/{rest}"
