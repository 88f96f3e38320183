"""Kinds that only these tests record."""

import pytest

from quarterdeck import ledger
from quarterdeck.ledger import kinds


@pytest.fixture
def declared():
    before = dict(kinds.KINDS)
    ledger.declare(
        ledger.Event(
            "ledger.thing.done",
            {"state": ledger.plain(), "words": ledger.personal(), "name": ledger.personal(of="about")},
            "Thing done",
        )
    )
    yield
    kinds.KINDS.clear()
    kinds.KINDS.update(before)
