"""Acts on invitations and members."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from quarterdeck import ledger
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Forbidden, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew import links
from quarterdeck.crew.models import Invitation, Member, User
from quarterdeck.crew.models.links import INVITATION_LASTS, new_token, token_hash
from quarterdeck.crew.permissions import Role
from quarterdeck.crew.rules import (
    checked_email,
    inside,
    locked_workspace,
    open_invitation,
    record_joined,
    worded,
)


@dataclass(frozen=True, slots=True)
class Invited:
    """The one moment at which the address of an invitation is known."""

    invitation: Invitation
    token: str

    @property
    def url(self) -> str:
        return links.invitation_url(self.token)


@verb
def invite(*, by: Member, role: str, email: str = "") -> Invited:
    """Offer a place by link: one person, 14 days, revocable. The token is known only in what is returned."""
    _may_give(by, role)
    now, token = clock.now(), new_token()
    invitation = Invitation.objects.create(
        workspace=by.workspace,
        role=role,
        email=checked_email(email) if email else "",
        token_hash=token_hash(token),
        invited_by=by,
        created_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    ledger.record(
        "crew.invitation.issued",
        actor=by,
        about=invitation,
        fields={"role": role, "email": invitation.email, "expires_at": invitation.expires_at},
    )
    return Invited(invitation, token)


@verb
def revoke_invitation(invitation: Invitation, *, by: Member) -> Invitation:
    """End an invitation that nobody used; its link lets nobody in from now on."""
    invitation = inside(Invitation, invitation.pk, by.workspace)
    if invitation.accepted_at:
        raise Conflict(
            "This invitation was accepted already.",
            next_step="Remove the member instead, if they should not be here.",
        )
    if invitation.revoked_at:
        raise Conflict("This invitation was revoked already.")
    return _revoke_invitation(invitation, by)


@verb
def accept_invitation(
    token: str, *, user: User | None = None, name: str = "", email: str = "", password: str = ""
) -> Member:
    """Take the offered place: as `user`, or as a new person with a name, an e-mail and perhaps a password.

    Without a password the person is expected to add a passkey while signed in.
    """
    invitation = open_invitation(token, lock=True)
    if user is None:
        user = _new_user(name, email, password, timezone=invitation.workspace.timezone)
    elif Member.objects.filter(workspace=invitation.workspace, user=user, left_at=None).exists():
        raise Conflict(
            f"You are a member of {invitation.workspace} already.",
            not_done="The invitation was not used and can still go to somebody else.",
        )
    now = clock.now()
    member = Member.objects.create(
        workspace=invitation.workspace, user=user, role=invitation.role, joined_at=now
    )
    invitation.accepted_at, invitation.accepted_by = now, member
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    ledger.record(
        "crew.invitation.accepted", actor=member, about=invitation, fields={"role": invitation.role}
    )
    record_joined(member)
    return member


@verb
def change_role(member: Member, *, by: Member, role: str) -> Member:
    """Give a member another role. The last owner keeps theirs, so that somebody can always decide."""
    _known_role(role)
    workspace = locked_workspace(by)
    member = inside(Member, member.pk, workspace)
    if member.left_at:
        raise Conflict(f"{member} has left this workspace.")
    if member.role == role:
        raise Conflict(f"{member} is {member.get_role_display().lower()} already.")
    if member.role == Role.OWNER:
        _not_the_last_owner(member, "Make somebody else an owner first; then this role can change.")
    was, member.role = member.role, role
    member.save(update_fields=["role"])
    ledger.record("crew.member.changed", actor=by, about=member, fields={"role": role, "was": was})
    _revoke_what_they_may_not_offer(member, by)
    return member


@verb
def remove_member(member: Member, *, by: Member) -> Member:
    """End a membership; what the person did keeps its author. `by` may be the member: leaving."""
    workspace = locked_workspace(by)
    member = inside(Member, member.pk, workspace)
    if member.left_at:
        raise Conflict(f"{member} has left this workspace already.")
    if member.role == Role.OWNER:
        _not_the_last_owner(member, "Make somebody else an owner first; then this can be done.")
    member.left_at = clock.now()
    member.save(update_fields=["left_at"])
    kind = "crew.member.left" if by.pk == member.pk else "crew.member.removed"
    ledger.record(kind, actor=by, about=member, fields={"role": member.role})
    _revoke_what_they_may_not_offer(member, by)
    return member


def _revoke_invitation(invitation: Invitation, by: Member) -> Invitation:
    invitation.revoked_at = clock.now()
    invitation.save(update_fields=["revoked_at"])
    ledger.record("crew.invitation.revoked", actor=by, about=invitation, fields={"role": invitation.role})
    return invitation


def _revoke_what_they_may_not_offer(member: Member, by: Member) -> None:
    # An address somebody copied before they lost the right must not let anyone in afterwards.
    for invitation in Invitation.objects.select_for_update(of=("self",)).filter(
        invited_by=member, accepted_at=None, revoked_at=None, expires_at__gt=clock.now()
    ):
        if not member.may("crew.member.invite") or not _gives(member, invitation.role):
            _revoke_invitation(invitation, by)


def _gives(member: Member, role: str) -> bool:
    return role != Role.OWNER or member.may("crew.member.change")


def _may_give(by: Member, role: str) -> None:
    _known_role(role)
    if not _gives(by, role):
        raise Forbidden(
            "Only an owner can invite another owner.",
            not_done="Nobody was invited.",
            next_step="Invite them as lead, or ask an owner.",
        )


def _not_the_last_owner(member: Member, next_step: str) -> None:
    owners = Member.objects.filter(workspace_id=member.workspace_id, role=Role.OWNER, left_at=None)
    if not owners.exclude(pk=member.pk).exists():
        raise Conflict(f"{member} is the only owner of this workspace.", next_step=next_step)


def _known_role(role: str) -> None:
    if role not in Role.values:
        raise Invalid("There is no such role.", fields={"role": "Choose one of the six roles."})


def _new_user(name: str, email: str, password: str, timezone: str) -> User:
    name, email = worded(name, "name", 120), checked_email(email)
    if User.objects.filter(email=email).exists():
        raise Conflict(
            "There is an account with this address already.",
            not_done="The invitation was not used.",
            next_step="Sign in with it, then open the invitation again.",
            fields={"email": "There is an account with this address already. Sign in first."},
        )
    user = User(name=name, email=email, timezone=timezone)
    if password:
        try:
            validate_password(password, user)
        except ValidationError as weak:
            raise Invalid(
                "This password is too weak.", fields={"password": " ".join(weak.messages)}
            ) from None
    return User.objects.create_user(name=name, email=email, password=password or None, timezone=timezone)
