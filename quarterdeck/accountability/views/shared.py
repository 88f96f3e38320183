"""What the pages of accountability share."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from quarterdeck.accountability.models import Slip
from quarterdeck.shell import toasts


def address(request: HttpRequest, name: str, **parts) -> str:
    return reverse(name, kwargs={"workspace": request.workspace.slug, **parts})


def back(request: HttpRequest, slip: Slip) -> HttpResponse:
    """To where the act came from, else to the slip."""
    return toasts.back(request, address(request, "accountability-slip", pk=slip.pk))
