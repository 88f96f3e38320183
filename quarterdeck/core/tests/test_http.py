"""The HTTP client against real servers on loopback: what it refuses, what it bounds, what it keeps secret."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from quarterdeck.core import http

PUBLIC = "93.184.216.34"  # any public address; tests never reach it


class FakeResolver:
    """Answers each question with the next of its answers for that name, and fails on a name nobody told it."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self.answers = {name.replace("_", "."): list(given) for name, given in answers.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        if host not in self.answers:
            raise AssertionError(f"nobody expected a question about {host}")
        left = self.answers[host]
        return left.pop(0) if len(left) > 1 else left[0]


class Site:
    """A real server whose answer a test decides: `answer(handler)` writes it; `seen` keeps what came."""

    def __init__(
        self, answer: Callable[[BaseHTTPRequestHandler], None], tls: ssl.SSLContext | None = None
    ) -> None:
        seen = self.seen = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                seen.append((self.command, self.path, {k.title(): v for k, v in self.headers.items()}, body))
                answer(self)

            do_POST = do_PUT = do_HEAD = do_GET

            def log_message(self, *given):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.host = f"127.0.0.1:{self.port}"


@contextmanager
def site(
    answer: Callable[[BaseHTTPRequestHandler], None], tls: ssl.SSLContext | None = None
) -> Iterator[Site]:
    made = Site(answer, tls)
    thread = threading.Thread(target=made.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
        thread.join(5)


def says(
    body: bytes = b"hello", status: int = 200, **headers: str
) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)

    return answer


def to(location: str, status: int = 302) -> Callable[[BaseHTTPRequestHandler], None]:
    return says(b"", status, Location=location)


# --- what it does -----------------------------------------------------------------------------------


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


# --- where it does not go ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://localhost.:{port}/",
        "http://LOCALHOST:{port}/",
        "http://0x7f.1:{port}/",
        "http://0x7f000001:{port}/",
        "http://2130706433:{port}/",
        "http://127.1:{port}/",
        "http://0177.0.0.1:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[::ffff:7f00:1]:{port}/",
        "http://[64:ff9b::7f00:1]:{port}/",
        "http://0.0.0.0:{port}/",
        "http://[::]:{port}/",
        "http://169.254.169.254:{port}/latest/meta-data/",
        "http://user:secret@127.0.0.1:{port}/",
        "http://user@example.org:{port}/",
        "http://example.org@127.0.0.1:{port}/",
        "http://①②⑦.⓪.⓪.①:{port}/",
        "http://ｌｏｃａｌｈｏｓｔ:{port}/",
        "http://[fe80::1%25lo]:{port}/",
        "ftp://127.0.0.1:{port}/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/",
        "javascript:alert(1)",
        "//127.0.0.1:{port}/",
        "127.0.0.1:{port}",
        "http://",
        "http:///path",
        "http://127.0.0.1:99999/",
        "http://exa mple.org/",
        "http://example.org\r\nX-Injected: 1/",
        "",
    ],
)
def test_a_private_place_is_not_reached_however_it_is_written(url):
    with site(says()) as here, http.SafeClient() as client:
        with pytest.raises((http.Refused, http.Unreachable)) as refused:
            client.get(url.format(port=here.port))
        assert not refused.value.may_have_arrived
        assert refused.value.title.endswith(".")
    assert here.seen == []


@pytest.mark.parametrize("port", [22, 25, 81, 111, 389, 443 + 1, 631, 1023])
def test_privileged_ports_are_not_called(port):
    with http.SafeClient(resolve=FakeResolver()) as client, pytest.raises(http.Refused, match=str(port)):
        client.get(f"http://example.org:{port}/")


def test_only_the_webs_own_ports_when_asked():
    with http.SafeClient(ports="web", resolve=FakeResolver()) as client, pytest.raises(http.Refused):
        client.get("https://example.org:8443/")


def test_an_exception_is_for_that_port_only():
    with site(says()) as here, site(says()) as other, http.SafeClient(allow=[here.host]) as client:
        client.get(here.url)
        with pytest.raises(http.Refused):
            client.get(other.url)
    assert (len(here.seen), len(other.seen)) == (1, 0)


def test_a_name_that_answers_otherwise_the_second_time_gains_nothing(monkeypatch):
    """DNS rebinding: public when checked, loopback when connected. Here checked and connected are one answer."""
    connected: list[str] = []
    plain = httpcore.SyncBackend.connect_tcp

    with site(says()) as here:

        def connect(self, host, port, *rest, **named):
            connected.append(host)
            return plain(self, "127.0.0.1" if host == PUBLIC else host, here.port, *rest, **named)

        monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
        resolver = FakeResolver(evil_example=[[PUBLIC], ["127.0.0.1"]])
        with http.SafeClient(resolve=resolver) as client:
            assert client.get("http://evil.example/", headers={"Connection": "close"}).status_code == 200
            assert (connected, resolver.asked) == ([PUBLIC], ["evil.example"])
        with http.SafeClient(resolve=resolver) as client, pytest.raises(http.Refused):
            client.get("http://evil.example/")
    assert connected == [PUBLIC]
    assert here.seen[0][2]["Host"] == "evil.example"


