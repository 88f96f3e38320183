"""The installation's mail, for whoever owns the installation: how it leaves, how it arrives, and a test of each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from quarterdeck.crew import forms, inbound, mail, verbs
from quarterdeck.crew.access import page
from quarterdeck.crew.views.shared import toast


@page("crew.installation.change")
def post_office(request: HttpRequest) -> HttpResponse:
    """Set up outgoing and incoming mail; each half is its own form."""
    sent = request.POST.get("half") if request.method == "POST" else None
    out = forms.OutgoingMail(
        request.POST if sent == "out" else None,
        initial=_kept_out(),
        prefix="out",
        stored=mail.has_password(),
    )
    into = forms.IncomingMail(
        request.POST if sent == "in" else None,
        initial=_kept_in(),
        prefix="in",
        stored=inbound.has_password(),
    )
    if sent == "out" and out.is_valid():
        given = dict(out.cleaned_data)
        password = given.pop("password") or None
        verbs.set_outgoing_mail(mail.Server(**given), password, by=request.user)
        toast(request, "Saved. Send yourself a test message to see that it works.")
        return _back(request)
    if sent == "in" and into.is_valid():
        given = dict(into.cleaned_data)
        password = given.pop("password") or None
        verbs.set_incoming_mail(inbound.Mailbox(**given), password, by=request.user)
        toast(request, "Saved. It is looked into once a minute.")
        return _back(request)
    context = {"out": out, "into": into, "out_is_set_up": mail.server(), "in_is_set_up": inbound.mailbox()}
    context["in_state"] = inbound.state()
    return render(request, "crew/post_office.html", context, status=422 if sent else 200)


def _kept_out() -> dict:
    kept = mail.server()
    if kept is None:
        return {"port": 587, "security": "starttls"}
    return {name: getattr(kept, name) for name in ("host", "port", "security", "username", "sender")}


def _kept_in() -> dict:
    kept = inbound.mailbox()
    if kept is None:
        return {"port": 993, "security": "tls", "folder": "INBOX"}
    return {name: getattr(kept, name) for name in ("host", "port", "security", "username", "folder")}


@page("crew.installation.change")
@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """Send oneself a message, or look into the mailbox, and say in words what the server answered."""
    if request.POST.get("half") == "in":
        toast(request, inbound.try_out())
    elif not request.user.email:
        toast(request, "Nothing was sent: you have no e-mail address yet. Add one under “You”.", failed=True)
    else:
        try:
            mail.send(
                request.user.email, "A test from Quarterdeck", "If you can read this, mail leaves well."
            )
            toast(request, f"The server took a message to {request.user.email}. Look into that mailbox.")
        except mail.MailProblem as problem:
            toast(request, str(problem), failed=True)
    return _back(request)


@page("crew.installation.change")
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Stop outgoing or incoming mail; the stored password is removed with it."""
    if request.POST.get("half") == "in":
        verbs.set_incoming_mail(None, "", by=request.user)
        toast(request, "Incoming mail is off. The password was removed.")
    else:
        verbs.set_outgoing_mail(None, "", by=request.user)
        toast(request, "Outgoing mail is off. The password was removed.")
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    return redirect("crew-mail", workspace=request.workspace.slug)
