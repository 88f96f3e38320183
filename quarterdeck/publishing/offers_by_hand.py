"""What posting by hand offers to every page: the one thing that is in this member's hands now."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from quarterdeck.core.registries import StripFact
from quarterdeck.crew.models import Member
from quarterdeck.publishing.models import Delivery, DeliveryState


def strip(who: Member) -> Iterable[StripFact]:
    """ "Post by hand: harbour and 2 more", with the way to the first."""
    rows = Delivery.objects.filter(
        workspace=who.workspace, state=DeliveryState.HANDED, post__answerable=who
    ).select_related("channel")
    mine = list(rows.order_by("handed_at")[:10])
    if not mine:
        return []
    url = reverse("publishing-by-hand", kwargs={"workspace": who.workspace.slug, "pk": mine[0].pk})
    more = f" and {len(mine) - 1} more" if len(mine) > 1 else ""
    return [StripFact("Post by hand:", f"{mine[0].channel.name}{more}", "attention", url)]
