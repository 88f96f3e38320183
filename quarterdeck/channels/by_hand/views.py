"""Adding an account by hand: a page of its own, whose form also stands on other pages (`channels/_by_hand.html`)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from quarterdeck.channels.by_hand.forms import ByHandForm
from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.core.problems import NotFound, Problem
from quarterdeck.crew.access import page
from quarterdeck.shell import toasts


@page("channels.channel.connect")
@require_http_methods(["GET", "HEAD", "POST"])
def connect(request: HttpRequest) -> HttpResponse:
    brands = list(request.workspace.brands.order_by("created_at"))
    if not brands:
        raise NotFound("This workspace has no brand yet.", next_step="Add one in the settings.")
    if request.method != "POST":
        form = ByHandForm(brands=brands, initial={"network": request.GET.get("network", "instagram")})
        return render(request, "channels/by_hand.html", {"form": form})
    form = ByHandForm(request.POST, brands=brands)
    if form.is_valid():
        given = dict(form.cleaned_data)
        brand = given.pop("brand", None) or brands[0]
        try:
            channel = connect_by_hand(request.member, brand=brand, **given)
        except Problem as problem:
            for name, words in (problem.fields or {"name": f"{problem.title} {problem.next_step}"}).items():
                form.add_error(name if name in form.fields else None, words)
        else:
            said = f"“{channel.name}” is added. At its time, whoever answers for a post is handed what to post there."
            toasts.add(request, said)
            return redirect("channels-channel-list", workspace=request.workspace.slug)
    return render(request, "channels/by_hand.html", {"form": form}, status=422)
