"""Which addresses a request on somebody's behalf may reach: those the whole Internet can, and exceptions.

The lists are IANA's special-purpose registries (RFC 6890 and its updates), written out because Python's own
`is_global` has changed between releases. What tunnels IPv4 inside IPv6 (mapped, NAT64, 6to4, Teredo) is refused
whole, since it may lead to any of the refused IPv4 addresses.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]  # host, port -> addresses as text

_IPV4_SPECIAL = [
    ipaddress.IPv4Network(net)
    for net in (
        "0.0.0.0/8",  # this network (RFC 791)
        "10.0.0.0/8",  # private (RFC 1918)
        "100.64.0.0/10",  # shared by carriers (RFC 6598)
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and the clouds' metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # IETF protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays, retired (RFC 7526)
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
]
_IPV6_UNICAST = ipaddress.IPv6Network(
    "2000::/3"
)  # all that is assigned; ::1, fc00::, fe80::, 64:ff9b:: lie outside
_IPV6_SPECIAL = [
    ipaddress.IPv6Network(net)
    for net in (
        "2001::/23",  # IETF protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation (RFC 9637)
    )
]
# What an exception by name may open: addresses people give to their own machines, and nothing stranger.
_OWN = [
    ipaddress.ip_network(net)
    for net in (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
    )
]


def is_public(address: Address) -> bool:
    """True for a unicast address that is routed on the whole Internet."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in net for net in _IPV4_SPECIAL)
    return address in _IPV6_UNICAST and not any(address in net for net in _IPV6_SPECIAL)


def is_own(address: Address) -> bool:
    """True for loopback and private addresses: what an exception by name may open besides public ones."""
    return any(address in net for net in _OWN if net.version == address.version)


def literal(host: str) -> Address | None:
    """The address when `host` is one in its usual notation, else None."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_odd_number(host: str) -> bool:
    """True for notations of IPv4 that resolvers accept and people do not write: 127.1, 0x7f.1, 2130706433.

    As in the WHATWG URL standard: a host whose last label is a number must be four decimal numbers.
    """
    last = host.rsplit(".", 1)[-1].lower()
    number = last.isdigit() or (last.startswith("0x") and all(c in "0123456789abcdef" for c in last[2:]))
    return number and literal(host) is None


class Allowed:
    """Exceptions: "host" or "host:port" entries, in lower case, exactly as the address names them."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self._entries = {entry.lower().rstrip(".") for entry in entries}

    def names(self, host: str, port: int) -> bool:
        bracketed = f"[{host}]" if ":" in host else host
        return bool({host, bracketed, f"{bracketed}:{port}"} & self._entries)


def usable(addresses: Iterable[str], *, excepted: bool) -> list[Address]:
    """Those of the resolved addresses that may be connected to, each once, in order."""
    found: list[Address] = []
    for text in addresses:
        address = literal(text)  # a scoped address (fe80::1%eth0) parses, and is not public
        if address is None or address in found:
            continue
        if is_public(address) or (excepted and is_own(address)):
            found.append(address)
    return found


def system_resolve(host: str, port: int) -> list[str]:
    """What the machine's resolver says. OSError when it does not know the name."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


_resolvers = ThreadPoolExecutor(8, thread_name_prefix="resolve")


def resolve_within(resolve: Resolve, host: str, port: int, seconds: float) -> list[str]:
    """`resolve` with a time limit, which getaddrinfo does not have. TimeoutError, or what `resolve` raises."""
    try:
        return _resolvers.submit(resolve, host, port).result(timeout=max(0.0, seconds))
    except NotYet:
        raise TimeoutError from None
