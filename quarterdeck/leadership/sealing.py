"""How a person's sheets are sealed: AES-256-GCM under a key derived for that person alone from the installation's key,
with the person, the kind and the day as context, so that no row can be read as another's or as another day's.

It keeps them from everybody who reads the database, a dump or a backup. It does not keep them from whoever runs the
machine and holds its key file: nothing on a machine can be kept from that person, and the pages say so.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from quarterdeck.core import secrets
from quarterdeck.crew.models import User
from quarterdeck.leadership.models import Sheet


def _key(user: User) -> bytes:
    return secrets.derive(f"leadership.sheet:{user.pk}")


def _context(user: User, kind: str, begins: date) -> str:
    return f"leadership.sheet:{user.pk}:{kind}:{begins.isoformat()}"


def seal(user: User, kind: str, begins: date, content: dict[str, Any]) -> bytes:
    said = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return secrets.seal(said, context=_context(user, kind, begins), key=_key(user))


def unseal(sheet: Sheet, user: User) -> dict[str, Any]:
    """What the sheet says. KeyProblem when it is not this person's, or was sealed under another installation's key."""
    context = _context(user, sheet.kind, sheet.begins)
    return json.loads(secrets.unseal(bytes(sheet.sealed), context=context, key=_key(user)))
