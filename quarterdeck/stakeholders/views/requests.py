"""Requests, for the team: what waits for an answer, one with all that was said to it, and the answers."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from quarterdeck.core import clock
from quarterdeck.core.problems import Invalid, NotFound
from quarterdeck.crew import mail
from quarterdeck.crew.access import page
from quarterdeck.ledger import reads as ledger
from quarterdeck.publishing import reads as publishing
from quarterdeck.shell import offered, toasts
from quarterdeck.stakeholders import going, hours, reads, usual, verbs
from quarterdeck.stakeholders.forms import (
    AcceptForm,
    AfterForm,
    JoinForm,
    NoteForm,
    ProposeForm,
    ReasonForm,
    TimeForm,
    into,
)
from quarterdeck.stakeholders.models import Request
from quarterdeck.stakeholders.models.requests import Kind, State
from quarterdeck.stakeholders.views.shared import ANSWER, CHANGE, HISTORY, MAP, SEE, act, address, given

AHEAD = 4  # weeks of room that stand beside the list


@page(SEE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What waits for the team, for whoever asked, and what is accepted; or (?show=ended) what is over."""
    show_ended = request.GET.get("show") == "ended"
    shown = (
        Paginator(reads.ended(request.workspace), reads.PER_PAGE).get_page(request.GET.get("page"))
        if show_ended
        else None
    )
    context = {
        "board": None if show_ended else reads.board(request.workspace),
        "ended": shown,
        "weeks": usual.room(request.workspace, AHEAD),
        "now": clock.now(),
        "may_note": request.member.may("stakeholders.request.note"),
        "may_set": request.member.may("stakeholders.time.set"),
        "departments": reads.active_departments(request.workspace).exists(),
        "may_map": request.member.may(MAP),
    }
    return render(request, "stakeholders/requests.html", context)


