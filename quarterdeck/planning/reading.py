"""Reading a calendar that stands elsewhere: through the safe client, bounded, outside any transaction."""

from __future__ import annotations

import functools

from quarterdeck.core import secrets
from quarterdeck.core.http import SafeClient
from quarterdeck.core.problems import Problem
from quarterdeck.planning.models import Layer

LARGEST = 2 * 1024 * 1024


@functools.cache
def client() -> SafeClient:
    return SafeClient(largest=LARGEST, total=20.0)


def sealed_for(layer: Layer) -> str:
    """What the address is sealed for: it opens for no other row."""
    return f"planning.layer:{layer.pk}"


def fetch(layer: Layer) -> bytes:
    """What stands at its address now. Problem, in words without the address, when it cannot be had."""
    url = secrets.unseal(bytes(layer.sealed), context=sealed_for(layer)).decode()
    answer = client().get(url, headers={"Accept": "text/calendar, */*;q=0.1"})
    if answer.status_code != 200:
        raise Problem(f"{layer.host} answered {answer.status_code} instead of a calendar.")
    return answer.content
