"""What `up` costs: seconds until the first page on a warm start, and the memory of everything at rest."""

from __future__ import annotations

import sys
import time

import pytest

from tests.running import House, pss

pytestmark = [
    pytest.mark.prove,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc"),
]

SECONDS, BYTES = 8.0, 400_000_000


def test_a_warm_start_takes_eight_seconds_and_rest_takes_400_megabytes(capsys):
    house = House()
    try:
        house.up()
        assert house.stop() == 0
        house.up()
        time.sleep(20)
        at_rest = pss(house.processes())
        with capsys.disabled():
            print(f"\n  warm start {house.seconds:.1f} s; at rest {at_rest / 1e6:.0f} MB (PSS)")
        assert house.seconds <= SECONDS
        assert at_rest <= BYTES
        assert house.stop() == 0
    finally:
        house.end()
