"""The list of channels, a channel with its health and its numbers, and what each network takes."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.channels import ending, health, networks, reads, standing, verbs
from quarterdeck.channels.forms import NameForm
from quarterdeck.channels.sandbox import LABEL
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew.access import page
from quarterdeck.shell import toasts

PER_PAGE = 30


@page("channels.channel.view")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    every = list(reads.every(request.workspace))
    zone = request.member.zone
    return render(
        request,
        "channels/index.html",
        {
            "channels": [(c, standing.standing(c, zone)) for c in every if c.connected],
            "gone": [c for c in every if not c.connected],
            "networks": networks.cards(),
            "may_connect": request.member.may("channels.channel.connect"),
            "sandbox_label": LABEL,
        },
    )


@page("channels.channel.view")
@require_safe
def channel(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = reads.channel(request.workspace, pk)
    posts = Paginator(reads.remote_posts(found), PER_PAGE).get_page(request.GET.get("page"))
    weeks = reads.weeks(found, request.member.zone)
    return render(
        request,
        "channels/channel.html",
        {
            "channel": found,
            "standing": standing.standing(found, request.member.zone),
            "checkup": getattr(found, "checkup", None),
            "first_look": getattr(found, "first_look", None),
            "sureness": standing.SURENESS[found.sureness],
            "posts": posts,
            "weeks": weeks if any(week.posts for week in weeks) else [],
            "most_a_week": max(week.posts for week in weeks),
            "may_connect": request.member.may("channels.channel.connect"),
            "can_reconnect": networks.can_connect(found),
            "renews": standing.renews(found),
            "sandbox_label": LABEL,
        },
    )


@page("channels.channel.connect")
@require_POST
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = reads.channel(request.workspace, pk)
    if not found.connected or found.by_hand:
        raise Conflict(
            f"There is no connection of “{found.name}” that could be checked.",
            not_done="Nothing was called.",
        )
    health.check(found)
    now = standing.standing(reads.channel(request.workspace, pk), request.member.zone)
    toasts.add(request, now.sentence, tone="coral" if now.tone == "coral" else "")
    return redirect("channels-channel", workspace=request.workspace.slug, pk=pk)


@page("channels.channel.connect")
@require_POST
def rename(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = reads.channel(request.workspace, pk)
    form = NameForm(request.POST)
    if not form.is_valid():
        raise Invalid("That name cannot be used.", fields={"name": form.errors["name"][0]})
    verbs.rename(found, by=request.member, name=form.cleaned_data["name"])
    toasts.add(request, "The channel has its new name.")
    return redirect("channels-channel", workspace=request.workspace.slug, pk=pk)


@page("channels.channel.connect")
@require_POST
def disconnect(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = reads.channel(request.workspace, pk)
    speaker = ending.speaker(found)
    found = verbs.disconnect(found, by=request.member)
    toasts.add(
        request,
        f"“{found.name}” is disconnected, and what signed us in there is forgotten. What went out there stays.",
    )
    done = ending.end(speaker)
    if done.words:
        toasts.add(request, done.words, tone="" if done.ended else "coral")
    return redirect("channels-channel-list", workspace=request.workspace.slug)


@page("channels.channel.view")
@require_safe
def network_list(request: HttpRequest) -> HttpResponse:
    return render(request, "channels/networks.html", {"networks": networks.sheets()})
