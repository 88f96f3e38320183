"""The embedded PostgreSQL: made, private, alone in its folder, back after a crash, and moved to a newer major."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import psycopg
import pytest

from quarterdeck.core.postgres import Cluster, ClusterProblem
from quarterdeck.core.postgres import account as postgres_account
from quarterdeck.core.postgres import binaries as postgres_binaries
from quarterdeck.core.postgres import external as postgres_external
from quarterdeck.core.postgres.server import Server


@pytest.fixture
def place():
    """A temporary folder that PostgreSQL's account can enter; pytest's own are closed to everybody else."""
    made = Path(tempfile.mkdtemp(prefix="qd-place-", dir="/tmp"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def clusters():
    """Start clusters; every one is stopped and what it left is removed, whatever the test does."""
    started: list[Cluster] = []

    def start(path: Path, **options) -> Cluster:
        cluster = Cluster(path, **({"durable": False} | options))
        started.append(cluster)
        cluster.start()
        return cluster

    yield start
    for cluster in started:
        cluster.stop()


def ask(cluster: Cluster, question: str):
    with psycopg.connect(cluster.url) as connection:
        return connection.execute(question).fetchone()[0]


def test_it_is_made_private_and_with_our_role(clusters, tmp_path):
    cluster = clusters(tmp_path / "pg")
    assert ask(cluster, "SELECT current_user") == "quarterdeck"
    assert ask(cluster, "SELECT current_database()") == "quarterdeck"
    assert ask(cluster, "SELECT usesuper FROM pg_user WHERE usename = current_user") is False
    assert ask(cluster, "SELECT pg_encoding_to_char(encoding) FROM pg_database LIMIT 1") == "UTF8"
    assert ask(cluster, "SELECT current_setting('data_checksums')") == "on"
    assert ask(cluster, "SELECT current_setting('listen_addresses')") == ""
    for folder in (cluster.home, cluster.home / "18", cluster.home / "socket"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder


def test_it_knows_upper_case_beyond_ascii_and_sorts_by_code_point(clusters, tmp_path):
    cluster = clusters(tmp_path / "pg")
    assert ask(cluster, "SELECT upper('öre')") == "ÖRE"
    assert ask(cluster, "SELECT string_agg(w, '' ORDER BY w) FROM unnest('{b,a,B,ä}'::text[]) w") == "Babä"


def test_stopping_twice_and_before_the_start_does_nothing(tmp_path):
    cluster = Cluster(tmp_path / "pg", durable=False)
    cluster.stop()
    cluster.start()
    pid = cluster.pid
    cluster.stop()
    cluster.stop()
    assert not Path(f"/proc/{pid}").exists() or sys.platform != "linux"


def test_committed_rows_are_there_after_kill_and_the_dying_servers_lock_is_waited_for(clusters, place):
    path = place / "pg"
    first = clusters(path, durable=True)
    with psycopg.connect(first.url) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (7)")
    os.kill(first.pid, signal.SIGKILL)
    first._server.process.wait()
    second = clusters(path, durable=True)
    assert ask(second, "SELECT n FROM kept") == 7


def test_a_second_server_on_the_same_folder_is_refused_in_words(clusters, place, monkeypatch):
    monkeypatch.setattr("quarterdeck.core.postgres.server._RETRY", 0.3)
    path = place / "pg"
    clusters(path)
    with pytest.raises(ClusterProblem, match="Another process is using the database"):
        clusters(path)


def test_a_long_path_gets_a_short_private_folder_for_its_socket(clusters, place):
    cluster = clusters(place / ("long" * 25) / "pg")
    folder = cluster._server.sockets
    assert folder.parent == Path("/tmp") or str(folder).startswith(os.environ.get("XDG_RUNTIME_DIR", "/tmp"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert ask(cluster, "SELECT 1") == 1
    cluster.stop()
    assert not folder.exists()


def test_data_of_a_newer_postgresql_is_refused_and_left_alone(place):
    path = place / "pg"
    (path / "99").mkdir(parents=True)
    (path / "99" / "PG_VERSION").write_text("99\n")
    with pytest.raises(ClusterProblem, match="made by PostgreSQL 99; this Quarterdeck brings 18"):
        Cluster(path).start()
    assert [entry.name for entry in path.glob("*/PG_VERSION")] == ["PG_VERSION"]


def test_an_older_major_is_moved_with_everything_in_it(clusters, place):
    older = min(postgres_binaries.installed())
    if older == postgres_binaries.newest().major:
        pytest.skip("the wheel brings one major only, so there is nothing to upgrade from")
    path = place / "pg"
    old = clusters(path, binaries=postgres_binaries.installed()[older])
    assert ask(old, "SHOW server_version").startswith(str(older))
    with psycopg.connect(old.url) as connection:
        connection.execute(
            "CREATE TABLE words (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, w text, j jsonb)"
        )
        rows = "SELECT 'ö' || n, jsonb_build_object('n', n) FROM generate_series(1, 500) n"
        connection.execute("INSERT INTO words (w, j) " + rows)
        connection.execute("CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n'")
    old.stop()

    said: list[str] = []
    new = clusters(path, say=said.append)
    assert ask(new, "SHOW server_version").startswith("18")
    assert ask(new, "SELECT count(*) FROM words WHERE j->>'n' = substr(w, 2)") == 500
    assert ask(new, "SELECT twice(21)") == 42
    assert ask(new, "INSERT INTO words (w) VALUES ('next') RETURNING id") == 501
    assert ask(new, "SELECT tableowner FROM pg_tables WHERE tablename = 'words'") == "quarterdeck"
    assert (new.home / str(older) / "PG_VERSION").exists(), "the old data is kept"
    assert any(f"from PostgreSQL {older} to 18" in sentence for sentence in said)
    assert not list(new.home.glob("*.new")) + list(new.home.glob("upgrade-*"))


@pytest.mark.prove
def test_an_upgrade_that_was_interrupted_begins_again(clusters, place, monkeypatch):
    older = min(postgres_binaries.installed())
    if older == postgres_binaries.newest().major:
        pytest.skip("the wheel brings one major only, so there is nothing to upgrade from")
    path = place / "pg"
    old = clusters(path, binaries=postgres_binaries.installed()[older])
    with psycopg.connect(old.url) as connection:
        connection.execute("CREATE TABLE one (n int)")
    old.stop()

    def cut(self, *_):
        raise ClusterProblem("cut off")

    with monkeypatch.context() as patched:
        patched.setattr(Server, "prepare", cut)
        with pytest.raises(ClusterProblem, match="cut off"):
            clusters(path)
    assert ask(clusters(path), "SELECT count(*) FROM one") == 0


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ClusterProblem):
        Cluster(tmp_path / "file" / "pg").start()


def test_nothing_of_it_survives_kill_9_of_the_process_that_started_it(place):
    script = textwrap.dedent("""
        import sys, time
        from pathlib import Path
        from quarterdeck.core.postgres import Cluster
        cluster = Cluster(Path(sys.argv[1]), durable=False)
        cluster.start()
        print(cluster.pid, flush=True)
        time.sleep(60)
    """)
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(place / "pg")], stdout=subprocess.PIPE, text=True
    )
    pid = int(child.stdout.readline())
    child.kill()
    child.wait()
    assert gone(pid), "PostgreSQL outlived its parent"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another account run PostgreSQL")
def test_as_root_in_a_folder_others_cannot_enter_it_lives_elsewhere_and_says_so(place, monkeypatch):
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr("quarterdeck.core.postgres.HOME", place / "var")
    said: list[str] = []
    cluster = Cluster(closed / "pg", say=said.append)
    try:
        cluster.start()
        assert cluster.home.parent == place / "var" / "clusters"
        assert str(cluster.home) in said[0]
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700, "no folder was opened"
        assert (cluster.home / "18").stat().st_uid == postgres_account.needed().uid
        first = cluster.home
        cluster.stop()
        cluster.start()
        assert cluster.home == first, "found again by the note left in the folder"
    finally:
        cluster.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another account run PostgreSQL")
def test_programs_in_a_folder_others_cannot_enter_are_copied_in_their_layout(place, monkeypatch):
    account = postgres_account.needed()
    closed = place / "venv"
    closed.mkdir(mode=0o700)
    source = postgres_binaries.newest().folder.parent
    shutil.copytree(source / "pginstall18", closed / source.name / "pginstall18", symlinks=True)
    shutil.copytree(
        source.parent / postgres_binaries.LIBRARIES, closed / postgres_binaries.LIBRARIES, symlinks=True
    )
    home = place / "var"
    monkeypatch.setattr("quarterdeck.core.postgres.binaries.HOME", home)
    hidden = postgres_binaries.Binaries(
        closed / source.name / "pginstall18", postgres_binaries.newest().version
    )
    assert not account.can_run(hidden.program("postgres"))

    copied = postgres_binaries.reachable(hidden, account)
    assert copied.folder.is_relative_to(home)
    assert account.can_run(copied.program("postgres"))
    assert postgres_binaries.reachable(hidden, account) == copied, "copied once"
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700

    cluster = Cluster(place / "pg", durable=False, binaries=hidden)
    try:
        cluster.start()
        assert ask(cluster, "SELECT 1") == 1
    finally:
        cluster.stop()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://me:hush@127.0.0.1:9/x", "“x” on 127.0.0.1:9 cannot be reached"),
        ("postgresql://me:hush@no-such-host.invalid/x", "on no-such-host.invalid cannot be reached"),
        ("postgresql://me:hush@[broken", "DATABASE_URL cannot be read"),
    ],
)
def test_a_database_that_cannot_be_reached_is_named_without_its_password(url, words):
    with pytest.raises(ClusterProblem) as caught:
        postgres_external.major(url, patience=0)
    assert words in str(caught.value)
    assert "hush" not in str(caught.value)


def test_a_server_older_than_the_floor_is_refused(clusters, tmp_path, monkeypatch):
    monkeypatch.setattr(postgres_external, "FLOOR", 19)
    cluster = clusters(tmp_path / "pg")
    with pytest.raises(ClusterProblem, match="is PostgreSQL 18. Quarterdeck needs 19 or newer"):
        postgres_external.major(cluster.url)


def gone(pid: int, patience: float = 15) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
