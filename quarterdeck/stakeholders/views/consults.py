"""Consult rules: the list, the form, their end; and on a post's page who else has a say, with what came of it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterdeck.core.problems import NotFound, Problem
from quarterdeck.crew import links, mail
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Member
from quarterdeck.publishing import reads as publishing
from quarterdeck.publishing.models import OPEN, Post
from quarterdeck.shell import toasts
from quarterdeck.stakeholders import consulting, matching
from quarterdeck.stakeholders.forms_consults import LetGoForm, RuleForm
from quarterdeck.stakeholders.models import ConsultRule, Department
from quarterdeck.stakeholders.verbs import consults
from quarterdeck.stakeholders.views.putting import put_into
from quarterdeck.stakeholders.views.shared import given

VIEW, CHANGE, LET_GO = (
    "stakeholders.consult.view",
    "stakeholders.consult.change",
    "stakeholders.consult.let_go",
)


@page(VIEW)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The rules that hold, each in a sentence, and which departments nobody can be reached in."""
    workspace = request.workspace
    names = consulting.networks(workspace.pk)
    reached = set(consulting.present(workspace.pk).values_list("department_id", flat=True))
    lines = [
        {"rule": one, "words": matching.in_words(one, names), "nobody": one.department_id not in reached}
        for one in consulting.standing(workspace.pk)
    ]
    departments = Department.objects.filter(workspace=workspace, ended_at__isnull=True).exists()
    context = {"lines": lines, "may_change": request.member.may(CHANGE), "any_department": departments}
    return render(request, "stakeholders/consult_rules.html", context)


@page(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """A new rule."""
    return _form(request, None)


@page(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another wording of a rule."""
    return _form(request, _rule(request, pk))


@page(CHANGE)
@require_POST
def retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a rule."""
    gone = consults.retire_rule(_rule(request, pk), by=request.member)
    toasts.add(request, f"{gone.department} is not asked by this rule any more.")
    return redirect("stakeholders-consult-list", workspace=request.workspace.slug)


def _rule(request: HttpRequest, pk: UUID) -> ConsultRule:
    found = ConsultRule.objects.filter(workspace=request.workspace, pk=pk, retired_at__isnull=True).first()
    if found is None:
        raise NotFound("There is no such consult rule in this workspace.")
    return found


def _form(request: HttpRequest, rule: ConsultRule | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = RuleForm(data, workspace=request.workspace, rule=rule)
    if data is not None and form.is_valid():
        try:
            if rule is None:
                saved = consults.make_rule(request.member, terms=form.terms())
            else:
                saved = consults.change_rule(rule, by=request.member, terms=form.terms())
        except Problem as problem:
            put_into(form, problem)
        else:
            toasts.add(request, f"{saved.department} is asked from now on.")
            return redirect("stakeholders-consult-list", workspace=request.workspace.slug)
    context = {"form": form, "rule": rule}
    return render(request, "stakeholders/consult_rule.html", context, status=422 if data is not None else 200)


# --- on a post ----------------------------------------------------------------------------------------


def on_a_post(post: Post, who: Member) -> dict | None:
    """For the post's page: which departments have a say on it, why, and how that stands. None where none has."""
    if not who.may(VIEW) or post.discarded_at is not None:
        return None
    found = consulting.stands(post)
    if not found:
        return None
    hands_over, mails = who.may("review.guest.invite"), mail.server() is not None
    shown = []
    for one in found:
        doors = [(ask, links.link_url(ask.consult.token)) for ask in one.by_hand(mails)] if hands_over else []
        form = LetGoForm(
            initial={"department": one.department.pk, "text_hash": post.text_hash}, auto_id=False
        )
        open_ = one.state in {"asked", "objected", "nobody", "to ask"}
        shown.append({"stand": one, "doors": doors if open_ else [], "form": form, "open": open_})
    states = set(post.deliveries.values_list("state", flat=True))
    on_its_way = bool(states & set(OPEN)) or post.asks.filter(ended_at__isnull=True).exists()
    return {
        "post": post,
        "shown": shown,
        "on_its_way": on_its_way,
        "may_let_go": who.may(LET_GO),
        "mail": mails,
        "only_here": links.only_here(),
    }


@page(LET_GO)
@require_POST
def let_go(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the present text go without a department, with a reason."""
    post = publishing.post(request.workspace, pk)
    form = given(LetGoForm(request.POST), not_done="Nobody was left out.")
    waiver = consults.let_go(
        post,
        by=request.member,
        department_id=form["department"],
        text_hash=form["text_hash"],
        reason=form["reason"],
    )
    toasts.add(request, f"This text goes without {waiver.department}. Your reason stands beside it.")
    return toasts.back(request, consulting.post_address(post))
