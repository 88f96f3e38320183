"""What the tests of strategy start from: a workspace of three with one objective that is measured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from django.test import Client

from quarterdeck.crew.models import Brand, Member, Workspace
from quarterdeck.strategy import verbs
from quarterdeck.strategy.models import Campaign, KeyResult, Objective
from tests import make

NOON = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)  # a Monday
BEGINS, ENDS = date(2026, 2, 1), date(2026, 5, 2)  # ninety days
TODAY = date(2026, 3, 9)


@dataclass
class World:
    workspace: Workspace
    brand: Brand
    lead: Member
    author: Member
    observer: Member

    def objective(self, title: str = "A full terrace on weekdays", **given) -> Objective:
        given = {"brand": self.brand, "begins": BEGINS, "ends": ENDS} | given
        return verbs.set_objective(self.lead, title=title, **given)

    def key_result(self, objective: Objective | None = None, **given) -> KeyResult:
        given = {
            "measure": "Bookings from Monday to Thursday",
            "start": Decimal(40),
            "target": Decimal(130),
            "unit": "bookings",
        } | given
        return verbs.add_key_result(objective or self.objective(), by=self.lead, **given)

    def campaign(self, name: str = "Launch week", **given) -> Campaign:
        given = {"begins": TODAY, "ends": date(2026, 4, 9)} | given
        return verbs.begin_campaign(self.author, brand=self.brand, brief=verbs.Brief(name=name, **given))


def three(zone: str = "Europe/Berlin") -> World:
    workspace = make.workspace(timezone=zone)
    return World(
        workspace,
        workspace.brands.get(),
        make.member("lead", workspace, "Bea"),
        make.member("author", workspace, "Ada"),
        make.member("observer", workspace, "Dee"),
    )


def browser(member: Member) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(member.user)
    return client


def address(member: Member, rest: str = "") -> str:
    return f"/w/{member.workspace.slug}/strategy/{rest}"
