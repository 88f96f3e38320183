"""The page of one request, for whoever asked: how it stands, what happens next, what was answered, and what came of it.
It shows this one request and nothing of another. Opening it changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render

from quarterdeck.core.problems import Conflict, Invalid, Problem
from quarterdeck.crew.models import SignedLink
from quarterdeck.shell.templatetags.shell import moment
from quarterdeck.stakeholders import going, mail, reads, usual, verbs
from quarterdeck.stakeholders.forms import AddForm, AgreeForm, WeekForm
from quarterdeck.stakeholders.models import Request
from quarterdeck.stakeholders.models.requests import State
from quarterdeck.stakeholders.views.shared import given

NOT_SENT = "Nothing was sent; what you wrote is still in the page."
SAID = {
    "asked": "It is with the team. This page is yours: keep its address, it always says how things stand.",
    "agreed": "Thank you. The team makes it like this.",
    "other": "The team reads it and answers again.",
    "withdrawn": "It is withdrawn. Nobody works on it any more.",
    "added": "The team reads it with your request.",
}


def opened(request: HttpRequest, link: SignedLink) -> HttpResponse:
    """The page behind a link of purpose “stakeholders.request”."""
    mine = reads.request_of(link)
    if request.method in {"GET", "HEAD"}:
        return _page(request, link, mine)
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise Invalid(
            "The form was not complete.", not_done="Nothing was sent.", next_step="Open the link again."
        )
    try:
        said = act(request, link, mine)
    except (Invalid, Conflict) as problem:
        return _page(request, link, reads.request_of(link), problem=problem)
    return HttpResponseRedirect(f"{request.path}?said={said}")


def _agree(request: HttpRequest, link: SignedLink, mine: Request) -> str:
    verbs.agree(mine, by=link, **given(AgreeForm(request.POST), NOT_SENT))
    return "agreed"


def _other_week(request: HttpRequest, link: SignedLink, mine: Request) -> str:
    form = given(WeekForm(request.POST, weeks=usual.room(mine.workspace)), NOT_SENT)
    verbs.ask_other_week(mine, by=link, **form)
    return "other"


def _withdraw(request: HttpRequest, link: SignedLink, mine: Request) -> str:
    verbs.withdraw(mine, by=link, reason=request.POST.get("reason", ""))
    return "withdrawn"


def _add(request: HttpRequest, link: SignedLink, mine: Request) -> str:
    verbs.add(mine, by=link, text=given(AddForm(request.POST), NOT_SENT)["text"])
    return "added"


ACTS: dict[str, Callable[[HttpRequest, SignedLink, Request], str]] = {
    "agree": _agree,
    "other": _other_week,
    "withdraw": _withdraw,
    "add": _add,
}


def _page(
    request: HttpRequest, link: SignedLink, mine: Request, *, problem: Problem | None = None
) -> HttpResponse:
    places, proposed = going.places(mine), mine.state == State.PROPOSED
    answers = reads.answers(mine)
    proposal = next((one for one in reversed(answers) if one.what == "proposed"), None) if proposed else None
    typed = request.POST if problem is not None else None
    doing = typed.get("do", "") if typed else ""
    weeks = usual.room(mine.workspace) if proposed else []
    context = {
        "link": link,
        "mine": mine,
        "zone": mine.workspace.timezone,
        "said": "" if problem else _said(request.GET.get("said", ""), mine, answers),
        "problem": problem,
        "doing": doing,
        "stands": stands(mine, places),
        "next": what_next(mine, places),
        "answers": [one for one in answers if one != proposal],  # it stands above, by itself
        "proposal": proposal,
        "planned": [one for one in places if not one.is_out],
        "out": [one for one in places if one.is_out],
        "week_form": WeekForm(typed if doing == "other" else None, weeks=weeks, auto_id="week_%s"),
        "add_form": AddForm(typed if doing == "add" else None, auto_id="add_%s"),
        "withdraw_reason": typed.get("reason", "")[:1000] if doing == "withdraw" else "",
        "by_mail": mail.reply_address(mine),
    }
    return render(request, "stakeholders/status.html", context, status=problem.status if problem else 200)


def _said(said: str, mine: Request, answers: list) -> str:
    """What the act before said, where it is so: an address alone makes nobody believe that they agreed."""
    true = {
        "asked": mine.state == State.ASKED,
        "agreed": mine.state in {State.ACCEPTED, State.OUT},
        "other": mine.state == State.ASKED and any(one.what == "other week" for one in answers),
        "withdrawn": mine.state == State.WITHDRAWN,
        "added": any(one.what == "added" for one in answers),
    }
    return SAID[said] if true.get(said) else ""


def stands(mine: Request, places: list[going.Place]) -> str:
    """How it stands, in one sentence for somebody who does not know the house."""
    out, planned = [one for one in places if one.is_out], [one for one in places if not one.is_out]
    if mine.state == State.ACCEPTED and out:
        return "Part of it is out."
    if mine.state == State.ACCEPTED and planned:
        return "Accepted and planned."
    return {
        State.ASKED: "The team has it and has not answered yet.",
        State.PROPOSED: "The team proposes another way. It is your turn.",
        State.ACCEPTED: "Accepted. The team is making it.",
        State.DECLINED: "Declined, for the reason below.",
        State.WITHDRAWN: "You withdrew it.",
        State.OUT: "It is out.",
    }[State(mine.state)]


def what_next(mine: Request, places: list[going.Place]) -> str:
    """What happens next, and by when."""
    zone = mine.workspace.timezone
    planned = [one for one in places if not one.is_out]
    if mine.state == State.ASKED:
        return f"You have an answer by {moment(mine.due_at, zone)}."
    if mine.state == State.PROPOSED:
        return "Say yes, choose another week, or withdraw it. Until then nothing is made."
    if mine.state == State.ACCEPTED and planned:
        return (
            f"It goes out on {moment(planned[0].when, zone)}, unless something speaks against it on the day."
        )
    if mine.state == State.ACCEPTED:
        week = f" for the week of {moment(mine.agreed_week)}" if mine.agreed_week else ""
        return f"It is made{week}; as soon as it has a day, it stands here."
    if mine.state == State.OUT:
        return (
            "You hear what its first week brought."
            if mine.told_week_at is None
            else "Its first week is over."
        )
    return "Nothing more happens, unless you ask anew by your department’s link."
