"""The sockets the pages are served from, bound before anything starts and kept while the web process restarts."""

from __future__ import annotations

import errno
import socket
import time


class CannotStart(RuntimeError):
    """Something expected is in the way; the words say what, and that nothing was started."""


def bind_all(host: str, port: str, patience: float = 0.0) -> list[socket.socket]:
    """Listening sockets on `host`. 127.0.0.1 brings ::1 along: browsers try that first for the name localhost.

    A port in use is tried again for `patience` seconds, then CannotStart says so in words.
    """
    if not port.isdigit() or not 1 <= int(port) <= 65535:
        raise CannotStart(
            f"QUARTERDECK_PORT is “{port}”; a port is a number from 1 to 65535. Nothing was started."
        )
    deadline = time.monotonic() + patience
    made = [_bind(host, int(port), deadline)]
    if host == "127.0.0.1" and socket.has_ipv6:
        try:
            made.append(_bind("::1", int(port), deadline))
        except CannotStart as refused:
            if "in use" in str(refused):  # another program would answer at http://localhost
                made[0].close()
                raise
    return made


def _bind(host: str, port: int, deadline: float) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        try:
            return socket.create_server((host, port), family=family, backlog=1024)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                time.sleep(0.2)
                continue
            raise CannotStart(_words(host, port, error)) from None


def _words(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is in use by another program. Nothing was started. "
            f"Stop that program, or start with --port {port + 1 if port < 65535 else 8300}."
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return (
            f"Port {port} is reserved for the system. Nothing was started. Choose one above 1023 with --port."
        )
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"This machine has no address {host}. Nothing was started. Choose another with --host."
    return f"Port {port} on {host} cannot be used: {error.strerror}. Nothing was started."
