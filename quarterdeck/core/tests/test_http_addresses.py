"""Which addresses are public: every special range, and the ways to write a loopback address that hide it."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.core.http.addresses import Allowed, is_odd_number, is_own, is_public, usable

NOT_PUBLIC = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",
    "169.254.169.254", "169.254.0.1", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::8.8.8.8", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:53aa:64c:0:0:0:1", "2001:10::1", "2001:20::1",
    "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd12:3456::1",
    "fe80::1", "fec0::1", "ff02::1", "fe80::1%eth0", "fd00:ec2::254",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "198.17.255.255",
          "198.20.0.1", "223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_special_addresses_are_not_public(text):
    assert not is_public(ipaddress.ip_address(text))
    assert usable([text], excepted=False) == []


@pytest.mark.parametrize("text", PUBLIC)
def test_ordinary_addresses_are(text):
    assert is_public(ipaddress.ip_address(text))


@given(st.ip_addresses())
def test_nothing_python_knows_as_private_passes(address):
    if is_public(address):
        assert not address.is_private
        assert not address.is_loopback
        assert not address.is_link_local
        assert not address.is_multicast
        assert not address.is_reserved
        assert not address.is_unspecified
        assert not is_own(address)


@pytest.mark.parametrize(
    "text",
    ["169.254.169.254", "0.0.0.0", "224.0.0.1", "fe80::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "::"],
)
def test_an_exception_by_name_opens_own_addresses_and_nothing_stranger(text):
    assert usable([text], excepted=True) == []
    assert [str(a) for a in usable(["127.0.0.1", "fd00::1", text], excepted=True)] == ["127.0.0.1", "fd00::1"]


def test_public_ones_are_picked_from_a_mixed_answer():
    assert [str(a) for a in usable(["127.0.0.1", "1.1.1.1", "1.1.1.1", "rubbish"], excepted=False)] == [
        "1.1.1.1"
    ]


@pytest.mark.parametrize(
    "host", ["0x7f.1", "2130706433", "127.1", "0177.0.0.1", "0x7f000001", "127.0.0.0x1", "017700000001", "1", "a.0x",
             "256.1.1.1", "1.2.3.4.5"]
)  # fmt: skip
def test_odd_notations_are_known(host):
    assert is_odd_number(host)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "example.org", "1and1.com", "::1", "0x.org", "deadbeef", "3.example"]
)
def test_usual_notations_are_left_alone(host):
    assert not is_odd_number(host)


def test_exceptions_name_a_host_or_a_host_and_port():
    allowed = Allowed(["pds.local", "127.0.0.1:8341", "[::1]:9", "Upper.Example."])
    assert allowed.names("pds.local", 1)
    assert allowed.names("127.0.0.1", 8341)
    assert not allowed.names("127.0.0.1", 8342)
    assert allowed.names("::1", 9)
    assert not allowed.names("::1", 10)
    assert allowed.names("upper.example", 443)
    assert not allowed.names("x.pds.local", 1)
