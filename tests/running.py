"""A real `quarterdeck up` in a folder of its own: started, asked, hurt, and cleaned up whatever happens."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = ("engines", "exactly-once", "numbers", "proved")  # in docs, by measurements
PATIENCE = 90.0  # seconds; the machine may be busy with other tests


def environment(**more: str) -> dict[str, str]:
    """That of a person: no test clock, no database of the test run."""
    ours = ("QUARTERDECK_", "DATABASE_URL", "DJANGO_", "PYTEST")
    own = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return own | {"PYTHONPATH": str(ROOT)} | more


def quarterdeck(*arguments: str, timeout: float = PATIENCE, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one sub-command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "quarterdeck", *arguments],
        capture_output=True,
        text=True,
        timeout=timeout,
        env=environment(**more),
        cwd="/",
        check=False,
    )


def commit() -> str:
    """The commit a measurement is of, as git describes it; "-dirty" where the tree holds more than that and the pages
    that measurements write."""
    dirty = _git("status", "--porcelain", "--", ".", *(f":!docs/{page}.md" for page in WRITTEN))
    name = _git("describe", "--always") or "an unknown commit"
    return f"{name}-dirty" if dirty else name


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def place() -> Path:
    """A data directory that nobody else can enter: as root, PostgreSQL's account cannot either."""
    return Path(tempfile.mkdtemp(prefix="qd-fault-", dir="/tmp"))


def remove(data: Path) -> None:
    """The data directory, and the database that stands elsewhere because of it."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        shutil.rmtree(json.loads((data / "postgres" / "cluster.json").read_text())["at"])
    shutil.rmtree(data, ignore_errors=True)


class House:
    """One installation. `up()` returns when the pages answer; `processes()` are all that belong to it."""

    def __init__(self, data: Path | None = None, port: int | None = None) -> None:
        self.data = data or place()
        self.port = port or free_port()
        self.process: subprocess.Popen[str] | None = None
        self.seconds = 0.0  # that the last start took
        self._out = self.data.with_name(self.data.name + ".out")

    def up(self, *prefix: str, **more: str) -> None:
        began = time.monotonic()
        command = [
            sys.executable,
            "-m",
            "quarterdeck",
            "up",
            "--data",
            str(self.data),
            "--port",
            str(self.port),
        ]
        with open(self._out, "w") as out:
            self.process = subprocess.Popen(
                [*prefix, *command, "--no-browser"],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                text=True,
                env=environment(**more),
                cwd="/",
            )
        self.wait_for(self.answers, "the pages answer")
        self.seconds = time.monotonic() - began

    def answers(self) -> bool:
        """Whether a page comes from this house. One that dies while we wait is a failure with its words."""
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError(f"up ended with {self.process.returncode}:\n{self.said()}")
        try:
            with urllib.request.urlopen(f"http://localhost:{self.port}/ready", timeout=5) as answer:
                return answer.status == 200
        except urllib.error.HTTPError:
            return False
        except OSError:
            return False

    def said(self) -> str:
        return self._out.read_text()

    def url(self) -> str:
        return json.loads((self.data / "running.json").read_text())["DATABASE_URL"]

    def child(self, name: str) -> int:
        """The process of `web`, `worker`, `listen` or `postgres`; 0 while there is none."""
        assert self.process is not None
        for pid in children(self.process.pid):
            words = command_line(pid)
            if (name == "postgres" and words and words[0].endswith("/postgres")) or words[2:4] == [
                "quarterdeck",
                name,
            ]:
                return pid
        return 0

    def kill_child(self, name: str) -> int:
        """Kill -9 one child, which may not have been started yet; its process id was."""
        self.wait_for(lambda: self.child(name), f"{name} runs")
        pid = self.child(name)
        assert pid > 1, "0 would be this test's own process group"
        os.kill(pid, signal.SIGKILL)
        return pid

    def processes(self) -> set[int]:
        """Everything below the supervisor, and itself."""
        assert self.process is not None
        return tree(self.process.pid)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """An ordered stop; the exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def wait_for(self, condition, what: str, patience: float = PATIENCE) -> None:
        deadline = time.monotonic() + patience
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(
                    f"Waited {patience:g} s in vain until {what}. It said:\n{self.said()[-6000:]}"
                )
            time.sleep(0.05)

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            seen = self.processes()
            self.process.terminate()
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
            for pid in seen:
                with contextlib.suppress(OSError):
                    if pid != self.process.pid and "quarterdeck" in " ".join(command_line(pid)):
                        os.kill(pid, signal.SIGKILL)
        remove(self.data)
        self._out.unlink(missing_ok=True)


def children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, task.read_text().split())
    return found


def tree(pid: int) -> set[int]:
    return {pid}.union(*(tree(child) for child in children(pid)))


def command_line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


def alive(pids: set[int]) -> set[int]:
    """Of these, those that still run. A zombie waiting for its new parent does not."""
    left = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX":
                left.add(pid)
    return left


def pss(pids: set[int]) -> int:
    """Proportional set size of these processes together, in bytes."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
    return total
