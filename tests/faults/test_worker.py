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
    app.configure_task("core.retry_stalled_jobs").defer(timestamp=0)
    thread.start()
    try:
        from procrastinate.contrib.django.models import ProcrastinateJob

        for _ in range(200):
            if not ProcrastinateJob.objects.filter(status__in=["todo", "doing"]).exists():
                break
            threading.Event().wait(0.05)
        assert not ProcrastinateJob.objects.filter(status__in=["todo", "doing", "failed"]).exists()
    finally:
        stop.set()
        thread.join(15)
    assert not thread.is_alive()
