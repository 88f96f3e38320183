"""Whether a post's present text is cleared to go out, asked of the rows: which policies hold for it, which voices were
given, and what is still missing. `rows.approval` and `reads.APPROVED_SQL` ask only for the clearance itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from quarterdeck.core import clock, registries
from quarterdeck.crew.models import Member
from quarterdeck.crew.naming import by_role
from quarterdeck.publishing import policies, requiring
from quarterdeck.publishing.models import Approval, Clearance, Delivery, DeliveryState, Policy, Post
from quarterdeck.publishing.policies import Crew, Progress, Rules, Voice

Policies = Sequence[Policy]
# A post -> what other rooms require of people outside the team before it may go out.
Required = Callable[[Post], list[registries.Requirement]]


def standing_policies(workspace_id: UUID) -> list[Policy]:
    """The policies of a workspace that hold at present, by name."""
    found = Policy.objects.filter(workspace=workspace_id, retired_at__isnull=True)
    return list(found.select_related("brand", "label").order_by("name", "pk"))


def crew_of(workspace_id: UUID) -> Crew:
    """The members of a workspace, as policies need them. Those who left are there too: the past has authors."""
    return Crew.of(Member.objects.filter(workspace=workspace_id).select_related("user").order_by("joined_at"))


def required(workspace_id: UUID) -> Required:
    """What other rooms require in this workspace (`registries.requirements`): each is asked once."""
    asked = [ask(workspace_id) for _, ask in registries.requirements]
    return lambda post: [one for of_post in asked for one in of_post(post)]


def rules_for(post: Post, every: Policies | None = None, wanted: Required | None = None) -> Rules:
    """The rules for a post: what policies say, and what other rooms require besides."""
    wanted = required(post.workspace_id) if wanted is None else wanted
    return requiring.with_outside(_by_policies(post, every), wanted(post))


def _by_policies(post: Post, every: Policies | None) -> Rules:
    """Of the policies for its brand and a label of it, else a label, else its brand, else all."""
    every = standing_policies(post.workspace_id) if every is None else every
    if not every:
        return Rules()
    labels = {label.pk for label in post.labels.all()}

    def fits(policy: Policy, brand: bool, label: bool) -> bool:
        return (policy.brand_id == post.brand_id if brand else policy.brand_id is None) and (
            policy.label_id in labels if label else policy.label_id is None
        )

    for place in ((True, True), (False, True), (True, False), (False, False)):
        if found := [policy for policy in every if fits(policy, *place)]:
            rules = policies.rules_of(found)
            return rules if claims(post, rules) else policies.without_claims(rules)
    return Rules()


def claims(post: Post, rules: Rules) -> list[str]:
    """What makes a post one with a claim by these rules: phrases of it, or the word "label"."""
    return policies.flagged(rules, " ".join(said(post)), [label.pk.hex for label in post.labels.all()])


def said(post: Post) -> list[str]:
    """Everything people will read of a post, on whatever channel: its texts, what is read to those who cannot see the
    images, and the words of its card."""
    parts = [*post.parts, *(part for own in post.overrides.values() for part in own)]
    read = [words for part in parts for words in (part["text"], *(image["alt"] for image in part["images"]))]
    card = post.card or {}
    return [*read, card.get("title", ""), card.get("description", "")]


def voices(post: Post, text_hash: str = "") -> list[Voice]:
    """The approvals of the present text (or of the one named) that stand."""
    text_hash = text_hash or post.text_hash
    given = Approval.objects.filter(post=post, text_hash=text_hash, withdrawn_at__isnull=True)
    return [_voice(one) for one in given.select_related("approved_by__user").order_by("approved_at")]


def _voice(given: Approval) -> Voice:
    link = given.link_id.hex if given.link_id else ""
    return Voice(given.approved_by, given.guest_address, by_role(given.approved_by), link)


def progress(
    post: Post,
    every: Policies | None = None,
    crew: Crew | None = None,
    given: list[Voice] | None = None,
    wanted: Required | None = None,
) -> Progress:
    """How the approval of the present text stands."""
    rules = rules_for(post, every, wanted)
    crew = crew or crew_of(post.workspace_id)
    return policies.progress(rules, voices(post) if given is None else given, crew, post.author)


def of_many(posts: Iterable[Post]) -> dict[UUID, Progress]:
    """The same of several posts of one workspace, in a few questions for all of them."""
    posts = list(posts)
    if not posts:
        return {}
    every, crew = standing_policies(posts[0].workspace_id), crew_of(posts[0].workspace_id)
    wanted = required(posts[0].workspace_id)
    given: dict[tuple[UUID, str], list[Voice]] = defaultdict(list)
    rows = Approval.objects.filter(post__in=posts, withdrawn_at__isnull=True)
    for one in rows.select_related("approved_by__user").order_by("approved_at"):
        given[one.post_id, one.text_hash].append(_voice(one))
    return {post.pk: progress(post, every, crew, given[post.pk, post.text_hash], wanted) for post in posts}


# --- writing: always inside a verb that has locked the post -------------------------------------------


def settle(
    post: Post, event_id: UUID, given: Approval | None = None, *, may_end: bool = False
) -> Clearance | None:
    """Clear the present text when every step has what it wants; the clearance that stands afterwards, if any.

    Called by the verb that gave a voice or changed which rules hold, in its transaction and under its event.
    `may_end`: a clearance that the rules of now would not give ends, and so do those of other texts of the post, which
    an edit could bring back; without it what was cleared stays so.
    """
    stands = clearance(post)
    if may_end:
        others = Clearance.objects.filter(post=post, ended_at__isnull=True).exclude(text_hash=post.text_hash)
        others.update(ended_at=clock.now(), ledger_event_id=event_id)
    if stands is not None:
        if not may_end or progress(post, given=voices(post, origin(stands).text_hash)).complete:
            return stands
        end(stands, event_id)
        return None
    if not progress(post).complete:
        return None
    if given is None:
        rows = Approval.objects.filter(post=post, text_hash=post.text_hash, withdrawn_at__isnull=True)
        given = rows.order_by("-approved_at").first()
    return Clearance.objects.create(
        post=post, text_hash=post.text_hash, given=given, cleared_at=clock.now(), ledger_event_id=event_id
    )


def end_unheard(post: Post, event_id: UUID, wanted: Required | None = None) -> bool:
    """End the clearance of the present text when another room requires somebody for it who was not heard; whether it
    did. For whoever finds that a post went past them, with the post locked and under the finder's event."""
    stands = clearance(post)
    if stands is None or not requiring.unheard(
        rules_for(post, [], wanted), voices(post, origin(stands).text_hash)
    ):
        return False
    end(stands, event_id)
    return True


