"""The network below `core.http`: connects only to checked addresses, and gives every wait the call's deadline.

httpcore asks a backend to connect to a *name*; here the name is resolved once, the addresses are checked and one
of them is connected to, so no second resolution can answer otherwise. Server name, certificate check and Host
header stay the name's: httpcore keeps those to itself.
"""

from __future__ import annotations

import contextlib
import contextvars
import ssl
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import httpcore
from httpcore import SOCKET_OPTION

from quarterdeck.core.http.addresses import Allowed, Resolve, literal, resolve_within, usable


class NotPublic(Exception):
    """The name leads to no address that may be reached."""


class UnknownName(Exception):
    """The resolver does not know the name."""


class OutOfTime(Exception):
    """The call's total time is over."""


@dataclass(slots=True)
class Call:
    """What one call carries through the layers: when it must be over, and whether anything was sent yet.

    The first byte leaves inside `gate`; when entering it raises, nothing has left.
    """

    deadline: float  # monotonic
    wrote: bool = False
    gate: Callable[[], AbstractContextManager[None]] = contextlib.nullcontext

    def left(self, cap: float | None = None) -> float:
        """Seconds left, at most `cap`; OutOfTime when there are none."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise OutOfTime
        return left if cap is None else min(left, cap)


current: contextvars.ContextVar[Call] = contextvars.ContextVar("quarterdeck_http_call")


class Stream(httpcore.NetworkStream):
    """A connection whose every wait ends with the call. A steady drip of bytes cannot prolong it."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, current.get().left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        call = current.get()
        if call.wrote or not buffer:
            self._write(buffer, call, timeout)
            return
        with call.gate():
            call.wrote = True
            self._write(buffer, call, timeout)

    def _write(self, buffer: bytes, call: Call, timeout: float | None) -> None:
        for start in range(0, len(buffer), 65536):  # the inner write renews its time for each part it sends
            self._inner.write(buffer[start : start + 65536], call.left(timeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return Stream(self._inner.start_tls(ssl_context, server_hostname, current.get().left(timeout)))

    def close(self) -> None:
        self._inner.close()

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class Backend(httpcore.NetworkBackend):
    """Resolves, checks, connects. `connect` is the time cap of reaching one address, in seconds."""

    def __init__(self, resolve: Resolve, allowed: Allowed, connect: float) -> None:
        self._resolve, self._allowed, self._connect = resolve, allowed, connect
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        call = current.get()
        failure: Exception | None = None
        for address in self._addresses(host, port, call)[:4]:
            try:
                opened = self._inner.connect_tcp(
                    str(address), port, call.left(self._connect), None, socket_options
                )
                return Stream(opened)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or NotPublic(host)

    def _addresses(self, host: str, port: int, call: Call) -> list[Any]:
        named = [host] if literal(host) else None
        try:
            found = named or resolve_within(self._resolve, host, port, call.left(self._connect))
        except TimeoutError:
            raise httpcore.ConnectTimeout("The name could not be resolved in time.") from None
        except (OSError, UnicodeError) as error:
            raise UnknownName(host) from error
        addresses = usable(found, excepted=self._allowed.names(host, port))
        if not addresses:
            raise NotPublic(host)
        return addresses
