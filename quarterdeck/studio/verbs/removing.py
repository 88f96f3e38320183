"""Deleting a file for good: when somebody asks for it, or when the room it takes is needed."""

from __future__ import annotations

from datetime import timedelta

from quarterdeck import ledger
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.studio import jobs, rows, uses
from quarterdeck.studio.models import Card, Cut, File, Shown
from quarterdeck.studio.storage import bucket

KEPT_FOR_BACKUPS = timedelta(days=15)  # in a bucket: no backup that is kept is older


@verb
def remove_for_good(file: File, *, by: Member) -> None:
    """Delete a file that is put aside, what was cut from it, and everything that was noted of them. It cannot be
    undone; backups made before still hold it. The ledger keeps that it was done, and none of what it was.

    Raises Conflict while it is in the library, or any post that is not discarded carries it.
    """
    card = rows.locked(file)
    if card.put_aside_at is None:
        raise Conflict("It is still in the library.", next_step="Put it aside first.")
    if carrying := uses.of_file(file):
        one = "a post that is out" if carrying[0].state == "out" else "a post"
        raise Conflict(
            f"“{carrying[0].title}”, {one}, carries “{file.title}”.",
            not_done="Nothing was deleted.",
            next_step="A post keeps what it showed. Discard it, or take the picture out of it, where that can be done.",
        )
    for one in [*File.objects.filter(cut_from=file), file]:
        _with_what_was_noted(one, by)


def _with_what_was_noted(file: File, by: Member) -> None:
    for person in Shown.objects.filter(file=file):
        ledger.record("studio.person.forgotten", actor=by, about=person)
        person.delete()
    for cut in Cut.objects.filter(file=file) | Cut.objects.filter(made=file):
        ledger.record("studio.cut.removed", actor=by, about=cut, fields={"place": cut.place})
        cut.delete()
    for card in Card.objects.filter(file=file):
        ledger.record("studio.card.removed", actor=by, about=card)
        card.delete()
    ledger.record("studio.file.removed", actor=by, about=file)
    if file.in_bucket:
        gone = clock.now() + KEPT_FOR_BACKUPS
        jobs.drop.configure(schedule_at=gone).defer(key=bucket.key(file))
    File.objects.filter(pk=file.pk).delete()
