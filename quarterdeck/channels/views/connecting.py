"""Connecting a channel, step by step: choose a network, give what it asks for, sign in there where it wants that,
come back, and press one button. The address a network returns people to only shows that button: a GET never acts.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from quarterdeck.channels import adapters, health, networks, reads, verbs, waits
from quarterdeck.channels.contract import Connected, Connector, Elsewhere, Refused
from quarterdeck.channels.forms import ConnectForm
from quarterdeck.channels.intake import signins
from quarterdeck.channels.models import Beginning, Channel
from quarterdeck.channels.sandbox import LABEL
from quarterdeck.core import clock
from quarterdeck.core.http import CallFailed
from quarterdeck.core.problems import Conflict, NotFound, Problem
from quarterdeck.crew.access import page, signed_in
from quarterdeck.crew.models import Brand
from quarterdeck.shell import toasts

LONGEST_ANSWER = 8000  # characters of a query string that a network sends a person back with
_page_or_form = require_http_methods(["GET", "HEAD", "POST"])


@page("channels.channel.connect")
@_page_or_form
def connect(request: HttpRequest) -> HttpResponse:
    """Without a network: the choice. With one: its steps and its form."""
    name = request.POST.get("network") if request.method == "POST" else request.GET.get("network")
    if not name and request.method != "POST":
        context = {"networks": networks.cards(), "waits": waits.waits(), "sandbox_label": LABEL}
        return render(request, "channels/connect.html", context)
    adapters.network(name or "")
    brands = list(request.workspace.brands.order_by("created_at"))
    if not brands:
        raise NotFound("This workspace has no brand yet.", next_step="Add one in the settings.")
    if name == "sandbox":
        return _sandbox(request, brands[0])
    return _form(request, name, brands)


def _sandbox(request: HttpRequest, brand: Brand) -> HttpResponse:
    if request.method != "POST":
        return redirect("channels-channel-connect", workspace=request.workspace.slug)
    channel = verbs.connect_sandbox(request.member, brand=brand)
    toasts.add(request, f"“{channel.name}” is connected to the {channel.title}.")
    return redirect("channels-channel-list", workspace=request.workspace.slug)


@page("channels.channel.connect")
@_page_or_form
def reconnect(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same steps for a channel that is there: it, its posts and its plans stay."""
    channel = reads.channel(request.workspace, pk)
    if not channel.connected or not networks.can_connect(channel):
        raise Conflict(
            f"“{channel.name}” cannot be connected again here.",
            next_step="If it was disconnected, connect the same account again on the page of channels.",
        )
    return _form(request, channel.network, [channel.brand], channel)


def _form(
    request: HttpRequest, network: str, brands: list[Brand], channel: Channel | None = None
) -> HttpResponse:
    connector = networks.connector(network)
    form = ConnectForm(connector.fields, brands, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        brand = form.cleaned_data.get("brand") or brands[0]
        answer = _begin(request, connector, form, brand, channel)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "network": network,
        "title": adapters.network(network).title,
        "steps": connector.steps,
        "channel": channel,
    }
    return render(request, "channels/connect_form.html", context, status=422 if form.errors else 200)


def _begin(
    request: HttpRequest, connector: Connector, form: ConnectForm, brand: Brand, channel: Channel | None
) -> HttpResponse | None:
    """Ask the connector; None when it said no, and the form says why."""
    try:
        begun = connector.begin(form.answers, back=request.build_absolute_uri(reverse("channels-back")))
        if isinstance(begun, Connected):
            return _connected(request, connector.network, brand, channel, begun)
    except Refused as refused:
        form.refuse(refused.words, refused.field)
        return None
    except (CallFailed, Conflict) as problem:
        form.refuse(f"{problem.title} {problem.next_step}".strip())
        return None
    kept = signins.begin(
        request.member, brand=brand, network=connector.network, elsewhere=_checked(begun), channel=channel
    )
    return redirect("channels-beginning", workspace=request.workspace.slug, pk=kept.pk)


def _checked(elsewhere: Elsewhere) -> Elsewhere:
    """A person is sent only to a web address, and only with a state that can be recognised again."""
    if urlsplit(elsewhere.url).scheme not in {"http", "https"} or len(elsewhere.keep.get("state", "")) < 16:
        raise ValueError("A connector sent people somewhere without a web address or a state.")
    return elsewhere


def _connected(
    request: HttpRequest, network: str, brand: Brand, channel: Channel | None, connected: Connected
) -> HttpResponse:
    """The account signed in: keep it, look at it once, and show it."""
    if channel is not None:
        kept = verbs.reconnect(channel, by=request.member, connected=connected)
    else:
        kept = verbs.connect(request.member, brand=brand, network=network, connected=connected)
    health.check(kept)
    toasts.add(request, f"“{kept.name}” is connected to {kept.title}.")
    return redirect("channels-channel", workspace=request.workspace.slug, pk=kept.pk)


@page("channels.channel.connect")
@require_safe
def beginning(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The way to the network: a link, because a form of ours may lead nowhere else."""
    begun = reads.beginning(request.workspace, pk)
    context = _begun(request, begun)
    if context["mine"] and not context["over"]:
        context["url"] = reads.elsewhere(begun).url
        context["host"] = urlsplit(context["url"]).netloc
    return render(request, "channels/beginning.html", context)


@signed_in
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Where every network returns people to: finds the connection they began, and shows its last step."""
    begun = reads.returning(request.user, request.GET.get("state", ""))
    slug = begun.member.workspace.slug
    finish = reverse("channels-beginning-finish", kwargs={"workspace": slug, "pk": begun.pk})
    return redirect(f"{finish}?{request.META['QUERY_STRING'][:LONGEST_ANSWER]}")


@page("channels.channel.connect")
@_page_or_form
def finish(request: HttpRequest, pk: UUID) -> HttpResponse:
    begun = reads.beginning(request.workspace, pk)
    context = _begun(request, begun)
    if request.method != "POST":
        said = request.GET.get("error_description") or request.GET.get("error") or ""
        context |= {"said": said[:300], "answer": request.META["QUERY_STRING"][:LONGEST_ANSWER]}
        return render(request, "channels/finish.html", context)
    if not context["mine"]:
        raise Conflict(f"{begun.member} began this connection, and only they can finish it.")
    return _finish(request, begun)


def _finish(request: HttpRequest, begun: Beginning) -> HttpResponse:
    answer = dict(parse_qsl(request.POST.get("answer", "")[:LONGEST_ANSWER]))
    keep = signins.use(begun, answer)
    try:
        connected = networks.connector(begun.network).complete(keep, answer)
    except Refused as refused:
        raise Problem(
            refused.words,
            not_done="Nothing was connected.",
            next_step="Please begin again on the page of channels.",
            status=422,
        ) from refused
    return _connected(request, begun.network, begun.brand, begun.channel, connected)


def _begun(request: HttpRequest, begun: Beginning) -> dict:
    return {
        "begun": begun,
        "title": adapters.network(begun.network).title,
        "mine": begun.member_id == request.member.pk,
        "over": begun.used_at is not None or begun.expires_at <= clock.now(),
    }
