"""Who stands in front of a page. Every view says so: `@page("permission")` for a workspace's pages,
`@public("why")` for the few that need no sign-in. A test walks the addresses and finds any view that says neither.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from quarterdeck.core.problems import Forbidden, NotFound
from quarterdeck.crew.models import Member
from quarterdeck.crew.permissions import INSTALLATION

View = Callable[..., HttpResponse]

_LAST = f"qd_{settings.INSTALLATION_MARK}_last"


def membership(user, slug: str) -> Member:
    """The user's present membership of the workspace; NotFound tells a stranger nothing."""
    found = (
        Member.objects.select_related("workspace", "user")
        .filter(workspace__slug=slug, user=user, left_at__isnull=True)
        .first()
    )
    if found is None:
        raise NotFound("There is no such workspace, or you are not a member of it.")
    return found


def page(permission: str) -> Callable[[View], View]:
    """A page of a workspace: sets `request.member` and `request.workspace`, refuses who lacks `permission`.

    The view is called without the slug: `view(request, **other_parts_of_the_address)`.
    """

    def mark(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, workspace: str, **parts) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            member = membership(request.user, workspace)
            if not member.may(permission):
                raise _refusal(member, permission)
            request.member = member
            request.workspace = member.workspace
            return _remember(request, view(request, **parts))

        guarded.permission = permission
        return guarded

    return mark


def _refusal(member: Member, permission: str) -> Forbidden:
    if permission == INSTALLATION:
        return Forbidden(
            "This belongs to the whole installation, not to a workspace: no role includes it.",
            next_step="Ask the person who set this installation up; it is theirs to change.",
        )
    return Forbidden(
        f"Your role here, {member.get_role_display().lower()}, does not include this.",
        next_step="An owner of the workspace can change your role.",
    )


def last_workspace(request: HttpRequest) -> str:
    """The slug of the workspace this browser was in last, or the empty string."""
    return request.COOKIES.get(_LAST, "")


def _remember(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    # Kept in the browser: a GET must not write, and two browsers may stand in two workspaces.
    slug = request.workspace.slug
    if last_workspace(request) != slug:
        secure, age = settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_AGE
        response.set_cookie(_LAST, slug, max_age=age, secure=secure, httponly=True, samesite="Lax")
    return response


def signed_in(view: View) -> View:
    """A page for any signed-in person, in no workspace (account pages, choosing a workspace)."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, **parts) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, **parts)

    guarded.signed_in = True
    return guarded


def public(why: str) -> Callable[[View], View]:
    """A page anyone may open; `why` is for the reader of the code and the test that lists them."""

    def mark(view: View) -> View:
        view.public_because = why
        return view

    return mark
