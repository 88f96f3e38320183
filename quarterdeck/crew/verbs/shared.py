"""What the verbs of crew share: locking, looking up inside a workspace, and reading what people typed."""

from __future__ import annotations

import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from quarterdeck import ledger
from quarterdeck.core.problems import Invalid, NotFound
from quarterdeck.crew.models import Member, Workspace


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
    if not text or len(text) > most or any(not c.isprintable() for c in text):
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
    except ValidationError:
        raise Invalid(
            "This e-mail address cannot be used.",
            fields={"email": "Write it like name@example.org."},
        ) from None
    return address
