"""The HTTP client does what it is asked, says what may have arrived, and uses neither proxies nor cookies."""

from __future__ import annotations

import socket
from contextlib import contextmanager

import pytest

from quarterdeck.core import http
from quarterdeck.core.tests.fake_sites import says, site


def test_it_gets_and_posts():
    with site(says(b"fine", X_Kind="plain")) as here, http.SafeClient(allow=[here.host]) as client:
        got = client.get(f"{here.url}/a/b", params={"q": "x y"}, headers={"Authorization": "Bearer t"})
        assert (got.status_code, got.text, got.headers["x-kind"]) == (200, "fine", "plain")
        client.post(f"{here.url}/p", json={"a": 1})
        client.post(f"{here.url}/f", data={"a": "1"}, files={"f": ("n.txt", b"content", "text/plain")})
        client.request("HEAD", here.url)
    get, post, upload, head = here.seen
    assert get[1] == "/a/b?q=x+y" or get[1] == "/a/b?q=x%20y"
    assert get[2]["Authorization"] == "Bearer t"
    assert get[2]["Host"] == here.host
    assert get[2]["User-Agent"].startswith("Quarterdeck/")
    assert (post[0], post[3]) == ("POST", b'{"a":1}')
    assert b"content" in upload[3]
    assert head[0] == "HEAD"


def test_any_status_is_an_answer():
    with site(says(b"no", 503)) as here, http.SafeClient(allow=[here.host]) as client:
        assert client.get(here.url).status_code == 503


def test_proxies_and_cookies_are_not_used(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with site(says(Set_Cookie="a=b")) as here, http.SafeClient(allow=[here.host]) as client:
        client.get(here.url)
        client.get(here.url)
    assert "Cookie" not in here.seen[1][2]


def test_connections_are_reused():
    peers = set()

    def answer(handler):
        peers.add(handler.client_address)
        says()(handler)

    with site(answer) as here, http.SafeClient(allow=[here.host]) as client:
        for _ in range(5):
            client.get(here.url)
    assert len(peers) == 1


def test_a_refused_connection_sent_nothing():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        with http.SafeClient(allow=["127.0.0.1"]) as client, pytest.raises(http.Unreachable) as failed:
            client.post(f"http://127.0.0.1:{port}/", content=b"x")
    assert not failed.value.may_have_arrived
    assert "Nothing was sent" in failed.value.not_done


def test_a_broken_answer_may_have_arrived():
    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort")
        handler.close_connection = True

    with (
        site(answer) as here,
        http.SafeClient(allow=[here.host]) as client,
        pytest.raises(http.Unreachable) as failed,
    ):
        client.post(here.url, content=b"x")
    assert failed.value.may_have_arrived


def test_an_unknown_name_is_said_in_words():
    def resolve(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    with (
        http.SafeClient(resolve=resolve) as client,
        pytest.raises(http.Unreachable, match="no place called nowhere"),
    ):
        client.get("https://nowhere.example/")


def test_a_request_without_a_body_does_not_announce_one():
    with site(says(b"fine")) as there, http.SafeClient(allow=[there.host]) as client:
        assert client.request("DELETE", f"{there.url}/one").status_code == 200
    method, path, headers, _ = there.seen[0]
    assert (method, path) == ("DELETE", "/one")
    assert "Transfer-Encoding" not in headers


class Shut(Exception):
    pass


def test_the_first_byte_leaves_inside_the_gate_and_only_once():
    passed: list[int] = []

    @contextmanager
    def gate():
        passed.append(len(there.seen))
        yield
        passed.append(-1)

    with site(says(b"fine")) as there, http.SafeClient(allow=[there.host]) as client:
        client.post(there.url, content=b"x" * 200_000, gate=gate)
        client.post(there.url, content=b"again, on the same connection", gate=gate)
    assert passed == [0, -1, 1, -1]


def test_a_gate_that_is_shut_lets_nothing_leave_and_the_connection_is_usable_after():
    @contextmanager
    def gate():
        raise Shut
        yield

    with site(says(b"fine")) as there, http.SafeClient(allow=[there.host]) as client:
        with pytest.raises(Shut):
            client.post(there.url, content=b"x", gate=gate)
        assert there.seen == []
        assert client.post(there.url, content=b"y").status_code == 200
    assert [body for *_, body in there.seen] == [b"y"]
