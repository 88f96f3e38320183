"""Connections are kept only while nothing on them can be mistaken, and what a server says early is still heard."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from quarterdeck.core import http
from quarterdeck.core.http import network
from quarterdeck.core.http.connections import Origin, Pool
from quarterdeck.core.tests.fake_sites import says, site


def counting(peers: set, answer):
    def handle(handler):
        peers.add(handler.client_address)
        answer(handler)

    return handle


def test_bytes_beyond_an_answer_end_the_connection():
    """Else the next call would read them as its own answer."""

    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfake")
        handler.wfile.flush()

    peers: set = set()
    with site(counting(peers, answer)) as here, http.SafeClient(allow=[here.host]) as client:
        for _ in range(3):
            assert client.get(here.url).content == b"ok"
            time.sleep(0.05)  # what comes later than the answer is seen when the connection is taken again
    assert len(peers) == 3


def test_a_connection_that_the_other_side_closed_is_not_used_again():
    def answer(handler):
        says(b"fine")(handler)
        handler.close_connection = True  # without having said so

    peers: set = set()
    with site(counting(peers, answer)) as here, http.SafeClient(allow=[here.host]) as client:
        for _ in range(3):
            assert client.post(here.url, content=b"x").status_code == 200
            time.sleep(0.05)
    assert len(peers) == 3


def test_what_only_informs_is_passed_over():
    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        says(b"fine", 201)(handler)

    with site(answer) as here, http.SafeClient(allow=[here.host]) as client:
        got = client.get(here.url)
    assert (got.status_code, got.content) == (201, b"fine")


def test_an_answer_that_comes_before_all_was_sent_is_read():
    """A server that refuses a large file says so and hangs up while the rest is on its way."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def refuse() -> None:
            peer, _ = listening.accept()
            with peer:
                peer.recv(1000)
                peer.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
                peer.shutdown(socket.SHUT_WR)
                time.sleep(0.3)
                while peer.recv(2**20):
                    pass

        refusing = threading.Thread(target=refuse, daemon=True)
        refusing.start()
        with http.SafeClient(allow=["127.0.0.1"]) as client:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
            assert client.post(url, content=b"x" * 5_000_000).status_code == 413
        refusing.join(5)


def test_a_call_waits_for_a_connection_no_longer_than_its_time():
    class Backend:
        def connect_tcp(self, host, port):
            return socket.socket()

    token = network.current.set(network.Call(time.monotonic() + 0.1))
    try:
        pool = Pool(Backend(), http._certificates(), most=1, kept=1, longest=1)
        with pool.lent(Origin("http", "a.example", 80)) as first:
            first.again = lambda: False
            with pytest.raises(network.OutOfTime), pool.lent(Origin("http", "b.example", 80)):
                pass
    finally:
        network.current.reset(token)
