"""A post names what it is for. What was named before it went out is told apart from what was named afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.publishing.models import DeliveryState, Post, Purpose
from quarterdeck.publishing.rows import locked
from quarterdeck.strategy.models import Campaign, Objective, Pillar

_OUT = (DeliveryState.SENDING, DeliveryState.ACCEPTED, DeliveryState.AMBIGUOUS)
_NOT_NAMED = "What the post names is as it was."
NOUNS = ("campaign", "objective", "pillar")


@dataclass(frozen=True, slots=True)
class Named:
    """What a post is to name. A campaign brings its own objective where no other is named."""

    campaign: Campaign | None = None
    objective: Objective | None = None
    pillar: Pillar | None = None

    def whole(self) -> Named:
        """With the objective that its campaign brings, while that runs."""
        brought = self.campaign.objective if self.campaign and self.objective is None else None
        if brought is None or not brought.runs:
            return self
        return Named(self.campaign, brought, self.pillar)

    def same_as(self, purpose: Purpose | None) -> bool:
        """Whether the post names just that already."""
        return all(
            getattr(purpose, f"{noun}_id", None) == getattr(getattr(self, noun), "pk", None) for noun in NOUNS
        )


@verb
def name_purpose(post: Post, *, by: Member, named: Named) -> Purpose:
    """Say which campaign, objective and pillar a post is for, in place of what it named. Of each that changes it is
    kept whether the post was out by then. Raises Invalid for one of elsewhere and for one that has ended, unless the
    post names it already; Conflict where nothing changes."""
    post = locked(post)
    purpose = Purpose.objects.select_for_update().filter(post=post).first()
    named = named.whole()
    if named.same_as(purpose):
        raise Conflict("The post names that already.")
    if purpose is None:
        purpose = Purpose(workspace=post.workspace, post=post)
    is_out = post.deliveries.filter(state__in=_OUT).exists()
    for noun in NOUNS:
        row = getattr(named, noun)
        if getattr(purpose, f"{noun}_id") != (row.pk if row else None):
            _check(row, by)
            setattr(purpose, noun, row)
            setattr(purpose, f"{noun}_after", is_out and row is not None)
    purpose.named_at, purpose.ledger_event_id = clock.now(), ids.new()
    purpose.save()
    fields = {noun: str(getattr(purpose, f"{noun}_id") or "") for noun in NOUNS} | {"afterwards": is_out}
    event_id = purpose.ledger_event_id
    ledger.record("publishing.post.purpose_named", actor=by, about=post, fields=fields, event_id=event_id)
    return purpose


def _check(row: Campaign | Objective | Pillar | None, by: Member) -> None:
    """Invalid for what a post of this workspace cannot begin to name."""
    if row is None:
        return
    if row.workspace_id != by.workspace_id:
        raise Invalid("That is not in this workspace.", not_done=_NOT_NAMED)
    if isinstance(row, Pillar):
        ended, word = row.retired_at is not None, "pillar is not in use any more"
    elif isinstance(row, Campaign):
        ended, word = not row.runs, "campaign has ended"
    else:
        ended, word = not row.runs, "objective was read out already"
    if ended:
        raise Invalid(f"That {word}.", not_done=_NOT_NAMED, next_step="Choose another one, or none.")
