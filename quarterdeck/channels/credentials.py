"""What signs us in to a channel's network: opened for a call, never shown, never logged; renewed by one at a time.

Many networks give a refresh token that works once. So whoever renews holds the credential's lease (compare and set
on its row), calls the network outside any transaction, and commits the answer before anybody uses it. The others
use what is still valid, or wait a moment. A renewal that was cut off between the network's answer and our commit
is tried once more; where the network then says no, only a person can mend it, and is told why.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from quarterdeck.channels.contract import Account, Refused
from quarterdeck.core import clock, secrets

if TYPE_CHECKING:
    from quarterdeck.channels.models import Channel, Credential

MARGIN = timedelta(minutes=5)  # what ends within this is renewed before it is used
PATIENCE = 25.0  # seconds to wait for somebody else's renewal: one call and a little
LOOK = 0.1  # seconds between two looks for it


def context(channel_pk: UUID) -> str:
    """What a channel's secrets are sealed for: they open for no other channel."""
    return f"channels.credential:{channel_pk}"


def sealed(channel_pk: UUID, values: Mapping[str, str]) -> bytes:
    """The secrets as they are kept."""
    return secrets.seal(json.dumps(dict(values)).encode(), context=context(channel_pk))


def opened(kept: Credential) -> dict[str, str]:
    """The secrets by name."""
    return json.loads(secrets.unseal(bytes(kept.sealed), context=context(kept.pk)))


def account(channel: Channel) -> Account:
    """Whom an adapter speaks for: the channel with its secrets opened, as last kept."""
    return _account(channel, getattr(channel, "credential", None))


def known(channel: Channel) -> Account:
    """The same, read anew."""
    return _account(channel, _kept(channel))


def fresh(channel: Channel, *, expired: Account | None = None) -> Account:
    """Whom to speak for now: renewed when it ends within five minutes, or when the network said of `expired` (the
    account used for that call) that its sign-in has run out.

    Call it outside any transaction. Raises Refused: with `reconnect` when a person must sign in again, `transient`
    when it may work later.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        kept = _kept(channel)
        now_known = _account(channel, kept)
        if kept is None or not _is_due(kept, now_known, expired):
            return now_known
        usable = _is_usable(kept, now_known, expired)
        if _take(kept):
            return _renewed(channel, kept, now_known, usable=usable)
        if usable:
            return now_known
        if time.monotonic() >= deadline:
            raise Refused(
                f"The sign-in of {channel.name} is being renewed, and that takes longer than usual.",
                transient=True,
            )
        time.sleep(LOOK)


def lasts(channel: Channel) -> bool:
    """Whether the channel was loaded together with its sign-in, and that does not end soon: no need to read again."""
    if not type(channel).credential.is_cached(channel):
        return False
    kept = getattr(channel, "credential", None)
    return kept is None or kept.expires_at is None or kept.expires_at - clock.now() > MARGIN


def _kept(channel: Channel) -> Credential | None:
    from quarterdeck.channels.models import Credential

    return Credential.objects.filter(pk=channel.pk).first()


def _account(channel: Channel, kept: Credential | None) -> Account:
    return Account(
        handle=channel.handle,
        remote_id=channel.remote_id,
        server=channel.server,
        secrets=opened(kept) if kept else {},
        facts=channel.facts,
    )


def _is_refused(now_known: Account, expired: Account | None) -> bool:
    """True when what is kept now is what the network no longer takes, and not already something newer."""
    return expired is not None and dict(now_known.secrets) == dict(expired.secrets)


def _is_due(kept: Credential, now_known: Account, expired: Account | None) -> bool:
    near = kept.expires_at is not None and kept.expires_at - clock.now() <= MARGIN
    return near or _is_refused(now_known, expired)


def _is_usable(kept: Credential, now_known: Account, expired: Account | None) -> bool:
    return not _is_refused(now_known, expired) and (kept.expires_at is None or kept.expires_at > clock.now())


def _take(kept: Credential) -> bool:
    from quarterdeck.channels.intake import signins

    with transaction.atomic(durable=True):  # a lease, and later a token, that others cannot see would be none
        return signins.take_renewal(kept, clock.now())


def _renewed(channel: Channel, kept: Credential, old: Account, *, usable: bool) -> Account:
    """Renew as the holder of the lease, and commit before anybody uses it."""
    from quarterdeck.channels import adapters
    from quarterdeck.channels.intake import signins

    cut_off = kept.renewing_until is not None  # its lease ran out: whoever held it never came to commit
    try:
        found = adapters.kind(channel)(old).renew()
    except Refused as refused:
        return _not_renewed(channel, kept, old, refused, usable=usable, cut_off=cut_off)
    if any(found.values.values()):
        with transaction.atomic(durable=True):
            signins.keep_renewed(kept, found)
        return _account(channel, _kept(channel))  # somebody may have signed in anew meanwhile: theirs counts
    signins.give_back(kept)
    if usable:
        return old
    raise Refused(
        f"The sign-in of {channel.name} has ended, and {channel.title} does not renew it. Please connect it again.",
        reconnect=True,
    )


def _not_renewed(
    channel: Channel, kept: Credential, old: Account, refused: Refused, *, usable: bool, cut_off: bool
) -> Account:
    from quarterdeck.channels.intake import signins

    signins.give_back(kept)
    latest = _kept(channel)
    if latest is not None and latest.version != kept.version:
        return _account(channel, latest)
    if usable:
        return old
    if refused.reconnect and cut_off:
        raise Refused(
            f"A renewal of the sign-in of {channel.name} was cut off before its answer could be kept, and"
            f" {channel.title} no longer takes the one we have. Please connect it again.",
            reconnect=True,
        ) from refused
    raise refused