@page(SEE)
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One request: what is asked, what was said, what came of it, and (for who may) the answers."""
    return _show(request, reads.request(request.workspace, pk))


def _show(request: HttpRequest, row: Request) -> HttpResponse:
    who, weeks = request.member, usual.room(request.workspace)
    may_answer = who.may(ANSWER)
    answerable = may_answer and row.state in {State.ASKED, State.PROPOSED}
    accepted = row.state in {State.ACCEPTED, State.OUT}
    idea, joined = reads.idea_of(row), reads.joined(row)
    wish = row.agreed_week or row.preferred_week
    context = {
        "row": row,
        "now": clock.now(),
        "answers": reads.answers(row),
        "asker": row.asker if who.may(MAP) else f"Somebody of {row.department}",
        "others": reads.others_in_week(row),
        "week": next((one for one in weeks if one.monday == wish), None),
        "answerable": answerable,
        "may_decline": may_answer and row.is_open,
        "may_make": may_answer and accepted,
        "may_forget": who.may(CHANGE) and row.stakeholder_id is None and bool(row.sealed),
        "may_copy": may_answer and row.link_id is not None and row.link.is_open(),
        "url": _status_url(row) if may_answer else "",
        "accept_form": AcceptForm(workspace=row.workspace, weeks=weeks, chosen=wish, auto_id="accept_%s"),
        "propose_form": ProposeForm(weeks=weeks, auto_id="propose_%s"),
        "decline_form": ReasonForm(auto_id="decline_%s"),
        "join_form": JoinForm(posts=reads.joinable(row), auto_id="join_%s")
        if may_answer and accepted
        else None,
        "after_form": AfterForm(
            requests=reads.orderable(row), initial={"after": row.after_id}, auto_id="after_%s"
        ),
        "idea": idea,
        "joined": joined,
        "lines": _lines(request, joined),
        "places": going.places(row),
        "history": ledger.history(row, who)[:HISTORY],
        "panels": offered.panels(row, who),
        "actions": offered.actions(row, who),
    }
    return render(request, "stakeholders/request.html", context)


def _status_url(row: Request) -> str:
    from quarterdeck.crew import links

    return links.link_url(row.token) if row.token else ""


def _lines(request: HttpRequest, joined: list) -> list:
    """Each joined post as a line of a list, beside the row that joins it."""
    if not joined:
        return []
    every = publishing.every_post(request.workspace).filter(pk__in=[one.post_id for one in joined])
    every = every.prefetch_related("deliveries__channel", "deliveries__settlements", "channels")
    by_post = {one.pk: publishing.line(one) for one in every}
    return [(one, by_post[one.post_id]) for one in joined if one.post_id in by_post]


@page("stakeholders.request.note")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write down what somebody asked for by word of mouth."""
    departments, weeks = reads.active_departments(request.workspace), usual.room(request.workspace)
    form = NoteForm(
        request.POST or None,
        workspace=request.workspace,
        weeks=weeks,
        departments=departments,
        kind=Kind.NEWS,
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            department = form.cleaned_data["department"]
            try:
                row = verbs.write_down(department, by=request.member, wish=form.wish())
            except Invalid as problem:
                into(form, problem)
            else:
                toasts.add(request, "Written down. Whoever asked can follow it by the link on its page.")
                return redirect(address(request, "stakeholders-request", pk=row.pk))
    context = {"form": form, "departments": departments.exists(), "may_map": request.member.may(MAP)}
    return render(request, "stakeholders/new.html", context, status=status)


# --- answers ------------------------------------------------------------------------------------------


def _act(does):
    return act(ANSWER, reads.request, "stakeholders-request")(does)


def _weeks(row: Request) -> list[usual.Week]:
    return usual.room(row.workspace)


@_act
def accept(request: HttpRequest, row: Request) -> str | tuple[str, str]:
    form = AcceptForm(request.POST, workspace=row.workspace, weeks=_weeks(row))
    chosen = given(form, "It was not accepted.")
    verbs.accept(row, by=request.member, **chosen)
    made = {"draft": " A draft of it waits for its words.", "idea": " It is on the shelf of ideas."}
    heard = (
        " They get your answer by mail." if row.email and mail.server() else " They read it on their page."
    )
    words = f"Accepted.{made.get(chosen['into'], '')}{heard}"
    if chosen["into"] == "draft":
        post = reads.joined(row)[-1].post_id
        return words, address(request, "publishing-post", pk=post)
    return words


@_act
def propose(request: HttpRequest, row: Request) -> str:
    verbs.propose(row, by=request.member, **given(ProposeForm(request.POST, weeks=_weeks(row))))
    return "Proposed. It is their turn now."


@_act
def decline(request: HttpRequest, row: Request) -> str:
    verbs.decline(row, by=request.member, **given(ReasonForm(request.POST), "It was not declined."))
    return "Declined, with your reason."


@_act
def draft(request: HttpRequest, row: Request) -> tuple[str, str]:
    post = verbs.make_draft(row, by=request.member)
    return "Here is the draft. It belongs to the request.", address(request, "publishing-post", pk=post.pk)


@_act
def idea(request: HttpRequest, row: Request) -> str:
    verbs.make_idea(row, by=request.member)
    return "It is on the shelf of ideas. The posts it becomes belong to the request."


@_act
def join(request: HttpRequest, row: Request) -> str:
    post = given(JoinForm(request.POST, posts=reads.joinable(row)))["post"]
    verbs.join_post(row, post, by=request.member)
    return f"“{post.short}” belongs to the request now."


@_act
def order(request: HttpRequest, row: Request) -> str:
    after = given(AfterForm(request.POST, requests=reads.orderable(row)))["after"]
    verbs.set_after(row, by=request.member, after=after)
    return f"It comes after “{after.short}”." if after else "It comes after none."


@act(ANSWER, reads.request_post, "stakeholders-request")
def part(request: HttpRequest, row) -> tuple[str, str]:
    verbs.part_post(row, by=request.member)
    return "Taken off. The post stays as it is.", address(request, "stakeholders-request", pk=row.request_id)


@act(CHANGE, reads.request, "stakeholders-request")
def forget(request: HttpRequest, row: Request) -> str:
    verbs.forget_asker(row, by=request.member)
    return "Forgotten: no name and no address is kept with this request."


# --- times --------------------------------------------------------------------------------------------


@page("stakeholders.time.set")
@require_http_methods(["GET", "HEAD", "POST"])
def times(request: HttpRequest) -> HttpResponse:
    """How soon each kind of request is answered at the latest, beside how soon it was."""
    refused, status = None, 200
    if request.method == "POST":
        form = TimeForm(request.POST)
        try:
            chosen = given(form, "The time is as it was.")
            row = verbs.set_answer_time(request.member, kind=chosen["kind"], hours_=chosen["hours"])
        except Invalid as problem:
            if request.POST.get("kind") not in Kind.values:
                raise NotFound("There is no such kind of request.") from None
            refused, status = (form.data["kind"], problem), problem.status
        else:
            toasts.add(request, f"Kept: {row.get_kind_display()}, {row.hours} hours of workdays.")
            return redirect(address(request, "stakeholders-times"))
    rows = [_time(request, kind, refused) for kind in Kind]
    return render(request, "stakeholders/times.html", {"rows": rows}, status=status)


def _time(request: HttpRequest, kind: Kind, refused) -> dict:
    promised = hours.promised(request.workspace, kind)
    problem = refused[1] if refused and refused[0] == kind else None
    typed = request.POST.get("hours", "")[:6] if problem else promised
    return {
        "kind": kind,
        "hours": typed,
        "words": hours.in_words(promised),
        "problem": problem.fields.get("hours", problem.title) if problem else "",
        "usual": usual.turnaround(request.workspace, kind),
    }
