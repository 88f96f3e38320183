"""A slip as something a review looks back at: what happened to it, by role, and never by whom."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from quarterdeck.accountability import reads
from quarterdeck.accountability.models import Correction, Slip
from quarterdeck.crew.models import Member
from quarterdeck.ledger import reads as ledger


def find(who: Member, pk: UUID) -> Slip | None:
    """The slip, where this member may see it. NotFound for another workspace's."""
    return reads.slip(who.workspace, pk) if who.may("accountability.slip.view") else None


def title(slip: Slip) -> str:
    return f"“{slip.short}” in “{slip.post.short}”"


def url(slip: Slip, who: Member) -> str:
    return reverse("accountability-slip", kwargs={"workspace": who.workspace.slug, "pk": slip.pk})


def timeline(slip: Slip) -> list[ledger.Item]:
    """What was recorded about the slip and about its correction."""
    correction = Correction.objects.filter(slip=slip).first()
    return ledger.history(slip) + (ledger.history(correction) if correction is not None else [])
