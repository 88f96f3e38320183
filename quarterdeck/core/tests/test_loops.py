"""Loops: begun again after a failure, with a growing pause, and ended by their event."""

from __future__ import annotations

import threading

import pytest

from quarterdeck.core import loops


def test_a_loop_that_fails_begins_again_until_it_is_stopped(monkeypatch):
    monkeypatch.setattr(loops, "FIRST_PAUSE", 0.001)
    stop, runs = threading.Event(), []

    class Fails:
        name = "fails"

        def run(self, stop: threading.Event) -> None:
            runs.append(1)
            if len(runs) == 4:
                stop.set()
            raise RuntimeError("broken")

    loops.run_one(Fails, stop)
    assert len(runs) == 4


def test_a_loop_that_cannot_be_made_does_not_end_the_others(monkeypatch):
    monkeypatch.setattr(loops, "FIRST_PAUSE", 0.001)
    stop, tries = threading.Event(), []

    def broken():
        tries.append(1)
        raise ImportError("not there")

    def good():
        return loops.Every("good", 0.001, lambda: len(tries) > 3 and stop.set())

    assert loops.run_all([broken, good], stop, patience=5) == []
    assert len(tries) > 3


def test_each_part_of_a_stop_is_shorter_than_what_waits_for_it():
    import inspect

    from quarterdeck.core import claims

    drain = inspect.signature(claims.ClaimLoop).parameters["drain"].default
    assert drain == loops.DRAIN < loops.PATIENCE
    assert inspect.signature(loops.run_all).parameters["patience"].default == loops.PATIENCE


def test_who_does_not_end_is_named():
    stop, let_go = threading.Event(), threading.Event()

    class Stuck:
        name = "stuck"

        def run(self, stop: threading.Event) -> None:
            stop.wait()
            let_go.wait()

    threading.Timer(0.05, stop.set).start()
    assert loops.run_all([Stuck], stop, patience=0.05) == ["Stuck"]
    let_go.set()


@pytest.mark.django_db(transaction=True)
def test_connections_go_back_whatever_happens():
    from django.db import connection

    def fail() -> None:
        with loops.returning_connections():
            connection.ensure_connection()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert connection.connection is None


def test_a_job_of_a_worker_that_died_is_given_to_another():
    from procrastinate.contrib.django import app

    assert "core.retry_stalled_jobs" in app.tasks
    names = [task.task.name for task in app.periodic_registry.periodic_tasks.values()]
    assert "core.retry_stalled_jobs" in names
