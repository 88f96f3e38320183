"""The HTTP client for every call to a place that somebody else named: a network, a feed, a webhook.

It reaches only addresses the whole Internet can reach (exceptions by name), follows redirects itself and checks
each, and bounds size, decompressed size and total time. It takes no proxy, no cookie and no password in an address.
Every failure is a `CallFailed` that says in words what happened and in `may_have_arrived` whether the other side may
have acted on the request: who delivers must not try again blindly when it may.
"""

from __future__ import annotations

import contextlib
import functools
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Literal, cast

import h11
import httpcore
import httpx

from quarterdeck import __version__
from quarterdeck.core.http import network as http_network
from quarterdeck.core.http.addresses import Allowed, Resolve, is_odd_number, system_resolve
from quarterdeck.core.http.connections import Connection, Origin, Pool
from quarterdeck.core.problems import Problem

LARGEST = 8 * 1024 * 1024  # bytes of an answer, decompressed
TOTAL = 30.0  # seconds from the first look-up to the last byte
CONNECT = 6.0  # seconds to reach one address
REDIRECTS = 5
WEB_PORTS = frozenset({80, 443})
_GZIP, _GZIP_MAGIC = 16 + zlib.MAX_WBITS, b"\x1f\x8b"
_KEPT_ACROSS_ORIGINS = {"accept", "accept-language", "user-agent"}


class CallFailed(Problem):
    """A call to another place did not succeed. `may_have_arrived`: the request may have been acted upon."""

    status = 502
    code = "call-failed"

    def __init__(self, title: str, *, may_have_arrived: bool = False, next_step: str = "") -> None:
        not_done = (
            "Whether the other side acted on it is not known." if may_have_arrived else "Nothing was sent."
        )
        super().__init__(title, not_done=not_done, next_step=next_step)
        self.may_have_arrived = may_have_arrived


class Refused(CallFailed):
    """We do not call this address: where it leads, or how it is written, is not allowed."""

    status = 422
    code = "address-refused"


class Unreachable(CallFailed):
    """No connection, no such name, no valid certificate, or the connection broke."""

    code = "unreachable"


class TookTooLong(CallFailed):
    """The time cap was over before the answer was complete."""

    status = 504
    code = "took-too-long"


class TooLarge(CallFailed):
    """The answer is larger than the cap, as sent or once unpacked."""

    code = "too-large"


@functools.cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


