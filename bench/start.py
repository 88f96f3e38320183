"""How long `quarterdeck up` takes to its first page on a warm start, and what it then keeps in memory (PSS)."""

from __future__ import annotations

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _family(pid: int) -> list[int]:
    """The process and all that descend from it, from /proc."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat.rsplit(")", 1)[1].split()[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def _pss_megabytes(pids: list[int]) -> float:
    total = 0
    for pid in pids:
        try:
            total += int(re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)[1])
        except OSError:
            continue
    return total / 1024


def _wait_for_page(url: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError(f"{url} did not answer within {seconds} s")


def _one_start(data: str, port: int, settle: float) -> tuple[float, float]:
    """Seconds to the first page (wall), and PSS in MB after `settle` seconds of rest."""
    command = [sys.executable, "-m", "quarterdeck", "up", "--data", data, "--port", str(port)]
    began = time.monotonic()
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for_page(f"http://localhost:{port}/", 60)
        seconds = time.monotonic() - began
        time.sleep(settle)
        memory = _pss_megabytes(_family(running.pid)) if settle else 0.0
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(30)
    return seconds, memory


def main() -> list[dict]:
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("QUARTERDECK_CLOCK", None)
    with tempfile.TemporaryDirectory(prefix="qd-bench-") as data:
        port = _free_port()
        cold, _ = _one_start(data, port, 0)
        warm = [_one_start(data, port, 0)[0] for _ in range(3)]
        last, memory = _one_start(data, port, 20)
    return [
        {"claim": "first start to first page (wall)", "figure": f"{cold:.1f} s"},
        {
            "claim": "warm start to first page (wall, median of 4)",
            "figure": f"{statistics.median([*warm, last]):.1f} s",
            "target": "<= 8 s",
        },
        {"claim": "idle memory, all processes (PSS)", "figure": f"{memory:.0f} MB", "target": "<= 400 MB"},
    ]
