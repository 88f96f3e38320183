"""What a person learned and promised, told to that person alone (see core/deeds.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Count
from django.urls import reverse

from quarterdeck.core.deeds import Deed
from quarterdeck.crew.models import Member
from quarterdeck.ledger import own
from quarterdeck.lessons.models import Commitment, Credit, Review

CLOSED, VERIFIED = "lessons.review.closed", "lessons.commitment.verified"


def deeds(me: Member, since: datetime, until: datetime) -> Iterable[Deed]:
    yield from _reviewed(me, since, until)
    yield from _kept(me, since, until)
    yield from _verified(me, since, until)
    yield from _helped(me, since, until)


def _url(me: Member, name: str, pk) -> str:
    return reverse(name, kwargs={"workspace": me.workspace.slug, "pk": pk})


def _reviewed(me: Member, since: datetime, until: datetime) -> Iterator[Deed]:
    done = {one.about_id: one for one in own.events(me, (CLOSED,), since, until)}
    found = Review.objects.filter(pk__in=done, workspace=me.workspace_id, closed_at__isnull=False)
    for row in found.annotate(promised=Count("commitments")):
        ends = "one commitment" if row.promised == 1 else f"{row.promised} commitments"
        yield Deed(
            key=f"lessons.reviewed:{row.pk}",
            kind="accountability",
            when=done[row.pk].when,
            did=f"led the review of {row.title if row.title.startswith('“') else f'“{row.title}”'}",
            result=f"It ended in {ends}." if row.promised else "",
            weight=70,
            url=_url(me, "lessons-review", row.pk),
            event_ids=(done[row.pk].event_id,),
        )


def _kept(me: Member, since: datetime, until: datetime) -> Iterator[Deed]:
    state, kept = Commitment.State, {"state_at__gte": since, "state_at__lt": until}
    for row in Commitment.objects.filter(owner=me, state__in=(state.KEPT, state.UNVERIFIED), **kept):
        yield Deed(
            key=f"lessons.kept:{row.pk}",
            kind="accountability",
            when=row.state_at,
            did=f"kept a commitment: {row.what.rstrip('.')}",
            result="Somebody else verified it." if row.state == state.KEPT else "",
            weight=68,
            url=_url(me, "lessons-commitment", row.pk),
            event_ids=(row.ledger_event_id,),
        )


def _verified(me: Member, since: datetime, until: datetime) -> Iterator[Deed]:
    done = own.events(me, (VERIFIED,), since, until)
    if done:
        yield Deed(
            key=f"lessons.verified:{me.workspace_id}:{since:%Y-%m-%d}",
            kind="together",
            when=done[-1].when,
            did="looked whether a commitment was kept, and verified it"
            if len(done) == 1
            else f"looked whether {len(done)} commitments were kept, and verified them",
            weight=40,
            event_ids=tuple(one.event_id for one in done[:50]),
        )


def _helped(me: Member, since: datetime, until: datetime) -> Iterator[Deed]:
    confirmed = {"answer": Credit.Answer.CONFIRMED, "answered_at__gte": since, "answered_at__lt": until}
    for row in Credit.objects.filter(member=me, **confirmed):
        yield Deed(
            key=f"lessons.helped:{row.pk}",
            kind="together",
            when=row.answered_at,
            did=f"helped a colleague: {row.helped_with.rstrip('.')}",
            result="They said so themselves.",
            weight=52,
            event_ids=(row.ledger_event_id,),
        )
