"""Backups: made whole, private, without keys; put back elsewhere; tried out; and missed when they are missing."""

from __future__ import annotations

import io
import json
import os
import stat
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from quarterdeck.core import backup, clock, store
from quarterdeck.core.backup import BackupProblem
from quarterdeck.core.backup import database as backup_database
from quarterdeck.core.backup import restoring as backup_restore
from quarterdeck.core.backup import schedule as backup_nightly
from quarterdeck.core.models import BackupRun
from quarterdeck.core.postgres import Cluster, ClusterProblem
from quarterdeck.core.postgres import binaries as postgres_binaries

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    made = Cluster(tmp_path_factory.mktemp("backup") / "pg", durable=False)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def home(cluster, tmp_path, monkeypatch):
    """A data directory with a database of its own on the module's cluster, some files and keys."""
    name = f"d{os.urandom(4).hex()}"
    backup_database.make_database(cluster.url, name)
    url = backup_database.scratch_url(cluster.url, name)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("QUARTERDECK_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("QUARTERDECK_KEYS", raising=False)
    write(tmp_path / "data" / "keys" / "installation.key", b"k" * 32)
    write(tmp_path / "data" / "media" / "a" / "picture.png", b"picture")
    write(tmp_path / "data" / "checkpoints" / "log.txt", b"checkpoint 1")
    write(tmp_path / "data" / "static" / "made-anew.css", b"")
    write(tmp_path / "data" / "quarterdeck.log", b"lines")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE post (id uuid PRIMARY KEY, text text, extra jsonb)")
        rows = "SELECT gen_random_uuid(), 'ö' || n, '{}' FROM generate_series(1, 100) n"
        connection.execute("INSERT INTO post " + rows)
    return tmp_path / "data"


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(data)
    path.chmod(0o600)


def elsewhere(cluster, tmp_path, monkeypatch) -> Path:
    """Another machine: an empty data directory and an empty database."""
    name = f"e{os.urandom(4).hex()}"
    backup_database.make_database(cluster.url, name)
    monkeypatch.setenv("DATABASE_URL", backup_database.scratch_url(cluster.url, name))
    monkeypatch.setenv("QUARTERDECK_DATA", str(tmp_path / "other"))
    (tmp_path / "other").mkdir()
    return tmp_path / "other"


def count() -> int:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        return connection.execute("SELECT count(*) FROM post").fetchone()[0]


def test_what_is_in_it_and_what_is_not(home):
    path = backup.make()
    with tarfile.open(path) as tar:
        names = {member.name for member in tar if member.isfile()}
    assert names == {
        "manifest.json",
        "sums.json",
        "database.dump",
        "files/media/a/picture.png",
        "files/checkpoints/log.txt",
    }
    with tarfile.open(backup.keys_of(path)) as tar:
        assert {member.name for member in tar if member.isfile()} == {"keys/installation.key", "sums.json"}
    for file in (path, backup.keys_of(path)):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(backup.folder().stat().st_mode) == 0o700
    assert sorted(backup.folder().iterdir()) == sorted([path, backup.keys_of(path)]), (
        "nothing half-made stays"
    )
    assert b"k" * 32 not in path.read_bytes()


def test_the_outside_checkpoint_in_it_is_never_newer_than_the_database_in_it(home, monkeypatch):
    write(home / "ledger" / "a.checkpoint", b"size 5")
    dump = backup_database.dump

    def slow(url, into):
        major = dump(url, into)
        write(home / "ledger" / "a.checkpoint", b"size 6")
        return major

    monkeypatch.setattr(backup_database, "dump", slow)
    with tarfile.open(backup.make()) as tar:
        assert tar.extractfile("files/ledger/a.checkpoint").read() == b"size 5"


def test_keys_go_inside_only_when_asked(home, tmp_path):
    path = backup.make(tmp_path / "disk", with_keys=True)
    assert not backup.keys_of(path).exists()
    with tarfile.open(path) as tar:
        assert "keys/installation.key" in tar.getnames()


def test_it_is_put_back_on_another_machine(home, cluster, tmp_path, monkeypatch):
    path = backup.make()
    other = elsewhere(cluster, tmp_path, monkeypatch)
    done = backup_restore.restore(path)
    assert count() == 100
    assert (other / "media" / "a" / "picture.png").read_bytes() == b"picture"
    assert (other / "keys" / "installation.key").read_bytes() == b"k" * 32
    assert stat.S_IMODE((other / "keys" / "installation.key").stat().st_mode) == 0o600
    assert (done.keys, done.former_database, done.files) == ("put back", "", 2)


def test_without_its_keys_it_says_so(home, cluster, tmp_path, monkeypatch):
    path = backup.make()
    backup.keys_of(path).unlink()
    elsewhere(cluster, tmp_path, monkeypatch)
    assert backup_restore.restore(path).keys == "missing"
    assert count() == 100


def test_data_that_is_there_is_not_replaced_unasked_and_set_aside_when_asked(home):
    path = backup.make()
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("DELETE FROM post WHERE text < 'ö5'")
    write(home / "checkpoints" / "log.txt", b"checkpoint 2")
    write(home / "keys" / "installation.key", b"n" * 32)
    before = count()
    with pytest.raises(BackupProblem, match="There is data here already. Nothing was changed"):
        backup_restore.restore(path)
    assert count() == before

    done = backup_restore.restore(path, replace=True)
    assert count() == 100
    assert (home / "checkpoints" / "log.txt").read_bytes() == b"checkpoint 2", (
        "newer than the backup: it stays"
    )
    assert (home / "keys" / "installation.key").read_bytes() == b"k" * 32
    assert [folder.name for folder in home.glob("keys.before-*")]
    monkey = os.environ["DATABASE_URL"]
    with psycopg.connect(backup_database.scratch_url(monkey, done.former_database)) as connection:
        assert connection.execute("SELECT count(*) FROM post").fetchone()[0] == before


@pytest.mark.parametrize("cut", [0, 40, 700, 5000])
def test_a_damaged_backup_is_refused_and_changes_nothing(home, tmp_path, cut):
    damaged = tmp_path / "damaged.tar"
    damaged.write_bytes(backup.make().read_bytes()[:cut])
    before = backup_database.databases(os.environ["DATABASE_URL"])
    with pytest.raises((BackupProblem, ClusterProblem)):
        backup_restore.restore(damaged, replace=True)
    assert count() == 100
    assert backup_database.databases(os.environ["DATABASE_URL"]) == before


@pytest.mark.parametrize("part", ["database.dump", "files/media/a/picture.png", "sums.json"])
def test_any_part_that_was_changed_is_named_and_nothing_is_done(home, tmp_path, part):
    path = backup.make()
    with tarfile.open(path) as tar:
        member = tar.getmember(part)
    whole = bytearray(path.read_bytes())
    whole[member.offset_data + member.size // 2] ^= 1
    (tmp_path / "damaged.tar").write_bytes(whole)
    before = backup_database.databases(os.environ["DATABASE_URL"])
    with pytest.raises(BackupProblem, match="is damaged: .*Nothing was changed"):
        backup_restore.restore(tmp_path / "damaged.tar", replace=True)
    assert count() == 100
    assert backup_database.databases(os.environ["DATABASE_URL"]) == before


def test_a_dump_that_cannot_be_read_leaves_nothing_behind(home, tmp_path):
    (tmp_path / "bad.dump").write_bytes(b"PGDMP and then nothing that makes sense")
    before = backup_database.databases(os.environ["DATABASE_URL"])
    with pytest.raises(ClusterProblem, match="could not be restored"):
        backup_restore._database(os.environ["DATABASE_URL"], tmp_path / "bad.dump", occupied=True)
    assert backup_database.databases(os.environ["DATABASE_URL"]) == before


def test_a_backup_of_a_newer_version_is_refused(home, tmp_path):
    text = json.dumps(
        {"format": 2, "quarterdeck": "9.0", "data": 1, "made_at": "x", "postgres": 18, "with_keys": False}
    ).encode()
    with tarfile.open(tmp_path / "newer.tar", "w") as tar:
        member = tarfile.TarInfo("manifest.json")
        member.size = len(text)
        tar.addfile(member, io.BytesIO(text))
    with pytest.raises(BackupProblem, match="made by Quarterdeck 9.0, which is newer"):
        backup_restore.restore(tmp_path / "newer.tar")


def test_a_backup_cannot_write_outside_its_folder(home, tmp_path):
    with tarfile.open(backup.make()) as tar:
        manifest = tar.extractfile("manifest.json").read()
    with tarfile.open(tmp_path / "evil.tar", "w") as tar:
        for name, text in (("manifest.json", manifest), ("../../evil", b"x")):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text))
    with pytest.raises(BackupProblem, match="is damaged"):
        backup.unpack(tmp_path / "evil.tar", tmp_path / "into" / "deep")
    assert not (tmp_path / "evil").exists()


