"""The page behind a stakeholder's link: the proposal, how it stands, and two buttons. Opening it only shows."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render

from quarterdeck.consent import mailing, reads, verbs
from quarterdeck.consent.forms import ObjectForm
from quarterdeck.consent.views.shared import put_into
from quarterdeck.core import clock
from quarterdeck.core.problems import Invalid, Problem
from quarterdeck.crew.models import SignedLink


def opened(request: HttpRequest, link: SignedLink) -> HttpResponse:
    """The page of one voice; only a POST from a button answers."""
    voice = reads.voice_of(link)
    if request.method not in {"GET", "HEAD", "POST"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if request.method != "POST":
        return _shown(request, link)
    form, did = ObjectForm(request.POST), request.POST.get("do", "")
    try:
        if did == "consent":
            verbs.consent(voice, by=link)
        elif did == "back":
            verbs.take_back(voice, by=link)
        elif did == "object" and form.is_valid():
            verbs.object_(voice, by=link, **form.cleaned_data)
        elif did == "object":
            return _shown(request, link, form=form, status=422)
        else:
            raise Invalid("The form was not complete.", next_step="Choose one of the two buttons.")
    except Problem as problem:
        if problem.fields:
            put_into(form, problem)
            return _shown(request, link, form=form, status=422)
        return _shown(request, link, problem=problem, status=problem.status)
    return HttpResponseRedirect(request.path)


def _shown(
    request: HttpRequest,
    link: SignedLink,
    *,
    form: ObjectForm | None = None,
    problem: Problem | None = None,
    status: int = 200,
) -> HttpResponse:
    voice = reads.voice_of(link)
    voices = reads.voices(voice.round)
    own = {"reason": voice.reason, "instead": voice.instead}
    context = {
        "voice": voice,
        "round": voice.round,
        "runs": voice.round.runs(clock.now()) and voice.stakeholder.is_active,
        "silence": mailing.silence(voice.round),
        "standings": reads.standings(voices),
        "objections": [one for one in voices if one.is_against],
        "form": form or ObjectForm(initial=own),
        "refused": form is not None,
        "problem": problem,
    }
    return render(request, "consent/by_link.html", context, status=status)
