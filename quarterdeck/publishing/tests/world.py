"""What the tests of publishing start from: a workspace of two with one Sandbox channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from quarterdeck.channels import verbs as channels
from quarterdeck.channels.models import Channel
from quarterdeck.crew.models import Brand, Member
from quarterdeck.publishing import verbs
from quarterdeck.publishing.models import Post
from tests import make

NOON = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)


@dataclass
class World:
    author: Member
    approver: Member
    brand: Brand
    channel: Channel

    def draft(self, text: str = "Nettle soup from Tuesday.") -> Post:
        return verbs.draft(self.author, brand=self.brand, text=text, channels=[self.channel])

    def approved(self, text: str = "Nettle soup from Tuesday.") -> Post:
        post = self.draft(text)
        verbs.ask_approval(post, by=self.author)
        verbs.approve(post, by=self.approver, text_hash=post.text_hash)
        return post


def two(zone: str = "Europe/Berlin") -> World:
    workspace = make.workspace(timezone=zone)
    author = make.member("author", workspace, "Ada")
    approver = make.member("lead", workspace, "Bea")
    brand = workspace.brands.get()
    return World(author, approver, brand, channels.connect_sandbox(approver, brand=brand))
