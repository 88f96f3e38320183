"""A server that speaks S3, and a bucket of it that is configured: fixtures, for the tests that name them."""

from __future__ import annotations

import pytest
from moto.server import ThreadedMotoServer

from quarterdeck.core import ids

SECRET = "a-secret-that-nobody-reads"


@pytest.fixture(scope="module")
def server():
    made = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    made.start()
    host, port = made.get_host_and_port()
    yield f"http://{host}:{port}"
    made.stop()


@pytest.fixture
def s3(server, monkeypatch):
    """A bucket that is configured and empty; gives what asks it with the key of its own."""
    import boto3

    asks = boto3.client(
        "s3",
        endpoint_url=server,
        region_name="us-east-1",
        aws_access_key_id="me",
        aws_secret_access_key=SECRET,
    )
    name = f"soup-{ids.new().hex}"
    asks.create_bucket(Bucket=name)
    given = {"BUCKET": name, "ENDPOINT": server, "KEY": "me", "SECRET": SECRET}
    for key, value in given.items():
        monkeypatch.setenv(f"QUARTERDECK_S3_{key}", value)

    def keys() -> list[str]:
        return [one["Key"] for one in asks.list_objects_v2(Bucket=name).get("Contents", [])]

    asks.keys = keys
    asks.named = name
    return asks
