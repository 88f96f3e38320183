"""Whom the HTTP client believes: the name stays in the handshake, the certificate and the Host header."""

from __future__ import annotations

import pytest

from quarterdeck.core import http
from quarterdeck.core.tests.fake_sites import FakeResolver, certificate, says, site, to


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
