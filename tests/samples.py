"""Samples for the walk over every address: what a route with arguments needs, made in a given workspace.

Each room adds its own lines: `"url-name": lambda workspace: {"argument": row.pk}`. The walk opens each in its own
workspace and again from another, where it has to be a 404.
"""

from __future__ import annotations

from collections.abc import Callable

from quarterdeck.core import clock
from quarterdeck.crew import verbs
from quarterdeck.crew.models import Destination, Member, Notification, Workspace
from quarterdeck.crew.permissions import Role
from tests import make

SAMPLES: dict[str, Callable[[Workspace], dict[str, object]]] = {}


# --- crew -------------------------------------------------------------------------------------------


def _owner(workspace: Workspace) -> Member:
    return workspace.members.filter(role=Role.OWNER, left_at=None).first() or make.member(of=workspace)


def _link(workspace: Workspace):
    return verbs.issue_link(by=_owner(workspace), purpose="tests.nothing").link


def _notification(workspace: Workspace) -> Notification:
    return Notification.objects.create(member=_owner(workspace), subject="Told", created_at=clock.now())


def _place(workspace: Workspace) -> Destination:
    user = _owner(workspace).user
    return Destination.objects.create(
        user=user, label="Phone", schema="ntfy", url_sealed=b"", created_at=clock.now()
    )


def _other(workspace: Workspace) -> Member:
    return make.member(Role.AUTHOR, of=workspace, name="Bo")


SAMPLES |= {
    "crew-notification-open": lambda w: {"notification": _notification(w).pk},
    "crew-place-remove": lambda w: {"place": _place(w).pk},
    "crew-place-test": lambda w: {"place": _place(w).pk},
    "crew-invitation-revoke": lambda w: {
        "invitation": verbs.invite(by=_owner(w), role=Role.AUTHOR).invitation.pk
    },
    "crew-member-role": lambda w: {"member": _other(w).pk},
    "crew-member-remove": lambda w: {"member": _other(w).pk},
    "crew-brand-rename": lambda w: {"brand": w.brands.first().pk},
    "crew-link-revoke": lambda w: {"link": _link(w).pk},
}
