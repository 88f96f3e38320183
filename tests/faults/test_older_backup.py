"""A backup older than a signed checkpoint is put back: the ledger refuses a second history, says so where an
operator looks, and goes on in a new epoch that names the old one's head."""

from __future__ import annotations

import sys

import psycopg
import pytest

from tests.running import House, quarterdeck

pytestmark = [
    pytest.mark.prove,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes through /proc"),
]


@pytest.fixture
def house():
    made = House()
    try:
        yield made
    finally:
        made.end()


def asked(house: House, *words: str) -> str:
    """What a sub-command that is content with itself says."""
    done = quarterdeck(*words, "--data", str(house.data))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def signed(house: House) -> int:
    """The size that the newest checkpoint of the installation's open log covers, when it covers everything."""
    with psycopg.connect(house.url()) as connection:
        size, covered = connection.execute(
            "SELECT l.size, coalesce((SELECT max(size) FROM ledger_checkpoint WHERE log_id = l.id), 0)"
            " FROM ledger_log l WHERE l.closed_at IS NULL AND l.workspace_id = %s",
            [INSTALLATION],
        ).fetchone()
        pending = connection.execute("SELECT count(*) FROM ledger_pending").fetchone()[0]
    return size if size == covered and not pending else 0


def wrong(house: House) -> str:
    """What `check` says of the ledger while it needs care."""
    said = quarterdeck("check", "--data", str(house.data)).stdout
    return next((line for line in said.splitlines() if "A second history is never signed" in line), "")


INSTALLATION, SOMEBODY = "00000000-0000-0000-0000-000000000000", "00000000-0000-4000-8000-000000000007"


def known(house: House) -> int:
    """How many rows still stand for a pseudonym: the link to a person, and the key."""
    with psycopg.connect(house.url()) as connection:
        linked = "SELECT count(*) FROM ledger_subject WHERE pseudonym = %s AND person_id IS NOT NULL"
        keys = "SELECT count(*) FROM ledger_subjectkey WHERE pseudonym = %s"
        return sum(connection.execute(sql, [SOMEBODY]).fetchone()[0] for sql in (linked, keys))


def meet(house: House) -> None:
    with psycopg.connect(house.url()) as connection:
        row = "INSERT INTO ledger_subject (pseudonym, workspace_id, person_id) VALUES (%s, %s, %s)"
        connection.execute(row, [SOMEBODY, INSTALLATION, SOMEBODY])
        connection.execute("INSERT INTO ledger_subjectkey VALUES (%s, %s)", [SOMEBODY, b"sealed"])


def note_erased(house: House) -> None:
    """As an erasure does before it commits; the rows themselves need not go, since the backup has them anyway."""
    with open(house.data / "ledger" / "erasures", "a") as out:
        out.write(f"{INSTALLATION} {SOMEBODY}\n")


def test_an_older_backup_stops_signing_until_an_operator_opens_a_new_epoch(house):
    house.up()
    asked(house, "link")  # an event of the installation
    house.wait_for(lambda: signed(house), "the first events are under a checkpoint")
    before = signed(house)
    meet(house)
    made = asked(house, "backup").strip()
    for _ in range(3):
        asked(house, "link")
    house.wait_for(lambda: signed(house) >= before + 3, "the later events are under a checkpoint")
    after = signed(house)
    assert "sound" in asked(house, "ledger", "verify", "--all")
    assert house.stop() == 0

    note_erased(house)
    assert "had been erased of one person" in asked(house, "restore", made, "--replace")
    house.up()
    assert known(house) == 0
    house.wait_for(lambda: wrong(house), "check says that signing has stopped")
    assert f"the checkpoint kept outside the database was signed at {after}" in wrong(house)
    assert "quarterdeck ledger new-epoch" in wrong(house), "it offers the way on"
    torn = quarterdeck("ledger", "verify", "--all", "--data", str(house.data))
    assert torn.returncode == 1
    assert f"checkpoint {after} outside the database" in torn.stdout
    asked(house, "link")  # people go on working, and what they do is recorded
    assert not signed(house)

    assert "Epoch 2 is open" in asked(house, "ledger", "new-epoch")
    house.wait_for(lambda: signed(house), "the new epoch is under a checkpoint")
    assert not wrong(house)
    sound = asked(house, "ledger", "verify", "--all")
    assert "BROKEN" not in sound
    assert "the first entry of the next epoch says so" in sound, "what was lost stays said"
    assert house.stop() == 0
