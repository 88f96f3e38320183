"""How a channel's pictures will stand beside each other on its profile: past ones, and those planned."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quarterdeck.crew.access import page
from quarterdeck.studio import reads, uses
from quarterdeck.studio.presets import GRID

MOST = 30  # pictures of one grid


@page("studio.file.view")
@require_safe
def grid(request: HttpRequest) -> HttpResponse:
    """Three columns in the shape the profile shows, newest first; of each post its first picture."""
    every = uses.pictures(request.workspace.pk)
    every = [one for one in every if one.network == GRID.network]
    channels = {one.key: one.channel for one in sorted(every, key=lambda one: one.channel.lower())}
    asked = request.GET.get("channel", "")
    key = asked if asked in channels else next(iter(channels), "")
    shown = [one for one in every if one.key == key][:MOST]
    files = reads.files(request.workspace.pk, {one.file for one in shown})
    context = {
        "channels": channels.items(),
        "key": key,
        "cells": [{"shown": one, "file": files[one.file]} for one in shown if one.file in files],
        "place": GRID,
    }
    return render(request, "studio/grid.html", context)
