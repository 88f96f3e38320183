"""The real web process: bodies, uploads, bounds, who a request comes from, and how it stops."""

from __future__ import annotations

import hashlib
import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import pytest
from django.db import connection

from quarterdeck.config.web import CannotListen, serve
from tests.web.serving import Server, serving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client(server):
    with server.client() as made:
        yield made


def raw(server: Server, data: bytes, *, end: bool = False) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    made.sendall(data)
    if end:
        made.shutdown(socket.SHUT_WR)
    return made


def answer_of(connected: socket.socket) -> bytes:
    got = b""
    with connected, suppress(ConnectionResetError):
        while piece := connected.recv(65536):
            got += piece
    return got


def count(client: httpx.Client) -> int:
    return client.get("/echo/count").json()["count"]


def test_health_and_readiness(client):
    assert client.get("/health").text == "ok\n"
    assert client.get("/ready").text == "ready\n"


def test_it_does_not_say_what_it_is(client):
    assert "default-src 'none'" in client.get("/ready").headers["content-security-policy"]
    assert "default-src 'none'" in client.get("/live/stream").headers["content-security-policy"]
    headers = client.get("/health").headers
    assert "server" not in headers
    assert "x-powered-by" not in headers


def test_a_form_arrives_as_sent(client):
    got = client.post("/echo?q=%C3%A9", data={"text": "Grüße & more = fun", "empty": ""}).json()
    assert got["form"] == {"text": "Grüße & more = fun", "empty": ""}
    assert (got["method"], got["query"]) == ("POST", {"q": "é"})


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 600_000, 2_500_000])
def test_a_body_of_any_size_arrives_as_sent(client, size):
    body = os.urandom(size)
    got = client.put("/echo", content=body, headers={"Content-Type": "application/octet-stream"}).json()
    assert (got["size"], got["sha256"]) == (size, hashlib.sha256(body).hexdigest())


def test_a_body_in_chunks_without_a_length_arrives(client):
    pieces = [os.urandom(n) for n in (1, 70_000, 0, 300_000)]
    got = client.post(
        "/echo", content=iter(pieces), headers={"Content-Type": "application/octet-stream"}
    ).json()
    assert got["sha256"] == hashlib.sha256(b"".join(pieces)).hexdigest()


def test_an_upload_arrives_as_sent(client):
    content = os.urandom(3_500_000)
    files = {"media": ("bild – 1.png", content, "image/png"), "small": ("a.txt", b"a", "text/plain")}
    got = client.post("/echo", data={"alt": "A boat"}, files=files).json()
    assert got["form"] == {"alt": "A boat"}
    assert got["files"]["media"] == ["bild – 1.png", len(content), hashlib.sha256(content).hexdigest()]
    assert got["files"]["small"][1] == 1


def test_many_uploads_at_once_arrive_as_sent(server):
    def upload(n: int) -> bool:
        content = os.urandom(700_000 + n)
        with server.client() as client:
            got = client.post("/echo", files={"f": ("f", content)}).json()
        return got["files"]["f"][2] == hashlib.sha256(content).hexdigest()

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(upload, range(24)))


def test_what_is_too_large_is_refused_in_words(client):
    refused = client.put("/echo", content=b"x" * (4 * 1024 * 1024 + 1))
    assert refused.status_code == 413
    assert "larger than 4 MB" in refused.text


def test_chunks_cannot_hide_a_size(client):
    before = count(client)
    refused = client.post("/echo", content=(b"x" * 65536 for _ in range(70)))
    assert refused.status_code == 413
    assert count(client) == before


def test_a_post_cut_off_in_the_middle_is_not_acted_upon(server, client):
    before = count(client)
    head = b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    for framing in (
        b"Content-Length: 30\r\n\r\namount=1",
        b"Transfer-Encoding: chunked\r\n\r\n8\r\namount=1\r\n",
    ):
        answer_of(raw(server, head + framing, end=True))
        raw(server, head + framing).close()
    time.sleep(0.3)
    assert count(client) == before


def test_an_upload_that_stands_still_ends(server):
    head = b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30\r\n\r\nhalf"
    assert b" 408 " in answer_of(raw(server, head)).split(b"\r\n")[0]


