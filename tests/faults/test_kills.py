"""Whatever is killed comes back by itself, nothing outlives the supervisor, and no committed row is lost.

The tests of this file share one installation and run in the order in which they stand.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from quarterdeck.core.supervisor.pulse import Patience
from tests import running
from tests.running import PATIENCE, House, alive, quarterdeck

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="looks at processes through /proc"
)


@pytest.fixture(scope="module")
def house():
    made = House()
    try:
        made.up()
        yield made
    finally:
        made.end()


def test_it_is_ready_with_all_its_parts(house):
    house.wait_for(lambda: "Ctrl-C stops it" in house.said(), "it greets")
    for name in ("web", "worker", "listen", "postgres"):
        assert house.child(name), name
    assert f"Quarterdeck runs at http://localhost:{house.port}" in house.said()
    log = (house.data / "quarterdeck.log").read_text()
    assert " up        | Ready after " in log
    assert "/start/" not in log, "the sign-in link is for the terminal, not for the log"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another account run PostgreSQL")
def test_as_root_from_a_folder_others_cannot_enter_it_lives_elsewhere_and_says_so(house):
    at = Path(json.loads((house.data / "postgres" / "cluster.json").read_text())["at"])
    assert at.is_relative_to("/var/lib/quarterdeck/clusters")
    assert f"The database lives in {at}" in house.said()
    assert stat.S_IMODE(house.data.stat().st_mode) == 0o700, "no folder was opened"
    assert Path(f"/proc/{house.child('postgres')}").stat().st_uid == at.stat().st_uid != 0


@pytest.mark.parametrize("name", ["web", "worker", "listen"])
def test_a_killed_child_comes_back(house, name):
    before = house.kill_child(name)
    house.wait_for(lambda: house.child(name) not in {0, before}, f"{name} is back")
    house.wait_for(house.answers, "the pages answer")
    assert f"{name} was ended by SIGKILL; it starts again" in house.said()


@pytest.mark.prove
@pytest.mark.timeout(400)
def test_a_web_process_that_stands_still_is_ended_and_comes_back(house):
    house.wait_for(lambda: house.child("web"), "web runs")
    before = house.child("web")
    os.kill(before, signal.SIGSTOP)
    # Run alone, it stands still before it was ever asked: then it has the grace of a process that has just begun.
    limit = Patience()
    longest = limit.first_answer + limit.misses * (limit.answer + limit.between) + PATIENCE
    house.wait_for(lambda: house.child("web") not in {0, before}, "web is started again", longest)
    house.wait_for(house.answers, "the pages answer")
    assert "web runs but has not answered 3 questions in a row" in house.said()


def test_postgresql_killed_in_the_middle_of_writing_loses_no_committed_row(house):
    with psycopg.connect(house.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS fault_rows (n int PRIMARY KEY)")
    acknowledged: list[int] = []
    enough = threading.Event()

    def write() -> None:
        with contextlib.suppress(psycopg.Error), psycopg.connect(house.url(), autocommit=True) as connection:
            for number in range(1_000_000):
                connection.execute("INSERT INTO fault_rows VALUES (%s)", [number])
                acknowledged.append(number)
                if len(acknowledged) == 200:
                    enough.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert enough.wait(30)
    before = house.kill_child("postgres")
    writer.join(30)
    house.wait_for(lambda: house.child("postgres") not in {0, before}, "PostgreSQL is back")
    house.wait_for(house.answers, "the pages answer")
    with psycopg.connect(house.url()) as connection:
        kept = {row[0] for row in connection.execute("SELECT n FROM fault_rows")}
    assert len(acknowledged) >= 200
    assert set(acknowledged) <= kept
    assert len(kept) <= len(acknowledged) + 1, "at most the row that was under way"


def test_a_second_up_on_the_same_data_says_so(house):
    done = quarterdeck("up", "--data", str(house.data), "--port", str(running.free_port()))
    assert done.returncode == 2
    assert f"is in use by “quarterdeck up” (process {house.process.pid})" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_used_port_says_so_before_anything_starts(house):
    other = running.place()
    try:
        done = quarterdeck("up", "--data", str(other), "--port", str(house.port))
        assert done.returncode == 2
        assert (
            f"Port {house.port} on 127.0.0.1 is in use by another program. Nothing was started."
            in done.stderr
        )
        assert f"--port {house.port + 1}" in done.stderr
        assert not (other / "postgres").exists()
    finally:
        running.remove(other)


def test_commands_find_what_runs(house):
    link = quarterdeck("link", "--only", "--data", str(house.data))
    assert link.returncode == 0, link.stderr
    assert link.stdout.startswith(f"http://localhost:{house.port}/")
    check = quarterdeck("check", "--data", str(house.data))
    assert check.returncode == 0, check.stdout
    assert "it is PostgreSQL 18" in check.stdout
    assert "The key file belongs to this data." in check.stdout


def test_a_gap_in_the_heartbeat_of_a_running_worker_is_time_asleep(house):
    def gap() -> None:
        with psycopg.connect(house.url()) as connection:
            connection.execute(
                "UPDATE core_setting SET value = to_jsonb((now() - interval '10 minutes')::text)"
                " WHERE key = 'installation.heartbeat'"
            )

    def told() -> list[tuple[str, float]]:
        with psycopg.connect(house.url()) as connection:
            return connection.execute(
                "SELECT kind, extract(epoch FROM ended_at - started_at)::float FROM core_outage ORDER BY id"
            ).fetchall()

    house.wait_for(lambda: "installation.heartbeat" in settings(house), "the worker's heart beats")
    time.sleep(
        6
    )  # the worker that was started again has beaten twice, so it has lived through the gap to come
    gap()
    house.wait_for(lambda: bool(told()), "the outage is told", 20)
    kind, seconds = told()[-1]
    assert kind == "slept"
    assert 590 < seconds < 700


def settings(house: House) -> set[str]:
    with psycopg.connect(house.url()) as connection:
        return {row[0] for row in connection.execute("SELECT key FROM core_setting")}


def test_nothing_survives_kill_9_of_the_supervisor_and_the_next_up_starts_at_once(house):
    before = house.processes()
    assert len(before) > 8
    house.kill()
    house.up()
    house.wait_for(lambda: not alive(before), "everything of the killed one is gone", 25)
    with psycopg.connect(house.url()) as connection:
        assert connection.execute("SELECT count(*) FROM fault_rows").fetchone()[0] >= 200


def test_an_ordered_stop_ends_open_connections_and_leaves_nothing(house):
    with socket.create_connection(("127.0.0.1", house.port)) as idle:
        idle.sendall(b"GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert idle.recv(4096).startswith(b"HTTP/1.1 200")
        before = house.processes()
        assert house.stop() == 0
    assert not alive(before)
    assert not (house.data / "running.json").exists()
    lines = (house.data / "quarterdeck.log").read_text().splitlines()
    assert lines[-1].endswith("| Stopped.")
    assert "database system is shut down" in lines[-2] + lines[-3]


# --- what is refused at the start, with the data of the house above ---------------------------------------


def test_another_key_file_is_refused(house):
    key = house.data / "keys" / "installation.key"
    right = key.read_bytes()
    key.write_bytes(os.urandom(32))
    try:
        done = quarterdeck("up", "--data", str(house.data), "--port", str(house.port))
        assert done.returncode == 2
        assert "does not belong to this data" in done.stderr
        assert "Traceback" not in done.stderr + done.stdout
    finally:
        key.write_bytes(right)


def test_a_database_of_a_newer_version_is_refused(house):
    code = "INSERT INTO django_migrations (app, name, applied) VALUES ('core', '9999_from_the_future', now())"
    _sql(house, code)
    try:
        done = quarterdeck("up", "--data", str(house.data), "--port", str(house.port))
        assert done.returncode == 2
        assert "written by a newer Quarterdeck" in done.stderr
        assert "core.9999_from_the_future" in done.stderr
    finally:
        _sql(house, "DELETE FROM django_migrations WHERE name = '9999_from_the_future'")


def test_a_database_of_an_early_version_is_refused(house):
    """One that has some of the steps for which a single one stands today, and whose next are no longer there."""
    _sql(
        house,
        "DELETE FROM django_migrations WHERE app = 'crew' AND name IN ('0002_guards', '0007_protect_absence')",
    )
    try:
        done = quarterdeck("up", "--data", str(house.data), "--port", str(house.port))
        assert done.returncode == 2
        assert "written by an early version of Quarterdeck" in done.stderr
        assert "still has quarterdeck/crew/migrations/0007_protect_absence.py" in done.stderr
        assert "Traceback" not in done.stderr + done.stdout
    finally:
        back = "('crew', '0002_guards', now()), ('crew', '0007_protect_absence', now())"
        _sql(house, f"INSERT INTO django_migrations (app, name, applied) VALUES {back}")


def test_a_data_directory_of_a_newer_version_is_refused(house):
    marker = house.data / "quarterdeck.json"
    right = marker.read_text()
    marker.write_text(json.dumps({"data": 999, "quarterdeck": "99.0"}))
    try:
        done = quarterdeck("up", "--data", str(house.data), "--port", str(house.port))
        assert done.returncode == 2
        assert "written by a newer Quarterdeck (99.0" in done.stderr
    finally:
        marker.write_text(right)


@pytest.mark.prove
def test_a_backup_made_while_nothing_runs_is_put_back_elsewhere(house):
    made = quarterdeck("backup", "--data", str(house.data))
    assert made.returncode == 0, made.stderr
    path = made.stdout.strip()
    other = running.place()
    try:
        back = quarterdeck("restore", path, "--data", str(other))
        assert back.returncode == 0, back.stderr
        assert "Everything fits together." in back.stdout
        again = quarterdeck("restore", path, "--data", str(other))
        assert again.returncode == 2
        assert "There is data here already. Nothing was changed." in again.stderr
        check = quarterdeck("check", "--data", str(other))
        assert "The key file belongs to this data." in check.stdout
    finally:
        running.remove(other)


def _sql(house: House, statement: str) -> None:
    """Through the embedded database, started for the moment."""
    code = (
        "import sys, psycopg; from pathlib import Path; from quarterdeck.core.postgres import Cluster\n"
        "cluster = Cluster(Path(sys.argv[1]) / 'postgres'); cluster.start()\n"
        "with psycopg.connect(cluster.url) as connection: connection.execute(sys.argv[2])\n"
        "cluster.stop()\n"
    )
    command = [sys.executable, "-c", code, str(house.data), statement]
    subprocess.run(command, env=running.environment(), check=True, timeout=60, cwd="/")
