"""What a start may find in its way: each is one sentence of what happened and what to do, and exit status 2."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests import running
from tests.running import House, quarterdeck

ROOT = os.geteuid() == 0
SECRET = "hush-hush"


@contextlib.contextmanager
def mounted(options: str):
    """A small file system of our own; skips, saying why, where it cannot be had."""
    folder = Path(tempfile.mkdtemp(prefix="qd-mount-", dir="/tmp"))
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "quarterdeck-test", str(folder)],
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        folder.rmdir()
        pytest.skip(f"a small file system cannot be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The words of a refusal: exit status 2, one line, no traceback."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def up(data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return quarterdeck("up", "--no-browser", "--data", str(data), "--port", str(running.free_port()), **more)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"postgresql://me:{SECRET}@127.0.0.1:9/desk", "“desk” on 127.0.0.1:9 cannot be reached"),
        (
            f"postgresql://me:{SECRET}@nowhere.invalid/desk",
            "nowhere.invalid cannot be reached: there is no such host",
        ),
        (f"postgresql://me:{SECRET}@[/desk", "DATABASE_URL cannot be read"),
    ],
)
def test_a_database_that_cannot_be_reached(tmp_path, url, words):
    done = up(tmp_path, DATABASE_URL=url)
    assert words in refused(done)
    assert SECRET not in done.stdout + done.stderr + (tmp_path / "quarterdeck.log").read_text()


def test_a_part_alone_without_a_database(tmp_path):
    assert "There is no database to work with. Set DATABASE_URL" in refused(
        quarterdeck("worker", "--data", str(tmp_path))
    )


def test_a_port_that_is_none(tmp_path):
    assert "“eighty”; a port is a number" in refused(
        quarterdeck("up", "--data", str(tmp_path), QUARTERDECK_PORT="eighty")
    )


def test_an_address_this_machine_has_not(tmp_path):
    done = quarterdeck(
        "up", "--data", str(tmp_path), "--host", "192.0.2.1", "--port", str(running.free_port())
    )
    assert "This machine has no address 192.0.2.1. Nothing was started." in refused(done)


def test_a_sign_in_file_that_others_can_read(tmp_path):
    secret = tmp_path / "oidc.json"
    secret.write_text('{"providers": []}')
    secret.chmod(0o644)
    done = quarterdeck("migrate", "--data", str(tmp_path / "data"), QUARTERDECK_OIDC=str(secret))
    assert "holds a secret, and other accounts can read or change it" in refused_last(done)


@pytest.mark.parametrize("command", ["up", "backup", "check"])
def test_a_read_only_directory(command):
    if ROOT:
        with mounted("ro,size=1m") as folder:
            done = quarterdeck(command, "--data", str(folder / "data"))
            words = "read-only file system" if command != "check" else "This cannot run"
    else:
        folder = Path(tempfile.mkdtemp(prefix="qd-ro-"))
        folder.chmod(0o500)
        done = quarterdeck(command, "--data", str(folder / "data"))
        words = "cannot be written by this user" if command != "check" else "This cannot run"
        folder.rmdir()
    assert done.returncode == 2
    assert words in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not ROOT, reason="only root can mount a file system small enough to fill")
@pytest.mark.parametrize("size", ["32k", "12m"])
def test_a_disk_that_is_full_at_the_start(size):
    """Too small for the first file, and too small for a database."""
    with mounted(f"size={size},mode=0711") as folder:
        assert "full" in refused_last(up(folder))


def refused_last(done: subprocess.CompletedProcess[str]) -> str:
    """The words of a refusal that came after the database had spoken in the log."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    return done.stderr.strip().splitlines()[-1]


