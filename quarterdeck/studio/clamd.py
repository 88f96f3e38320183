"""Asks a ClamAV daemon about a file, over TCP or a Unix socket of the owner's own.

The protocol is clamd's INSTREAM (clamd(8)): `zINSTREAM` and a null byte, the bytes in chunks each with its length in
four bytes, a length of nought, then one answer that ends with a null byte. Everything is bounded: the time in all, and
the answer's length. The address comes from whoever runs the installation and from nobody else.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass

from quarterdeck.core import env

TOTAL = 60.0  # seconds for one file
CHUNK = 64 * 1024  # bytes
LONGEST_ANSWER = 1024  # bytes
REQUIRED = "required"  # the policy: what was not scanned is not used
_NAME = re.compile(r"[^\w.\-/ ]")


class ScannerDown(Exception):
    """The scanner gave no verdict; the words say why. The file waits, and is asked about again."""


@dataclass(frozen=True, slots=True)
class Address:
    host: str = ""
    port: int = 0
    path: str = ""


def address() -> Address | None:
    """The scanner that QUARTERDECK_CLAMD names, `tcp:host:port` or `unix:/path`; None without one.

    ScannerDown for an address that is neither: files wait rather than pass.
    """
    given = env.get("QUARTERDECK_CLAMD").strip()
    if not given:
        return None
    if given.startswith("unix:/"):
        return Address(path=given.removeprefix("unix:"))
    if found := re.fullmatch(r"tcp:(?:\[([0-9a-fA-F:]+)\]|([\w.\-]+)):(\d{1,5})", given):
        return Address(host=found[1] or found[2], port=int(found[3]))
    raise ScannerDown("QUARTERDECK_CLAMD is neither tcp:host:port nor unix:/path.")


def is_configured() -> bool:
    return bool(env.get("QUARTERDECK_CLAMD").strip())


def is_required() -> bool:
    """Whether what was not scanned yet may not be used."""
    return is_configured() and env.get("QUARTERDECK_CLAMD_POLICY") == REQUIRED


def scan(at: Address, data: Iterable[bytes]) -> str:
    """The name of what was found in `data`, which comes in pieces; empty when it is clean. Raises ScannerDown when
    there is no verdict."""
    deadline = time.monotonic() + TOTAL
    try:
        with _connected(at) as connection:
            return _verdict(_ask(connection, data, deadline))
    except TimeoutError:
        raise ScannerDown("The virus scanner did not answer in time.") from None
    except OSError as error:
        raise ScannerDown(f"The virus scanner cannot be reached: {error.strerror or error}.") from None


def _connected(at: Address) -> socket.socket:
    if not at.path:
        return socket.create_connection((at.host, at.port), timeout=10.0)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(10.0)
        connection.connect(at.path)
    except OSError:
        connection.close()
        raise
    return connection


def _ask(connection: socket.socket, data: Iterable[bytes], deadline: float) -> bytes:
    try:
        _send(connection, b"zINSTREAM\0", deadline)
        for piece in data:
            for at in range(0, len(piece), CHUNK):
                chunk = piece[at : at + CHUNK]
                _send(connection, len(chunk).to_bytes(4, "big") + chunk, deadline)
        _send(connection, bytes(4), deadline)
    except (BrokenPipeError, ConnectionResetError):
        pass  # it hung up on a file that is too large for it, and its answer says so
    answer = b""
    while not answer.endswith(b"\0") and len(answer) <= LONGEST_ANSWER:
        connection.settimeout(_left(deadline))
        if not (more := connection.recv(LONGEST_ANSWER)):
            break
        answer += more
    return answer


def _send(connection: socket.socket, data: bytes, deadline: float) -> None:
    connection.settimeout(_left(deadline))
    connection.sendall(data)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _verdict(answer: bytes) -> str:
    said = answer.rstrip(b"\0").decode("utf-8", "replace").strip() if answer.endswith(b"\0") else ""
    if said == "stream: OK":
        return ""
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        return (
            _NAME.sub("", said.removeprefix("stream: ").removesuffix(" FOUND"))[:100] or "something unnamed"
        )
    if "size limit exceeded" in said:
        raise ScannerDown("The file is larger than the virus scanner takes (StreamMaxLength in clamd.conf).")
    raise ScannerDown("The virus scanner answered something that is no verdict.")
