"""The people map: departments with their links, who is in them, and what they care about."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from quarterdeck.core.problems import Invalid
from quarterdeck.crew import links
from quarterdeck.crew.access import page
from quarterdeck.ledger import reads as ledger
from quarterdeck.shell import offered, toasts
from quarterdeck.stakeholders import asking, mail, reads, verbs
from quarterdeck.stakeholders.forms import (
    ChangeStakeholderForm,
    DepartmentForm,
    InterestForm,
    StakeholderForm,
    into,
)
from quarterdeck.stakeholders.models import Department, Stakeholder
from quarterdeck.stakeholders.views.shared import CHANGE, HISTORY, MAP, act, address, given

RECENT = 8  # requests on a department's page


@page(MAP)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The departments, and how many people and open requests each has."""
    context = {
        "departments": reads.departments(request.workspace),
        "ended": reads.departments(request.workspace, ended=True),
        "may_change": request.member.may(CHANGE),
    }
    return render(request, "stakeholders/departments.html", context)


@page(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Put a department on the map."""
    form, status = DepartmentForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = verbs.add_department(request.member, **form.cleaned_data)
            except Invalid as problem:
                into(form, problem)
            else:
                toasts.add(request, f"{made} is on the map. Give it a link, and it can ask.")
                return redirect(address(request, "stakeholders-department", pk=made.pk))
    return render(request, "stakeholders/department_new.html", {"form": form}, status=status)


@page(MAP)
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One department: its links, its people, its interests, and what it asked for last."""
    row, who = reads.department(request.workspace, pk), request.member
    may_change = who.may(CHANGE)
    doors = [(one, links.link_url(one.token)) for one in reads.doors(row)] if may_change else []
    context = {
        "row": row,
        "may_change": may_change,
        "doors": doors,
        "only_here": links.only_here(),
        "by_mail": mail.address(row),
        "people": reads.people(row),
        "interests": reads.interests(row),
        "requests": reads.of_department(row, RECENT),
        "form": DepartmentForm(initial={"name": row.name, "does": row.does}),
        "person_form": StakeholderForm(auto_id="person_%s"),
        "interest_form": InterestForm(workspace=row.workspace, auto_id="interest_%s"),
        "history": ledger.history(row, who)[:HISTORY],
        "panels": offered.panels(row, who),
        "actions": offered.actions(row, who),
    }
    return render(request, "stakeholders/department.html", context)


def _act(does):
    return act(CHANGE, reads.department, "stakeholders-department")(does)


@_act
def change(request: HttpRequest, row: Department) -> str:
    verbs.change_department(row, by=request.member, **given(DepartmentForm(request.POST)))
    return "Kept."


@_act
def end(request: HttpRequest, row: Department) -> str:
    verbs.end_department(row, by=request.member)
    return f"{row} takes part no more. All it asked for stays."


@_act
def restore(request: HttpRequest, row: Department) -> str:
    verbs.restore_department(row, by=request.member)
    return f"{row} takes part again."


@_act
def make_link(request: HttpRequest, row: Department) -> str:
    verbs.open_door(row, by=request.member)
    return "The link is ready to be copied. Whoever has it can ask for this department."


@_act
def readdress(request: HttpRequest, row: Department) -> str:
    verbs.change_mail_address(row, by=request.member)
    return "It has another mail address. The one before takes nothing any more."


@_act
def add_person(request: HttpRequest, row: Department) -> str:
    form = StakeholderForm(request.POST)
    given(form, "Nobody was added.")
    made = verbs.add_stakeholder(row, by=request.member, **form.given())
    return f"{made.name} is on the map."


@_act
def add_interest(request: HttpRequest, row: Department) -> str:
    form = given(InterestForm(request.POST, workspace=row.workspace))
    made = verbs.note_interest(row, by=request.member, **form)
    return f"Noted: {made}."


@act(CHANGE, reads.door, "stakeholders-department")
def revoke_link(request: HttpRequest, row) -> tuple[str, str]:
    verbs.close_door(row, by=request.member)
    words = "The link opens nothing any more. The pages of what was asked by it go on working."
    return words, address(request, "stakeholders-department", pk=row.department_id)


# --- people -------------------------------------------------------------------------------------------


@page(MAP)
@require_safe
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One stakeholder: how they like to be heard, and what they care about."""
    row, who = reads.stakeholder(request.workspace, pk), request.member
    initial = {"department": row.department_id, "heard": row.heard, "language": row.language}
    if row.erased_at is None:
        initial |= {"name": row.name, "email": row.email}
    context = {
        "row": row,
        "may_change": who.may(CHANGE) and row.erased_at is None,
        "form": ChangeStakeholderForm(initial=initial, departments=_departments(row)),
        "interests": reads.interests(row),
        "interest_form": InterestForm(workspace=row.workspace, auto_id="interest_%s"),
        "may_ask": asking.may_ask(row),
        "next_question": asking.next_question(row),
        "panels": offered.panels(row, who),
        "actions": offered.actions(row, who),
    }
    return render(request, "stakeholders/stakeholder.html", context)


def _departments(row: Stakeholder):
    """Those that take part, and the one they are in whatever became of it."""
    here = Department.objects.filter(pk=row.department_id)
    return (reads.active_departments(row.workspace) | here).distinct()


def _act_on_person(does):
    return act(CHANGE, reads.stakeholder, "stakeholders-stakeholder")(does)


@_act_on_person
def change_person(request: HttpRequest, row: Stakeholder) -> str:
    form = ChangeStakeholderForm(request.POST, departments=_departments(row))
    given(form)
    verbs.change_stakeholder(row, by=request.member, **form.given())
    return "Kept."


@_act_on_person
def end_person(request: HttpRequest, row: Stakeholder) -> str:
    verbs.end_stakeholder(row, by=request.member)
    return "They take part no more and get no mail."


@_act_on_person
def restore_person(request: HttpRequest, row: Stakeholder) -> str:
    verbs.restore_stakeholder(row, by=request.member)
    return "They take part again."


@_act_on_person
def erase_person(request: HttpRequest, row: Stakeholder) -> tuple[str, str]:
    verbs.erase_stakeholder(row, by=request.member)
    words = "Forgotten: no name and no address is left. What they asked for stays, under their department."
    return words, address(request, "stakeholders-department", pk=row.department_id)


@_act_on_person
def add_persons_interest(request: HttpRequest, row: Stakeholder) -> str:
    form = given(InterestForm(request.POST, workspace=row.workspace))
    made = verbs.note_interest(row, by=request.member, **form)
    return f"Noted: {made}."


@act(CHANGE, reads.interest, "stakeholders-department")
def end_interest(request: HttpRequest, row) -> tuple[str, str]:
    verbs.end_interest(row, by=request.member)
    if row.stakeholder_id:
        to = address(request, "stakeholders-stakeholder", pk=row.stakeholder_id)
    else:
        to = address(request, "stakeholders-department", pk=row.department_id)
    return f"{row} is taken off.", to
