"""Short words after an act, with its undo. They ride on Django's messages: shown by the next page, or at once
when htmx asked (the middleware moves them into the HX-Trigger header). They stay at least ten seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import trigger_client_event

LONGEST = 300  # characters: a toast is a sentence, and headers have limits
UNDO = "undo:"


@dataclass(frozen=True, slots=True)
class Toast:
    text: str
    undo_url: str = ""
    tone: str = ""  # "" or "coral"


def add(request: HttpRequest, text: str, undo_url: str | None = None, *, tone: str = "") -> None:
    """Say `text` (one or two sentences, at most 300 characters) on the next page or through htmx.

    `undo_url` is POSTed to by the Undo button and by Z, with `next` (see `back`). `tone` "coral" is for what
    went wrong: it is announced assertively and stays until it is dismissed.
    """
    level = messages.ERROR if tone == "coral" else messages.SUCCESS
    messages.add_message(request, level, text[:LONGEST], extra_tags=f"{UNDO}{undo_url}" if undo_url else "")


def take(request: HttpRequest) -> list[Toast]:
    """The waiting toasts; they are gone afterwards."""
    found = []
    for message in messages.get_messages(request):
        tag = message.extra_tags or ""
        undo = tag.removeprefix(UNDO) if tag.startswith(UNDO) else ""
        found.append(Toast(str(message), undo, "coral" if message.level >= messages.ERROR else ""))
    return found


def into_header(request: HttpRequest, response: HttpResponse) -> None:
    """Move the waiting toasts into the response's HX-Trigger, as the event `qd:toasts`."""
    waiting = take(request)
    if waiting:
        told = [{"text": t.text, "undo": t.undo_url, "tone": t.tone} for t in waiting]
        trigger_client_event(response, "qd:toasts", {"toasts": told})


def back(request: HttpRequest, default: str) -> HttpResponse:
    """Redirect to the `next` of the form when it is an address of ours, else to `default`."""
    wish = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wish, {request.get_host()}, require_https=request.is_secure())
    if not ours or not wish.startswith(("/", "http")):
        wish = default  # a bare word is no address: `redirect` would take it for the name of a view
    return HttpResponseRedirect(wish)
