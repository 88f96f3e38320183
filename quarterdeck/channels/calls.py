"""The one HTTP client through which networks are called: safe addresses only, connections kept, caps on everything."""

from __future__ import annotations

import functools
from datetime import timedelta

from quarterdeck.core import env
from quarterdeck.core.http import SafeClient

ANSWER = 20.0  # seconds for one call; a delivery's lease is longer than all the calls of one attempt
# Since a call began: it may take ANSWER, and a server may go on with it for a minute after the line broke. Before that
# what does not stand there is not known to be absent.
SETTLED = timedelta(seconds=60 + ANSWER)


@functools.cache
def client() -> SafeClient:
    """Shared by all adapters of this process. Servers in a private network are called when the owner named them."""
    return SafeClient(allow=env.private_hosts(), total=ANSWER)
