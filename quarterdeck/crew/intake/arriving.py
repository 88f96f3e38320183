"""Mail that arrived, handed to the first room that wants it, once."""

from __future__ import annotations

import hashlib
import logging

from django.db import transaction

from quarterdeck.core import clock, registries
from quarterdeck.core.registries import InboundMail
from quarterdeck.core.verbs import intake
from quarterdeck.crew.models import SeenMail

log = logging.getLogger("quarterdeck.crew.inbound")

ATTEMPTS = 3  # of a hook that fails, before the message is laid aside


@intake
def take_mail(message: InboundMail) -> tuple[bool, bool]:
    """Hand a message to the first hook that wants it: (was it new, is it settled).

    Idempotent by Message-ID. A hook's writes and the memory of the message are one transaction; a hook that
    fails is undone and tried again, three times in all.
    """
    key = hashlib.sha256(message.message_id.encode()).digest()
    SeenMail.objects.bulk_create(
        [SeenMail(message_hash=key, first_seen_at=clock.now())], ignore_conflicts=True
    )
    seen = SeenMail.objects.select_for_update().get(message_hash=key)
    if seen.done_at is not None:
        return False, True
    seen.attempts += 1
    try:
        with transaction.atomic():
            seen.taken_by = _first_hook(message)
    except Exception as wrong:
        log.exception("A hook for incoming mail failed on %s.", message.message_id)
        seen.problem = f"{type(wrong).__name__}: {wrong}"[:300]
        seen.done_at = clock.now() if seen.attempts >= ATTEMPTS else None
    else:
        seen.done_at, seen.problem = clock.now(), ""
    seen.save()
    return seen.done_at is not None and not seen.problem, seen.done_at is not None


def _first_hook(message: InboundMail) -> str:
    for name, hook in registries.inbound_mail:
        if hook(message):
            return name
    return ""
