"""The HTTP client goes to public places only, however a private one is written or reached."""

from __future__ import annotations

import httpcore
import pytest

from quarterdeck.core import http
from quarterdeck.core.tests.fake_sites import PUBLIC, FakeResolver, says, site, to


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