@pytest.mark.prove
@pytest.mark.skipif(not ROOT, reason="only root can mount a file system small enough to fill")
def test_a_disk_that_fills_while_it_runs_and_gets_room_again():
    with mounted("size=420m,mode=0755") as folder:
        (folder / "data").mkdir(mode=0o711)
        house = House(folder / "data")
        house._out = Path(tempfile.mkstemp(prefix="qd-out-")[1])
        try:
            house.up()
            filler = folder / "filler"
            with contextlib.suppress(OSError), open(filler, "wb") as file:
                while True:
                    file.write(bytes(1 << 20))
                    file.flush()
            _fill(house)
            house.wait_for(
                lambda: "No space left on device" in house.said(), "the log says that the disk is full"
            )
            filler.unlink()
            house.wait_for(house.answers, "it works again", 120)
            assert _fill(house), "rows can be written again"
        finally:
            house.end()


def _fill(house: House) -> bool:
    import psycopg

    try:
        with psycopg.connect(house.url(), autocommit=True) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS fault_fill (t text)")
            connection.execute(
                "INSERT INTO fault_fill SELECT repeat(md5(n::text), 50) FROM generate_series(1, 5000) n"
            )
    except psycopg.Error:
        return False
    return True


# --- as whom it runs --------------------------------------------------------------------------------------


@pytest.mark.prove
@pytest.mark.skipif(not ROOT, reason="it runs as an ordinary user in every other test of this run")
def test_as_an_ordinary_user():
    """By setpriv, in a mount namespace in which that user can reach our Python and our code."""
    command = as_nobody()
    data = Path(tempfile.mkdtemp(prefix="qd-user-", dir="/tmp"))
    shutil.chown(data, "nobody")
    house = House(data)
    try:
        house.up(*command, HOME="/nonexistent")
        assert Path(f"/proc/{house.process.pid}").stat().st_uid == 65534
        assert Path(f"/proc/{house.child('postgres')}").stat().st_uid == 65534
        assert (data / "postgres" / "18" / "PG_VERSION").stat().st_uid == 65534
        assert house.stop() == 0
    finally:
        house.end()


def as_nobody() -> list[str]:
    """What to put before a command; skips, saying why, when that user cannot reach our Python here."""
    if not shutil.which("setpriv"):
        pytest.skip("setpriv is not installed, so nothing can be run as another user")
    drop = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    python = Path(sys.executable)
    # Twice, because setpriv itself may still enter what the user cannot.
    again = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import psycopg, quarterdeck'], check=True)"
    if _runs([*drop, str(python), "-c", again]):
        return drop
    real = python.resolve()
    closed = next((folder for folder in reversed(real.parents) if not folder.stat().st_mode & 0o001), None)
    if closed is None or not shutil.which("unshare"):
        pytest.skip(f"an ordinary user cannot run {python} here")
    inner = closed / real.relative_to(closed).parts[0]
    script = (
        f'hold=$(mktemp -d) && mount --bind "{inner}" "$hold" && mount -t tmpfs -o mode=755 tmpfs "{closed}" && '
        f'mkdir "{inner}" && mount --move "$hold" "{inner}" && rmdir "$hold" && exec "$@"'
    )
    opened = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", *drop]
    if not _runs([*opened, str(python), "-c", again]):
        pytest.skip(
            f"an ordinary user cannot run {python} here, and a namespace in which it could cannot be made"
        )
    return opened


def _runs(command: list[str]) -> bool:
    done = subprocess.run(
        command, capture_output=True, env=running.environment(), cwd="/", timeout=60, check=False
    )
    return done.returncode == 0


# --- the command itself -----------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["--help"], ["up", "--help"], ["backup", "--help"], ["--version"]])
def test_help_loads_neither_django_nor_a_database_driver(arguments):
    code = (
        "import sys\nfrom quarterdeck.config.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit as ended:\n    assert not ended.code\n"
        "heavy = {'django', 'psycopg', 'uvicorn', 'cryptography', 'asyncio'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        env=running.environment(),
        cwd="/",
    )
    assert done.returncode == 0, done.stderr
    assert "quarterdeck" in done.stdout


def test_the_supervisor_loads_neither_django_nor_a_database_driver():
    code = (
        "import sys, quarterdeck.core.supervisor\n"
        "heavy = {'django', 'psycopg', 'uvicorn', 'cryptography'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=running.environment()
    )
    assert done.returncode == 0, done.stderr
