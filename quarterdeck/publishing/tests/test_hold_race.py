"""After a hold has committed no publish call begins: raced, with the instants compared; and without the gate it is seen
that one does.
"""

from __future__ import annotations

import threading
import time
from contextlib import nullcontext
from pathlib import Path
from typing import ClassVar

import pytest
from django.db import connection

from quarterdeck.channels import adapters
from quarterdeck.channels.contract import Published
from quarterdeck.core import clock
from quarterdeck.core.claims import return_connections
from quarterdeck.publishing import gate, holding, intake, sending
from quarterdeck.publishing.tests import hold_race
from quarterdeck.publishing.tests.fake_racing import FakeRacingAdapter
from quarterdeck.publishing.tests.hold_race import race
from quarterdeck.publishing.verbs import holds
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = Path(__file__).resolve().parents[3] / "docs" / "exactly-once.md"


def test_no_call_begins_after_the_holds_commit():
    result = race(rounds=6, deliveries=200)
    assert result.sent + result.held == 1200
    assert result.sent, "something went out before a hold, or nothing was raced"
    assert (result.after_commit, result.after_lock) == (0, 0), result.line()


class Slow(FakeRacingAdapter):
    """Stands inside the gate, its first byte not yet gone, until it is told to go on."""

    inside: ClassVar[threading.Event]
    go_on: ClassVar[threading.Event]

    def publish(self, key, body, *, gate):
        with gate():
            self.inside.set()
            assert self.go_on.wait(30)
            self.left.append((key, time.monotonic_ns()))
        return Published(remote_id=key, url="")


@pytest.fixture
def pressed(monkeypatch):
    """A function that presses the button while a call stands inside the gate; gives the instants of the first byte
    and of the commit. `waits`: whether the button has to wait for the call."""
    monkeypatch.setitem(adapters.NETWORKS, "fake", Slow)
    Slow.inside, Slow.go_on = threading.Event(), threading.Event()
    Slow.left.clear()

    def press(count: int, *, waits: bool) -> tuple[int, int]:
        presser, committed = make.member(), []
        hold_race._plan(presser, count, clock.now())

        def work() -> None:
            for batch in intake.claim(1, clock.now()):
                sending.work(batch)

        def button() -> None:
            holds.place(presser)
            committed.append(time.monotonic_ns())

        worker, person = (threading.Thread(target=_returning, args=[f]) for f in (work, button))
        worker.start()
        assert Slow.inside.wait(30)
        person.start()
        if waits:
            _until(lambda: _waiting_for_the_lock() and not committed)
        else:
            person.join(30)
        Slow.go_on.set()
        worker.join(30)
        person.join(30)
        return Slow.left[0][1], committed[0]

    return press


def _returning(function) -> None:
    try:
        function()
    finally:
        return_connections()


def _until(condition) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _waiting_for_the_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return cursor.fetchone()[0] > 0


@pytest.mark.parametrize("count", [1, 3], ids=["one alone", "a set"])
def test_the_button_waits_for_a_call_that_was_let_through(pressed, count):
    left_at, committed_at = pressed(count, waits=True)
    assert left_at < committed_at


@pytest.mark.parametrize("count", [1, 3], ids=["one alone", "a set"])
def test_without_the_gate_a_call_begins_after_the_commit(monkeypatch, pressed, count):
    """Workers that only look in the claiming statement, as many do: what the race compares finds them."""
    monkeypatch.setattr(holding, "shared", lambda workspaces: nullcontext())
    monkeypatch.setattr(gate, "alone", lambda delivery: nullcontext())
    left_at, committed_at = pressed(count, waits=False)
    assert left_at > committed_at


def test_the_line_takes_the_place_of_the_last_one(tmp_path):
    page = tmp_path / "exactly-once.md"
    page.write_text("# Exactly once\n\nHold race: an older one.\n\nMore.\n")
    result = hold_race.Result(2, 1000, "2 sending loops", sent=900, held=1100, waited=[0.001, 0.003])
    hold_race.write(result, page)
    hold_race.write(result, page)
    words = page.read_text()
    assert words.count("Hold race:") == 1
    assert "**0 began after its commit**" in words
    assert words.endswith("\n\nMore.\n")


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_two_hundred_rounds_of_a_thousand_with_two_processes():
    result = race(rounds=200, deliveries=1000, loops=2, processes=2)
    hold_race.write(result, PAGE)
    assert result.mixed > 50, result.line()
    assert (result.after_commit, result.after_lock) == (0, 0), result.line()
