"""Looks at every channel about once an hour, and renews its sign-in a week, a day or an hour ahead, as fits how long
it lives: nothing shall fail for the first time at the hour of publishing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from quarterdeck.channels import credentials, reads
from quarterdeck.channels.asking import ask
from quarterdeck.channels.contract import Health, Refused
from quarterdeck.channels.intake import checkups
from quarterdeck.channels.intake.checkups import Look
from quarterdeck.channels.models import Channel, Checkup, Credential
from quarterdeck.core import clock
from quarterdeck.core.claims import ClaimLoop

WEEK, DAY, HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)
SAME = timedelta(minutes=1)  # two ends this near are one end, told twice


def loop() -> ClaimLoop[UUID]:
    """The loop that the worker runs."""
    return ClaimLoop(
        "channels.health",
        claim=checkups.claim,
        work=_work,
        next_due=reads.next_checkup,
        channel=checkups.WAKE,
        slots=2,
    )


def _work(channel_pk: UUID) -> None:
    channel = Channel.objects.filter(pk=channel_pk, disconnected_at__isnull=True).first()
    if channel is not None:
        check(channel)


def ahead(life: timedelta) -> timedelta:
    """How long before its end a sign-in that lives so long is renewed."""
    if life >= 4 * WEEK:
        return WEEK
    if life >= 3 * DAY:
        return DAY
    return HOUR if life >= 3 * HOUR else credentials.MARGIN


def check(channel: Channel) -> Checkup:
    """Look at the connection now, and keep what it showed. Raises nothing: a refusal is what it showed."""
    signed_in = reads.sign_in_version(channel)
    try:
        look = _look(channel)
    except Refused as refused:
        return checkups.note_failure(channel, refused, signed_in)
    return checkups.note_look(channel, look)


def _look(channel: Channel) -> Look:
    found, life = _health(channel)
    if _is_near(found, life) and _renew(channel, life):
        found, life = _health(channel)
    return Look(found, life, ends_soon=_is_near(found, life))


def _health(channel: Channel) -> tuple[Health, timedelta | None]:
    found = ask(channel, lambda adapter: adapter.health())
    return found, _life(channel, found.expires_at)


def _life(channel: Channel, end: datetime | None) -> timedelta | None:
    """From when this end was first seen to the end itself."""
    if end is None:
        return None
    before = Checkup.objects.filter(pk=channel.pk).first()
    if before and before.life and before.expires_at and abs(before.expires_at - end) < SAME:
        return before.life
    return end - clock.now()


def _is_near(found: Health, life: timedelta | None) -> bool:
    return found.expires_at is not None and life is not None and found.expires_at - clock.now() <= ahead(life)


def _renew(channel: Channel, life: timedelta | None) -> bool:
    """Renew ahead of time; False when that was tried lately to no avail, or did not succeed (what is there may
    still be valid, so that is no failure yet)."""
    kept = Credential.objects.filter(pk=channel.pk).first()
    if kept is None or life is None or clock.now() - kept.changed_at < ahead(life) / 7:
        return False
    try:
        credentials.fresh(channel, expired=credentials.known(channel))
    except Refused:
        return False
    return True
