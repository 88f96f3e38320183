"""Asking somebody outside about a post: who was asked, a form for one more, and the link, the one time it is shown."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from quarterdeck.core import clock
from quarterdeck.core.problems import NotFound, Problem
from quarterdeck.crew import links, mail
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Member
from quarterdeck.publishing import clearing
from quarterdeck.publishing import reads as publishing_reads
from quarterdeck.publishing.models import Approval, Post, Return
from quarterdeck.review import mailing, reads, verbs
from quarterdeck.review.forms import InviteForm
from quarterdeck.review.models import Guest
from quarterdeck.shell import toasts


@page("review.guest.invite")
@require_http_methods(["GET", "HEAD", "POST"])
def guests(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everybody who was asked about a post; POST asks one more."""
    post = publishing_reads.post(request.workspace, pk)
    if request.method != "POST":
        return _page(request, post, InviteForm(initial=_wanted(post)))
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, post, form, status=422)
    given = {k: form.cleaned_data[k] for k in ("name", "address", "approve", "comment", "suggest")}
    try:
        invited = verbs.invite(post, by=request.member, until=clock.now() + form.lasts, **given)
    except Problem as problem:
        for name, words in (problem.fields or {"": f"{problem.title} {problem.next_step}"}).items():
            form.add_error(name if name in form.fields else "address" if name == "email" else None, words)
        return _page(request, post, form, status=problem.status)
    if invited.guest.address and mail.server() is not None:
        mailing.send(request.member, post, invited)
    return _page(request, post, InviteForm(), invited=invited)


def _wanted(post: Post) -> dict:
    """Whom the policy asks and nobody has asked yet, for the form to begin with."""
    seats = [seat for step in clearing.rules_for(post).steps for seat in step.seats if seat.kind == "guest"]
    known = {guest.address for guest in reads.guests(post)}
    address = next((seat.who for seat in seats if "@" in seat.who and seat.who not in known), "")
    return {"approve": not post.is_approved, "address": address}


def _page(
    request: HttpRequest, post: Post, form: InviteForm, *, invited=None, status: int = 200
) -> HttpResponse:
    context = {
        "post": post,
        "form": form,
        "invited": invited,
        "guests": told(post),
        "mail_is_set_up": mail.server() is not None,
        "only_here": links.only_here(),
    }
    return render(request, "review/guests.html", context, status=status)


def told(post: Post) -> list[dict]:
    """Who was asked, each with what came of it in words."""
    spoken = {
        a.link_id: a for a in Approval.objects.filter(post=post, link__isnull=False).order_by("approved_at")
    }
    back = {
        r.link_id: r for r in Return.objects.filter(post=post, link__isnull=False).order_by("returned_at")
    }
    return [
        {"guest": guest, "open": guest.link.is_open(), "state": _state(post, guest, spoken, back)}
        for guest in reads.guests(post)
    ]


def _state(post: Post, guest: Guest, spoken: dict, back: dict) -> str:
    given, objected = spoken.get(guest.link_id), back.get(guest.link_id)
    if objected and objected.text_hash == post.text_hash:
        return "objected"
    if given and given.withdrawn_at is None:
        return "approved it" if given.text_hash == post.text_hash else "approved an earlier text"
    return "was asked to approve" if guest.may_approve else "was asked to look"


@page("review.guest.invite")
@require_POST
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close a guest's door."""
    guest = Guest.objects.filter(workspace=request.workspace, pk=pk).select_related("link").first()
    if guest is None:
        raise NotFound("There is no such guest in this workspace.")
    crew.revoke_link(guest.link, by=request.member)
    toasts.add(request, f"The link of {guest.name} opens nothing any more.")
    return redirect("review-guests", workspace=request.workspace.slug, pk=guest.post_id)


def ask_outside(post: Post, who: Member) -> str | None:
    """For the post's page: the way here."""
    if not who.may("review.guest.invite") or post.discarded_at is not None:
        return None
    return reverse("review-guests", kwargs={"workspace": who.workspace.slug, "pk": post.pk})
