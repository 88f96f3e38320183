"""`make prove`: what is too long for every day. Writes `docs/proved.md`, each line with the commit it proved.

oldest: the suite on Debian's PostgreSQL 15 (the floor); newer: the suite on newer Pythons, where present, without the
browser, which knows nothing of them; merkle, fairness: the full property-test profiles; long: the tests marked `prove`,
one room or folder after the other (`long:quarterdeck/changes` is one of them).
"""

from __future__ import annotations

import contextlib
import functools
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests import database
from tests.running import ROOT, commit

OLDEST = 15
NEWER = ("3.12", "3.13")
AT_ONCE = ["-n", "3", "--dist", "loadscope", "--no-loadscope-reorder"]


class CannotProve(RuntimeError):
    """Something this machine lacks; the words say what to install."""


def _binaries() -> Path:
    """Where Debian keeps PostgreSQL 15, installing it when this user may."""
    place = Path(f"/usr/lib/postgresql/{OLDEST}/bin")
    if not (place / "initdb").exists() and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", f"postgresql-{OLDEST}"], check=False)
    if not (place / "initdb").exists():
        raise CannotProve(f"PostgreSQL {OLDEST} is not here: apt install postgresql-{OLDEST}")
    return place


@contextlib.contextmanager
def debian_postgres() -> Iterator[str]:
    """A throwaway PostgreSQL 15 on a socket; yields its address."""
    binaries = _binaries()
    home = Path(tempfile.mkdtemp(prefix="qd15-", dir="/tmp"))
    runs_as = {}
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(home, account.pw_uid, account.pw_gid)
        runs_as = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    options = f"-k {home} -c listen_addresses='' -c fsync=off -c max_connections=200"
    control = [binaries / "pg_ctl", "-D", home / "data", "-w", "-o", options, "-l", home / "log"]
    initdb = [binaries / "initdb", "-D", home / "data", "-U", "quarterdeck", "-A", "trust"]
    subprocess.run(
        [*initdb, "-E", "UTF8", "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL, **runs_as
    )
    subprocess.run([*control, "start"], check=True, stdout=subprocess.DEVNULL, **runs_as)
    try:
        yield f"postgresql://quarterdeck@/postgres?host={home}"
    finally:
        subprocess.run(
            [*control, "stop", "-m", "immediate"], check=False, stdout=subprocess.DEVNULL, **runs_as
        )
        shutil.rmtree(home, ignore_errors=True)


def pytest_says(
    name: str, arguments: list[str], python: str = sys.executable, **environment: str
) -> tuple[str, bool, str]:
    """(what was proved, whether it passed, pytest's closing line)."""
    print(f"\n=== {name}", flush=True)
    process = subprocess.Popen(
        [python, "-m", "pytest", *arguments],
        cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    last = ""
    for line in process.stdout:
        print(line, end="", flush=True)
        if re.search(r"\d+ (passed|failed|error)", line):
            last = line.strip().strip("= ")
    return name, process.wait() == 0, last


def _interpreter(version: str) -> str | None:
    """A Python of that version that runs and can make environments: on the path, or kept by pyenv."""
    kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}"))
    for found in [shutil.which(f"python{version}"), *map(str, kept)]:
        if (
            found
            and not subprocess.run([found, "-c", "import venv"], capture_output=True, check=False).returncode
        ):
            return found
    return None


def other_pythons() -> Iterator[tuple[str, str]]:
    """(version, interpreter of a fresh environment with everything installed) for each newer Python present."""
    for version in NEWER:
        found = _interpreter(version)
        if found is None:
            print(f"Python {version} is not here: not proved on it.")
            continue
        with tempfile.TemporaryDirectory(prefix=f"qd-py{version}-") as home:
            subprocess.run([found, "-m", "venv", home], check=True)
            python = f"{home}/bin/python"
            install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*install, "--require-hashes", "-r", "requirements/dev.txt"], cwd=ROOT, check=True)
            subprocess.run([*install, "--no-build-isolation", "--no-deps", "-e", "."], cwd=ROOT, check=True)
            yield version, python


Said = tuple[str, bool, str]


def _oldest() -> Iterator[Said]:
    with debian_postgres() as address:
        yield pytest_says(
            f"the suite on Debian's PostgreSQL {OLDEST}",
            ["-m", "not prove and not real", *AT_ONCE],
            DATABASE_URL=address,
            **{database.KEEPER: address.replace("/postgres?", "/{}?")},
        )


def _newer() -> Iterator[Said]:
    everyday = ["-m", "not prove and not real and not browser", *AT_ONCE]
    for version, python in other_pythons():
        yield pytest_says(f"the suite without the browser on Python {version}", everyday, python=python)


def _cases(engine: str, what: str) -> Iterator[Said]:
    name = f"full property-test profile (10,000 cases a property) on {what}"
    given = [f"quarterdeck/engines/tests/test_{engine}.py", "--timeout", "6000"]
    yield pytest_says(name, given, HYPOTHESIS_PROFILE="full")


def _long(only: str = "") -> Iterator[Said]:
    """Each room and each folder by itself, so that a run that was ended goes on where it was."""
    places = _places_of_long_tests()
    if only and only not in places:
        raise CannotProve(f"There are no long tests in {only}; there are some in {', '.join(places)}.")
    for place in [only] if only else places:
        yield pytest_says(f"the long tests of `{place}`", [place, "-m", "prove", "--timeout", "1800"])


def _places_of_long_tests() -> list[str]:
    """The folders two deep ("quarterdeck/changes", "tests/faults") in which any test is marked `prove`."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "prove"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = {
        "/".join(line.split("/")[:2])
        for line in listed.splitlines()
        if re.match(r"(quarterdeck|tests)/", line)
    }
    return sorted(found)


PARTS: dict[str, Callable[..., Iterator[Said]]] = {
    "oldest": _oldest,
    "newer": _newer,
    "merkle": functools.partial(_cases, "merkle", "the Merkle tree"),
    "fairness": functools.partial(_cases, "fairness", "the fair calendar"),
    "long": _long,
}
PAGE = ROOT / "docs" / "proved.md"
HEAD = """# Proved

Written by `make prove`, each line when it was done, with the commit it was run at. `make prove ARGS="oldest merkle"`
runs some of the parts: oldest, newer, merkle, fairness, long (or one folder of it, `long:tests/faults`).

| what | result | pytest said | commit | day |
|---|---|---|---|---|
"""


def _write(said: Said) -> None:
    """Put one line into the page, in place of what it said of the same before."""
    name, ok, closing = said
    before = PAGE.read_text().splitlines() if PAGE.exists() else []
    rows = {
        line.split(" | ")[0]: line
        for line in before
        if line.startswith("| ") and not line.startswith("| what")
    }
    result = "passed" if ok else "**failed**"
    rows[f"| {name}"] = f"| {name} | {result} | {closing} | {commit()} | {time.strftime('%Y-%m-%d')} |"
    PAGE.write_text(HEAD + "".join(f"{row}\n" for row in rows.values()))


def main() -> None:
    chosen = [part.partition(":") for part in sys.argv[1:] or PARTS]
    if unknown := {part for part, _, _ in chosen} - PARTS.keys():
        raise CannotProve(f"There is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}.")
    held = True
    for part, _, place in chosen:
        for said in PARTS[part](place) if place else PARTS[part]():
            _write(said)
            held = held and said[1]
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    try:
        main()
    except CannotProve as missing:
        print(missing)
        sys.exit(2)
