"""What the tests of ideas start from: a workspace of two makers and somebody who only looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.test import Client

from quarterdeck.crew.models import Member, Workspace
from quarterdeck.ideas import verbs
from quarterdeck.ideas.models import Idea
from quarterdeck.ideas.rows import Found
from tests import make

NOON = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)  # a Monday


@dataclass
class World:
    workspace: Workspace
    author: Member
    lead: Member
    observer: Member

    def idea(self, title: str = "Nettle soup in forty seconds", **found) -> Idea:
        return verbs.keep(self.author, Found(title=title, **found))


def three(zone: str = "Europe/Berlin") -> World:
    workspace = make.workspace(timezone=zone)
    return World(
        workspace,
        make.member("author", workspace, "Ada"),
        make.member("lead", workspace, "Bea"),
        make.member("observer", workspace, "Cem"),
    )


def browser(member: Member) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(member.user)
    return client


def address(member: Member, rest: str = "") -> str:
    return f"/w/{member.workspace.slug}/ideas/{rest}"
