"""Ten kills around a real Bluesky server: its firehose has one create for every part that is out."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.real.pds import install
from tests.running import ROOT, environment

pytestmark = pytest.mark.real


@pytest.mark.timeout(600)
def test_ten_kills_around_a_real_server():
    if not install.ready():
        pytest.skip(install.why_not())
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.chaos",
            "--kills",
            "10",
            "--restart-every",
            "6",
            "--json",
            "--only",
            "real",
        ],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    (network,) = json.loads(done.stdout.splitlines()[-1])["networks"]
    assert network["out"] > 0
    wrong = ("duplicates", "lost", "early", "late", "untrue")
    assert [network[what] for what in wrong] == [[], [], [], [], []]
