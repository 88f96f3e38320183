"""How a channel's connection stands: who looks at it now, and what the last look, or the last delivery, showed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.urls import reverse

from quarterdeck import live
from quarterdeck.channels import reads, standing
from quarterdeck.channels.contract import Health, Refused
from quarterdeck.channels.models import Channel, Checkup
from quarterdeck.core import clock
from quarterdeck.core.claims import wake
from quarterdeck.core.verbs import intake
from quarterdeck.crew import notify
from quarterdeck.crew.models import Member

WAKE = "channels_health"
EVERY = timedelta(hours=1)
LEASE = timedelta(minutes=4)  # longer than all the calls of one look
FIRST_PAUSE = timedelta(minutes=5)  # after a first failure; doubled with each, up to EVERY
LONGEST_WORDS = 1000

_CLAIM = """
UPDATE channels_checkup AS c SET next_at = %(until)s
  FROM (SELECT k.channel_id FROM channels_checkup k JOIN channels_channel h ON h.id = k.channel_id
         WHERE k.next_at <= %(now)s AND h.disconnected_at IS NULL
         ORDER BY k.next_at LIMIT %(limit)s FOR UPDATE OF k SKIP LOCKED) AS free
 WHERE c.channel_id = free.channel_id
RETURNING c.channel_id
"""


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the connection showed: how it stands, how long the sign-in lives, and whether its end is near
    although renewing was tried."""

    health: Health
    life: timedelta | None = None
    ends_soon: bool = False


@intake
def start(channel: Channel) -> None:
    """From now on it is looked at, the first time at once."""
    wake(WAKE)
    Checkup.objects.update_or_create(
        pk=channel.pk,
        defaults={
            "next_at": clock.now(),
            "reconnect": False,
            "ends_soon": False,
            "failure": "",
            "since": None,
        },
    )


@intake
def claim(limit: int, now: datetime) -> list[UUID]:
    """Lease the channels whose turn it is; their ids, the longest waiting first."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "until": now + LEASE, "limit": limit})
        return [row[0] for row in cursor.fetchall()]


@intake
def note_look(channel: Channel, look: Look) -> Checkup:
    """It answered. Asked for again in about an hour, or when its end comes near."""
    now = clock.now()
    kept = _locked(channel)
    before = _shown(kept)
    asks = look.ends_soon or bool(look.health.missing)
    kept.looked_at = kept.well_at = now
    kept.failures, kept.reconnect = 0, False
    kept.missing, kept.left = list(look.health.missing), list(look.health.left)
    kept.expires_at, kept.life, kept.ends_soon = look.health.expires_at, look.life, look.ends_soon
    kept.since = (kept.since or now) if asks else None
    kept.next_at = now + EVERY
    kept.save()
    _tell(channel, before, kept)
    return kept


@intake
def note_failure(channel: Channel, refused: Refused, signed_in: int | None) -> Checkup:
    """It did not let us in, or did not answer. Looked at again after a pause that grows to an hour.

    `signed_in` is the version of the sign-in when the look began: nothing is kept when a person has connected it anew
    or disconnected it meanwhile.
    """
    now = clock.now()
    kept = _locked(channel)
    if signed_in != reads.sign_in_version(channel):
        return kept
    before = _shown(kept)
    kept.looked_at = now
    _failed(kept, refused, now)
    pause = EVERY if kept.reconnect else min(EVERY, FIRST_PAUSE * 2 ** min(kept.failures - 1, 8))
    if refused.retry_after:
        pause = max(pause, timedelta(seconds=min(refused.retry_after, 86_400)))
    kept.next_at = now + pause
    kept.save()
    _tell(channel, before, kept)
    return kept


@intake
def went_well(channel: Channel) -> None:
    """A delivery was taken: the connection works. Written at most once a minute, because many may go out at once."""
    now = clock.now()
    stale = Q(well_at__isnull=True) | Q(well_at__lt=now - timedelta(minutes=1)) | Q(failures__gt=0)
    Checkup.objects.filter(stale, pk=channel.pk).update(well_at=now, failures=0)


@intake
def went_wrong(channel: Channel, refused: Refused) -> None:
    """A call was refused because of the connection (its sign-in, its permissions, its account), not of the post.
    The channel is looked at again at once."""
    kept = Checkup.objects.select_for_update().filter(pk=channel.pk).first()
    if kept is None:
        return
    before = _shown(kept)
    _failed(kept, refused, clock.now())
    kept.next_at = clock.now()
    kept.save()
    wake(WAKE)
    _tell(channel, before, kept)


def _locked(channel: Channel) -> Checkup:
    Checkup.objects.bulk_create([Checkup(channel_id=channel.pk, next_at=clock.now())], ignore_conflicts=True)
    return Checkup.objects.select_for_update().get(pk=channel.pk)


def _failed(kept: Checkup, refused: Refused, now: datetime) -> None:
    kept.failed_at, kept.failure = now, refused.words[:LONGEST_WORDS]
    kept.failures += 1
    if refused.reconnect:
        kept.since = kept.since if kept.reconnect else now
    kept.reconnect = refused.reconnect or (kept.reconnect and refused.transient)


def _shown(kept: Checkup) -> tuple:
    return (kept.reconnect, kept.ends_soon, tuple(kept.missing), kept.failures > 0, kept.looked_at is None)


def _tell(channel: Channel, before: tuple, kept: Checkup) -> None:
    """Open pages hear of what a person would see change; the leads are told when from now on it needs one of them."""
    if _shown(kept) == before:
        return
    live.announce(channel.workspace_id, [(Channel.ledger_name, str(channel.pk))])
    was_asking = before[0] or before[1]
    if (kept.reconnect or kept.ends_soon) and not was_asking:
        url = reverse("channels-channel", kwargs={"workspace": channel.workspace.slug, "pk": channel.pk})
        for member in Member.objects.filter(workspace=channel.workspace_id, left_at__isnull=True):
            if member.may("channels.channel.connect"):
                title = standing.request(channel, kept, member.zone)
                notify.tell(member, subject=title, text=standing.why(channel, kept), url=url)
