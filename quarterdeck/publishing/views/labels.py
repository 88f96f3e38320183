"""Labels: their settings page, and the choice of labels and the latest time on a post."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from quarterdeck.core.problems import Invalid, NotFound, Problem
from quarterdeck.crew.access import page
from quarterdeck.publishing import reads
from quarterdeck.publishing.forms_by_hand import LabelForm, PostLabelsForm
from quarterdeck.publishing.models import DeliveryState, Label, Post
from quarterdeck.publishing.verbs import labels as verbs
from quarterdeck.shell import toasts


def _labels(workspace):
    return Label.objects.filter(workspace=workspace).order_by("name")


@page("publishing.label.change")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The labels of the workspace; POST makes one."""
    form = LabelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            label = verbs.make_label(request.member, **form.cleaned_data)
        except Problem as problem:
            _into(form, problem)
        else:
            toasts.add(request, f"The label “{label.name}” is made.")
            return redirect("publishing-label-list", workspace=request.workspace.slug)
    return _index(request, form)


@page("publishing.label.change")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Rename a label or change its latest time. Opened as an address, it leads to the list."""
    label = _labels(request.workspace).filter(pk=pk).first()
    if label is None:
        raise NotFound("There is no such label in this workspace.")
    if request.method != "POST":
        return redirect("publishing-label-list", workspace=request.workspace.slug)
    form = LabelForm(request.POST, prefix=str(pk))
    if form.is_valid():
        try:
            moved = verbs.change_label(label, by=request.member, **form.cleaned_data)
        except Problem as problem:
            _into(form, problem)
        else:
            follow = (
                f" {moved} planned {'delivery follows' if moved == 1 else 'deliveries follow'}."
                if moved
                else ""
            )
            toasts.add(request, f"“{form.cleaned_data['name']}” is saved.{follow}")
            return redirect("publishing-label-list", workspace=request.workspace.slug)
    return _index(request, LabelForm(), changed=(pk, form))


def _index(request: HttpRequest, form: LabelForm, changed: tuple | None = None) -> HttpResponse:
    lines = []
    for label in _labels(request.workspace):
        initial = {"name": label.name, "latest_minutes": label.latest_minutes}
        refused = changed is not None and changed[0] == label.pk
        own = changed[1] if refused else LabelForm(initial=initial, prefix=str(label.pk))
        lines.append({"label": label, "form": own, "refused": refused})
    status = 422 if form.errors or changed else 200
    return render(request, "publishing/labels.html", {"form": form, "lines": lines}, status=status)


def _into(form, problem: Problem) -> None:
    for name, words in (problem.fields or {None: f"{problem.title} {problem.next_step}"}).items():
        form.add_error(name if name in form.fields else None, words)


@page("publishing.post.label")
@require_POST
def choose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The labels of one post, and its own latest time."""
    post = reads.post(request.workspace, pk)
    form = PostLabelsForm(request.POST, labels=_labels(request.workspace))
    if not form.is_valid():
        raise Invalid(
            "The labels could not be saved like this.",
            next_step="The latest time is a number of minutes, from 1 to 1,440, or empty.",
        )
    moved = verbs.label_post(post, by=request.member, **form.cleaned_data)
    at = sorted({f"{row.latest_at.astimezone(row.local.tzinfo):%H:%M}" for row in moved})
    said = f" After {', '.join(at)} nothing is sent any more." if at else ""
    toasts.add(request, f"Saved.{said}")
    return toasts.back(
        request, reverse("publishing-post", kwargs={"workspace": request.workspace.slug, "pk": pk})
    )


def on_a_post(post: Post, who) -> dict | None:
    """For the post's page: its labels, how late it may go out, and a form to change both."""
    every = _labels(who.workspace)
    own = list(post.labels.order_by("name"))
    still_to_come = not post.deliveries.filter(state=DeliveryState.ACCEPTED).exists()
    may = who.may("publishing.post.label") and post.discarded_at is None
    initial = {"labels": [label.pk for label in own], "latest_minutes": post.latest_minutes}
    return {
        "post": post,
        "labels": own,
        "minutes": int(post.latest_after.total_seconds() // 60),
        "still_to_come": still_to_come,
        "any_labels": every.exists(),
        "labels_form": PostLabelsForm(labels=every, initial=initial) if may else None,
        "may_make": who.may("publishing.label.change"),
    }
