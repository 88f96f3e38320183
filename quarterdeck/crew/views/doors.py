"""Doors that a link opens: the one-time sign-in, invitations, signed links. Fetching one never acts, because
mail scanners and chat previews fetch every address they see; only a button that POSTs does.
"""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from quarterdeck.core.problems import NotFound, Problem
from quarterdeck.crew import forms, intake, links, onetime, rules, verbs
from quarterdeck.crew.access import public
from quarterdeck.crew.adapters import INVITED
from quarterdeck.crew.models import Member, SignedLink, User
from quarterdeck.crew.models.links import TOKEN_MOST, token_hash
from quarterdeck.crew.views.front import to_desk
from quarterdeck.crew.views.shared import put_into, toast


@public("Whoever runs the machine has only this link.")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, token: str) -> HttpResponse:
    """The one-time sign-in link: GET shows one button, POST signs in and uses the link up."""
    if request.method == "POST":
        _sign_in(request, onetime.use_owner_link(token))
        return redirect("home")
    onetime.open_owner_link(token)
    return _private(render(request, "crew/start.html"))


@public("An invited person has no account yet.")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation: say who you are and join, or join with the account you are signed in with."""
    invitation = rules.open_invitation(token)
    known = request.user.is_authenticated
    form = None if known else forms.Join(request.POST or None, initial={"email": invitation.email})
    status = 200
    if request.method == "POST":
        if request.POST.get("with") == "account":
            request.session[INVITED] = token
            return redirect("account_login")
        status = 422
        member = _accept(request, token, form)
        if member:
            request.session.pop(INVITED, None)
            toast(request, f"You are in. Welcome to {member.workspace}.")
            return to_desk(member)
    context = {"invitation": invitation, "form": form}
    return _private(render(request, "crew/join.html", context, status=status))


def _accept(request: HttpRequest, token: str, form: forms.Join | None) -> Member | None:
    if form is None:
        return verbs.accept_invitation(token, user=request.user)
    if not form.is_valid():
        return None
    try:
        member = verbs.accept_invitation(token, **form.cleaned_data)
    except NotFound:
        raise
    except Problem as refused:
        put_into(form, refused)
        return None
    _sign_in(request, member.user)
    return member


def _sign_in(request: HttpRequest, user: User) -> None:
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    record_authentication(request, user, method="link", reauthenticated=True)


@public("People without an account come by signed links.")
@never_cache
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """A signed link: hands the request to the room that registered the link's purpose."""
    link = _open_signed_link(token)
    if request.method == "GET":
        intake.log_opening(link)
    return _private(links.PURPOSES[link.purpose].view(request, link))


def _open_signed_link(token: str) -> SignedLink:
    found = None
    if len(token) <= TOKEN_MOST:
        found = SignedLink.objects.select_related("workspace").filter(token_hash=token_hash(token)).first()
    if found is None or not found.is_open() or found.purpose not in links.PURPOSES:
        raise NotFound(
            "This link does not open anything any more.",
            not_done="It has expired or was revoked. Nothing was changed.",
            next_step="Ask the person who sent it for a new one.",
        )
    return found


def _private(response: HttpResponse) -> HttpResponse:
    # The address is the key: kept out of search engines, and (by the policy of every page, "same-origin") out
    # of other sites' logs. "no-referrer" would make browsers send the origin "null" and Django refuse the form.
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
