"""The settings page of approval policies: who has to approve which posts."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterdeck.core.problems import NotFound, Problem
from quarterdeck.crew.access import page
from quarterdeck.publishing import clearing, policies
from quarterdeck.publishing.forms_policies import PolicyForm, initial, steps_form
from quarterdeck.publishing.models import Policy
from quarterdeck.publishing.verbs import policies as verbs
from quarterdeck.shell import toasts


@page("publishing.policy.change")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every policy that holds, in words, with what is wrong with it."""
    crew = clearing.crew_of(request.workspace.pk)
    broken = {policy.pk: words for policy, words, _ in clearing.broken_policies(request.workspace.pk)}
    lines = [
        {
            "policy": policy,
            "steps": [
                {"name": step.name, "words": policies.in_words(step, crew), "claims": step.claims}
                for step in policies.steps_of(policy.steps)
            ],
            "trouble": broken.get(policy.pk, []),
        }
        for policy in clearing.standing_policies(request.workspace.pk)
    ]
    return render(request, "publishing/policies.html", {"lines": lines})


@page("publishing.policy.change")
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    return _form(request, None)


@page("publishing.policy.change")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _form(request, _policy(request, pk))


@page("publishing.policy.change")
@require_POST
def retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    gone = verbs.retire_policy(_policy(request, pk), by=request.member)
    toasts.add(request, f"“{gone.name}” is ended. What was approved stays approved.")
    return redirect("publishing-policy-list", workspace=request.workspace.slug)


def _policy(request: HttpRequest, pk: UUID) -> Policy:
    found = Policy.objects.filter(workspace=request.workspace, pk=pk, retired_at__isnull=True).first()
    if found is None:
        raise NotFound("There is no such policy in this workspace.")
    return found


def _form(request: HttpRequest, policy: Policy | None) -> HttpResponse:
    workspace, data = request.workspace, request.POST if request.method == "POST" else None
    form = PolicyForm(data, workspace=workspace, initial=initial(policy) if policy else None)
    steps = steps_form(workspace, data, policy)
    if data is not None and form.is_valid() and steps.is_valid():
        terms = form.terms(steps.steps())
        try:
            if policy is None:
                saved = verbs.make_policy(request.member, terms=terms)
            else:
                saved = verbs.change_policy(policy, by=request.member, terms=terms)
        except Problem as problem:
            for name, words in (problem.fields or {"": f"{problem.title} {problem.next_step}"}).items():
                form.add_error(name if name in form.fields else None, words)
        else:
            toasts.add(request, f"“{saved.name}” is saved.")
            if "more" in data:
                return redirect("publishing-policy-change", workspace=workspace.slug, pk=saved.pk)
            return redirect("publishing-policy-list", workspace=workspace.slug)
    context = {"form": form, "steps": steps, "policy": policy}
    wrong = data is not None
    return render(request, "publishing/policy.html", context, status=422 if wrong else 200)
