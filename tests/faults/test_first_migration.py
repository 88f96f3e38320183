"""A first start that is killed while it makes its tables is taken up by the next one, wherever it was."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading

import psycopg
import pytest
from django.db import connection

from quarterdeck.core.backup import database as backup_database
from tests import running
from tests.running import House, quarterdeck

pytestmark = pytest.mark.django_db

RECORD = 'INSERT INTO "django_migrations"'
# In the order in which the steps are taken: before the statement of this number that holds this word.
INSTANTS = [
    ("CREATE TABLE", "django_migrations", 1),  # before anything
    ("CREATE TABLE", "crew_", 3),  # amid the tables of a room
    (RECORD, "'crew'", 1),  # all its tables are made, none of its names is written down
    (RECORD, "'publishing'", 4),  # between two of its ten names
    ("ALTER TABLE", "lessons_", 1),  # its tables are made, what they point to is not
    (RECORD, "'planning'", 3),  # before the last of its names
    (RECORD, "'0001_tables'", 2),  # all is made; what stands for the names of old is being written down
]
# Content types are left out: they are made after the last step, at this start or the next that has one, for nobody.
SHAPE = """
SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'
UNION SELECT conrelid::regclass::text, conname, contype::text FROM pg_constraint WHERE conrelid <> 0
UNION SELECT tablename, indexname, '' FROM pg_indexes WHERE schemaname = 'public'
UNION SELECT tgrelid::regclass::text, tgname, '' FROM pg_trigger WHERE NOT tgisinternal
UNION SELECT app, name, '' FROM django_migrations
"""


@pytest.fixture
def empty():
    """The address of a new database beside that of the test run, and a data directory."""
    base, name, data = os.environ["DATABASE_URL"], f"qd_first_{os.urandom(4).hex()}", running.place()
    backup_database.make_database(base, name)
    try:
        yield {"DATABASE_URL": backup_database.scratch_url(base, name), "QUARTERDECK_DATA": str(data)}
    finally:
        backup_database.drop_database(base, name)
        shutil.rmtree(data)


def test_a_first_start_killed_at_any_instant_is_taken_up_by_the_next(empty):
    command = [sys.executable, "-m", "tests.faults.killed_while_migrating"]
    command += [f"{beginning},{word},{number}" for beginning, word, number in INSTANTS]
    settings = {"DJANGO_SETTINGS_MODULE": "quarterdeck.config.settings"}
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=200,
        cwd=running.ROOT,
        env=running.environment(**empty, **settings),
        check=False,
    )
    assert done.stdout.split("\n") == [*["-9"] * len(INSTANTS), "", "0", ""], done.stdout + done.stderr
    with psycopg.connect(empty["DATABASE_URL"]) as killed, connection.cursor() as whole:
        made = set(killed.execute(SHAPE).fetchall())
        whole.execute(SHAPE)
        assert made == set(whole.fetchall()), "the same as where nothing was killed"


@pytest.mark.prove
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes through /proc")
def test_ctrl_c_while_a_first_start_makes_its_tables_lets_it_end_that():
    house = House()

    def ctrl_c() -> None:
        house.wait_for(lambda: house.process is not None and house.child("migrate"), "it migrates")
        house.process.send_signal(signal.SIGINT)

    asking = threading.Thread(target=ctrl_c)
    asking.start()
    try:
        with pytest.raises(AssertionError, match="up ended with 0"):
            house.up()
        assert "Ready" not in house.said()
        assert house.said().rstrip().endswith("Stopped.")
        again = quarterdeck("migrate", "--data", str(house.data))
        assert again.stdout.strip() == "Everything is at this version already.", again.stdout + again.stderr
    finally:
        asking.join()
        house.end()
