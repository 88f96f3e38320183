"""What signs us in, as it is kept: at connection, at each renewal, and not at all after disconnecting. And the
connections that have begun and go on at the network.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Q

from quarterdeck.channels import credentials, reads
from quarterdeck.channels.contract import Elsewhere, Secrets
from quarterdeck.channels.models import Beginning, Channel, Credential
from quarterdeck.core import clock, secrets
from quarterdeck.core.problems import Conflict
from quarterdeck.core.verbs import intake
from quarterdeck.crew.models import Brand, Member

LEASE = timedelta(seconds=90)  # longer than all the calls of one renewal
HALF_AN_HOUR = timedelta(minutes=30)


@intake
def keep(channel: Channel, given: Secrets) -> None:
    """Keep a new sign-in whole in place of the old: nothing of that one is any good with it (its refresh token was
    given to another registration). A renewal is another matter: `keep_renewed`."""
    old = Credential.objects.select_for_update().filter(pk=channel.pk).first()
    values = {name: value for name, value in given.values.items() if value}
    if not values:
        return forget(channel)
    Credential.objects.update_or_create(
        pk=channel.pk,
        defaults={
            "sealed": credentials.sealed(channel.pk, values),
            "expires_at": given.expires_at,
            "version": old.version + 1 if old else 1,
            "changed_at": clock.now(),
            "renewing_until": None,
        },
    )
    return None


@intake
def forget(channel: Channel) -> None:
    """Delete what signs us in; what began and waits for an answer of the network ends with it."""
    Credential.objects.filter(pk=channel.pk).delete()
    Beginning.objects.filter(channel=channel).delete()


@intake
def take_renewal(kept: Credential, now: datetime) -> bool:
    """Take the lease to renew exactly this version of the sign-in; False when somebody else has it or renewed."""
    free = Q(renewing_until__isnull=True) | Q(renewing_until__lte=now)
    mine = Credential.objects.filter(free, pk=kept.pk, version=kept.version)
    return mine.update(renewing_until=now + LEASE) == 1


@intake
def give_back(kept: Credential) -> None:
    """The network answered and gave nothing new: the next may try."""
    Credential.objects.filter(pk=kept.pk, version=kept.version).update(renewing_until=None)


@intake
def keep_renewed(kept: Credential, given: Secrets) -> bool:
    """Write a renewed sign-in over the one it renews; False when that is no longer the one kept.

    Whoever holds the lease by now does not matter: the answer is real, and the old token may be spent.
    """
    values = given.over(credentials.opened(kept))
    return (
        Credential.objects.filter(pk=kept.pk, version=kept.version).update(
            sealed=credentials.sealed(kept.pk, values),
            expires_at=given.expires_at,
            version=kept.version + 1,
            changed_at=clock.now(),
            renewing_until=None,
        )
        == 1
    )


# --- a connection that goes on at the network -------------------------------------------------------


@intake
def begin(
    by: Member, *, brand: Brand, network: str, elsewhere: Elsewhere, channel: Channel | None = None
) -> Beginning:
    """Keep what the connector needs when the person is back. The oldest that were never finished go."""
    now = clock.now()
    Beginning.objects.filter(expires_at__lt=now - HALF_AN_HOUR).delete()
    begun = Beginning(
        member=by,
        brand=brand,
        network=network,
        channel=channel,
        state_hash=reads.state_hash(elsewhere.keep["state"]),
        begun_at=now,
        expires_at=now + HALF_AN_HOUR,
    )
    kept = json.dumps({"url": elsewhere.url, "keep": dict(elsewhere.keep)}).encode()
    begun.sealed = secrets.seal(kept, context=reads.sealed_for(begun))
    begun.save()
    return begun


@intake
def use(begun: Beginning, answer: Mapping[str, str]) -> dict[str, str]:
    """What was kept for the connector, once, when the answer carries its state. Conflict in words otherwise."""
    if reads.state_hash(answer.get("state", "")) != bytes(begun.state_hash):
        raise Conflict(
            "This answer does not belong to the connection that was begun here.",
            not_done="Nothing was connected.",
            next_step="Please begin again, and finish in the same browser.",
        )
    now = clock.now()
    fresh = Beginning.objects.filter(pk=begun.pk, used_at__isnull=True, expires_at__gt=now)
    if fresh.update(used_at=now) != 1:
        raise Conflict(
            "This connection was finished already, or begun more than half an hour ago.",
            not_done="Nothing was connected just now.",
            next_step="If the channel is not in the list, please begin again.",
        )
    return dict(reads.elsewhere(begun).keep)