def test_of_a_mixed_answer_only_the_public_address_is_tried(monkeypatch):
    tried = []

    def connect(self, host, port, *rest, **named):
        tried.append(host)
        raise httpcore.ConnectError("no network in tests")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    resolver = FakeResolver(mixed_example=[["127.0.0.1", PUBLIC, "169.254.169.254"]])
    with http.SafeClient(resolve=resolver) as client, pytest.raises(http.Unreachable):
        client.get("http://mixed.example/")
    assert tried == [PUBLIC]


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/"]
)
def test_a_redirect_to_a_private_place_is_not_followed(target):
    with (
        site(says()) as inside,
        site(to(target.format(port=inside.port))) as here,
        http.SafeClient(allow=[here.host]) as client,
        pytest.raises(http.Refused),
    ):
        client.get(here.url)
    assert (len(here.seen), inside.seen) == (1, [])


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://x/", "http://u:p@example.org/", "http://x:22/", "//["]
)
def test_a_redirect_to_something_else_is_not_followed(target):
    with site(to(target)) as here, http.SafeClient(allow=[here.host]) as client, pytest.raises(http.Refused):
        client.get(here.url)


# --- redirects --------------------------------------------------------------------------------------


def test_redirects_are_followed_up_to_five():
    def answer(handler):
        left = int(handler.path.strip("/") or 0)
        (says(b"there") if left == 0 else to(f"/{left - 1}"))(handler)

    with site(answer) as here, http.SafeClient(allow=[here.host]) as client:
        assert client.get(f"{here.url}/5").text == "there"
        with pytest.raises(http.Refused, match="more than 5"):
            client.get(f"{here.url}/6")


def test_secrets_stay_with_their_origin():
    with site(says()) as there, site(to(f"http://127.0.0.1:{there.port}/")) as here:
        secret = {"Authorization": "Bearer t", "Cookie": "a=b", "X-Api-Key": "k", "Accept": "text/plain"}
        with http.SafeClient(allow=[here.host, there.host]) as client:
            client.get(here.url, headers=secret)
    got = there.seen[0][2]
    assert not {"Authorization", "Cookie", "X-Api-Key"} & set(got)
    assert got["Accept"] == "text/plain"
    assert here.seen[0][2]["Authorization"] == "Bearer t"


def test_secrets_go_along_within_their_origin():
    def answer(handler):
        (to("/there") if handler.path == "/" else says())(handler)

    with site(answer) as here, http.SafeClient(allow=[here.host]) as client:
        client.get(here.url, headers={"Authorization": "Bearer t"})
    assert here.seen[1][2]["Authorization"] == "Bearer t"


@pytest.mark.parametrize(("status", "method", "body"), [(301, "GET", b""), (302, "GET", b""), (303, "GET", b""),
                                                       (307, "POST", b"x=1"), (308, "POST", b"x=1")])  # fmt: skip
def test_a_posts_redirect_keeps_or_changes_the_method_as_the_standard_says(status, method, body):
    def answer(handler):
        (to("/there", status) if handler.path == "/" else says())(handler)

    with site(answer) as here, http.SafeClient(allow=[here.host]) as client:
        client.post(here.url, data={"x": "1"})
    assert (here.seen[1][0], here.seen[1][3]) == (method, body)


def test_what_was_posted_is_not_sent_to_another_origin():
    with (
        site(says()) as there,
        site(to(f"http://127.0.0.1:{there.port}/", 307)) as here,
        http.SafeClient(allow=[here.host, there.host]) as client,
        pytest.raises(http.Refused) as refused,
    ):
        client.post(here.url, data={"token": "secret"})
    assert there.seen == []
    assert refused.value.may_have_arrived


def test_redirects_can_be_left_to_the_caller():
    with site(to("/x")) as here, http.SafeClient(allow=[here.host], redirects=0) as client:
        assert client.get(here.url).status_code == 302


# --- size -------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("packed", [gzip.compress(b"text")[:-9], b"not gzip at all"])
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


# --- time -------------------------------------------------------------------------------------------


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
            client.get(here.url, total=0.5)
        assert time.monotonic() - began < 5
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


# --- what may have arrived --------------------------------------------------------------------------


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


# --- certificates -----------------------------------------------------------------------------------


def certificate(name: str, folder) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """(the server's context, a client's that trusts it) for a self-signed certificate of `name`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "pair.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    client = ssl.create_default_context(cafile=str(path))
    return server, client


def test_the_name_stays_in_the_handshake_the_certificate_and_the_host_header(tmp_path):
    server, trusting = certificate("desk.example", tmp_path)
    names: list[str | None] = []
    server.sni_callback = lambda sock, name, context: names.append(name)
    with site(says(), server) as here:
        resolver = FakeResolver(desk_example=[["127.0.0.1"]])
        with http.SafeClient(allow=["desk.example"], resolve=resolver, certificates=trusting) as client:
            assert client.get(f"https://desk.example:{here.port}/").status_code == 200
            assert client.get(f"https://Desk.Example.:{here.port}/").status_code == 200
    assert set(names) == {"desk.example"}
    assert {seen[2]["Host"].lower() for seen in here.seen} == {f"desk.example:{here.port}"}


def test_a_certificate_for_another_name_is_not_taken(tmp_path):
    server, trusting = certificate("other.example", tmp_path)
    with site(says(), server) as here:
        resolver = FakeResolver(desk_example=[["127.0.0.1"]])
        client = http.SafeClient(allow=["desk.example"], resolve=resolver, certificates=trusting)
        with client, pytest.raises(http.Unreachable, match="could not prove who it is") as failed:
            client.get(f"https://desk.example:{here.port}/")
    assert not failed.value.may_have_arrived
    assert here.seen == []


def test_https_is_not_left_by_a_redirect(tmp_path):
    server, trusting = certificate("desk.example", tmp_path)
    with site(says()) as plain, site(to(plain.url), server) as here:
        resolver = FakeResolver(desk_example=[["127.0.0.1"]])
        allow = ["desk.example", plain.host]
        with (
            http.SafeClient(allow=allow, resolve=resolver, certificates=trusting) as client,
            pytest.raises(http.Refused, match="away from https"),
        ):
            client.get(f"https://desk.example:{here.port}/")
    assert plain.seen == []
