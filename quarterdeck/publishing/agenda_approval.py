"""What is on the Desk ahead of time because an approval is missing: for those who have to give it though nobody asked
them, for the leads when the last time for it comes near, and a policy that names somebody who cannot act.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse

from quarterdeck.core.registries import AgendaItem, ItemAction
from quarterdeck.crew.models import Member
from quarterdeck.crew.permissions import Role
from quarterdeck.publishing import clearing, policies
from quarterdeck.publishing.agenda import AHEAD, clock_time
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.policies import Progress

NEAR = timedelta(hours=4)  # before the last time for an approval, and after it
_LEADS = {Role.OWNER, Role.LEAD}


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """In no order: the Desk ranks."""
    lead = who.role in _LEADS
    if not lead and not who.may("publishing.post.approve"):
        return
    waiting = clearing.waiting(who.workspace_id, now + AHEAD + timedelta(hours=_furthest(who)))
    stands = clearing.of_many(waiting)
    asked = set(
        Post.objects.filter(pk__in=stands, asks__ended_at__isnull=True, asks__isnull=False).values_list(
            "pk", flat=True
        )
    )
    for post in waiting:
        found = stands[post.pk]
        until = clearing.deadline(found.rules, post.due_at)
        mine = policies.is_asked(found, who, post.author)
        if mine and post.pk not in asked and until < now + AHEAD:
            yield _unasked(who, post, until, now)
        elif lead and not mine and until < now + NEAR:
            yield _near(who, post, found, until, now)
    if who.may("publishing.policy.change"):
        yield from _broken(who)


def _furthest(who: Member) -> int:
    """The most hours before its slot that a policy here wants a post approved."""
    every = clearing.standing_policies(who.workspace_id)
    return max((policy.deadline_hours or 0 for policy in every), default=0)


def _address(who: Member, post: Post) -> str:
    return reverse("publishing-post", kwargs={"workspace": who.workspace.slug, "pk": post.pk})


def _unasked(who: Member, post: Post, until: datetime, now: datetime) -> AgendaItem:
    url = _address(who, post)
    return AgendaItem(
        key=f"publishing.unapproved:{post.pk}:{post.version}",
        kind="approve",
        title=f"“{post.short}” needs approval before {clock_time(until, now, who)}",
        why="It is planned, and your approval is among those it needs. Nobody has asked for it yet.",
        url=url,
        since=post.changed_at,
        consequence=58,
        due=until,
        actions=(ItemAction("Read and decide", url, primary=True),),
    )


def _near(who: Member, post: Post, found: Progress, until: datetime, now: datetime) -> AgendaItem:
    passed = "was to be approved by" if until < now else "has to be approved by"
    url = _address(who, post)
    return AgendaItem(
        key=f"publishing.deadline:{post.pk}:{post.version}",
        kind="due",
        title=f"“{post.short}” {passed} {clock_time(until, now, who)}",
        why=f"It waits for {policies.waited_for(found)}. Without that nothing is sent.",
        url=url,
        since=post.changed_at,
        consequence=62,
        due=post.due_at,
        actions=(ItemAction("Open", url, primary=True),),
    )


def _broken(who: Member) -> Iterable[AgendaItem]:
    for policy, words, blocked in clearing.broken_policies(who.workspace_id):
        url = reverse("publishing-policy-change", kwargs={"workspace": who.workspace.slug, "pk": policy.pk})
        yield AgendaItem(
            key=f"publishing.policy:{policy.pk}:{policy.ledger_event_id}",
            kind="decide",
            title=f"The approval policy “{policy.name}” names somebody who cannot act",
            why=" ".join(words),
            url=url,
            since=policy.made_at,
            consequence=64 if blocked else 30,
            actions=(ItemAction("Change the policy", url, primary=True),),
        )
