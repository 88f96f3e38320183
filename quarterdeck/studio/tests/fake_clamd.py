"""A strict ClamAV daemon for tests: INSTREAM and nothing else; whatever it does not expect is noted in `wrong`."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

FOUND = b"X5O!P%@AP"  # how the test file of EICAR begins


class FakeClamd:
    """Listens on TCP, or on a Unix socket at `path`. `largest`: StreamMaxLength. `answer` replaces the verdict."""

    def __init__(self, path: Path | None = None, largest: int = 10**9, answer: bytes | None = None) -> None:
        self.largest, self.answer = largest, answer
        self.scanned: list[bytes] = []
        self.wrong: list[str] = []
        if path is None:
            self._listener = socket.create_server(("127.0.0.1", 0))
            self.address = f"tcp:127.0.0.1:{self._listener.getsockname()[1]}"
        else:
            self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._listener.bind(str(path))
            self._listener.listen()
            self.address = f"unix:{path}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> FakeClamd:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)
        assert self.wrong == []

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    self._one(connection)
                except (OSError, EOFError) as error:
                    self.wrong.append(repr(error))

    def _one(self, connection: socket.socket) -> None:
        command = self._exactly(connection, 10)
        if command != b"zINSTREAM\0":
            self.wrong.append(f"the command {command!r}")
            return
        data = b""
        while size := int.from_bytes(self._exactly(connection, 4), "big"):
            if size > 2**20:
                self.wrong.append(f"a chunk of {size} bytes")
                return
            data += self._exactly(connection, size)
            if len(data) > self.largest:
                connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.scanned.append(data)
        verdict = b"stream: Eicar-Test-Signature FOUND\0" if FOUND in data else b"stream: OK\0"
        connection.sendall(self.answer if self.answer is not None else verdict)

    def _exactly(self, connection: socket.socket, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = connection.recv(size - len(data))
            if not more:
                raise EOFError(f"{size} bytes were announced and {len(data)} came")
            data += more
        return data
