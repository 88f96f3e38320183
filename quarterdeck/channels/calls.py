"""The one HTTP client through which networks are called: safe addresses only, connections kept, caps on everything."""

from __future__ import annotations

import functools

from quarterdeck.core import env
from quarterdeck.core.http import SafeClient

ANSWER = 20.0  # seconds for one call; a delivery's lease is longer than all the calls of one attempt


@functools.cache
def client() -> SafeClient:
    """Shared by all adapters of this process. Servers in a private network are called when the owner named them."""
    return SafeClient(allow=env.private_hosts(), total=ANSWER)
