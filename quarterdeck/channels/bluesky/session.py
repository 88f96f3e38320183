"""A session at a Bluesky server: two tokens (JWT, RFC 7519). One signs us in for hours; the other renews both, once.

They are the server's own to check. We read in them only when they end, and what for they were given.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from quarterdeck.channels.bluesky.xrpc import No
from quarterdeck.channels.contract import Secrets

MAIN_PASSWORD = "com.atproto.access"  # noqa: S105  the scope of a token got with the account's main password


def secrets(said: Mapping[str, Any]) -> Secrets:
    """What a server's answer to signing in or renewing gives us to keep."""
    access, refresh = said.get("accessJwt"), said.get("refreshJwt")
    if not isinstance(access, str) or not access:
        raise No("Bluesky signed us in, but its answer cannot be read.", transient=True)
    return Secrets(
        {"access": access, "refresh": refresh if isinstance(refresh, str) else ""}, expires(access)
    )


def expires(token: str) -> datetime | None:
    """When a token ends; None when it does not say."""
    ends = _claims(token).get("exp")
    try:
        return datetime.fromtimestamp(ends, UTC) if isinstance(ends, int | float) else None
    except (OverflowError, ValueError, OSError):
        return None


def is_of_main_password(token: str) -> bool:
    return _claims(token).get("scope") == MAIN_PASSWORD


def _claims(token: str) -> Mapping[str, Any]:
    try:
        middle = token.split(".")[1]
        found = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (ValueError, IndexError):
        return {}
    return found if isinstance(found, dict) else {}
