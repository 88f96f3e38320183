"""The pages one reads: all posts, what is out, one post."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from quarterdeck.core import clock
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Member
from quarterdeck.crew.naming import by_role, starting
from quarterdeck.ledger import reads as ledger_reads
from quarterdeck.publishing import (
    clearing,
    forms_parts,
    holds_reads,
    policies,
    purposes,
    reads,
    slots,
    status,
    weeks,
)
from quarterdeck.publishing.forms import ApprovalForm, PlanForm, ReturnForm
from quarterdeck.publishing.linked import cards
from quarterdeck.publishing.models import OPEN, Delivery, DeliveryState, Kind, Post
from quarterdeck.publishing.policies import Progress
from quarterdeck.publishing.status import Status
from quarterdeck.publishing.views import checking, differing, going, languages, showing, strip
from quarterdeck.publishing.views.fitting import refused_by_networks
from quarterdeck.shell import offered

HISTORY = 40


@page("publishing.post.view")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    board = reads.board(request.workspace)
    groups = [
        ("Did not go out", "trouble", board.trouble),
        ("Waiting for approval", "waiting", board.waiting),
        ("Planned", "planned", board.planned),
        ("Approved, without a time", "approved", board.approved),
        ("Drafts", "drafts", board.drafts),
    ]
    recent = list(reads.out(request.workspace)[:10])
    context = {
        "groups": [group for group in groups if group[2]],
        "recent": recent,
        "discarded": board.discarded,
        "more_out": len(recent) == 10,
        "zone": request.workspace.timezone,
        "may_draft": request.member.may("publishing.post.draft"),
    }
    return render(request, "publishing/index.html", context)


@page("publishing.post.view")
@require_safe
def out(request: HttpRequest) -> HttpResponse:
    pages = Paginator(reads.out(request.workspace), reads.PER_PAGE)
    context = {"deliveries": pages.get_page(request.GET.get("page")), "zone": request.workspace.timezone}
    return render(request, "publishing/out.html", context)


@page("publishing.post.view")
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render_post(request, reads.post(request.workspace, pk))


def render_post(request: HttpRequest, post: Post, *, code: int = 200, **more) -> HttpResponse:
    """The post's page; `more` replaces parts of its context (a form that was refused)."""
    deliveries = list(
        post.deliveries.select_related("channel", "after", "handed_to__user", "said_by__user")
        .prefetch_related("settlements__settled_by__user")
        .order_by("due_at", "planned_at")
    )
    shown = [d for d in deliveries if d.state != DeliveryState.CANCELLED]
    stands = reads.standing(post, deliveries)
    which = status.of(stands)
    may = request.member.may
    alive = which != Status.DISCARDED
    editable = alive and not any(
        d.state
        in {DeliveryState.ACCEPTED, DeliveryState.AMBIGUOUS, DeliveryState.SENDING, DeliveryState.HANDED}
        for d in shown
    )
    handed = any(d.state == DeliveryState.HANDED for d in shown)  # first it is said what became of that
    planned = [d for d in shown if d.state in OPEN and not handed]
    plannable = (
        alive and not handed and may("publishing.post.schedule") and _has_free_channel(post, deliveries)
    )
    parts, own = showing.everywhere(request.workspace, post)
    listed = going.goings(post, shown, request.member, lambda channel_id: own.get(channel_id, parts))
    act = reads.undoable(post, deliveries)
    stands_so = None if post.is_approved else clearing.progress(post)
    stuck = alive and stands_so is not None and stands_so.blocked
    context = {
        "post": post,
        "word": status.word(which, stands),
        "tone": status.tone(which, stands),
        "sentence": status.sentence(which, stands),
        "parts": parts,
        "differing": differing.told(post, parts, own),
        **_rail(request, post, editable),
        "card": post.card
        and cards.offered(request.workspace, [[{"text": post.card["url"]}]], post) | {"shown": True},
        "unusual_kind": post.kind not in {Kind.POST, Kind.THREAD},
        "languages": languages.siblings(post),
        "purpose": purposes.of(post),
        "may_version": alive and may("publishing.post.draft"),
        "refusals": refused_by_networks(post) if editable and may("publishing.post.draft") else [],
        "deliveries": listed,
        "lanes": going.lanes(post, listed),
        "chosen": _chosen(post, shown) if alive else [],
        "planned": planned,
        "zone": request.workspace.timezone,
        "steps": _steps(post, request, stands_so),
        "action_url": _mend(request, stands_so) if stuck else None,
        "action": "Change the policy" if stuck and stands_so.rules.names else "Find an approver",
        "kept": strip.kept(post) if post.is_approved else None,
        "returned": post.returns.select_related("returned_by__user", "link").order_by("-returned_at").first()
        if which == Status.RETURNED or (which == Status.OUT and post.is_returned)
        else None,
        "may_edit": may("publishing.post.draft") and editable,
        "may_ask": may("publishing.post.draft") and editable and not post.is_asked and not post.is_approved,
        # other words for what is out are approved and given back like any text
        "may_approve": _may_approve(request, post, editable or post.is_asked, stands_so),
        "may_plan": plannable,
        "plan_is_next": plannable
        and not planned
        and (post.is_approved or which == Status.TROUBLE)
        and not any(d.may_send or d.may_say for d in listed),
        "may_publish_now": plannable and post.is_approved,
        "may_discard": may("publishing.post.discard")
        and editable
        and not planned
        and which != Status.TROUBLE,
        "may_restore": may("publishing.post.discard") and not alive,
        "may_cancel": may("publishing.post.cancel") and bool(planned),
        "underway": bool(planned) and weeks.underway(planned[0].due_at, clock.now(), request.workspace.zone),
        "plan_form": PlanForm(initial={"when": _proposed(request, planned)}),
        "ask_fold": False,
        "approval_form": ApprovalForm(initial={"text_hash": post.text_hash}),
        "return_form": ReturnForm(),
        "act": act,
        "holds": holds_reads.named(holds_reads.over(post)) if alive else [],
        "history": _history(post, deliveries, request.member),
        "panels": offered.panels(post, request.member),
        "actions": offered.actions(post, request.member),
    }
    return render(request, "publishing/post.html", context | more, status=code)