class SafeClient:
    """A client for one purpose, safe to share among threads; keep it, it reuses connections. Close it in the end.

    `allow`: "host" or "host:port" that may lead to a private or loopback address, on any port (an owner's own
    server, a test's). `ports`: which ports may be called; by default 80, 443 and those from 1024 up.
    `resolve` and `certificates` are for tests.
    """

    def __init__(
        self,
        *,
        allow: Iterable[str] = (),
        ports: Literal["web", "unprivileged"] = "unprivileged",
        total: float = TOTAL,
        connect: float = CONNECT,
        largest: int = LARGEST,
        redirects: int = REDIRECTS,
        agent: str = f"Quarterdeck/{__version__}",
        resolve: Resolve = system_resolve,
        certificates: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed = Allowed(allow)
        self._ports, self._total, self._largest, self._redirects = ports, total, largest, redirects
        self._agent = agent
        self._pool = Pool(
            http_network.Backend(resolve, self._allowed, connect),
            certificates or _certificates(),
            most=64,
            kept=32,
            longest=10.0,
        )

    def __enter__(self) -> SafeClient:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        self._pool.close()

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        data: Mapping[str, Any] | None = None,
        json: Any = None,
        files: Any = None,
        total: float | None = None,
        largest: int | None = None,
        gate: Callable[[], AbstractContextManager[None]] = contextlib.nullcontext,
    ) -> httpx.Response:
        """One call, redirects followed; the whole answer in memory. Any status is an answer; CallFailed is none.

        `total` (seconds) and `largest` (bytes) override the client's caps for this call. The first byte of the
        request leaves inside `with gate():`, after the connection stands; what entering raises is raised here,
        and then nothing was sent.
        """
        try:
            request = httpx.Request(
                method,
                url,
                headers=headers,
                params=params,
                content=content,
                data=data,
                json=json,
                files=files,
            )
        except (httpx.InvalidURL, UnicodeError, TypeError, ValueError) as error:
            raise Refused(f"This is not an address that can be called: {_brief(url)}.") from error
        call = http_network.Call(time.monotonic() + (self._total if total is None else total), gate=gate)
        token = http_network.current.set(call)
        try:
            return self._follow(request, largest or self._largest, rereadable=files is None)
        finally:
            http_network.current.reset(token)

    def get(self, url: str, **given: Any) -> httpx.Response:
        return self.request("GET", url, **given)

    def post(self, url: str, **given: Any) -> httpx.Response:
        return self.request("POST", url, **given)

    def check(self, url: str) -> None:
        """Refused when `url` is written in a way that is never called. Where it leads is only known on calling."""
        try:
            self._check(httpx.URL(url))
        except (httpx.InvalidURL, UnicodeError, TypeError, ValueError) as error:
            raise Refused(f"This is not an address that can be called: {_brief(url)}.") from error

    # --- the steps of a call ------------------------------------------------------------------------

    def _follow(self, request: httpx.Request, largest: int, rereadable: bool) -> httpx.Response:
        for _ in range(self._redirects + 1):
            self._check(request.url)
            response = self._once(request, largest)
            if not response.has_redirect_location or self._redirects == 0:
                return response
            request = _redirected(request, response, rereadable)
        raise Refused(
            f"{request.url.host} redirected more than {self._redirects} times.", may_have_arrived=_wrote()
        )

    def _check(self, url: httpx.URL) -> None:
        host = url.host.rstrip(".").lower()
        if url.scheme not in {"http", "https"}:
            raise Refused("Only http and https addresses are called.", may_have_arrived=_wrote())
        if url.userinfo:
            raise Refused(
                "An address with a name or password in it is not called.", may_have_arrived=_wrote()
            )
        if not host or "%" in host or is_odd_number(host):
            raise Refused(
                f"{_brief(host)} is not the name of a place on the Internet.", may_have_arrived=_wrote()
            )
        port = url.port or {"http": 80, "https": 443}[url.scheme]
        high = self._ports == "unprivileged" and port >= 1024
        if port not in WEB_PORTS and not high and not self._allowed.names(host, port):
            raise Refused(f"Port {port} is not called.", may_have_arrived=_wrote())

    def _once(self, request: httpx.Request, largest: int) -> httpx.Response:
        host = request.url.host
        try:
            with self._pool.lent(_called(request.url)) as connection:
                raw = _answered(connection, request, self._agent)
                body = _read(connection, raw, largest, host, bodyless=request.method == "HEAD")
        except http_network.NotPublic:
            raise Refused(
                f"{host} leads to an address inside a private network, and those are not called.",
                may_have_arrived=_wrote(),
            ) from None
        except http_network.UnknownName:
            raise Unreachable(f"There is no place called {host}.", may_have_arrived=_wrote()) from None
        except (http_network.OutOfTime, httpcore.TimeoutException):
            raise TookTooLong(f"{host} took too long.", may_have_arrived=_wrote()) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, h11.ProtocolError, OSError) as error:
            raise Unreachable(_words(host, error), may_have_arrived=_wrote()) from error
        kept = [(k, v) for k, v in raw.headers if k not in {b"content-encoding", b"content-length"}]
        return httpx.Response(raw.status_code, headers=kept, content=body, request=request)


def _has_body(request: httpx.Request) -> bool:
    """A request that says neither its length nor that it comes in pieces has none."""
    return "content-length" in request.headers or "transfer-encoding" in request.headers


def _called(url: httpx.URL) -> Origin:
    """Where a call goes, as the connection and the certificate know it: the name in ASCII."""
    host = url.raw_host.rstrip(b".").lower().decode("ascii")
    return Origin(url.scheme, host, url.port or {"http": 80, "https": 443}[url.scheme])


def _answered(connection: Connection, request: httpx.Request, agent: str) -> h11.Response:
    """Send the request; the head of its answer. A server may answer before it has taken all, and hang up: what it
    said then is read all the same."""
    head = h11.Request(method=request.method, target=request.url.raw_path, headers=_headers(request, agent))
    try:
        connection.send(head, cast(Iterator[bytes], request.stream) if _has_body(request) else ())
    except httpcore.WriteError:
        if not _wrote():
            raise
    return connection.answer()


def _headers(request: httpx.Request, agent: str) -> list[tuple[bytes, bytes]]:
    own = {
        b"host",
        b"accept-encoding",
        b"connection",
        b"transfer-encoding",
        b"user-agent",
        b"proxy-authorization",
    }
    given = [(k, v) for k, v in request.headers.raw if k.lower() not in own]
    framing = [(k, v) for k, v in request.headers.raw if k.lower() == b"transfer-encoding"]
    return [
        (b"Host", request.url.netloc.replace(b".:", b":").rstrip(b".")),
        (b"User-Agent", request.headers.get("user-agent", agent).encode("ascii", "replace")),
        (b"Accept-Encoding", b"gzip"),
        *framing,
        *given,
    ]


