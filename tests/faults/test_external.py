"""The same on a PostgreSQL that somebody else runs, by DATABASE_URL: start, kill, back up, restore in its place."""

from __future__ import annotations

import os
import sys

import psycopg
import pytest

from quarterdeck.core.backup import database as backup_database
from tests import running
from tests.running import House, quarterdeck

pytestmark = [
    pytest.mark.prove,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes through /proc"),
]


def test_up_backup_and_restore_on_a_server_of_somebody_else():
    base = os.environ["DATABASE_URL"]
    name = f"qd_external_{os.urandom(4).hex()}"
    backup_database.make_database(base, name)
    url = backup_database.scratch_url(base, name)
    house = House()
    try:
        house.up(DATABASE_URL=url)
        assert not (house.data / "postgres").exists(), "no database of our own was made"
        before = house.kill_child("worker")
        house.wait_for(lambda: house.child("worker") not in {0, before}, "the worker is back")
        made = quarterdeck("backup", "--data", str(house.data), DATABASE_URL=url)
        assert made.returncode == 0, made.stderr
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM core_backuprun WHERE succeeded").fetchone() == (
                1,
            )
            connection.execute("CREATE TABLE made_after_the_backup (n int)")
        assert house.stop() == 0
        back = quarterdeck(
            "restore", made.stdout.strip(), "--replace", "--data", str(house.data), DATABASE_URL=url
        )
        assert back.returncode == 0, back.stderr
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT to_regclass('made_after_the_backup')").fetchone() == (None,)
        house.up(DATABASE_URL=url)
        assert house.stop() == 0
    finally:
        house.end()
        for left in backup_database.databases(base):
            if left.startswith(name):
                backup_database.drop_database(base, left)


def test_the_words_for_a_database_that_is_not_there():
    base = os.environ["DATABASE_URL"]
    data = running.place()
    try:
        done = quarterdeck(
            "up", "--data", str(data), DATABASE_URL=backup_database.scratch_url(base, "qd_nowhere")
        )
        assert done.returncode == 2
        assert "does not exist, or its role does not" in done.stderr
    finally:
        running.remove(data)
