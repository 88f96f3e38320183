"""Ending the weekly mail without an account: GET shows a button, POST ends it. The same address answers the one-click
POST that mail programs send by themselves (RFC 8058), which carries no cookie; the token is what it acts by.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from quarterdeck.core.problems import Conflict, NotFound
from quarterdeck.crew.access import public
from quarterdeck.crew.models import SignedLink
from quarterdeck.crew.models.links import TOKEN_MOST, token_hash
from quarterdeck.stakeholders import digesting
from quarterdeck.stakeholders.verbs import digests


@public("A stakeholder ends their weekly mail without an account; mail programs do it for them.")
@never_cache
@csrf_exempt
def by_token(request: HttpRequest, token: str) -> HttpResponse:
    """The address in the mail and in its List-Unsubscribe header."""
    link = None
    if len(token) <= TOKEN_MOST:
        found = SignedLink.objects.select_related("workspace").filter(token_hash=token_hash(token))
        link = found.filter(purpose=digests.DIGEST).first()
    if link is None or not link.is_open():
        raise NotFound(
            "This link does not open anything any more.",
            not_done="It has expired or was revoked. Nothing was changed.",
            next_step="Use the link of a newer mail, or tell the person who sends it.",
        )
    response = opened(request, link)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def opened(request: HttpRequest, link: SignedLink) -> HttpResponse:
    """The page behind it, also by its signed link."""
    if request.method not in {"GET", "HEAD", "POST"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    reader = digesting.reader_of(link)
    if reader is None:
        raise NotFound("Who this mail went to is not known here any more.", not_done="Nothing was changed.")
    if request.method == "POST":
        begins = request.POST.get("do") == "begin"
        try:
            act = digests.begin_digest if begins else digests.end_digest
            act(reader, by=link)
        except Conflict:
            pass  # it was so already: pressed twice, or by a program and a person
        reader.refresh_from_db()
    return render(
        request, "stakeholders/unsubscribe.html", {"reader": reader, "acted": request.method == "POST"}
    )