def _read(connection: Connection, raw: h11.Response, largest: int, host: str, *, bodyless: bool) -> bytes:
    encoding = b",".join(v for k, v in raw.headers if k == b"content-encoding").strip().lower()
    if bodyless or raw.status_code in {204, 304}:
        return b"".join(connection.pieces())  # of which h11 knows that there are none
    if encoding not in {b"", b"identity", b"gzip", b"x-gzip"}:
        raise Unreachable(f"{host} packed its answer in a way that was not asked for.", may_have_arrived=True)
    pieces = connection.pieces()
    if encoding not in {b"", b"identity"}:
        pieces = _unpacked(pieces, largest, host)
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > largest:
            raise _too_large(largest, host)
    return bytes(body)


def _too_large(largest: int, host: str) -> TooLarge:
    return TooLarge(f"{host} answered with more than {_megabytes(largest)}.", may_have_arrived=True)


def _unpacked(pieces: Iterator[bytes], largest: int, host: str) -> Iterator[bytes]:
    """gzip (RFC 1952), never unpacking more than one piece beyond the cap: a bomb ends where it begins. What follows
    the last member is no part of the answer: it is passed over, and not for longer than the cap either."""
    unpacker = zlib.decompressobj(wbits=_GZIP)
    rest, came, beyond = b"", False, 0
    try:
        for piece in pieces:
            rest, came = rest + piece, True
            while rest and not unpacker.eof:
                yield unpacker.decompress(rest, 65536)
                rest = unpacker.unconsumed_tail
                if unpacker.eof:
                    rest = unpacker.unused_data
                    if rest.startswith(_GZIP_MAGIC):  # another member follows
                        unpacker = zlib.decompressobj(wbits=_GZIP)
            if unpacker.eof:
                beyond, rest = beyond + len(rest), b""
                if beyond > largest:
                    raise _too_large(largest, host)
        while not unpacker.eof and (last := unpacker.decompress(b"", 65536)):
            yield last
    except zlib.error as error:
        raise Unreachable(f"The answer of {host} cannot be unpacked.", may_have_arrived=True) from error
    if came and not unpacker.eof:
        raise Unreachable(f"The answer of {host} broke off.", may_have_arrived=True)


def _redirected(request: httpx.Request, response: httpx.Response, rereadable: bool) -> httpx.Request:
    """The request a redirect asks for (RFC 9110, section 15.4), with nothing secret carried to another origin."""
    try:
        url = request.url.join(response.headers["location"])
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise Refused(f"{request.url.host} redirected to no address.", may_have_arrived=_wrote()) from error
    if request.url.scheme == "https" and url.scheme != "https":
        raise Refused(f"{request.url.host} redirected away from https.", may_have_arrived=_wrote())
    method = request.method
    if response.status_code == 303 or (response.status_code in {301, 302} and method == "POST"):
        method = "HEAD" if method == "HEAD" else "GET"
    same = _origin(url) == _origin(request.url)
    bodied = method not in {"GET", "HEAD"}
    if bodied and not (same and rereadable):
        raise Refused(
            f"{request.url.host} redirected what was sent to another place, and it is not sent there.",
            may_have_arrived=_wrote(),
        )
    dropped = {"host", "content-length", "transfer-encoding"} | (set() if bodied else {"content-type"})
    headers = {
        name: value
        for name, value in request.headers.items()
        if name not in dropped and (same or name in _KEPT_ACROSS_ORIGINS)
    }
    return httpx.Request(method, url, headers=headers, content=request.read() if bodied else None)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host.rstrip(".").lower(), url.port or {"http": 80, "https": 443}.get(url.scheme)


def _wrote() -> bool:
    call = http_network.current.get(None)
    return call is not None and call.wrote


def _words(host: str, error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"{host} could not prove who it is: {cause.verify_message}."
        if isinstance(cause, ssl.SSLError):
            return f"No secure connection to {host} could be made."
        if isinstance(cause, ConnectionRefusedError):
            return f"{host} does not accept connections."
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpcore.ConnectError | OSError):
        return f"{host} cannot be reached."
    return f"The connection to {host} broke off."


def _brief(text: str) -> str:
    shown = "".join(c if c.isprintable() else "?" for c in str(text))
    return f"“{shown[:80]}”"


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.0f} MB" if size >= 2**20 else f"{size} bytes"


__all__ = ["CallFailed", "Refused", "SafeClient", "TooLarge", "TookTooLong", "Unreachable"]
