"""The page of one change."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quarterdeck.changes import reads
from quarterdeck.crew.access import page


@page("publishing.post.view")
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "changes/change.html", {"change": reads.change(request.workspace, pk)})
