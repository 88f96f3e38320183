"""What channels ask of the leads on their Desk: to sign in anew, ahead of time where the end is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from quarterdeck.channels import standing
from quarterdeck.channels.models import Checkup
from quarterdeck.core.registries import AgendaItem, ItemAction
from quarterdeck.crew.models import Member


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """In no order: the Desk ranks."""
    if not who.may("channels.channel.connect"):
        return
    asks = Q(reconnect=True) | Q(ends_soon=True) | ~Q(missing=[])
    here = Checkup.objects.filter(
        asks, channel__workspace=who.workspace_id, channel__disconnected_at__isnull=True
    )
    for kept in here.select_related("channel"):
        yield _item(who, kept, now)


def _item(who: Member, kept: Checkup, now: datetime) -> AgendaItem:
    channel = kept.channel
    parts = {"workspace": who.workspace.slug, "pk": channel.pk}
    url = reverse("channels-channel", kwargs=parts)
    again = reverse("channels-channel-reconnect", kwargs=parts)
    return AgendaItem(
        key=f"channels.reconnect:{channel.pk}:{kept.since:%Y%m%d%H%M}"
        if kept.since
        else f"channels:{channel.pk}",
        kind="decide",
        title=standing.request(channel, kept, who.zone),
        why=standing.why(channel, kept),
        url=url,
        since=kept.since or now,
        consequence=88 if kept.reconnect else 70 if kept.ends_soon else 50,
        due=kept.expires_at if kept.ends_soon and not kept.reconnect else None,
        actions=(ItemAction("Reconnect", again, primary=True), ItemAction("Look at it", url)),
    )
