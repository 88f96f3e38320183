"""The rules a workspace plans by, and the weekly slots of its channels."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from quarterdeck.channels import reads as channel_reads
from quarterdeck.core.problems import Problem
from quarterdeck.crew.access import page
from quarterdeck.planning import queue, rules
from quarterdeck.planning.forms import RulesForm, SlotForm
from quarterdeck.planning.models import WeeklySlot
from quarterdeck.planning.verbs import slots as verbs
from quarterdeck.planning.views.shared import address, put_into, row
from quarterdeck.shell import toasts


@page("planning.rules.change")
@require_http_methods(["GET", "HEAD", "POST"])
def change_rules(request: HttpRequest) -> HttpResponse:
    """Working hours, what counts as close together, and the markets whose holidays are shown."""
    if request.method != "POST":
        return render(request, "planning/rules.html", {"form": RulesForm.of(rules.of(request.workspace))})
    form = RulesForm(request.POST)
    if form.is_valid():
        try:
            verbs.change_rules(request.member, **form.cleaned_data)
        except Problem as problem:
            put_into(form, problem)
        else:
            toasts.add(request, "The rules of planning are saved.")
            return redirect(address(request, "planning-rules"))
    return render(request, "planning/rules.html", {"form": form}, status=422)


@page("planning.slot.change")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The slots of each channel with what its past suggests; POST makes one."""
    channels = list(channel_reads.connected(request.workspace))
    form = SlotForm(request.POST if request.method == "POST" else None, channels=channels)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        channel = channel_reads.channel(request.workspace, given["channel"])
        try:
            slot = verbs.make_slot(
                request.member, channel=channel, weekday=given["weekday"], wall=given["wall"]
            )
        except Problem as problem:
            put_into(form, problem)
        else:
            toasts.add(request, f"{channel.name} has the slot {slot} now.")
            return redirect(address(request, "planning-slots"))
    standing = queue.slots_of(request.workspace)
    habits = queue.habits(request.workspace, channels)
    lines = [
        {
            "channel": channel,
            "slots": [one for one in standing if one.channel_id == channel.pk],
            "habits": habits[channel.pk],
        }
        for channel in channels
    ]
    context = {"lines": lines, "form": form, "zone": request.workspace.timezone}
    return render(request, "planning/slots.html", context, status=422 if form.errors else 200)


@page("planning.slot.change")
@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    slot = row(WeeklySlot, request, pk)
    verbs.remove_slot(slot, by=request.member)
    toasts.add(request, f"The slot {slot} is removed. What is planned at it stays planned.")
    return redirect(address(request, "planning-slots"))
