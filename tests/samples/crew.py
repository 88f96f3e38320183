"""Samples of crew."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from quarterdeck.core import clock, ids
from quarterdeck.crew import verbs
from quarterdeck.crew.models import (
    Absence,
    Destination,
    Member,
    Notification,
    SignedLink,
    Unmasking,
    Workspace,
)
from quarterdeck.crew.permissions import Role
from quarterdeck.ledger import sequencer
from quarterdeck.ledger.models import Entry
from tests import make


def _owner(workspace: Workspace) -> Member:
    return workspace.members.filter(role=Role.OWNER, left_at=None).first() or make.member(of=workspace)


def _link(workspace: Workspace) -> SignedLink:
    return SignedLink.objects.create(
        workspace=workspace,
        purpose="tests.nothing",
        token_hash=ids.new().bytes * 2,
        issued_by=_owner(workspace),
        created_at=clock.now(),
        expires_at=clock.now(),
    )


def _absence(workspace: Workspace) -> Absence:
    owner, day = _owner(workspace), clock.now().astimezone(workspace.zone).date()
    first = day + timedelta(days=Absence.objects.filter(member=owner).count())
    return verbs.be_away(owner, first=first, last=first)


def _notification(workspace: Workspace) -> Notification:
    return Notification.objects.create(member=_owner(workspace), subject="Told", created_at=clock.now())


def _place(workspace: Workspace) -> Destination:
    user = _owner(workspace).user
    return Destination.objects.create(
        user=user, label="Phone", schema="ntfy", url_sealed=b"", created_at=clock.now()
    )


def _other(workspace: Workspace) -> Member:
    return make.member(Role.AUTHOR, of=workspace, name="Bo")


def _unmasking(workspace: Workspace) -> Unmasking:
    """An entry with its place, and somebody who asks who is behind it."""
    owner, lead = _owner(workspace), make.member(Role.LEAD, of=workspace, name="Bo")
    verbs.invite(by=owner, role=Role.AUTHOR)
    with connection.cursor() as cursor:  # what was written so far is sound: the log takes its events away
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    sequencer.sequence_all()
    entry = Entry.objects.filter(log__workspace_id=workspace.pk, kind="crew.invitation.issued").last()
    basis = "GDPR Art. 6(1)(c)"
    return verbs.ask_unmasking(lead, entry=entry.event_id, reason="An audit.", legal_basis=basis)


SAMPLES = {
    "crew-you-here": lambda w: {"pk": _absence(w).pk},
    "crew-unmasking-decide": lambda w: {"pk": _unmasking(w).pk},
    "crew-notification-open": lambda w: {"notification": _notification(w).pk},
    "crew-place-remove": lambda w: {"place": _place(w).pk},
    "crew-place-test": lambda w: {"place": _place(w).pk},
    "crew-invitation-revoke": lambda w: {
        "invitation": verbs.invite(by=_owner(w), role=Role.AUTHOR).invitation.pk
    },
    "crew-member-role": lambda w: {"member": _other(w).pk},
    "crew-member-remove": lambda w: {"member": _other(w).pk},
    "crew-member-erase": lambda w: {"member": _other(w).pk},
    "crew-brand-rename": lambda w: {"brand": w.brands.first().pk},
    "crew-link-revoke": lambda w: {"link": _link(w).pk},
}