def test_slow_uploads_hold_up_nobody(server, client):
    head = b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30\r\n\r\nhalf"
    slow = [raw(server, head) for _ in range(40)]  # more than twice the threads
    try:
        began = time.monotonic()
        assert client.get("/echo").status_code == 200
        assert time.monotonic() - began < 5
    finally:
        for one in slow:
            one.close()


def test_slow_readers_hold_up_nobody_for_good(server, client):
    """A reader that takes nothing holds a thread only as long as it may stall; the buffers here are small."""
    ask = b"GET /echo/large?pieces=20 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    slow = [raw(server, ask) for _ in range(10)]
    try:
        assert client.get("/echo").status_code == 200
    finally:
        for one in slow:
            one.close()


def test_a_browser_that_leaves_in_the_middle_harms_nobody(server, client):
    for _ in range(30):
        leaving = raw(server, b"GET /echo/large?pieces=400 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        leaving.recv(1000)
        leaving.close()
    assert len(client.get("/echo/large?pieces=100").content) == 100 * 65536
    assert client.get("/echo/file").text.startswith('"""The product')


def test_more_requests_than_threads_and_connections_all_get_an_answer(server):
    def ask(_: int) -> int:
        with server.client() as client:
            return client.get("/echo/slow?seconds=0.1").status_code

    with ThreadPoolExecutor(60) as pool:
        assert set(pool.map(ask, range(120))) == {200}


def test_a_fault_is_an_answer_and_stands_in_the_log_without_secrets(server, client):
    assert client.get("/echo/boom").status_code == 500
    client.get("/s/tokentokentokentokentokentoken/")
    client.get("/echo/boom/tokentokentokentokentokentoken/")
    deadline = time.monotonic() + 20
    while "GET /echo/boom 500" not in server.errors and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "GET /echo/boom 500" in server.errors
    assert "as asked" in server.errors
    assert "tokentoken" not in server.errors


@pytest.mark.parametrize(
    "data",
    [
        b"GET /echo HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"GET /echo?\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /echo HTTP/1.1\r\n\r\n",
        b"GET /echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\nab",
        b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\nab",
        b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_rubbish_gets_a_plain_refusal_and_harms_nobody(server, client, data):
    before = count(client)
    got = answer_of(raw(server, data, end=True))
    assert got == b"" or got.split(b" ")[1].startswith(b"4"), got[:200]
    assert count(client) == before
    assert client.get("/health").status_code == 200


def test_nobody_may_say_who_they_are_without_a_public_address(client):
    lies = {"X-Forwarded-For": "8.8.8.8", "X-Forwarded-Proto": "https", "X_Forwarded_Proto": "https",
            "Forwarded": "for=8.8.8.8;proto=https", "X-Forwarded-Host": "evil.example"}  # fmt: skip
    got = client.get("/echo", headers=lies).json()
    assert (got["client"], got["scheme"]) == ("127.0.0.1", "http")
    assert not [name for name in got["meta"] if "FORWARDED" in name]


def test_a_second_server_on_the_port_is_refused_in_words(server):
    with pytest.raises(CannotListen, match=str(server.port)):
        serve("127.0.0.1", server.port)


def test_the_end_of_every_database_connection_is_seen_by_nobody(server, client):
    def ask(_: int) -> int:
        with server.client() as one:
            return one.get("/echo/slow?seconds=0.1").status_code

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(ask, range(12))) == {200}  # the pool holds several connections now
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert list(pool.map(ask, range(24))) == [200] * 24
    deadline = time.monotonic() + 15
    while client.get("/ready").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_stopping_lets_what_is_under_way_finish(tmp_path, server):
    with serving(tmp_path / "log") as running:
        got: list[str] = []

        def ask() -> None:
            with running.client() as client:
                got.append(client.get("/echo/slow?seconds=3").text)

        thread = threading.Thread(target=ask)
        thread.start()
        time.sleep(1.5)  # it is under way by now
        seconds = running.stop()
        thread.join(20)
    assert got == ["at last"]
    assert seconds < 8
