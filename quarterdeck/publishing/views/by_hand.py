"""Posting by hand: the page that hands a post out, and what is said there; a post made outside; who answers for one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterdeck.channels import by_hand as networks
from quarterdeck.channels import credentials
from quarterdeck.channels import reads as channel_reads
from quarterdeck.core import clock
from quarterdeck.core.problems import Invalid, NotFound, Problem
from quarterdeck.crew import reads as crew
from quarterdeck.crew.access import page
from quarterdeck.crew.permissions import Role
from quarterdeck.publishing import answering, content, holding, reads, slots
from quarterdeck.publishing.forms_by_hand import HandOverForm, NotOutForm, OutForm, OutsideForm
from quarterdeck.publishing.models import Delivery, DeliveryState, Post
from quarterdeck.publishing.verbs import answerable, outside
from quarterdeck.publishing.verbs import by_hand as verbs
from quarterdeck.publishing.views import showing
from quarterdeck.shell import toasts

_page_or_form = require_http_methods(["GET", "HEAD", "POST"])


def _address(request: HttpRequest, name: str, **parts) -> str:
    return reverse(name, kwargs={"workspace": request.workspace.slug, **parts})


# --- handed out -------------------------------------------------------------------------------------


@page("publishing.post.view")
@require_safe
def hand_out(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything one needs to post it there, and the two answers. Made for a phone."""
    return _hand_out(request, _said_by_people(request, pk))


@page("publishing.delivery.answer")
@_page_or_form
def say_out(request: HttpRequest, pk: UUID) -> HttpResponse:
    """ "Posted: here is the link", or posted without one. Opened as an address, it leads to the page."""
    row = _said_by_people(request, pk)
    if request.method != "POST":
        return redirect(_address(request, "publishing-by-hand", pk=pk))
    form, story = OutForm(request.POST), _is_story(row)
    if form.is_valid() and not form.cleaned_data["url"] and not story and "without" not in request.POST:
        form.add_error("url", "Please paste the link, or say below that there is none.")
    if not form.is_valid():
        return _hand_out(request, row, code=422, out_form=form)
    first = row.state == DeliveryState.HANDED
    try:
        url = "" if "without" in request.POST else form.cleaned_data["url"]
        act = verbs.say_out(row, by=request.member, url=url)
    except Invalid as problem:
        form.add_error("url", problem.fields.get("url", problem.title))
        return _hand_out(request, row, code=422, out_form=form)
    return _said(request, pk, act if first else None, f"Out on {row.channel.name}, said by you.")


@page("publishing.delivery.answer")
@_page_or_form
def say_not_out(request: HttpRequest, pk: UUID) -> HttpResponse:
    """ "Not posted", with the reason. Opened as an address, it leads to the page."""
    row = _said_by_people(request, pk)
    if request.method != "POST":
        return redirect(_address(request, "publishing-by-hand", pk=pk))
    form = NotOutForm(request.POST)
    if not form.is_valid():
        return _hand_out(request, row, code=422, not_out_form=form)
    first = row.state == DeliveryState.HANDED
    act = verbs.say_not_out(row, by=request.member, reason=form.cleaned_data["reason"])
    return _said(request, pk, act if first else None, "Noted: it was not posted. It counts as missed now.")


@page("publishing.delivery.answer")
@require_POST
def undo(request: HttpRequest, pk: UUID, act: UUID) -> HttpResponse:
    verbs.unsay(_said_by_people(request, pk), by=request.member, act=act)
    toasts.add(request, "Undone: it is handed out again.")
    return redirect(_address(request, "publishing-by-hand", pk=pk))


def _said(request: HttpRequest, pk: UUID, act: UUID | None, words: str) -> HttpResponse:
    undo_url = _address(request, "publishing-by-hand-undo", pk=pk, act=act) if act else None
    toasts.add(request, words, undo_url=undo_url)
    row = reads.delivery(request.workspace, pk)
    if row.channel.by_hand or row.handed_at:
        return redirect(_address(request, "publishing-by-hand", pk=pk))
    return redirect(_address(request, "publishing-post", pk=row.post_id))  # it was only recorded afterwards


def _said_by_people(request: HttpRequest, pk: UUID) -> Delivery:
    """A delivery that a person makes, or said something about; NotFound for any other."""
    row = (
        Delivery.objects.filter(workspace=request.workspace, pk=pk)
        .select_related("post__answerable__user", "channel__credential", "handed_to__user", "said_by__user")
        .first()
    )
    if row is None or not (row.channel.by_hand or row.said_by_id or row.handed_at):
        raise NotFound("There is nothing of that kind to post by hand in this workspace.")
    return row


def _is_story(row: Delivery) -> bool:
    return row.channel.facts.get("kind") == "stories"


