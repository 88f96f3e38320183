"""One `quarterdeck up` for each journey: what one leaves is not in the way of the next, nor of its second try."""

from __future__ import annotations

import pytest

from tests.running import House


@pytest.fixture
def house():
    running = House()
    try:
        running.up()
        yield running
    finally:
        running.end()