def _rail(request: HttpRequest, post: Post, editable: bool) -> dict:
    """What a second reader would say of it, for as long as it can be changed."""
    if not editable:
        return {"rail": []}
    channels = list(post.channels.filter(disconnected_at__isnull=True))
    edit = reverse("publishing-post-edit", kwargs={"workspace": request.workspace.slug, "pk": post.pk})
    may = request.member.may("publishing.post.draft")
    given = forms_parts.kept(post.parts, post.overrides)
    return checking.context(request, given, channels, post) | {"edit_url": edit if may else ""}


def _may_approve(request: HttpRequest, post: Post, editable: bool, stands: Progress | None) -> bool:
    if stands is None or not request.member.may("publishing.post.approve") or not editable:
        return False
    if not post.says_something:
        return False
    return policies.may_speak(stands, request.member, post.author)


def _chosen(post: Post, shown: list[Delivery]) -> list:
    """The channels it is meant for and has no delivery on yet."""
    known = {delivery.channel_id for delivery in shown}
    return [channel for channel in post.channels.order_by("name") if channel.pk not in known]


def _has_free_channel(post: Post, deliveries: list[Delivery]) -> bool:
    taken = {d.channel_id for d in deliveries if d.state in {"sending", "accepted", "ambiguous"}}
    return post.channels.filter(disconnected_at__isnull=True).exclude(pk__in=taken).exists()


def _mend(request: HttpRequest, stands: Progress) -> str | None:
    """Where an approver can be invited, a role or the policy changed, for who may do that."""
    if stands.rules.names and request.member.may("publishing.policy.change"):
        return reverse("publishing-policy-list", kwargs={"workspace": request.workspace.slug})
    if not request.member.may("crew.member.invite"):
        return None
    return reverse("crew-people", kwargs={"workspace": request.workspace.slug})


def _steps(post: Post, request: HttpRequest, stands: Progress | None) -> list[dict[str, str]]:
    """The approval strip: who wrote it, who was asked, who approved this very text. `stands` of one not approved."""
    steps = [{"who": str(post.answerable), "state": "answers for it", "tone": "plain"}]
    if post.author_id != post.answerable_id:
        steps.append({"who": str(post.author), "state": "wrote it", "tone": "plain"})
    if post.changed_by_id != post.author_id:
        last = starting(by_role(post.changed_by, request.member))
        steps.append({"who": last, "state": "changed it last", "tone": "plain"})
    return steps + strip.steps(post, stands, request.member)


def _proposed(request: HttpRequest, planned: list[Delivery]) -> str:
    """What the field for the time begins with: the present plan, else the next full hour but one."""
    if planned:
        return planned[0].wall[:16]
    return slots.proposal(clock.now(), request.workspace.zone)


def _history(post: Post, deliveries: list[Delivery], who: Member) -> list:
    """The ledger's entries about the post and its deliveries, newest first."""
    tried = [delivery.pk for delivery in deliveries if delivery.attempt or delivery.ended_at]
    pairs = [(Post.ledger_name, [post.pk]), (Delivery.ledger_name, tried)]
    found = ledger_reads.histories(pairs, who, workspace_id=post.workspace_id)
    return sorted(found, key=lambda entry: entry.when, reverse=True)[:HISTORY]
