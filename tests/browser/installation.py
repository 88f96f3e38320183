"""A whole installation for a test: `quarterdeck up` as a person would start it, in a folder and on a port of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

# What a test process sets for itself must not leak into an installation that serves people.
OURS = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Installation:
    """`with Installation() as house:` then `house.url`, `house.sign_in_link`, `house.run("ledger", "verify")`."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="qd-journey-", ignore_cleanup_errors=True)
        self.data = Path(self._folder.name) / "data"
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.said: list[str] = []
        self.environment = {
            k: v for k, v in os.environ.items() if k not in OURS and not k.startswith("QUARTERDECK_")
        }

    def __enter__(self) -> Installation:
        command = [sys.executable, "-m", "quarterdeck", "up", "--data", str(self.data), "--port", str(self.port)]
        self._process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        threading.Thread(target=self._listen, daemon=True).start()
        self.sign_in_link = self._wait_for_link(60)
        return self

    def _listen(self) -> None:
        for line in self._process.stdout:
            self.said.append(line)

    def _wait_for_link(self, seconds: float) -> str:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = re.search(r"http://\S+/start/\S+", "".join(self.said))
            if found:
                return found.group(0)
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError("No sign-in link was printed:\n" + "".join(self.said[-40:]))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A sub-command of `quarterdeck` against this installation."""
        return subprocess.run(
            [sys.executable, "-m", "quarterdeck", *arguments, "--data", str(self.data)],
            env=self.environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    def __exit__(self, *_) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        finally:
            self._folder.cleanup()
