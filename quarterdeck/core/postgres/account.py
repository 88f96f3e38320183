"""As whom PostgreSQL runs. It refuses root; so root hands it to an account of its own, and opens no folder for it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOME = Path("/var/lib/quarterdeck")
NAME = "quarterdeck"


class ClusterProblem(RuntimeError):
    """The embedded database cannot be used; the words say what happened and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the machine other than root."""

    name: str
    uid: int
    gid: int

    def popen(self) -> dict[str, Any]:
        """The arguments of subprocess.Popen that make a child this user and nobody else."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_run(self, program: Path) -> bool:
        return self._tries([str(program), "--version"])

    def can_enter(self, folder: Path) -> bool:
        """Whether this user can stand in `folder`, which takes every folder above it."""
        return self._tries(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)])

    def _tries(self, command: list[str]) -> bool:
        try:
            done = subprocess.run(
                command,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=30,
                **self.popen(),
            )
        except OSError:
            return False
        return done.returncode == 0


def needed() -> Account | None:
    """The account PostgreSQL must run as: None for an ordinary user, who runs it as themselves.

    As root: the system account `quarterdeck`, made when it is missing; where no account can be made, one of
    those that exist for such a purpose. ClusterProblem when there is none at all.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    found = _existing(NAME)
    if found is None:
        _make()
        found = _existing(NAME)
    for name in ("_postgres", "postgres", "nobody"):
        found = found or _existing(name)
    if found is None:
        raise ClusterProblem(
            "PostgreSQL refuses to run as root, and no other account could be made. "
            "Run Quarterdeck as an ordinary user, or make a system account named quarterdeck."
        )
    return found


def _existing(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid) if entry.pw_uid != 0 else None


def _make() -> None:
    """Make the system account with what this machine has for it. Failing is seen by looking again."""
    search = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
    nologin = shutil.which("nologin", path=search) or "/bin/false"
    useradd, adduser = shutil.which("useradd", path=search), shutil.which("adduser", path=search)
    if useradd:
        command = [useradd, "--system", "--user-group", "--no-create-home"]
        command += ["--home-dir", str(HOME), "--shell", nologin, NAME]
    elif adduser:  # the one of busybox
        command = [adduser, "-S", "-D", "-H", "-h", str(HOME), "-s", nologin, NAME]
    else:
        return
    subprocess.run(command, capture_output=True, timeout=30, check=False)
