"""Two schedulers that Python users pick, at the same work: 5,000 jobs due in one instant, each one POST. Run in an
environment of their own: `python _sending_peers.py huey|apscheduler ADDRESS COUNT FOLDER` prints one line of JSON.
Neither keeps a fence, a ledger or a latest time; both keep their jobs in SQLite, as their documentation begins.
"""

import json
import logging
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import httpx

AHEAD = 45  # seconds from planning to the instant, so that planning is over by then
THREADS = 32
logging.disable(logging.CRITICAL)


class Work:
    """The call itself, and when all of them are done."""

    def __init__(self, address: str, count: int) -> None:
        self.client = httpx.Client(limits=httpx.Limits(max_connections=THREADS), timeout=30)
        self.address, self.left = address, count
        self.lock, self.over = threading.Lock(), threading.Event()

    def do(self, name: str) -> None:
        self.client.post(self.address, content=name).raise_for_status()
        with self.lock:
            self.left -= 1
            if not self.left:
                self.over.set()


def huey(work: Work, count: int, folder: str) -> float:
    from huey import SqliteHuey

    queue = SqliteHuey(filename=f"{folder}/huey.db", immediate=False)

    @queue.task()
    def publish(name: str) -> None:
        work.do(name)

    due = datetime.now() + timedelta(seconds=AHEAD)  # noqa: DTZ005 (its own way: local time)
    for number in range(count):
        publish.schedule((str(number),), eta=due)
    consumer = queue.create_consumer(workers=THREADS, worker_type="thread", check_worker_health=False)
    consumer.start()
    _wait(due.timestamp(), work)
    return due.timestamp()


def apscheduler(work: Work, count: int, folder: str) -> float:
    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.background import BackgroundScheduler

    global job
    job = work.do
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{folder}/jobs.db")},
        executors={"default": ThreadPoolExecutor(THREADS)},
        job_defaults={"misfire_grace_time": 900},
        timezone=UTC,
    )
    scheduler.start(paused=True)
    begun = time.monotonic()
    for number in range(100):  # how long planning takes here
        scheduler.add_job(
            "__main__:job", "date", run_date=datetime.now(UTC) + timedelta(days=1), args=[str(number)]
        )
    ahead = AHEAD + 2 * (time.monotonic() - begun) * count / 100
    scheduler.remove_all_jobs()
    due = datetime.now(UTC) + timedelta(seconds=ahead)
    for number in range(count):
        scheduler.add_job("__main__:job", "date", run_date=due, args=[str(number)])
    scheduler.resume()
    _wait(due.timestamp(), work)
    return due.timestamp()


def _wait(due: float, work: Work) -> None:
    """Until all is done; what the planning cost is not counted."""
    if time.time() > due - 0.5:
        raise RuntimeError("Planning took longer than expected; the figure would be wrong.")
    time.sleep(due - time.time() - 0.5)
    global before
    before = time.process_time()
    if not work.over.wait(180):
        raise RuntimeError(f"{work.left} calls were not made in three minutes.")


if __name__ == "__main__":
    name, address, count, folder = sys.argv[1:]
    before = 0.0
    todo = Work(address, int(count))
    instant = {"huey": huey, "apscheduler": apscheduler}[name](todo, int(count), folder)
    print(json.dumps({"due": instant, "cpu": time.process_time() - before}), flush=True)
    import os

    os._exit(0)