def test_fourteen_are_kept_with_their_keys(home):
    for day in range(1, 18):
        with clock.at(datetime(2026, 1, day, 2, tzinfo=UTC)):
            name = clock.now().strftime("quarterdeck-%Y%m%d-%H%M%S")
        write(backup.folder() / f"{name}.tar", b"")
        write(backup.folder() / f"{name}-keys.tar", b"")
    backup.forget_old()
    left = sorted(path.name for path in backup.folder().iterdir())
    assert len(left) == 28
    assert left[0] == "quarterdeck-20260104-020000-keys.tar"


def test_a_dump_by_a_newer_program_goes_into_an_older_server(home, cluster, tmp_path, monkeypatch):
    """pg_dump 18 writes settings that an older server does not know; they mean nothing for the data."""
    older = min(postgres_binaries.installed())
    if older == postgres_binaries.newest().major:
        pytest.skip("the wheel brings one major only")
    path = backup.make()
    old = Cluster(tmp_path / "old", durable=False, binaries=postgres_binaries.installed()[older])
    old.start()
    try:
        monkeypatch.setenv("DATABASE_URL", old.url)
        monkeypatch.setenv("QUARTERDECK_DATA", str(tmp_path / "other"))
        (tmp_path / "other").mkdir()
        backup_restore.restore(path)
        assert count() == 100
        again = backup.make()
        assert backup.read_manifest(again).postgres == older
    finally:
        old.stop()


