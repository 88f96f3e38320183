"""Short addresses of this installation's own, for links whose rule asks for it: <public address>/l/<code>.

A code is derived from the workspace and the whole address (HMAC-SHA256, RFC 2104, 50 bits), so it is known before the
post is saved and is the same whenever it is saved again. It leads nowhere before a post was saved with it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from uuid import UUID

from quarterdeck.core import clock, reach, secrets
from quarterdeck.publishing.models import Post, ShortLink

PATH = "/l/"
LENGTH = 10  # letters of a code


def base() -> str:
    """What every short address begins with, or "" while this installation has no public address that was tested."""
    now = reach.status()
    return now.url + PATH if now.passed else ""


def code(workspace_id: UUID, url: str) -> str:
    """The code of an address: ten letters and digits."""
    said = f"{workspace_id}:{url}".encode()
    digest = hmac.new(secrets.derive("publishing.short"), said, hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:LENGTH]


def keep(posts: Iterable[Post]) -> None:
    """Let the short addresses of these posts lead where they should, as part of the act that saved them."""
    now = clock.now()
    found = {
        short.rpartition("/")[2]: ShortLink(
            code=short.rpartition("/")[2], workspace_id=post.workspace_id, url=url, made_at=now
        )
        for post in posts
        for url, short in post.terms.get("short", {}).items()
    }
    if found:
        ShortLink.objects.bulk_create(found.values(), ignore_conflicts=True)
