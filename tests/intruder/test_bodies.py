"""All that is being sent at one time has a bound together: nobody fills the disk by sending slowly."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from quarterdeck.config import bodies
from quarterdeck.config.bodies import Body, Refused

SCOPE = {"headers": []}


def _sends(*chunks: bytes):
    left = list(chunks)

    async def receive():
        chunk = left.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(left)}

    return receive


def _run(coroutine) -> None:
    """In a thread of its own: a browser test before this one may have left a loop running in the test's."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, coroutine).result()


def test_bodies_share_one_bound(monkeypatch):
    monkeypatch.setattr(bodies, "HELD_AT_MOST", 100)
    first, second, third = Body(), Body(), Body()
    _run(first.read(SCOPE, _sends(b"a" * 40, b"b" * 20)))
    with pytest.raises(Refused) as refused:
        _run(second.read(SCOPE, _sends(b"c" * 39, b"d" * 2)))
    assert refused.value.status == 503
    second.close()
    first.close()
    first.close()  # twice counts once
    _run(third.read(SCOPE, _sends(b"e" * 100)))
    third.close()
    assert Body.held == 0
