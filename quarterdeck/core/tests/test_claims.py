"""The claim loop on a real PostgreSQL: what it works, when, and what it survives."""

from __future__ import annotations

import contextvars
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.test import TransactionTestCase

from quarterdeck.core import clock
from quarterdeck.core.claims import ClaimLoop, wake

pytestmark = pytest.mark.django_db(transaction=True)
CHANNEL = "qd_test_claims"

CLAIM = """
UPDATE claims_test AS d
   SET state = 'sending', attempt = d.attempt + 1, lease_until = %(now)s + %(lease)s
  FROM (SELECT id FROM claims_test
         WHERE (state = 'due' AND due_at <= %(now)s) OR (state = 'sending' AND lease_until <= %(now)s)
         ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED) AS free
 WHERE d.id = free.id
RETURNING d.id, d.attempt
"""
NEXT_DUE = """SELECT min(CASE state WHEN 'due' THEN due_at ELSE lease_until END)
                FROM claims_test WHERE state IN ('due', 'sending')"""
FINISH = "UPDATE claims_test SET state = 'sent' WHERE id = %s AND attempt = %s AND state = 'sending'"


def sql(statement: str, parameters=()) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


@dataclass
class Room:
    """A room in small: a table, its claim, its work, and what was worked."""

    lease: timedelta = timedelta(seconds=60)
    seconds: float = 0.0

    def __post_init__(self):
        self.worked: list[tuple[int, int]] = []
        self.largest_claim = 0
        self.fenced_off: list[tuple[int, int]] = []
        self.gate = threading.Event()
        self.gate.set()

    def claim(self, limit: int, now: datetime) -> list[tuple[int, int]]:
        rows = sql(CLAIM, {"now": now, "limit": limit, "lease": self.lease})
        self.largest_claim = max(self.largest_claim, len(rows))
        return rows

    def work(self, row: tuple[int, int]) -> None:
        assert not connection.in_atomic_block
        self.worked.append(row)
        self.gate.wait(20)
        time.sleep(self.seconds)
        with connection.cursor() as cursor:
            cursor.execute(FINISH, row)
            if cursor.rowcount == 0:
                self.fenced_off.append(row)

    def next_due(self) -> datetime | None:
        return sql(NEXT_DUE)[0][0]

    def loop(self, **changes) -> ClaimLoop:
        given = {"slots": 4, "longest_sleep": 15.0, "drain": 10.0} | changes
        return ClaimLoop(
            "test", claim=self.claim, work=self.work, next_due=self.next_due, channel=CHANNEL, **given
        )


@pytest.fixture(autouse=True, scope="module")
def _emptied_by_nobody():
    """Real commits, and no emptying of every table after each test: this table is ours alone."""
    each_time = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda self: None
    yield
    TransactionTestCase._fixture_teardown = each_time


@pytest.fixture
def table():
    sql("DROP TABLE IF EXISTS claims_test")
    sql(
        """CREATE TABLE claims_test (id int PRIMARY KEY, state text NOT NULL DEFAULT 'due',
           due_at timestamptz NOT NULL, attempt int NOT NULL DEFAULT 0, lease_until timestamptz)"""
    )
    yield
    sql("DROP TABLE claims_test")


def put(count: int, due: datetime | None = None, first: int = 1) -> None:
    sql(
        "INSERT INTO claims_test (id, due_at) SELECT n, %s FROM generate_series(%s::int, %s::int) n",
        [due or clock.now(), first, first + count - 1],
    )


@contextmanager
def running(*loops: ClaimLoop):
    stop = threading.Event()
    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(loop.run, stop)) for loop in loops
    ]
    for thread in threads:
        thread.start()
    try:
        yield stop
    finally:
        stop.set()
        for thread in threads:
            thread.join(20)
        assert not any(thread.is_alive() for thread in threads)


def until(true, seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.01)


def unsent() -> int:
    return sql("SELECT count(*) FROM claims_test WHERE state <> 'sent'")[0][0]


def test_two_loops_never_work_the_same_row(table):
    put(200)
    one, two = Room(seconds=0.002), Room(seconds=0.002)
    with running(one.loop(), two.loop()):
        until(lambda: unsent() == 0)
    times = Counter(one.worked + two.worked)
    assert len(times) == 200
    assert set(times.values()) == {1}
    assert one.worked
    assert two.worked
    assert max(one.largest_claim, two.largest_claim) <= 4


def test_it_claims_no_more_than_it_has_free_slots(table):
    put(10)
    room = Room()
    room.gate.clear()
    loop = room.loop(slots=3)
    with running(loop):
        until(lambda: len(room.worked) == 3)
        wake(CHANNEL)
        time.sleep(0.3)
        assert loop.busy == 3
        assert sql("SELECT count(*) FROM claims_test WHERE state = 'sending'")[0][0] == 3
        room.gate.set()
        until(lambda: unsent() == 0)


def test_a_notice_wakes_it_long_before_its_own_time(table):
    room = Room()
    with running(room.loop(longest_sleep=60.0)):
        time.sleep(0.5)  # it sleeps by now: there is nothing due, for a minute
        with transaction.atomic():
            put(1)
            wake(CHANNEL)
        until(lambda: unsent() == 0, seconds=10)


def test_without_a_notice_it_looks_again_by_itself(table):
    room = Room()
    with running(room.loop(longest_sleep=0.3)):
        time.sleep(0.1)
        put(1)
        until(lambda: unsent() == 0, seconds=10)


