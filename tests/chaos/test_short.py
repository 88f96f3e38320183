"""A short form of the violence, in every run of the tests: a few kills, on every network there is a fake of."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.running import ROOT, environment


@pytest.mark.timeout(300)
def test_some_kills_double_nothing_lose_nothing_and_hide_nothing():
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos", "--kills", "30", "--restart-every", "20", "--json", "--fakes"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["ledger"] == "verified"
    assert sum(said["kills"].values()) >= 30
    for network in said["networks"]:
        assert network["out"] > 0, network
        wrong = ("duplicates", "lost", "early", "late", "untrue")
        assert [network[what] for what in wrong] == [[], [], [], [], []], network
