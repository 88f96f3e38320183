"""What the worker and the listener do without end: one line a loop. Each runs in its own thread, see core/loops.py."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable

from quarterdeck.core.loops import Loop

_log = logging.getLogger("quarterdeck.worker")


def _heartbeat() -> Loop:
    from quarterdeck.core import outages

    return outages.heartbeat()


def _backups() -> Loop:
    from quarterdeck.core import backup

    return backup.nightly()


def _sequencer() -> Loop:
    from quarterdeck.ledger import sequencer

    return sequencer.Sequencer()


def _reactions() -> Loop:
    from quarterdeck.config import reactions

    return reactions.loop()


def _sending() -> Loop:
    from quarterdeck.publishing import sending

    return sending.loop()


class Jobs:
    """procrastinate's worker: jobs that carry no guarantee (reports, roll-ups, rendering)."""

    name = "jobs"

    def run(self, stop: threading.Event) -> None:
        asyncio.run(self._run(stop))

    async def _run(self, stop: threading.Event) -> None:
        from procrastinate.contrib.django import app, utils
        from procrastinate.psycopg_connector import PsycopgConnector

        connector = PsycopgConnector(kwargs=utils.connector_params(), min_size=1, max_size=5)
        async with app.with_connector(connector).open_async() as ours:
            working = asyncio.create_task(
                ours.run_worker_async(
                    concurrency=2,
                    install_signal_handlers=False,
                    fetch_job_polling_interval=30.0,
                    abort_job_polling_interval=30.0,
                    shutdown_graceful_timeout=8.0,
                    delete_jobs="successful",
                )
            )
            while not stop.is_set() and not working.done():
                await asyncio.wait({working}, timeout=0.5)
            if not working.done():
                working.cancel()
                await asyncio.wait({working})
            if not working.cancelled() and (failure := working.exception()) is not None:
                raise failure


LOOPS: list[Callable[[], Loop]] = [
    _heartbeat,
    _backups,
    _sequencer,
    _reactions,
    _sending,
    Jobs,
]



def _inbound_mail() -> Loop:
    from quarterdeck.crew import inbound

    return inbound.poller()


LISTENERS: list[Callable[[], Loop]] = [_inbound_mail]


def work() -> int:
    """Run LOOPS until a signal; 0 when all ended in time."""
    return _run(LOOPS)


def listen() -> int:
    """Run LISTENERS until a signal. With none there is nothing to load: it idles without Django."""
    return _run(LISTENERS)


def _run(makers: list[Callable[[], Loop]]) -> int:
    from quarterdeck.core import loops

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if makers:
        import django

        django.setup()
    late = loops.run_all(makers, stop)
    if late:
        _log.warning("Stopped without waiting any longer for: %s.", ", ".join(late))
        logging.shutdown()
        os._exit(1)
    return 0
