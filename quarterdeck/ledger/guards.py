"""Who stands in front of the ledger's pages. The ledger lies below crew and cannot name it, so `config/wiring`
gives it crew's guards; without them every page refuses.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]

crew_page: Callable[[str], Callable[[View], View]] | None = None  # crew.access.page
is_member: Callable[[Any, uuid.UUID], bool] | None = None  # (user, workspace_id)


def page(permission: str) -> Callable[[View], View]:
    """A page of a workspace; see crew's guard of the same name, which does the work."""

    def mark(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, **parts) -> HttpResponse:
            if crew_page is None:
                raise RuntimeError("The ledger's pages have no guard: config/wiring was not filled.")
            return crew_page(permission)(view)(request, **parts)

        guarded.permission = permission
        return guarded

    return mark


def public(why: str) -> Callable[[View], View]:
    """A page anyone may open; `why` is for the reader of the code and the test that lists them."""

    def mark(view: View) -> View:
        view.public_because = why
        return view

    return mark


def may_read(user: Any, workspace_id: uuid.UUID) -> bool:
    """True for a signed-in, present member of the workspace."""
    return bool(user.is_authenticated and is_member is not None and is_member(user, workspace_id))
