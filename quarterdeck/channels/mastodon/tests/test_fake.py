"""The fake is strict, and runs as a process of its own that keeps what it took."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time

import httpx
import pytest

from quarterdeck.channels.contract import Unclear
from quarterdeck.channels.mastodon.tests import world
from quarterdeck.channels.mastodon.tests.fake_mastodon import TOKEN, FakeMastodon

GOOD = {
    "User-Agent": "Quarterdeck/1",
    "Authorization": f"Bearer {TOKEN}",
    "Content-Type": "application/json",
    "Idempotency-Key": "0" * 32,
}
POST = {"status": "a", "visibility": "public"}


@pytest.mark.parametrize(
    ("headers", "sent", "path"),
    [
        ({"User-Agent": "curl"}, POST, "/api/v1/statuses"),
        ({"Idempotency-Key": "short"}, POST, "/api/v1/statuses"),
        ({"Content-Type": "text/plain"}, POST, "/api/v1/statuses"),
        ({"Authorization": "Basic x"}, POST, "/api/v1/statuses"),
        ({"Cookie": "a=b"}, POST, "/api/v1/statuses"),
        ({}, POST | {"scheduled_at": "soon"}, "/api/v1/statuses"),
        ({}, POST | {"media_ids": [7]}, "/api/v1/statuses"),
        ({}, {"status": "a"}, "/api/v1/statuses"),
        ({}, POST, "/api/v1/statuses?x=1"),
        ({}, POST, "/api/v1/unknown"),
        ({}, POST, "/api/v1/apps"),
    ],
)
def test_what_it_did_not_expect_fails_the_test(headers, sent, path):
    with FakeMastodon() as fake:
        answer = httpx.post(fake.url + path, headers=GOOD | headers, content=json.dumps(sent))
        assert answer.status_code == 501
        assert not fake.posts
        assert fake.unexpected.pop()
        assert not fake.unexpected
        assert (
            httpx.post(f"{fake.url}/api/v1/statuses", headers=GOOD, content=json.dumps(POST)).status_code
            == 200
        )


@pytest.fixture
def process(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    state = tmp_path / "posts.jsonl"
    module = "quarterdeck.channels.mastodon.tests.fake_mastodon"
    child = subprocess.Popen([sys.executable, "-m", module, str(port), str(state)])
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(400):
            try:
                httpx.get(f"{url}/fake/posts")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield url, state
    finally:
        child.kill()
        child.wait()


def test_as_a_process_it_takes_faults_and_writes_down_each_post_once(process):
    url, state = process
    with FakeMastodon() as here:
        speaker = world.adapter(here, server=url)
    key, body = world.key(), world.body(speaker)
    httpx.post(f"{url}/fake/faults", json={"next": ["drop_after"], "skew": 3600}).raise_for_status()
    with pytest.raises(Unclear):
        speaker.publish(key, body, gate=world.Gate())
    assert speaker.reconcile(key, body, began_at=world.ago(1)).what == "found"
    speaker.publish(key, body, gate=world.Gate())
    (line,) = [json.loads(one) for one in state.read_text().splitlines()]
    assert (line["key"], line["text"]) == (key, "Soup of the day.")
    assert httpx.get(f"{url}/fake/posts").json() == [line]
