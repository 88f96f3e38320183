"""The pillars of a brand and the mix it intends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, kept_line, needed
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew.models import Brand, Member
from quarterdeck.strategy.models import Pillar
from quarterdeck.strategy.models.pillars import ABOUT_LENGTH, PILLAR_LENGTH
from quarterdeck.strategy.rows import save_named

MOST = 12  # of one brand
_TAKEN = "The brand has a pillar of that name already."


@verb
def make_pillar(by: Member, *, brand: Brand, name: str, about: str = "") -> Pillar:
    """Add one of the few things that a brand speaks about. Its share is set with `set_mix`."""
    if brand.workspace_id != by.workspace_id:
        raise Invalid("That brand is not in this workspace.", not_done=NOT_KEPT)
    if Pillar.objects.filter(brand=brand, retired_at__isnull=True).count() >= MOST:
        raise Conflict(
            f"A brand has at most {MOST} pillars.", not_done=NOT_KEPT, next_step="Retire one that says least."
        )
    event_id = ids.new()
    made = Pillar(workspace=by.workspace, brand=brand, made_at=clock.now(), ledger_event_id=event_id)
    fields = _put(made, name, about) | {"brand": str(brand.pk)}
    save_named(made, _TAKEN)
    ledger.record("strategy.pillar.made", actor=by, about=made, fields=fields, event_id=event_id)
    return made


@verb
def change_pillar(pillar: Pillar, *, by: Member, name: str, about: str = "") -> Pillar:
    """Write its name and what it is about anew."""
    pillar = locked(Pillar, pillar.pk)
    fields, pillar.ledger_event_id = _put(pillar, name, about), ids.new()
    save_named(pillar, _TAKEN)
    event_id = pillar.ledger_event_id
    ledger.record("strategy.pillar.changed", actor=by, about=pillar, fields=fields, event_id=event_id)
    return pillar


@verb
def retire_pillar(pillar: Pillar, *, by: Member) -> None:
    """Offer it to posts no more. Posts that name it keep it; its share is left over until the mix is set anew."""
    pillar = locked(Pillar, pillar.pk)
    if pillar.retired_at is not None:
        raise Conflict("It is retired already.")
    _switch(pillar, by, "strategy.pillar.retired", clock.now())


@verb
def restore_pillar(pillar: Pillar, *, by: Member) -> None:
    """Offer it again, without a share: that is set with the others'."""
    pillar = locked(Pillar, pillar.pk)
    if pillar.retired_at is None:
        raise Conflict("It is in use.")
    _switch(pillar, by, "strategy.pillar.restored", None)


@verb
def set_mix(by: Member, *, brand: Brand, shares: Mapping[Pillar, int]) -> list[Pillar]:
    """Say how many of a hundred posts each pillar in use is meant to have. Raises Invalid where they do not add up to
    a hundred, or one is left out."""
    if brand.workspace_id != by.workspace_id:
        raise Invalid("That brand is not in this workspace.", not_done=NOT_KEPT)
    rows = list(
        Pillar.objects.select_for_update().filter(brand=brand, retired_at__isnull=True).order_by("made_at")
    )
    given = {pillar.pk: share for pillar, share in shares.items()}
    if not rows or given.keys() != {row.pk for row in rows}:
        raise Invalid(
            "The pillars changed in between.", not_done=NOT_KEPT, next_step="Please look at them again."
        )
    if any(not 0 <= share <= 100 for share in given.values()) or sum(given.values()) != 100:
        raise Invalid(
            f"The shares add up to {sum(given.values())}, not to 100.",
            not_done=NOT_KEPT,
            next_step="Please give each pillar a number from 0 to 100, so that all together are 100.",
        )
    event_id = ids.new()
    for row in rows:
        row.share, row.ledger_event_id = given[row.pk], event_id
        row.save(update_fields=["share", "ledger_event_id"])
    said = "; ".join(f"{row.pk} {row.share}" for row in rows)
    ledger.record("strategy.mix.set", actor=by, about=brand, fields={"shares": said}, event_id=event_id)
    return rows


def _put(pillar: Pillar, name: str, about: str) -> dict:
    pillar.name = needed(name, "name", PILLAR_LENGTH, "Please give the pillar a name.")
    pillar.about = kept_line(about, "about", ABOUT_LENGTH)
    return {"label": pillar.name, "note": pillar.about}


def _switch(pillar: Pillar, by: Member, kind: str, retired_at: datetime | None) -> None:
    pillar.retired_at, pillar.share, pillar.ledger_event_id = retired_at, None, ids.new()
    pillar.save(update_fields=["retired_at", "share", "ledger_event_id"])
    ledger.record(kind, actor=by, about=pillar, event_id=pillar.ledger_event_id)
