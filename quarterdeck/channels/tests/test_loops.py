"""The loops as the worker runs them: what is due is seen to without anybody asking, and they stop when told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from quarterdeck.channels import health, numbers
from quarterdeck.channels.contract import Published
from quarterdeck.channels.intake import follow
from quarterdeck.channels.models import Checkup, Snapshot
from quarterdeck.channels.tests.world import connected
from quarterdeck.core import clock
from quarterdeck.core.claims import LONGEST_SLEEP

pytestmark = pytest.mark.django_db(transaction=True)


def run_until(
    loop, is_done: Callable[[], bool], begin: Callable[[], object] = bool, within: float = 30
) -> None:
    """Run the loop, do `begin` once it sleeps, and wait at most `within` seconds."""
    stop = threading.Event()
    thread = threading.Thread(target=loop.run, args=(stop,))
    thread.start()
    try:
        time.sleep(0.5)  # it has asked, and found nothing
        begin()
        deadline = time.monotonic() + within
        while not is_done():
            assert time.monotonic() < deadline, "the loop did not do it"
            time.sleep(0.05)
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive()


def test_a_channel_is_looked_at_as_soon_as_it_is_connected(server):
    well = Checkup.objects.filter(well_at__isnull=False)
    run_until(health.loop(), well.exists, connected, within=LONGEST_SLEEP - 3)


def test_a_snapshot_that_is_due_is_taken(server):
    channel = connected()
    server.set(counts={"p1": {"likes": 7}})
    follow(channel, Published("p1", ""), "Soup.", clock.now() - timedelta(hours=1, minutes=5))
    run_until(numbers.loop(), lambda: Snapshot.objects.filter(taken_at__isnull=False).exists())
    assert Snapshot.objects.get(taken_at__isnull=False).counts == {"likes": 7}
