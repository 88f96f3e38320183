"""Layers of the calendar: days marked by the team, and calendars read from elsewhere."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from quarterdeck.channels import reads as channel_reads
from quarterdeck.core.problems import Problem
from quarterdeck.crew.access import page
from quarterdeck.planning import entries, layers, rules
from quarterdeck.planning.forms import LayerForm, SpanForm
from quarterdeck.planning.models import Layer, Span
from quarterdeck.planning.verbs import layers as layer_verbs
from quarterdeck.planning.verbs import spans as verbs
from quarterdeck.planning.views.shared import address, put_into, row
from quarterdeck.shell import toasts


def _choices(request: HttpRequest) -> list[tuple[str, str]]:
    """What days can be marked for: everything, or one brand, channel or label."""
    workspace = request.workspace
    found = [("workspace", "Everything")]
    brands = list(workspace.brands.order_by("name"))
    if len(brands) > 1:
        found += [(f"brand:{one.pk}", f"The brand {one.name}") for one in brands]
    found += [(f"channel:{one.pk}", f"The channel {one.name}") for one in channel_reads.connected(workspace)]
    found += [(f"label:{pk}", f"The label {name}") for pk, name in entries.label_names(workspace).items()]
    return found


@page("planning.layer.change")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """What lies over the days; POST marks some."""
    form = SpanForm(request.POST if request.method == "POST" else None, choices=_choices(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        given["scope"], given["target"] = given.pop("what")
        try:
            span = verbs.mark_span(request.member, **given)
        except Problem as problem:
            put_into(form, problem)
        else:
            undo = address(request, "planning-span-remove", pk=span.pk)
            toasts.add(request, f"“{span.title}” is on the calendar.", undo_url=undo)
            return redirect(address(request, "planning-layers"))
    return _index(request, form, LayerForm())


def _index(request: HttpRequest, form: SpanForm, layer_form: LayerForm) -> HttpResponse:
    spans = layers.standing(request.workspace)
    names = layers.about(spans)
    context = {
        "form": form,
        "layer_form": layer_form,
        "spans": [{"span": one, "whom": names[one.pk]} for one in spans],
        "layers": layers.layers(request.workspace),
        "markets": rules.of(request.workspace).markets,
        "zone": request.workspace.timezone,
    }
    status = 422 if form.errors or layer_form.errors else 200
    return render(request, "planning/layers.html", context, status=status)


@page("planning.layer.change")
@require_POST
def remove_span(request: HttpRequest, pk: UUID) -> HttpResponse:
    span = row(Span, request, pk)
    verbs.remove_span(span, by=request.member)
    undo = address(request, "planning-span-restore", pk=pk)
    toasts.add(request, f"“{span.title}” is off the calendar.", undo_url=undo)
    return redirect(address(request, "planning-layers"))


@page("planning.layer.change")
@require_POST
def restore_span(request: HttpRequest, pk: UUID) -> HttpResponse:
    span = row(Span, request, pk)
    verbs.restore_span(span, by=request.member)
    toasts.add(request, f"“{span.title}” is on the calendar again.")
    return redirect(address(request, "planning-layers"))


@page("planning.layer.change")
@require_http_methods(["GET", "HEAD", "POST"])
def add_layer(request: HttpRequest) -> HttpResponse:
    """Read a calendar from a file or an address. Opened as an address, it leads to the page of layers."""
    if request.method != "POST":
        return redirect(address(request, "planning-layers"))
    form = LayerForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        content = given["file"].read() if given["file"] else None
        try:
            layer = layer_verbs.add_layer(
                request.member, title=given["title"], url=given["url"].strip(), content=content
            )
        except Problem as problem:
            put_into(form, problem)
        else:
            later = " It is read in a moment, and then every six hours." if layer.sealed else ""
            toasts.add(request, f"“{layer.title}” lies over the calendar now.{later}")
            return redirect(address(request, "planning-layers"))
    return _index(request, SpanForm(choices=_choices(request)), form)


@page("planning.layer.change")
@require_POST
def remove_layer(request: HttpRequest, pk: UUID) -> HttpResponse:
    layer = row(Layer, request, pk)
    layer_verbs.remove_layer(layer, by=request.member)
    toasts.add(request, f"“{layer.title}” is off the calendar.")
    return redirect(address(request, "planning-layers"))
