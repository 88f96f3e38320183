"""What the HTTP client takes is bounded: the size of an answer, also unpacked, and the time of the whole call."""

from __future__ import annotations

import gzip
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler

import pytest

from quarterdeck.core import http
from quarterdeck.core.tests.fake_sites import PUBLIC, says, site, to


def test_an_answer_over_the_cap_is_dropped():
    with site(says(b"x" * 2001)) as here, http.SafeClient(allow=[here.host], largest=2000) as client:
        with pytest.raises(http.TooLarge):
            client.get(here.url)
        assert len(client.get(here.url, largest=2001).content) == 2001


def test_an_answer_without_end_is_dropped():
    def answer(handler):
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        with suppress(OSError):
            while True:
                handler.wfile.write(b"x" * 65536)

    with (
        site(answer) as here,
        http.SafeClient(allow=[here.host], largest=10**6) as client,
        pytest.raises(http.TooLarge),
    ):
        client.get(here.url)


def test_gzip_is_unpacked_and_members_are_joined():
    packed = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0"
    with site(says(packed, Content_Encoding="gzip")) as here, http.SafeClient(allow=[here.host]) as client:
        assert client.get(here.url).content == b"one two"
        assert "content-encoding" not in client.get(here.url).headers


def test_a_bomb_is_stopped_at_the_cap_and_not_after():
    import tracemalloc

    bomb = gzip.compress(b"\0" * 200_000_000, 9)  # 200 MB in about 200 kB
    with site(says(bomb, Content_Encoding="gzip")) as here, http.SafeClient(allow=[here.host]) as client:
        tracemalloc.start()
        try:
            with pytest.raises(http.TooLarge):
                client.get(here.url, largest=1_000_000)
            assert tracemalloc.get_traced_memory()[1] < 12_000_000
        finally:
            tracemalloc.stop()


def test_what_follows_a_package_is_bounded_too():
    """It is no part of the answer, but it must be neither kept nor read for ever."""
    packed, left = gzip.compress(b"one"), []

    def answer(handler):
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + packed
        )
        with suppress(OSError):
            for _ in range(400):
                handler.wfile.write(b"\0" * 65536)
            left.append("all of it was taken")

    with (
        site(answer) as here,
        http.SafeClient(allow=[here.host], largest=1_000_000) as client,
        pytest.raises(http.TooLarge),
    ):
        client.get(here.url)
    assert left == []


@pytest.mark.parametrize(
    "packed", [gzip.compress(b"text", mtime=0)[:-9], b"not gzip at all"], ids=["cut", "none"]
)
def test_a_broken_package_is_a_failed_call(packed):
    with (
        site(says(packed, Content_Encoding="gzip")) as here,
        http.SafeClient(allow=[here.host]) as client,
        pytest.raises(http.Unreachable),
    ):
        client.get(here.url)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "deflate", "x"])
def test_packing_nobody_asked_for_is_refused(encoding):
    with (
        site(says(b"x", Content_Encoding=encoding)) as here,
        http.SafeClient(allow=[here.host]) as client,
        pytest.raises(http.Unreachable),
    ):
        client.get(here.url)


def test_headers_without_end_are_refused():
    def answer(handler):
        with suppress(OSError):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for n in range(20_000):
                handler.wfile.write(b"X-%d: %s\r\n" % (n, b"y" * 100))

    with site(answer) as here, http.SafeClient(allow=[here.host]) as client, pytest.raises(http.Unreachable):
        client.get(here.url)


def drip(handler: BaseHTTPRequestHandler, *, pause: float = 0.05) -> None:
    """A byte now and then: each wait is short, the whole has no end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    with suppress(OSError):
        while True:
            handler.wfile.write(b"x")
            time.sleep(pause)


def test_a_steady_drip_cannot_prolong_a_call():
    with site(drip) as here, http.SafeClient(allow=[here.host]) as client:
        began = time.monotonic()
        with pytest.raises(http.TookTooLong) as late:
            client.get(here.url, total=1.5)
        assert time.monotonic() - began < 20
        assert late.value.may_have_arrived


def test_a_server_that_says_nothing_is_left():
    silent = threading.Event()
    with site(lambda handler: silent.wait(10)) as here, http.SafeClient(allow=[here.host]) as client:
        with pytest.raises(http.TookTooLong):
            client.get(here.url, total=0.3)
        silent.set()


def test_a_resolver_that_says_nothing_is_left():
    gate = threading.Event()

    def resolve(host, port):
        gate.wait(10)
        return [PUBLIC]

    with http.SafeClient(resolve=resolve) as client, pytest.raises(http.TookTooLong) as late:
        client.get("http://slow.example/", total=0.2)
    gate.set()
    assert not late.value.may_have_arrived


def test_redirects_share_the_calls_time():
    def answer(handler):
        time.sleep(0.2)
        to("/again")(handler)

    with (
        site(answer) as here,
        http.SafeClient(allow=[here.host], redirects=50) as client,
        pytest.raises(http.TookTooLong),
    ):
        client.get(here.url, total=0.5)
    assert len(here.seen) <= 4