def test_the_future_is_not_early_and_is_not_late(table):
    due = clock.now() + timedelta(seconds=1.2)
    put(1, due=due)
    began: list[datetime] = []
    room = Room()
    first = room.work
    room.work = lambda row: (began.append(clock.now()), first(row))
    with running(room.loop(longest_sleep=60.0)):
        until(lambda: unsent() == 0)
    assert began[0] >= due
    assert began[0] - due < timedelta(seconds=5)  # far below the minute it would otherwise sleep


def test_a_moved_clock_reaches_claim_and_work(table):
    put(1, due=clock.now() + timedelta(days=3))
    room = Room()
    with clock.later(timedelta(days=4)), running(room.loop()):
        until(lambda: unsent() == 0)


def test_a_dead_workers_lease_ends_and_the_row_is_claimed_again(table):
    put(1)
    dead = Room(lease=timedelta(seconds=2.5))
    row = dead.claim(1, clock.now())[0]  # it claims, and is never heard of again
    room = Room()
    with running(room.loop(longest_sleep=60.0)):
        time.sleep(0.2)
        assert room.worked == []  # the lease still holds
        until(lambda: unsent() == 0)
    assert room.worked == [(1, row[1] + 1)]


def test_who_lost_the_lease_cannot_finish(table):
    put(1)
    slow, quick = Room(lease=timedelta(seconds=0.3)), Room()
    slow.gate.clear()
    with running(slow.loop(slots=1)):
        until(lambda: slow.worked == [(1, 1)])
        with running(quick.loop()):
            until(lambda: unsent() == 0)
        slow.gate.set()
        until(lambda: slow.fenced_off == [(1, 1)])
    assert quick.worked == [(1, 2)]
    assert quick.fenced_off == []


def test_a_failing_work_does_not_end_the_loop(table):
    put(3)
    room = Room(lease=timedelta(seconds=0.4))
    first, failed = room.work, []

    def work(row):
        if row == (2, 1):
            failed.append(row)
            raise RuntimeError("the network hung up")
        first(row)

    room.work = work
    with running(room.loop()):
        until(lambda: unsent() == 0)
    assert failed == [(2, 1)]
    assert (2, 2) in room.worked


def test_it_survives_the_end_of_every_connection(table):
    room = Room()
    with running(room.loop(longest_sleep=60.0)):
        put(1)
        wake(CHANNEL)
        until(lambda: unsent() == 0)
        sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        put(1, first=2)

        def sent_after_another_notice() -> bool:  # one given before it listens again is lost, as in life
            wake(CHANNEL)
            return unsent() == 0

        until(sent_after_another_notice)


def test_rows_written_while_it_could_not_listen_are_found(table, monkeypatch):
    room = Room()
    with running(room.loop(longest_sleep=60.0)):
        time.sleep(0.3)
        put(1)  # no notice at all: only the end of the connection makes it look again
        sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        until(lambda: unsent() == 0, seconds=10)


def test_a_claim_that_fails_is_tried_again(table):
    put(1)
    room = Room()
    first, failures = room.claim, []

    def claim(limit, now):
        if len(failures) < 3:
            failures.append(now)
            raise psycopg.OperationalError("the database is starting up")
        return first(limit, now)

    room.claim = claim
    with running(room.loop()):
        until(lambda: unsent() == 0)
    assert len(failures) == 3


def test_stopping_claims_nothing_more_and_lets_works_end(table):
    put(3)
    room = Room()
    room.gate.clear()
    with running(room.loop(slots=1)) as stop:
        until(lambda: len(room.worked) == 1)
        stop.set()
        time.sleep(0.2)
        room.gate.set()
    assert len(room.worked) == 1
    assert unsent() == 2


def test_stopping_gives_up_on_a_work_that_does_not_end(table):
    put(1)
    room = Room()
    room.gate.clear()
    began = time.monotonic()
    with running(room.loop(drain=0.3)) as stop:
        until(lambda: len(room.worked) == 1)
        stop.set()
    assert time.monotonic() - began < 10
    room.gate.set()
    until(lambda: unsent() == 0)


def test_an_idle_loop_holds_no_connection_of_djangos(table):
    seen: list[bool] = []

    class Watched(ClaimLoop):
        def _sleep(self, bell, seconds):
            seen.append(connections["default"].connection is None)
            super()._sleep(bell, seconds)

    room = Room()
    loop = Watched("test", claim=room.claim, work=room.work, next_due=room.next_due, channel=CHANNEL)
    with running(loop):
        until(lambda: len(seen) > 0)
    assert all(seen)


def test_a_notice_of_a_rolled_back_transaction_is_not_sent(table):
    from quarterdeck.core.notify import Listener

    listener = Listener(CHANNEL)
    assert listener.mend()
    try:
        with transaction.atomic():
            wake(CHANNEL, "rolled back")
            transaction.set_rollback(True)
        wake(CHANNEL, "kept")
        heard: list[str] = []
        until(lambda: heard.extend(listener.heard()) or heard)
        assert heard == ["kept"]
    finally:
        listener.close()


@pytest.mark.parametrize("name", ["Upper", "a-b", "1a", "", "a b", 'a"b', "a" * 64])
def test_a_channels_name_is_checked(name):
    with pytest.raises(ValueError):
        wake(name)


def test_a_notice_too_large_is_refused():
    with pytest.raises(ValueError):
        wake(CHANNEL, "é" * 4000)
