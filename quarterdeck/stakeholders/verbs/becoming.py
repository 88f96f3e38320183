"""What an accepted request becomes: a draft, an idea, or a place beside a post that is there already."""

from __future__ import annotations

from typing import Any

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew.models import Brand, Member
from quarterdeck.ideas import verbs as ideas
from quarterdeck.ideas.models import Idea
from quarterdeck.ideas.rows import Brief, Found
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Post
from quarterdeck.stakeholders import going, rows, telling
from quarterdeck.stakeholders.models import Request, RequestIdea, RequestPost
from quarterdeck.stakeholders.models.requests import State

MOST_POSTS = 30  # of one request


def _accepted(request: Request) -> Request:
    request = locked(Request, request.pk, "workspace", "department", "stakeholder__department", "brand")
    if request.state not in {State.ACCEPTED, State.OUT}:
        raise Conflict(
            f"This request is {request.get_state_display()}, so nothing is made of it.",
            next_step="Accept it first; whoever asked reads your answer.",
        )
    return request


def _record(request: Request, kind: str, actor: Any, fields: dict) -> None:
    request.save(update_fields=["ledger_event_id"])
    ledger.record(kind, actor=actor, about=request, fields=fields, event_id=request.ledger_event_id)
    rows.announce(request)


def _join(request: Request, post: Post, actor: Any) -> RequestPost:
    if request.posts.filter(parted_at__isnull=True).count() >= MOST_POSTS:
        raise Conflict(f"At most {MOST_POSTS} posts belong to one request.")
    request.ledger_event_id = ids.new()
    row = RequestPost.objects.create(
        request=request, post=post, joined_at=clock.now(), ledger_event_id=request.ledger_event_id
    )
    _record(request, "stakeholders.request.joined", actor, {"post": str(post.pk)})
    return row


@verb
def make_draft(request: Request, *, by: Member, brand: Brand | None = None) -> Post:
    """Begin a post for an accepted request; `by` answers for it. It says what was asked for, to be written well."""
    request = _accepted(request)
    brand = brand or request.brand or request.workspace.brands.order_by("created_at").first()
    if brand is None or brand.workspace_id != request.workspace_id:
        raise Invalid("There is no such brand here.", not_done="No draft was made.")
    post = publishing.draft(by, brand=brand, text=request.what)
    _join(request, post, by)
    return post


@verb
def make_idea(request: Request, *, by: Member) -> Idea:
    """Keep an accepted request on the shelf of ideas, its audience and latest day in the brief. The posts it becomes
    belong to the request."""
    request = _accepted(request)
    if request.ideas.exists():
        raise Conflict("It is on the shelf of ideas already.")
    words = "\n\n".join(one for one in (request.why, request.assets) if one)
    idea = ideas.keep(by, Found(title=request.what, words=words[:5000], tags=["requested"]))
    idea = ideas.change(
        idea,
        by=by,
        version=idea.version,
        found=Found(title=idea.title, words=idea.words, tags=idea.tags),
        brief=Brief(audience=request.audience, due=request.latest),
    )
    request.ledger_event_id = ids.new()
    RequestIdea.objects.create(
        request=request, idea=idea, joined_at=clock.now(), ledger_event_id=request.ledger_event_id
    )
    _record(request, "stakeholders.request.kept_as_idea", by, {"idea": str(idea.pk)})
    return idea


@verb
def join_post(request: Request, post: Post, *, by: Member) -> RequestPost:
    """A post that is there already serves this request. Raises Conflict for one that belongs to it."""
    request = _accepted(request)
    if post.workspace_id != request.workspace_id:
        raise Invalid("There is no such post here.")
    if request.posts.filter(post=post, parted_at__isnull=True).exists():
        raise Conflict("This post belongs to the request already.")
    return _join(request, post, by)


@verb
def part_post(row: RequestPost, *, by: Member) -> RequestPost:
    """This post does not serve the request after all. Both stay as they are."""
    request = locked(Request, row.request_id, "workspace", "department")
    row = locked(RequestPost, row.pk)
    if row.parted_at is not None:
        raise Conflict("It was taken off already.")
    row.parted_at, row.ledger_event_id = clock.now(), ids.new()
    row.save(update_fields=["parted_at", "ledger_event_id"])
    request.ledger_event_id = row.ledger_event_id
    _record(request, "stakeholders.request.parted", by, {"post": str(row.post_id)})
    return row


@verb
def follow_idea(idea: Idea, post: Post) -> RequestPost | None:
    """A post was made of an idea that was asked for: it belongs to the request. For the reaction; the caller looks
    whether that is still to do."""
    row = RequestIdea.objects.get(idea=idea)
    request = locked(Request, row.request_id, "workspace", "department", "stakeholder__department")
    return _join(request, post, ledger.system(request.workspace_id))


@verb
def note_out(request: Request, post: Post) -> Request:
    """A post of it is out: once none of its posts is still to come the request is out, and whoever asked hears of it.
    For the reaction; the caller looks whether that is still to do."""
    request = locked(Request, request.pk, "workspace", "department", "stakeholder__department")
    now, first = clock.now(), request.told_out_at is None
    request.ledger_event_id = ids.new()
    if request.state == State.ACCEPTED and not going.still_to_come(request):
        request.state, request.state_at = State.OUT, now
    request.told_out_at = request.told_out_at or now
    request.save()
    fields = {"post": str(post.pk)}
    actor = ledger.system(request.workspace_id)
    ledger.record(
        "stakeholders.request.went_out",
        actor=actor,
        about=request,
        fields=fields,
        event_id=request.ledger_event_id,
    )
    rows.announce(request)
    if first:
        telling.to_requester(request, "out")
    return request
