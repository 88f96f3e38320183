"""Credit: saying who helped, and answering that, as a member or by a link."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterdeck.core.problems import Conflict, Invalid, NotFound, Problem
from quarterdeck.crew import links
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Member, SignedLink
from quarterdeck.lessons import reads, things, verbs
from quarterdeck.lessons.forms import CreditForm
from quarterdeck.lessons.models import Credit
from quarterdeck.lessons.models.credit import Answer
from quarterdeck.lessons.views.shared import address, put_into, uuid_in
from quarterdeck.shell import toasts


@page("lessons.credit.answer")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What this member was named for and has not answered. Nobody else has this page, and it counts nothing."""
    asked = [(one, _thing(request.member, one)) for one in reads.to_answer(request.member)]
    return render(request, "lessons/credits.html", {"asked": asked})


@page("lessons.credit.give")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Who helped with this. Somebody of outside answers by a link, which is shown this once."""
    if "id" not in request.GET:
        return render(request, "lessons/thank.html", {"thing": None})
    about, pk = request.GET.get("about", ""), uuid_in(request, "id")
    moment = uuid_in(request, "moment") if request.GET.get("moment") else None
    thing = things.creditable(request.member, about, pk)
    form = CreditForm(request.POST if request.method == "POST" else None, who=request.member)
    context = {"thing": thing, "form": form, "given": reads.given_here(request.member, about, pk)}
    if request.method != "POST" or not form.is_valid():
        return render(request, "lessons/thank.html", context, status=200 if not form.is_bound else 422)
    try:
        made = verbs.give(request.member, about=about, about_id=pk, moment=moment, **form.cleaned_data)
    except Problem as problem:
        put_into(form, problem)
        return render(request, "lessons/thank.html", context, status=problem.status)
    if made.token:
        context |= {"made": made, "only_here": links.only_here(), "form": CreditForm(who=request.member)}
        return render(request, "lessons/thank.html", context)
    undo = address(request, "lessons-credit-withdraw", pk=made.credit.pk)
    toasts.add(request, f"{made.credit.who} is asked. It is shown when they confirm it.", undo_url=undo)
    return HttpResponseRedirect(thing.url)


@page("lessons.credit.answer")
@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    credit = reads.credit(request.workspace, pk)
    verbs.confirm(credit, by=request.member)
    toasts.add(request, "Confirmed. It stands on the thing itself now.")
    return _onwards(request, credit)


@page("lessons.credit.answer")
@require_POST
def decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    credit = reads.credit(request.workspace, pk)
    verbs.decline(credit, by=request.member)
    toasts.add(request, "It is not shown. Nobody is told.")
    return _onwards(request, credit)


@page("lessons.credit.give")
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    credit = reads.credit(request.workspace, pk)
    verbs.withdraw(credit, by=request.member)
    toasts.add(request, "Taken back.")
    return _onwards(request, credit)


def _onwards(request: HttpRequest, credit: Credit) -> HttpResponse:
    thing = _thing(request.member, credit)
    return toasts.back(request, thing.url if thing else address(request, "lessons-credit-list"))


def _thing(who: Member, credit: Credit) -> things.Thing | None:
    try:
        return things.creditable(who, credit.about, credit.about_id)
    except NotFound:
        return None


def opened(request: HttpRequest, link: SignedLink) -> HttpResponse:
    """The page behind a link of purpose “lessons.credit”: opening it only shows, a button answers."""
    credit = reads.credit_of(link)
    if request.method not in {"GET", "HEAD", "POST"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if request.method == "POST":
        act = {"yes": verbs.confirm, "no": verbs.decline}.get(request.POST.get("do", ""))
        if act is None:
            raise Invalid("The form was not complete.", next_step="Open the link again.")
        try:
            act(credit, by=link)
        except Conflict as problem:
            return _by_link(request, reads.credit_of(link), problem=problem, status=409)
        return HttpResponseRedirect(request.path)
    return _by_link(request, credit)


def _by_link(
    request: HttpRequest, credit: Credit, *, problem: Problem | None = None, status: int = 200
) -> HttpResponse:
    thing = _thing(credit.given_by, credit)
    context = {
        "credit": credit,
        "word": things.word_of(credit.about),
        "title": thing.title if thing else "",
        "waits": credit.answer == Answer.WAITS,
        "is_confirmed": credit.answer == Answer.CONFIRMED,
        "taken_back": credit.answer == Answer.WITHDRAWN,
        "problem": problem,
    }
    return render(request, "lessons/by_link.html", context, status=status)
