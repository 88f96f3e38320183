"""Who is behind an entry of the ledger: two of those who lead decide together, and the one concerned hears it."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Forbidden, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew import notify
from quarterdeck.crew.models import Member, Unmasking
from quarterdeck.crew.permissions import MATRIX
from quarterdeck.crew.rules import inside
from quarterdeck.ledger import reads as ledger_reads

DECIDE = "crew.unmasking.decide"
_NOT = "Nobody was asked, and no name was shown."


@verb
def ask_unmasking(by: Member, *, entry: UUID, reason: str, legal_basis: str) -> Unmasking:
    """Ask a second person to let the name behind one entry be shown, to the two of them.

    Raises Invalid without a reason or a legal basis; Conflict where no second person could decide, while it is asked
    already, and where there is nobody to show; NotFound for an entry that this workspace’s ledger does not have.
    """
    reason, legal_basis = reason.strip()[:500], legal_basis.strip()[:200]
    if not reason or not legal_basis:
        raise Invalid(
            "A reason and a legal basis are needed; the person concerned reads both.",
            not_done=_NOT,
            fields={"reason" if not reason else "legal_basis": "Please write one sentence."},
        )
    others = _deciders(by)
    if not others:
        raise Conflict(
            "There is nobody else here who could grant it, so nobody can be unmasked.",
            not_done=_NOT,
            next_step="It takes two people of the roles owner or lead.",
        )
    _, item = ledger_reads.entry(by.workspace_id, entry)
    _behind(by, entry)
    row = Unmasking(
        workspace=by.workspace,
        entry=entry,
        reason=reason,
        legal_basis=legal_basis,
        asked_by=by,
        asked_at=clock.now(),
        ledger_event_id=ids.new(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict(
            "It is asked already who is behind this entry.",
            not_done="It was not asked again.",
            next_step="Wait until the other one has decided.",
        ) from None
    fields = {"entry": str(entry), "reason": reason, "legal_basis": legal_basis}
    ledger.record("crew.unmasking.asked", actor=by, about=row, fields=fields, event_id=row.ledger_event_id)
    for member in others:
        notify.tell(
            member,
            subject="You are asked whether a name may be shown",
            text=f"It is about the entry “{item.title}”. The reason given: {reason} ({legal_basis})",
            url=_address(by),
        )
    return row


@verb
def decide_unmasking(asked: Unmasking, *, by: Member, grant: bool) -> Unmasking:
    """Grant it, whereupon the two see the name for a day and the person concerned is told; or refuse it.

    Raises Forbidden for the one who asked, Conflict when it was decided already or nobody can be shown any more.
    """
    row = inside(Unmasking, asked.pk, by.workspace)
    if row.asked_by_id == by.pk:
        raise Forbidden(
            "Whoever asked cannot decide: it takes two.",
            not_done="No name was shown.",
            next_step="Another owner or lead decides.",
        )
    if row.decided_at is not None:
        raise Conflict("This was decided already.", not_done="Nothing was changed.")
    row.decided_by, row.decided_at, row.granted, row.ledger_event_id = by, clock.now(), grant, ids.new()
    if grant:
        row.concerned = _behind(by, row.entry)
    row.save()
    kind = "crew.unmasking.granted" if grant else "crew.unmasking.refused"
    fields = {"entry": str(row.entry)}
    ledger.record(kind, actor=by, about=row, fields=fields, event_id=row.ledger_event_id)
    _tell(row)
    return row


def _behind(by: Member, entry: UUID) -> Member:
    """The member who did what the entry says. Conflict where there is none to name."""
    person = ledger_reads.who_acted(by.workspace_id, entry)
    found = Member.objects.filter(workspace=by.workspace_id, pk=person).select_related("user").first()
    if found is None:
        raise Conflict(
            "There is no name behind this entry: Quarterdeck itself or a guest’s link did it, or it was erased.",
            not_done="No name was shown.",
        )
    return found


def _deciders(by: Member) -> list[Member]:
    """Who else may decide, and is here."""
    here = Member.objects.filter(workspace=by.workspace_id, left_at__isnull=True, role__in=MATRIX[DECIDE])
    return list(here.exclude(pk=by.pk).select_related("user"))


def _tell(row: Unmasking) -> None:
    words = (
        "was granted; you and whoever granted it see the name for 24 hours" if row.granted else "was refused"
    )
    if row.asked_by.left_at is None:
        subject = "A name behind an entry: " + ("granted" if row.granted else "refused")
        notify.tell(
            row.asked_by, subject=subject, text=f"What you asked {words}.", url=_address(row.asked_by)
        )
    concerned = row.concerned
    if concerned is not None and concerned.left_at is None and concerned.pk != row.asked_by_id:
        notify.tell(
            concerned,
            subject="Your name behind an entry of the ledger is shown",
            text=f"{row.asked_by} asked for it and {row.decided_by} granted it. The two of them see it for 24 hours."
            f" The reason given: {row.reason} ({row.legal_basis})",
            url=reverse("crew-you-looked", kwargs={"workspace": row.workspace.slug}),
        )


def _address(member: Member) -> str:
    return reverse("crew-unmaskings", kwargs={"workspace": member.workspace.slug})