# --- nightly, and what the Desk may say -----------------------------------------------------------------


@pytest.fixture
def night(db, monkeypatch, tmp_path):
    """The nightly loop with the machine's zone at UTC; a backup is a file, a try-out always works."""
    monkeypatch.setenv("QUARTERDECK_DATA", str(tmp_path))
    monkeypatch.setenv("TZ", "UTC")

    def make(into=None, *, with_keys=False):
        path = backup.folder() / clock.now().strftime("quarterdeck-%Y%m%d-%H%M%S.tar")
        write(path, b"x")
        return path

    monkeypatch.setattr(backup, "make", make)
    monkeypatch.setattr(backup_nightly, "_try", lambda path: "fine")
    return backup_nightly.Nightly()


def runs(kind: str) -> list[datetime]:
    return list(
        BackupRun.objects.filter(kind=kind, succeeded=True)
        .order_by("pk")
        .values_list("started_at", flat=True)
    )


def look(night, *instants: datetime) -> None:
    for instant in instants:
        with clock.at(instant):
            night.look()


def test_one_each_night_and_none_twice(night):
    first_night = local(2026, 11, 24, 2)
    look(night, NOON, NOON + timedelta(hours=9), first_night, first_night + timedelta(minutes=1))
    look(night, first_night + timedelta(hours=20), first_night + timedelta(days=1))
    assert runs("backup") == [first_night, first_night + timedelta(days=1)]


def test_a_missed_night_is_caught_up(night):
    look(night, NOON)
    look(night, NOON + timedelta(days=3))
    assert runs("backup") == [NOON + timedelta(days=3)]


def test_tried_out_with_the_first_and_then_weekly(night):
    look(night, NOON)
    look(night, *(NOON + timedelta(days=day) for day in range(1, 16)))
    assert runs("test") == [NOON + timedelta(days=day) for day in (1, 8, 15)]


def test_a_failure_is_written_down_and_tried_again_in_an_hour(night, monkeypatch):
    tries = []

    def fails(into=None, *, with_keys=False):
        tries.append(clock.now())
        raise BackupProblem("The disk is full.")

    monkeypatch.setattr(backup, "make", fails)
    look(night, NOON)
    day = NOON + timedelta(days=1)
    look(night, day, day + timedelta(minutes=1), day + timedelta(minutes=59), day + timedelta(minutes=61))
    assert tries == [day, day + timedelta(minutes=61)]
    assert BackupRun.objects.filter(succeeded=False, words="The disk is full.").count() == 2
    assert "There is no backup yet. The last try said: The disk is full." in backup.health(
        NOON + timedelta(hours=49)
    )


def test_health_is_silent_for_two_days_and_then_speaks(night):
    look(night, NOON)
    assert backup.health(NOON + timedelta(hours=48)) == ""
    assert backup.health(NOON + timedelta(hours=49)) == "There is no backup yet."
    look(night, NOON + timedelta(days=1))
    assert backup.health(NOON + timedelta(days=3)) == ""
    assert backup.health(NOON + timedelta(days=3, hours=1)) == "The newest backup is 49 hours old."


def test_health_tells_of_a_backup_that_could_not_be_restored(night, monkeypatch):
    def fails(path):
        raise BackupProblem("It is damaged.")

    monkeypatch.setattr(backup_nightly, "_try", fails)
    look(night, NOON, NOON + timedelta(days=1))
    assert "could not be restored when that was tried: It is damaged." in backup.health(
        NOON + timedelta(days=1)
    )


def test_the_try_out_really_restores_and_asks_what_rooms_ask(home, monkeypatch):
    path = backup.make()
    seen = []

    def ask(url: str, files: Path) -> str:
        assert (files / "media" / "a" / "picture.png").read_bytes() == b"picture"
        with psycopg.connect(url) as connection:
            seen.append(connection.execute("SELECT count(*) FROM post").fetchone()[0])
        return "" if len(seen) == 1 else "The ledger does not verify."

    monkeypatch.setattr(backup_nightly, "CHECKS", [ask])
    before = backup_database.databases(os.environ["DATABASE_URL"])
    assert backup_nightly._try(path) == "1 tables were restored and checked."
    with pytest.raises(BackupProblem, match="The ledger does not verify"):
        backup_nightly._try(path)
    assert seen == [100, 100]
    assert backup_database.databases(os.environ["DATABASE_URL"]) == before, "no scratch database stays"


@pytest.mark.django_db
def test_when_the_count_began_is_kept():
    assert backup_nightly.since(NOON) == NOON
    assert store.get("installation.since") is None, "asking writes nothing"
    backup_nightly.keep_count_from(NOON)
    backup_nightly.keep_count_from(NOON + timedelta(days=1))
    assert backup_nightly.since(NOON + timedelta(days=1)) == NOON
    assert store.get("installation.since") == NOON.isoformat()


def local(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour).astimezone().astimezone(UTC)
