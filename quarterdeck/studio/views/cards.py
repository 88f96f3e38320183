"""One file: what is known of it, whose it is, who is seen, what uses it; and how it is cut."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.core.problems import Problem
from quarterdeck.crew.access import page
from quarterdeck.ledger import reads as ledger_reads
from quarterdeck.shell import toasts
from quarterdeck.studio import reads, uses, verbs
from quarterdeck.studio.forms import ChangePersonForm, DescribeForm, PersonForm, RightsForm
from quarterdeck.studio.models import File
from quarterdeck.studio.presets import NETWORKS, PLACES
from quarterdeck.studio.views.library import today

HISTORY = 20


@page("studio.file.view")
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, reads.file(request.workspace, pk))


def _show(request: HttpRequest, file: File, status: int = 200, **more) -> HttpResponse:
    """The page of a file; `more` replaces parts of its context (a form that was refused)."""
    may, card = request.member.may, file.about
    against = reads.concerns(request.workspace.pk, [file.pk], today(request), networks=list(NETWORKS))
    made = reads.cuts(file)
    small = getattr(file, "small", None)
    context = {
        "file": file,
        "card": card,
        "against": against.get(file.pk.hex, []),
        "uses": uses.of_file(file),
        "people": _people(request, file, more.pop("person_refused", None)),
        "may_see_people": may("studio.person.view"),
        "places": [{"place": place, "cut": made.get(key)} for key, place in PLACES.items()],
        "small": small,
        "describe_form": DescribeForm(initial=_described(file), workspace=request.workspace),
        "rights_form": RightsForm(initial=_licensed(file)),
        "person_form": PersonForm(prefix="new"),
        "history": list(ledger_reads.history(file, request.member))[:HISTORY],
        "may_describe": may("studio.file.describe"),
        "may_remove": may("studio.file.remove"),
        "may_license": may("studio.file.license"),
        "barred": [NETWORKS[one] for one in card.not_on] if card else [],
    }
    return render(request, "studio/file.html", context | more, status=status)


def _described(file: File) -> dict:
    card = file.about
    if card is None:
        return {}
    tags = ", ".join(card.tags)
    said = {name: getattr(card, name) for name in ("name", "description", "source")}
    return said | {"folder": card.folder_id, "tags": tags}


def _licensed(file: File) -> dict:
    names = ("holder", "licence", "rights_until", "not_on", "not_on_why")
    return {name: getattr(file.about, name) for name in names} if file.about else {}


def _people(request: HttpRequest, file: File, refused: tuple | None) -> list[dict]:
    """Who is seen, for those who may read names; others are told how many, and whether something is missing."""
    lines, names = [], request.member.may("studio.person.view")
    for number, person in enumerate(file.people.order_by("noted_at"), 1):
        said = person.opened() if names else {"name": f"Person {number}", "purpose": "", "note": ""}
        known = {"given_on": person.given_on, "until": person.until, "withdrawn": bool(person.withdrawn_at)}
        form = ChangePersonForm(initial=said | known, prefix=person.pk.hex)
        wrong = refused is not None and refused[0] == person.pk
        lines.append(
            {
                "person": person,
                "dialog": f"forget-{person.pk.hex}",
                "said": said,
                "lacks": reads.standing(person, today(request)),
                "form": refused[1] if wrong else form,
                "refused": wrong,
            }
        )
    return lines


def _into(form: forms.Form, problem: Problem) -> None:
    for name, words in (problem.fields or {None: f"{problem.title} {problem.next_step}"}).items():
        form.add_error(name if name in form.fields else None, words)


def _back(request: HttpRequest, file: File, words: str, part: str = "") -> HttpResponse:
    toasts.add(request, words)
    page = reverse("studio-card", kwargs={"workspace": request.workspace.slug, "pk": file.pk})
    return redirect(page + part)


@page("studio.file.describe")
@require_POST
def describe(request: HttpRequest, pk: UUID) -> HttpResponse:
    file = reads.file(request.workspace, pk)
    form = DescribeForm(request.POST, workspace=request.workspace)
    if form.is_valid():
        try:
            verbs.describe(file, by=request.member, **form.said())
        except Problem as problem:
            _into(form, problem)
        else:
            return _back(request, file, "What it shows is saved.")
    return _show(request, file, 422, describe_form=form)


@page("studio.file.license")
@require_POST
def license_(request: HttpRequest, pk: UUID) -> HttpResponse:
    file = reads.file(request.workspace, pk)
    form = RightsForm(request.POST)
    if form.is_valid():
        try:
            verbs.license_(file, by=request.member, **form.cleaned_data)
        except Problem as problem:
            _into(form, problem)
        else:
            return _back(request, file, "Whose it is is saved.", "#rights")
    return _show(request, file, 422, rights_form=form)


@page("studio.file.license")
@require_POST
def note_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note somebody who is seen."""
    file = reads.file(request.workspace, pk)
    form = PersonForm(request.POST, prefix="new")
    if form.is_valid():
        try:
            verbs.note_person(file, by=request.member, **form.cleaned_data)
        except Problem as problem:
            _into(form, problem)
        else:
            return _back(request, file, f"{form.cleaned_data['name']} is noted.", "#people")
    return _show(request, file, 422, person_form=form)


@page("studio.file.license")
@require_POST
def change_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = reads.person(request.workspace, pk)
    file = reads.file(request.workspace, person.file_id)
    form = ChangePersonForm(request.POST, prefix=pk.hex)
    if form.is_valid():
        try:
            verbs.change_person(person, by=request.member, **form.cleaned_data)
        except Problem as problem:
            _into(form, problem)
        else:
            return _back(request, file, f"What {form.cleaned_data['name']} agreed to is saved.", "#people")
    return _show(request, file, 422, person_refused=(pk, form))


@page("studio.file.license")
@require_POST
def forget_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = reads.person(request.workspace, pk)
    verbs.forget_person(person, by=request.member)
    return _back(
        request, person.file, "They are forgotten; nothing that was noted of them is left.", "#people"
    )


@page("studio.file.remove")
@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete a file for good."""
    file = reads.file(request.workspace, pk)
    verbs.remove_for_good(file, by=request.member)
    toasts.add(request, f"“{file.title}” is deleted for good.")
    return redirect("studio-library", workspace=request.workspace.slug)
