"""What the tests of consults, digests and questions start from: a team of two with one channel, and two departments."""

from __future__ import annotations

from dataclasses import dataclass

from quarterdeck.channels.models import Channel
from quarterdeck.crew.models import Brand, Member, Workspace
from quarterdeck.ledger.reactions import Reacted
from quarterdeck.publishing import reads
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.verbs.approval import Guest, approve_by_link, object_by_link
from quarterdeck.stakeholders import following_consults, verbs
from quarterdeck.stakeholders.models import Consult, ConsultRule, Department, Stakeholder
from quarterdeck.stakeholders.verbs import consults
from quarterdeck.stakeholders.verbs.consults import Terms

CLAIM = "Our nettle soup is clinically proven to warm."
PLAIN = "Nettle soup from Tuesday."


@dataclass
class World:
    author: Member
    lead: Member
    brand: Brand
    channel: Channel
    legal: Department
    sales: Department
    lena: Stakeholder  # of Legal

    @property
    def workspace(self) -> Workspace:
        return self.author.workspace

    def rule(self, **terms) -> ConsultRule:
        """Legal has a say, by default where a text says “clinically proven”."""
        terms = terms or {"words": ["clinically proven"]}
        return consults.make_rule(self.lead, terms=Terms(terms.pop("department", self.legal), **terms))

    def draft(self, text: str = CLAIM) -> Post:
        return publishing.draft(self.author, brand=self.brand, text=text, channels=[self.channel])

    def asked(self, text: str = CLAIM) -> Post:
        """With approval asked, as far as the reaction to that goes."""
        post = self.draft(text)
        publishing.ask_approval(post, by=self.author)
        self.follow(post)
        return post

    def follow(self, post: Post, kind: str = "publishing.post.asked") -> None:
        """What the worker does after an event about a post."""
        event = Reacted(post.ledger_event_id, kind, post.workspace_id, "publishing.post", post.pk)
        following_consults.follow(event)

    def approve(self, post: Post) -> None:
        publishing.approve(post, by=self.lead, text_hash=self.now(post).text_hash)

    def now(self, post: Post) -> Post:
        return reads.post(self.workspace, post.pk)

    def speaker(self, post: Post, who: Stakeholder | None = None) -> Guest:
        rows = Consult.objects.select_related("guest__link").filter(post=post, stakeholder=who or self.lena)
        found = rows.get(ended_at__isnull=True)
        return Guest(found.guest.link, found.guest.name, found.guest.address)

    def agree(self, post: Post, who: Stakeholder | None = None) -> None:
        approve_by_link(post, by=self.speaker(post, who), text_hash=self.now(post).text_hash)

    def object(self, post: Post, reason: str = "Leave the proof out.") -> None:
        by, text_hash = self.speaker(post), self.now(post).text_hash
        object_by_link(post, by=by, text_hash=text_hash, reason=reason)


def two() -> World:
    w = world.two()
    legal = verbs.add_department(w.approver, name="Legal", does="Reads what could be sued.")
    sales = verbs.add_department(w.approver, name="Sales")
    lena = verbs.add_stakeholder(legal, by=w.approver, name="Lena", address="lena@legal.example")
    return World(w.author, w.approver, w.brand, w.channel, legal, sales, lena)
