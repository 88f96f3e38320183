"""The person's own settings: who they are, how they sign in, how they are told, and what they were told."""

from __future__ import annotations

import uuid

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.core.problems import Invalid, Problem
from quarterdeck.crew import destinations, forms, intake, mail, notify, reads, verbs
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Destination, Notification
from quarterdeck.crew.permissions import STANDS_IN
from quarterdeck.crew.views.shared import put_into, toast

TESTS_APART = 10  # seconds between two test messages of one person


@page("crew.workspace.view")
def you(request: HttpRequest) -> HttpResponse:
    """Name, time zone, theme; and the ways in which one signs in."""
    form = forms.You(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        intake.change_person(request.user, **form.cleaned_data)
        toast(request, "Saved.")
        return redirect("crew-you", workspace=request.workspace.slug)
    return _you(request, form, status=422 if request.method == "POST" else 200)


def _you(
    request: HttpRequest, form: forms.You, status: int = 200, away_form: forms.Away | None = None
) -> HttpResponse:
    kinds = list(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    context = {
        "form": form,
        "stand_in_form": _stand_in_form(request),
        "away_form": away_form or forms.Away(auto_id="away_%s"),
        "absences": reads.own_absences(request.member),
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "totp": Authenticator.Type.TOTP in kinds,
        "recovery_codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "has_password": request.user.has_usable_password(),
    }
    return render(request, "crew/you.html", context, status=status)


def _stand_in_form(request: HttpRequest, data=None) -> forms.StandIn:
    colleagues = reads.colleagues(request.member).filter(role__in=STANDS_IN)
    return forms.StandIn(data, colleagues=colleagues, initial={"stand_in": request.member.stand_in_id})


@page("crew.workspace.view")
@require_POST
def stand_in(request: HttpRequest) -> HttpResponse:
    """Name who stands in, or leave it to the leads."""
    form = _stand_in_form(request, request.POST)
    if not form.is_valid():
        raise Invalid("That person cannot stand in for you.", next_step="Choose a colleague from the list.")
    chosen = form.cleaned_data["stand_in"]
    if request.member.stand_in_id != (chosen.pk if chosen else None):
        verbs.choose_stand_in(request.member, to=chosen)
    toast(request, f"{chosen or 'One of the leads'} stands in for you when you do not answer.")
    return redirect("crew-you", workspace=request.workspace.slug)


@page("crew.workspace.view")
@require_POST
def away(request: HttpRequest) -> HttpResponse:
    """Say when one is away."""
    form = forms.Away(request.POST, auto_id="away_%s")
    if form.is_valid():
        try:
            verbs.be_away(request.member, **form.cleaned_data)
        except Problem as refused:
            put_into(form, refused)
    if not form.is_valid():
        return _you(request, forms.You(instance=request.user), 422, form)
    toast(request, "Noted. Others see that you are away, and not why.")
    return redirect("crew-you", workspace=request.workspace.slug)


@page("crew.workspace.view")
@require_POST
def here(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take back that one is away."""
    verbs.be_here(reads.own_absence(request.member, pk), by=request.member)
    toast(request, "Taken back: you are here on those days.")
    return redirect("crew-you", workspace=request.workspace.slug)


@page("crew.workspace.view")
@reauthentication_required
def address(request: HttpRequest) -> HttpResponse:
    """The e-mail one signs in with; asks for the password again when that was long ago."""
    form = forms.Address(request.POST or None, initial={"email": request.user.email})
    if request.method == "POST" and form.is_valid():
        try:
            intake.change_address(request.user, form.cleaned_data["email"])
            toast(request, "Your e-mail was changed.")
            return redirect("crew-you", workspace=request.workspace.slug)
        except Problem as refused:
            put_into(form, refused)
    status = 422 if request.method == "POST" else 200
    return render(request, "crew/address.html", {"form": form}, status=status)


@page("crew.workspace.view")
@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """End the person's sessions in every other browser."""
    count = intake.end_other_sessions(request.user, keep=request.session.session_key)
    said = {0: "You were signed in nowhere else.", 1: "One other browser was signed out."}
    toast(request, said.get(count, f"{count} other browsers were signed out."))
    return redirect("crew-you", workspace=request.workspace.slug)


@page("crew.workspace.view")
def telling(request: HttpRequest) -> HttpResponse:
    """How one is told: e-mail, places, quiet hours."""
    wanted = notify.preferences(request.user)
    initial = {name: getattr(wanted, name) for name in forms.HowToTell.base_fields}
    form = forms.HowToTell(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        intake.change_preferences(request.user, **form.cleaned_data)
        toast(request, "Saved.")
        return redirect("crew-telling", workspace=request.workspace.slug)
    return _telling(request, form=form, status=422 if request.method == "POST" else 200)


def _telling(request: HttpRequest, *, form=None, place=None, status: int = 200) -> HttpResponse:
    wanted = notify.preferences(request.user)
    initial = {name: getattr(wanted, name) for name in forms.HowToTell.base_fields}
    context = {
        "form": form or forms.HowToTell(initial=initial),
        "place": place or forms.Place(),
        "places": request.user.destinations.order_by("created_at"),
        "mail_is_set_up": mail.server() is not None,
        "services": sorted({*destinations.SERVICES.values(), *destinations.HOSTED.values()}),
    }
    return render(request, "crew/telling.html", context, status=status)


@page("crew.workspace.view")
@require_POST
def add_place(request: HttpRequest) -> HttpResponse:
    form = forms.Place(request.POST)
    if not form.is_valid():
        return _telling(request, place=form, status=422)
    label, url = form.cleaned_data["label"], form.cleaned_data["url"].strip()
    try:
        schema = destinations.check(url, owner=request.user.owns_installation)
        intake.add_destination(request.user, label=label, url=url, schema=schema)
    except Problem as refused:
        put_into(form, refused)
        return _telling(request, place=form, status=422)
    toast(request, f"{label} was added. Send it a test message to see that it works.")
    return redirect("crew-telling", workspace=request.workspace.slug)


@page("crew.workspace.view")
@require_POST
def remove_place(request: HttpRequest, place: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Destination, pk=place, user=request.user)
    intake.remove_destination(found)
    toast(request, f"{found.label} was removed.")
    return redirect("crew-telling", workspace=request.workspace.slug)


@page("crew.workspace.view")
@require_POST
def test_place(request: HttpRequest, place: uuid.UUID) -> HttpResponse:
    """Send a test message to one of one's own places and say what it answered."""
    found = get_object_or_404(Destination, pk=place, user=request.user)
    if _too_soon(request):
        return redirect("crew-telling", workspace=request.workspace.slug)
    try:
        notify.push(found, "A test from Quarterdeck", "If you can read this, messages arrive here.")
        said = f"{found.label} took the test message."
    except notify.NotDelivered as problem:
        said = str(problem)
    toast(request, said)
    return redirect("crew-telling", workspace=request.workspace.slug)


@page("crew.workspace.view")
@require_POST
def test_mail(request: HttpRequest) -> HttpResponse:
    """Send oneself a test message by e-mail."""
    if _too_soon(request):
        pass
    elif not request.user.email:
        toast(request, "You have no e-mail address yet. Add one under You first; nothing was sent.")
    else:
        try:
            mail.send(
                request.user.email, "A test from Quarterdeck", "If you can read this, messages arrive here."
            )
            toast(request, f"The mail server took a message to {request.user.email}.")
        except mail.MailProblem as problem:
            toast(request, str(problem))
    return redirect("crew-telling", workspace=request.workspace.slug)


def _too_soon(request: HttpRequest) -> bool:
    """True, and said so, within seconds of the last test: nobody proved that the place is theirs to write to."""
    if cache.add(f"crew.test:{request.user.pk}", True, TESTS_APART):
        return False
    toast(request, f"A test was sent a moment ago. Wait {TESTS_APART} seconds; nothing was sent now.")
    return True


@page("crew.workspace.view")
@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    """What the member was told, newest first."""
    context = {"told": reads.notifications(request.member), "unread": reads.unread(request.member)}
    return render(request, "crew/notifications.html", context)


@page("crew.workspace.view")
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    intake.mark_read(request.member)
    return redirect("crew-notifications", workspace=request.workspace.slug)


@page("crew.workspace.view")
@require_POST
def open_notification(request: HttpRequest, notification: uuid.UUID) -> HttpResponse:
    """Mark one as read and go where it points."""
    found = get_object_or_404(Notification, pk=notification, member=request.member)
    intake.mark_read(request.member, found.pk)
    here = reverse("crew-notifications", kwargs={"workspace": request.workspace.slug})
    return redirect(found.url if found.url.startswith("/") and not found.url.startswith("//") else here)
