"""Pages of channels: the list with its one-click Sandbox, and renaming or disconnecting one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.channels import adapters, reads, verbs
from quarterdeck.channels.forms import NameForm
from quarterdeck.channels.sandbox import LABEL
from quarterdeck.core.problems import Invalid, NotFound
from quarterdeck.crew.access import page
from quarterdeck.shell import toasts


@page("channels.channel.view")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    every = list(reads.every(request.workspace))
    return render(
        request,
        "channels/index.html",
        {
            "channels": [c for c in every if c.connected],
            "gone": [c for c in every if not c.connected],
            "networks": [{"name": name, "title": kind.title} for name, kind in adapters.NETWORKS.items()],
            "may_connect": request.member.may("channels.channel.connect"),
            "sandbox_label": LABEL,
        },
    )


@page("channels.channel.connect")
@require_POST
def connect(request: HttpRequest) -> HttpResponse:
    adapters.network(request.POST.get("network", ""))
    brand = request.workspace.brands.order_by("created_at").first()
    if brand is None:
        raise NotFound("This workspace has no brand yet.", next_step="Add one in the settings.")
    channel = verbs.connect_sandbox(request.member, brand=brand)
    toasts.add(request, f"“{channel.name}” is connected to the {channel.title}.")
    return redirect("channels-channel-list", workspace=request.workspace.slug)


@page("channels.channel.connect")
@require_POST
def rename(request: HttpRequest, pk: UUID) -> HttpResponse:
    channel = reads.channel(request.workspace, pk)
    form = NameForm(request.POST)
    if not form.is_valid():
        raise Invalid("That name cannot be used.", fields={"name": form.errors["name"][0]})
    verbs.rename(channel, by=request.member, name=form.cleaned_data["name"])
    toasts.add(request, "The channel has its new name.")
    return redirect("channels-channel-list", workspace=request.workspace.slug)


@page("channels.channel.connect")
@require_POST
def disconnect(request: HttpRequest, pk: UUID) -> HttpResponse:
    channel = verbs.disconnect(reads.channel(request.workspace, pk), by=request.member)
    toasts.add(request, f"“{channel.name}” is disconnected. What went out there stays.")
    return redirect("channels-channel-list", workspace=request.workspace.slug)
