"""What the verbs of crew go by: which row a token opens, locking, looking up inside a workspace, and reading
what people typed.
"""

from __future__ import annotations

import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email

from quarterdeck import ledger
from quarterdeck.core import clock
from quarterdeck.core.lines import is_line
from quarterdeck.core.problems import Invalid, NotFound
from quarterdeck.crew.models import Invitation, Member, OwnerLink, User, Workspace
from quarterdeck.crew.models.links import TOKEN_MOST, token_hash

EMAIL_MOST = 254  # characters (RFC 5321, section 4.5.3.1.3, less its angle brackets)


def locked_workspace(by: Member) -> Workspace:
    # Serialises changes of a crew: two owners who remove each other must not both succeed.
    return Workspace.objects.select_for_update().get(pk=by.workspace_id)


def inside(model, pk, workspace: Workspace):
    found = model.objects.select_for_update(of=("self",)).filter(pk=pk, workspace=workspace).first()
    if found is None:
        raise NotFound("There is no such thing in this workspace.")
    return found


def record_joined(member: Member) -> None:
    fields = {"role": member.role, "name": str(member.user)}
    ledger.record("crew.member.joined", actor=member, about=member, fields=fields)


def worded(text: str, field: str, most: int) -> str:
    text = " ".join(text.split())
    if not text or len(text) > most or not is_line(text):
        raise Invalid("A name is needed.", fields={field: f"Write a name of 1 to {most} characters."})
    return text


def known_zone(name: str) -> str:
    if name not in zoneinfo.available_timezones():
        raise Invalid("This time zone is not known.", fields={"timezone": "Choose one from the list."})
    return name


def checked_email(address: str) -> str:
    address = address.strip().lower()
    try:
        validate_email(address)
        MaxLengthValidator(EMAIL_MOST)(address)
    except ValidationError:
        raise Invalid(
            "This e-mail address cannot be used.",
            fields={"email": f"Write it like name@example.org, in at most {EMAIL_MOST} characters."},
        ) from None
    return address


def open_invitation(token: str, *, lock: bool = False) -> Invitation:
    """The invitation this token opens. NotFound in the same words for unknown, used, revoked and expired."""
    found = None
    if len(token) <= TOKEN_MOST:
        rows = Invitation.objects.select_related("workspace", "invited_by__user")
        rows = rows.select_for_update(of=("self",)) if lock else rows
        found = rows.filter(token_hash=token_hash(token)).first()
    if found is None or not found.is_open():
        raise NotFound(
            "This invitation does not open anything any more.",
            not_done="It may have been used, revoked, or be older than 14 days. Nothing was changed.",
            next_step="Ask the person who sent it for a new one, or sign in if you have an account.",
        )
    return found


def open_owner_link(token: str, *, lock: bool = False) -> OwnerLink:
    """The link this token opens; NotFound in the same words for unknown, used and expired."""
    found = None
    if len(token) <= TOKEN_MOST:
        rows = OwnerLink.objects.select_related("user")
        rows = rows.select_for_update(of=("self",)) if lock else rows
        found = rows.filter(token_hash=token_hash(token)).first()
    if found is None or found.used_at or clock.now() >= found.expires_at or not found.user.is_active:
        raise NotFound(
            "This sign-in link does not work any more.",
            not_done="It works once, within 24 hours. Nobody was signed in.",
            next_step="Whoever runs Quarterdeck can print a new one with “quarterdeck link”.",
        )
    return found


def installation_owner() -> User | None:
    """Who answers for the machine: the first person, or whoever that was passed on to."""
    return User.objects.filter(owns_installation=True, is_active=True).order_by("joined_at").first()
