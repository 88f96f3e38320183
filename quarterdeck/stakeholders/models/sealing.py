"""How the names and addresses of people outside the team are kept: sealed, never in the ledger, so that they can be
forgotten. A row that is sealed no more has forgotten them."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from quarterdeck.core import secrets


def seal(words: dict[str, str], *, context: str) -> bytes:
    """{"name", "email", ...} as they are kept; `context` is the row they belong to."""
    return secrets.seal(json.dumps(words).encode(), context=context)


def opened(sealed: Any, *, context: str) -> dict[str, str]:
    """What `seal` kept; an empty dict once it was forgotten."""
    return json.loads(secrets.unseal(bytes(sealed), context=context)) if sealed else {}


def address_hash(address: str) -> bytes:
    """By which an address is found again without standing anywhere: 32 bytes, keyed by this installation."""
    key = secrets.derive("stakeholders.address")
    return hmac.new(key, address.strip().lower().encode(), hashlib.sha256).digest()
