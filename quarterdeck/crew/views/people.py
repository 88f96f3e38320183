"""The people of a workspace: members and their roles, invitations, brands, issued links, who may do what."""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.core.problems import Problem
from quarterdeck.crew import forms, intake, links, mail, reads, verbs
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Brand, Invitation, Look, Member, SignedLink
from quarterdeck.crew.permissions import Role
from quarterdeck.crew.views.shared import put_into, toast

LINKS_PER_PAGE = 50
ROLE_WORDS = {
    Role.OWNER: "Decides everything, members and settings included.",
    Role.LEAD: "Plans, approves, publishes, invites people and connects channels.",
    Role.AUTHOR: "Writes, schedules and withdraws posts.",
    Role.APPROVER: "Reads everything and approves posts.",
    Role.ANALYST: "Reads everything.",
    Role.OBSERVER: "Reads everything.",
}


@page("crew.member.view")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    return _people(request)


def _people(request: HttpRequest, form=None, invited=None, status: int = 200) -> HttpResponse:
    me: Member = request.member
    may_invite = me.may("crew.member.invite")
    intake.looked(me, Look.What.PEOPLE)
    context = {
        "me": me,
        "members": reads.members(request.workspace),
        "roles": Role.choices,
        "may_change": me.may("crew.member.change"),
        "may_invite": may_invite,
        "invitations": reads.open_invitations(request.workspace) if may_invite else [],
        "form": form or forms.Invite(giver=me),
        "invited": invited,
        "mail_is_set_up": mail.server() is not None,
        "only_here": links.only_here(),
        "away": reads.away_now(request.workspace),
    }
    return render(request, "crew/people.html", context, status=status)


@page("crew.member.invite")
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Make an invitation and show its link: the one time it can be shown."""
    form = forms.Invite(request.POST, giver=request.member)
    if not form.is_valid():
        return _people(request, form, status=422)
    try:
        invited = verbs.invite(by=request.member, **form.cleaned_data)
    except Problem as refused:
        put_into(form, refused)
        return _people(request, form, status=422)
    if invited.invitation.email and mail.server() is not None:
        _mail_invitation(request.member, invited)
    return _people(request, invited=invited)


def _mail_invitation(by: Member, invited: verbs.Invited) -> None:
    """Send the link after the commit; whether the server took it is shown with the invitation."""
    invitation, problem = invited.invitation, ""
    text = (
        f"{by} invites you to the workspace {invitation.workspace} on Quarterdeck, "
        f"as {invitation.get_role_display().lower()}.\n\n{invited.url}\n\n"
        f"The link works once, until {invitation.expires_at.astimezone(by.zone):%-d %B %Y}. "
        "If you did not expect this message, you need not do anything."
    )
    try:
        mail.send(invitation.email, f"{by} invites you to {invitation.workspace}", text)
    except mail.MailProblem as wrong:
        problem = str(wrong)
    intake.note_mailed(invitation, problem)


@page("crew.member.invite")
@require_POST
def revoke_invitation(request: HttpRequest, invitation: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Invitation, pk=invitation, workspace=request.workspace)
    verbs.revoke_invitation(found, by=request.member)
    toast(request, "The invitation was revoked. Its link does not let anyone in any more.")
    return redirect("crew-people", workspace=request.workspace.slug)


@page("crew.member.change")
@require_POST
def change_role(request: HttpRequest, member: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Member, pk=member, workspace=request.workspace)
    changed = verbs.change_role(found, by=request.member, role=request.POST.get("role", "")[:20])
    toast(request, f"{changed} is {changed.get_role_display().lower()} now.")
    return redirect("crew-people", workspace=request.workspace.slug)


@page("crew.member.change")
@require_POST
def remove(request: HttpRequest, member: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Member, pk=member, workspace=request.workspace)
    gone = verbs.remove_member(found, by=request.member)
    if gone.pk == request.member.pk:
        return redirect("home")
    toast(request, f"{gone} is no member any more. What they did keeps their name.")
    return redirect("crew-people", workspace=request.workspace.slug)


@page("crew.workspace.view")
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    verbs.remove_member(request.member, by=request.member)
    return redirect("home")


@page("crew.member.view")
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Who may do what: the table that the program itself goes by."""
    told = [(role.label, ROLE_WORDS[role]) for role in Role]
    context = {"rooms": reads.who_may(), "roles": told, "mine": request.member.get_role_display()}
    return render(request, "crew/roles.html", context)


@page("crew.brand.change")
def brands(request: HttpRequest) -> HttpResponse:
    """The brands of the workspace; POST adds one."""
    form = forms.BrandName(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.add_brand(by=request.member, **form.cleaned_data)
            toast(request, f"{made.name} was added.")
            return redirect("crew-brands", workspace=request.workspace.slug)
        except Problem as refused:
            put_into(form, refused)
    listed = request.workspace.brands.order_by("created_at")
    return _answer(request, "crew/brands.html", {"form": form, "brands": listed})


@page("crew.brand.change")
@require_POST
def rename_brand(request: HttpRequest, brand: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Brand, pk=brand, workspace=request.workspace)
    renamed = verbs.rename_brand(found, by=request.member, name=request.POST.get("name", "")[:200])
    toast(request, f"The brand is called {renamed.name} now.")
    return redirect("crew-brands", workspace=request.workspace.slug)


@page("crew.workspace.change")
def workspace(request: HttpRequest) -> HttpResponse:
    """Name and time zone of the workspace."""
    initial = {"name": request.workspace.name, "timezone": request.workspace.timezone}
    form = forms.WorkspaceSettings(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        verbs.change_workspace(by=request.member, **form.cleaned_data)
        toast(request, "The workspace was changed.")
        return redirect("crew-workspace", workspace=request.workspace.slug)
    return _answer(request, "crew/workspace.html", {"form": form})


@page("crew.link.issue")
@require_safe
def issued_links(request: HttpRequest) -> HttpResponse:
    """Every link that was issued to somebody without an account, and whether it still opens."""
    standing = reads.links_open(request.workspace)
    asked = request.GET.get("for", "")
    purpose = asked if asked in standing else ""
    pages = Paginator(reads.issued_links(request.workspace, purpose), LINKS_PER_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    kinds = sorted((_opens(name), name, count, name == purpose) for name, count in standing.items())
    context = {
        "links": [(link, _opens(link.purpose)) for link in shown],
        "shown": shown,
        "kinds": kinds if len(kinds) > 1 else [],
        "purpose": purpose,
        "only_here": links.only_here(),
    }
    return render(request, "crew/links.html", context)


def _opens(purpose: str) -> str:
    """What links of a purpose open, in words."""
    return links.PURPOSES[purpose].title if purpose in links.PURPOSES else purpose


@page("crew.link.issue")
@require_POST
def revoke_link(request: HttpRequest, link: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(SignedLink, pk=link, workspace=request.workspace)
    verbs.revoke_link(found, by=request.member)
    toast(request, "The link was revoked. It opens nothing any more.")
    return redirect("crew-links", workspace=request.workspace.slug)


def _answer(request: HttpRequest, template: str, context: dict) -> HttpResponse:
    wrong = request.method == "POST"  # a POST that worked has redirected
    return render(request, template, context, status=422 if wrong else 200)
