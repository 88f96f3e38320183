"""Pointing something out: choose the post, say what is wrong; and the links by which somebody outside can."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterdeck.accountability import mail, reads, verbs
from quarterdeck.accountability.forms import DoorForm, FlagForm, into
from quarterdeck.accountability.views.shared import address
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.crew import links
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Member, SignedLink
from quarterdeck.publishing import reads as publishing_reads
from quarterdeck.publishing.models import Post
from quarterdeck.shell import toasts

FLAG = "accountability.slip.flag"
PURPOSE = "accountability.flag"
MOST_DOORS = 50  # open at once, of one post


@page(FLAG)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """What is out, newest first: which of these is it about?"""
    rows = reads.recently_out(request.workspace)
    return render(request, "accountability/choose.html", {"rows": rows})


@page(FLAG)
@require_http_methods(["GET", "HEAD", "POST"])
def flag(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what is wrong in one post."""
    post, zone = publishing_reads.post(request.workspace, pk), request.member.zone
    if request.method != "POST":
        return _flag(request, post, FlagForm(zone=zone))
    form = FlagForm(request.POST, zone=zone)
    if not form.is_valid():
        return _flag(request, post, form, 422)
    try:
        slip = verbs.flag(post, by=request.member, said=form.said())
    except Invalid as problem:
        into(form, problem)
        return _flag(request, post, form, problem.status)
    toasts.add(request, "It is said, and stands on the Desk until somebody takes it.")
    return redirect("accountability-slip", workspace=request.workspace.slug, pk=slip.pk)


def _flag(request: HttpRequest, post: Post, form: FlagForm, status: int = 200) -> HttpResponse:
    context = {
        "post": post,
        "form": form,
        "out": reads.deliveries(post),
        "open": next((one for one in reads.of_post(post) if one.is_open), None),
        "may_fix": request.member.may("accountability.slip.correct"),
    }
    return render(request, "accountability/flag.html", context, status=status)


# --- links for somebody outside -----------------------------------------------------------------------


@page("accountability.link.issue")
@require_http_methods(["GET", "HEAD", "POST"])
def doors(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The links given out for one post; POST makes one, whose address is shown this once."""
    post = publishing_reads.post(request.workspace, pk)
    form, issued = DoorForm(request.POST if request.method == "POST" else None), None
    if request.method == "POST" and form.is_valid():
        if len([one for one in _doors(post) if one.is_open()]) >= MOST_DOORS:
            raise Conflict(
                f"At most {MOST_DOORS} such links of a post are open.", not_done="No link was made."
            )
        given = form.cleaned_data
        ends = clock.now() + timedelta(days=given["days"])
        issued = crew.issue_link(
            by=request.member, purpose=PURPOSE, object_id=post.pk, label=given["label"], expires_at=ends
        )
        form = DoorForm()
    context = {
        "post": post,
        "form": form,
        "issued": issued,
        "doors": _doors(post),
        "only_here": links.only_here(),
        "mail_address": mail.address(post),
    }
    return render(request, "accountability/doors.html", context, status=422 if form.errors else 200)


def _doors(post: Post) -> list[SignedLink]:
    rows = SignedLink.objects.filter(workspace=post.workspace_id, purpose=PURPOSE, object_id=str(post.pk))
    return list(rows.order_by("-created_at")[: 2 * MOST_DOORS])


@page("accountability.link.issue")
@require_POST
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close such a door."""
    link = SignedLink.objects.filter(workspace=request.workspace, purpose=PURPOSE, pk=pk).first()
    if link is None:
        raise NotFound("There is no such link in this workspace.")
    crew.revoke_link(link, by=request.member)
    toasts.add(request, "The link opens nothing any more.")
    return toasts.back(request, address(request, "accountability-doors", pk=UUID(link.object_id)))


# --- what is offered on a post's page -------------------------------------------------------------------


def _is_out(post: Post) -> bool:
    return publishing_reads.out(post.workspace).filter(post=post, removed_at__isnull=True).exists()


def flag_it(post: Post, who: Member) -> str | None:
    """For the post's page: the way here."""
    if not who.may(FLAG) or not _is_out(post):
        return None
    return reverse("accountability-flag", kwargs={"workspace": who.workspace.slug, "pk": post.pk})


def fix_it(post: Post, who: Member) -> str | None:
    """For the post's page: the text with the cursor in it."""
    if not who.may("accountability.slip.correct") or not _is_out(post):
        return None
    return reverse("accountability-fix", kwargs={"workspace": who.workspace.slug, "pk": post.pk})


def let_them(post: Post, who: Member) -> str | None:
    """For the post's page: a link for somebody outside."""
    if not who.may("accountability.link.issue") or not _is_out(post):
        return None
    return reverse("accountability-doors", kwargs={"workspace": who.workspace.slug, "pk": post.pk})
