"""What was typed on the guided path, kept while it is typed. No act: the same again changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from quarterdeck.accountability.models import Draft, Slip
from quarterdeck.core import clock
from quarterdeck.core.verbs import intake


@intake
def keep_draft(slip: Slip, typed: Mapping[str, str | list[str]]) -> None:
    """Keep it for whoever goes on with the slip, on whatever device. Nothing for one that is corrected or over."""
    row = Slip.objects.select_for_update().get(pk=slip.pk)
    if row.ended_at is None and row.corrected_at is None:
        Draft.objects.update_or_create(slip=row, defaults={"typed": dict(typed), "kept_at": clock.now()})
