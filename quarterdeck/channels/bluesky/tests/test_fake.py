"""The fake as its own process: what a harness that kills workers stands on."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import SimpleNamespace

import pytest

from quarterdeck.channels import calls
from quarterdeck.channels.bluesky.tests import world
from quarterdeck.channels.contract import Unclear
from tests.running import free_port


@pytest.fixture
def process(tmp_path, monkeypatch):
    port = free_port()
    monkeypatch.setenv("QUARTERDECK_PRIVATE_HOSTS", f"127.0.0.1:{port}")
    calls.client.cache_clear()
    command = [sys.executable, "-m", "quarterdeck.channels.bluesky.tests.fake_bluesky", str(port)]
    started = []

    def start():
        started.append(subprocess.Popen([*command, str(tmp_path / "state")]))
        _until_it_answers(f"http://127.0.0.1:{port}/fake/posts")
        return f"http://127.0.0.1:{port}"

    yield start, started
    for one in started:
        one.kill()
        one.wait()
    calls.client.cache_clear()


def _until_it_answers(address):
    until = time.monotonic() + 20
    while True:
        try:
            return _get(address)
        except urllib.error.URLError:
            assert time.monotonic() < until
            time.sleep(0.05)


def _get(address, post=None):
    data = json.dumps(post).encode() if post else None
    with urllib.request.urlopen(urllib.request.Request(address, data), timeout=10) as answer:
        return json.loads(answer.read())


def test_what_it_took_outlives_it(process, tmp_path):
    start, started = process
    url = start()
    ada = world.adapter(SimpleNamespace(url=url))
    made = world.body(ada)
    _get(f"{url}/fake/faults", {"next": ["drop_after"]})
    with pytest.raises(Unclear):
        ada.publish(made["rkey"], made, gate=world.Gate())
    started[0].kill()
    started[0].wait()
    start()
    assert ada.reconcile(made["rkey"], made, began_at=world.DUE).what == "found"
    ada.publish(made["rkey"], made, gate=world.Gate())
    (post,) = _get(f"{url}/fake/posts")
    assert (post["key"], post["text"]) == (made["rkey"], "Soup at noon.")
    assert len((tmp_path / "state").read_text().splitlines()) == 1


def test_it_fails_the_test_on_what_it_did_not_expect(fake):
    ada = world.adapter(fake)
    made = world.body(ada) | {"swapRecord": "bafy"}
    with pytest.raises(Unclear):
        ada.publish(made["rkey"], made, gate=world.Gate())
    assert "it must only ever create" in fake.unexpected.pop()