def clearance(post: Post) -> Clearance | None:
    """That the present text may go out, or None."""
    found = Clearance.objects.filter(post=post, text_hash=post.text_hash, ended_at__isnull=True)
    return found.select_related("given__approved_by__user").first()


def origin(stands: Clearance) -> Clearance:
    """The clearance that voices gave, at the beginning of what small edits carried over."""
    while stands.carried_from is not None:
        stands = stands.carried_from
    return stands


def end(stands: Clearance, event_id: UUID) -> None:
    """It may not go out any more."""
    stands.ended_at, stands.ledger_event_id = clock.now(), event_id
    stands.save(update_fields=["ended_at", "ledger_event_id"])


def withdraw_voices(post: Post, event_id: UUID) -> int:
    """The approvals of the present text count no more; how many there were."""
    rows = Approval.objects.filter(post=post, text_hash=post.text_hash, withdrawn_at__isnull=True)
    return rows.update(withdrawn_at=clock.now(), ledger_event_id=event_id)


# --- ahead of its slot --------------------------------------------------------------------------------


def deadline(rules: Rules, due_at: datetime) -> datetime:
    """Until when it has to be approved to go out at `due_at`: the slot itself, where no policy asks for more."""
    return due_at - timedelta(hours=rules.deadline_hours or 0)


def broken_policies(workspace_id: UUID) -> list[tuple[Policy, list[str], bool]]:
    """Policies that name somebody who cannot act, with what is wrong in sentences, and whether a step of it cannot be
    completed at all. The author of a post is not looked at here."""
    every = standing_policies(workspace_id)
    if not every:
        return []
    crew, found = crew_of(workspace_id), []
    for policy in every:
        looked = [policies.state_without_voices(step, crew) for step in policies.steps_of(policy.steps)]
        words = [words for state in looked for words in state.trouble]
        if words:
            found.append((policy, words, any(state.blocked for state in looked)))
    return found


def waiting(workspace_id: UUID, before: datetime) -> list[Post]:
    """Posts planned before then whose present text is not cleared, the soonest first, each with `due_at`."""
    rows = (
        Delivery.objects.filter(state=DeliveryState.INTENT, workspace=workspace_id, due_at__lt=before)
        .select_related("post__workspace", "post__author__user", "post__brand")
        .prefetch_related("post__labels")
        .order_by("due_at")[:200]
    )
    found: dict[UUID, Post] = {}
    for row in rows:
        if row.post_id not in found:
            row.post.due_at = row.due_at
            found[row.post_id] = row.post
    cleared = set(
        Clearance.objects.filter(post__in=found, ended_at__isnull=True).values_list("post_id", "text_hash")
    )
    return [post for post in found.values() if (post.pk, post.text_hash) not in cleared]
