"""How a file is cut for a network: a recipe, and the file that came of it."""

from __future__ import annotations

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.studio import intake
from quarterdeck.studio.models import Cut, File
from quarterdeck.studio.pixels import Box
from quarterdeck.studio.presets import PLACES


@verb
def keep_cut(file: File, *, by: Member, place: str, box: Box, data: bytes) -> Cut:
    """Keep how a file is cut for one place of a network, and `data`, the picture that came of it (drawn before this,
    outside the transaction). Made anew it replaces the recipe; the picture of before stays where posts carry it.

    Raises Conflict when the file is put aside, Invalid for a place nobody knows.
    """
    if place not in PLACES:
        raise Invalid("There is no such place.", next_step="Choose one of the list.")
    if file.about and file.about.put_aside_at:
        raise Conflict("This file is put aside.", next_step="Put it back first.")
    stem = file.name.rpartition(".")[0] or file.name
    made = intake.keep(file.workspace, data, f"{stem[:80]}-{place}", cut_from=file)
    File.objects.select_for_update(of=("self",)).only("pk").get(pk=file.pk)
    cut = Cut.objects.select_for_update(of=("self",)).filter(file=file, place=place).first()
    cut = cut or Cut(file=file, place=place)
    cut.left, cut.top, cut.width, cut.height = box.left, box.top, box.width, box.height
    cut.made, cut.made_at, cut.ledger_event_id = made, clock.now(), ids.new()
    cut.save()
    told = {
        "place": place,
        "box": " ".join(f"{one:.4f}" for one in (box.left, box.top, box.width, box.height)),
    }
    fields = told | {"sha256": made.sha256}
    ledger.record("studio.cut.made", actor=by, about=cut, fields=fields, event_id=cut.ledger_event_id)
    return cut


@verb
def remove_cut(cut: Cut, *, by: Member) -> None:
    """Take a recipe back. The picture that came of it stays where posts carry it, and is offered no more."""
    cut = Cut.objects.select_for_update(of=("self",)).select_related("file").get(pk=cut.pk)
    ledger.record("studio.cut.removed", actor=by, about=cut, fields={"place": cut.place})
    cut.delete()
