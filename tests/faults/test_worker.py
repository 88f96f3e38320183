"""The worker's own jobs, on a real queue."""

from __future__ import annotations

import threading

import pytest


@pytest.mark.django_db(transaction=True)
def test_the_jobs_loop_works_a_deferred_job_and_stops():
    from procrastinate.contrib.django import app

    from quarterdeck.config import worker

    stop = threading.Event()
    thread = threading.Thread(target=worker.Jobs().run, args=(stop,))
    deferred = app.configure_task("core.retry_stalled_jobs").defer(timestamp=0)
    thread.start()
    try:
        from procrastinate.contrib.django.models import ProcrastinateJob

        # Others may be deferred meanwhile: the same task is also periodic. A job that succeeded is deleted.
        ours = ProcrastinateJob.objects.filter(pk=deferred, status__in=["todo", "doing", "failed"])
        for _ in range(200):
            if not ours.exists():
                break
            threading.Event().wait(0.05)
        assert not ours.exists()
    finally:
        stop.set()
        thread.join(15)
    assert not thread.is_alive()
