"""What the worker and the listener do without end: one line a loop. Each runs in its own thread, see core/loops.py."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from quarterdeck.core.loops import Loop

_log = logging.getLogger("quarterdeck.worker")


def _heartbeat() -> Loop:
    from quarterdeck.core import outages

    return outages.heartbeat()


def _backups() -> Loop:
    from quarterdeck.core import backup
    from quarterdeck.core.backup import schedule as backup_nightly

    if _ledger_verifies not in backup_nightly.CHECKS:
        backup_nightly.CHECKS.append(_ledger_verifies)
    return backup.nightly()


def _ledger_verifies(url: str, files: Path) -> str:
    """Of a restored backup: every log is verified, in a process of its own, with the files restored beside it."""
    from quarterdeck.core import env

    files.mkdir(exist_ok=True)
    own = {"DATABASE_URL": url, "QUARTERDECK_DATA": str(files), "QUARTERDECK_KEYS": str(env.keys_dir())}
    command = [sys.executable, "-m", "quarterdeck", "ledger", "verify", "--all"]
    done = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | own, timeout=3600, check=False
    )
    said = " ".join((done.stdout + done.stderr).split())[-600:]
    return "" if done.returncode == 0 else f"The ledger in the backup does not verify: {said}"


def _sequencer() -> Loop:
    from quarterdeck.ledger import sequencer

    return sequencer.Sequencer()


def _reactions() -> Loop:
    from quarterdeck.config import reactions

    return reactions.loop()


def _channel_health() -> Loop:
    from quarterdeck.channels import health

    return health.loop()


def _channel_numbers() -> Loop:
    from quarterdeck.channels import numbers

    return numbers.loop()


def _sending() -> Loop:
    from quarterdeck.publishing import sending

    return sending.loop()


def _changing() -> Loop:
    from quarterdeck.changes import making

    return making.loop()


def _ahead() -> Loop:
    from quarterdeck.publishing import ahead

    return ahead.ready


class Jobs:
    """procrastinate's worker: jobs that carry no guarantee (reports, roll-ups, rendering)."""

    name = "jobs"

    def run(self, stop: threading.Event) -> None:
        asyncio.run(self._run(stop))

    async def _run(self, stop: threading.Event) -> None:
        from procrastinate.contrib.django import app, utils
        from procrastinate.psycopg_connector import PsycopgConnector

        from quarterdeck.core import loops

        connector = PsycopgConnector(kwargs=utils.connector_params(), min_size=1, max_size=5)
        async with app.with_connector(connector).open_async() as ours:
            working = asyncio.create_task(
                ours.run_worker_async(
                    concurrency=2,
                    install_signal_handlers=False,
                    fetch_job_polling_interval=30.0,
                    abort_job_polling_interval=30.0,
                    shutdown_graceful_timeout=loops.DRAIN,
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
    _ahead,
    _changing,
    _channel_health,
    _channel_numbers,
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
    from quarterdeck.core import loops, memory

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if makers:
        import django

        with memory.loading():
            django.setup()
    late = loops.run_all(makers, stop)
    if late:
        _log.warning("Stopped without waiting any longer for: %s.", ", ".join(late))
        logging.shutdown()
        os._exit(1)
    return 0