def _hand_out(request: HttpRequest, row: Delivery, *, code: int = 200, **more) -> HttpResponse:
    handed = row.state == DeliveryState.HANDED
    context = {
        "row": row,
        "post": row.post,
        "answered": answering.answered(row.post, row.channel),
        "handed": handed,
        "out": row.is_out,
        "corrects": row.state == DeliveryState.ACCEPTED and row.said_by_id is not None,
        "after_all": row.state == DeliveryState.MISSED and row.handed_at is not None and row.settled is None,
        "held": handed and bool(holding.held([row.pk])),
        "approved": reads.post(request.workspace, row.post_id).is_approved,
        "late": clock.now() > row.latest_at,
        "parts": _parts(request, row),
        "story": _is_story(row),
        "network": networks.TITLES.get(row.channel.network, ""),
        "mine": row.post.answerable_id == request.member.pk,
        "may_answer": request.member.may("publishing.delivery.answer"),
        "out_form": OutForm(),
        "not_out_form": NotOutForm(),
    }
    return render(request, "publishing/by_hand.html", context | more, status=code)


def _parts(request: HttpRequest, row: Delivery) -> list[dict]:
    """Each part with its images and the link that opens the composer: with the first part's text where it can be."""
    account, network = credentials.account(row.channel), row.channel.network
    known = networks.TITLES.get(network, "")
    parts = []
    said = showing.shown(request.workspace, content.said(row.post, row.channel))
    for number, part in enumerate(said, 1):
        opens = networks.composer(network, account, part["text"]) if number == 1 else None
        images = [image | {"number": index} for index, image in enumerate(part["images"], 1)]
        parts.append({"number": number, "text": part["text"], "images": images, "opens": opens, "on": known})
    return parts


# --- made outside -----------------------------------------------------------------------------------


@page("publishing.post.record")
@_page_or_form
def record(request: HttpRequest) -> HttpResponse:
    """Record a post that somebody made outside, in one step."""
    channels = channel_reads.connected(request.workspace)
    if request.method != "POST":
        now = clock.now().astimezone(request.member.zone)
        first = channels.filter(by_hand=True).first() or channels.first()
        initial = {"when": f"{now:%Y-%m-%dT%H:%M}", "channel": first.pk if first else None}
        return _record(request, OutsideForm(channels=channels, initial=initial))
    form = OutsideForm(request.POST, channels=channels)
    if not form.is_valid():
        return _record(request, form, 422)
    given = form.cleaned_data
    try:
        slot = slots.resolve(given["when"], request.member.zone.key, fold=0)
        given |= {"when": min(slot.due_at, clock.now())} if _is_this_minute(slot) else {"when": slot.due_at}
        post = outside.record_outside(request.member, **given)
    except Problem as problem:
        for name, words in (problem.fields or {None: f"{problem.title} {problem.next_step}"}).items():
            form.add_error(name if name in form.fields else None, words)
        return _record(request, form, problem.status)
    act = post.ledger_event_id
    undo_url = _address(request, "publishing-record-undo", pk=post.pk, act=act)
    toasts.add(request, "It is in the record, as said by you.", undo_url=undo_url)
    return redirect(_address(request, "publishing-post", pk=post.pk))


def _is_this_minute(slot: slots.Slot) -> bool:
    return abs((slot.due_at - clock.now()).total_seconds()) < 60


def _record(request: HttpRequest, form: OutsideForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "zone": request.member.zone.key, "any": form.fields["channel"].queryset.exists()}
    return render(request, "publishing/outside_post.html", context, status=status)


@page("publishing.post.record")
@require_POST
def unrecord(request: HttpRequest, pk: UUID, act: UUID) -> HttpResponse:
    outside.unrecord(reads.post(request.workspace, pk), by=request.member, act=act)
    toasts.add(request, "Undone. It waits at the end of the list.")
    return redirect(_address(request, "publishing-post-list"))


# --- who answers for it -----------------------------------------------------------------------------


def _who_can(request: HttpRequest, post: Post):
    return crew.members(request.workspace).exclude(pk=post.answerable_id).exclude(role=Role.OBSERVER)


@page("publishing.post.handover")
@require_POST
def hand_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    post = reads.post(request.workspace, pk)
    form = HandOverForm(request.POST, colleagues=_who_can(request, post))
    if not form.is_valid():
        raise Invalid(
            "Nobody was chosen who can answer for it.",
            not_done="It was not handed over.",
            next_step="Choose a colleague from the list.",
        )
    to = form.cleaned_data["to"]
    answerable.hand_over(post, by=request.member, to=to)
    toasts.add(request, f"{to} answers for it now, and was told.")
    return toasts.back(request, _address(request, "publishing-post", pk=pk))


def answers_for_it(post: Post, who) -> dict | None:
    """For the post's page: who answers for it, who stands in, and a form to hand it over."""
    answers = post.answerable
    colleagues = crew.members(who.workspace).exclude(pk=answers.pk).exclude(role=Role.OBSERVER)
    may = who.may("publishing.post.handover") and post.discarded_at is None and colleagues.exists()
    return {
        "post": post,
        "answerable": answers,
        "gone": answers.left_at is not None,
        "stand_ins": crew.stand_ins(answers),
        "hand_over_form": HandOverForm(colleagues=colleagues) if may else None,
    }
