"""The team's side of ask the expert: what waits, what is out of date, what was answered; one question."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from quarterdeck.core.problems import Problem
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Member
from quarterdeck.ledger import reads as ledger
from quarterdeck.shell import toasts
from quarterdeck.stakeholders import experts_reads as reads
from quarterdeck.stakeholders import rows
from quarterdeck.stakeholders.forms_consults import AnswerForm, AsideForm
from quarterdeck.stakeholders.models import ExpertQuestion
from quarterdeck.stakeholders.verbs import experts
from quarterdeck.stakeholders.views.putting import put_into
from quarterdeck.stakeholders.views.shared import HISTORY, act, given

VIEW, ANSWER = "stakeholders.question.view", "stakeholders.question.answer"
QUERY_LENGTH = 200


@page(VIEW)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What waits first, then what is out of date, then what holds."""
    query = request.GET.get("q", "")[:QUERY_LENGTH]
    found = reads.answered(request.workspace, query)
    context = {
        "query": query,
        "waiting": [] if query else reads.waiting(request.workspace),
        "stale": [one for one in found if one.stale],
        "holds": [one for one in found if not one.stale],
        "aside": [] if query else reads.aside(request.workspace),
    }
    return render(request, "stakeholders/questions.html", context)


@page(VIEW)
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One question: its answer, those before it, and for whoever may, the form."""
    return _page(request, reads.question(request.workspace, pk))


def _page(request: HttpRequest, question: ExpertQuestion, form: AnswerForm | None = None) -> HttpResponse:
    given_answers, who = reads.answers(question), request.member
    standing = next((one for one in given_answers if one.replaced_at is None), None)
    alike = [one for one in reads.like(request.workspace, question.words) if one.question.pk != question.pk]
    may_answer = who.may(ANSWER) and question.state != ExpertQuestion.State.ASIDE
    context = {
        "question": question,
        "asker": _asker(question, who),
        "standing": standing,
        "stale": standing is not None and standing.expires_on < rows.today(question.workspace),
        "before": [one for one in given_answers if one.replaced_at is not None],
        "alike": alike,
        "form": (form or AnswerForm(workspace=request.workspace, answer=standing)) if may_answer else None,
        "aside_form": AsideForm(auto_id="aside_%s"),
        "may_answer": who.may(ANSWER),
        "may_forget": who.may("stakeholders.map.change") and question.sealed is not None,
        "history": ledger.history(question, who)[:HISTORY],
    }
    wrong = form is not None
    return render(request, "stakeholders/question.html", context, status=422 if wrong else 200)


def _asker(question: ExpertQuestion, who: Member) -> str:
    """Who asked, for whoever may see the people map; else the department."""
    if who.may("stakeholders.map.view") and question.is_named:
        return f"{question.asker} of {question.department}"
    return f"Somebody of {question.department}"


@page(ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer it, or answer it anew. Opened as an address, it leads to the question."""
    question = reads.question(request.workspace, pk)
    if request.method != "POST":
        return redirect("stakeholders-question", workspace=request.workspace.slug, pk=pk)
    form = AnswerForm(request.POST, workspace=request.workspace)
    if form.is_valid():
        try:
            experts.answer_question(question, by=request.member, **form.given())
        except Problem as problem:
            put_into(form, problem)
        else:
            mailed = " Whoever asked gets it by mail." if question.email else ""
            toasts.add(request, f"Answered. Every department can read it through its window.{mailed}")
            return redirect("stakeholders-question", workspace=request.workspace.slug, pk=pk)
    return _page(request, question, form)


@act(ANSWER, reads.question, "stakeholders-question")
def put_aside(request: HttpRequest, question: ExpertQuestion) -> str:
    """Do not answer it, with a reason."""
    reason = given(AsideForm(request.POST))["reason"]
    experts.put_aside(question, by=request.member, reason=reason)
    return "Put aside. Whoever asked reads your reason."


@act(ANSWER, reads.question, "stakeholders-question")
def take_up(request: HttpRequest, question: ExpertQuestion) -> str:
    """Let it wait for an answer again."""
    experts.take_up(question, by=request.member)
    return "It waits for an answer again."


@act("stakeholders.map.change", reads.question, "stakeholders-question")
def forget(request: HttpRequest, question: ExpertQuestion) -> str:
    """Forget who asked it."""
    experts.forget_asker(question, by=request.member)
    return "Who asked is forgotten. The question and its answers stay."
