"""A TCP proxy on loopback that loses what it is told to lose, once: the request before the server has it, or the
answer after the server has acted.
"""

from __future__ import annotations

import contextlib
import socket
import threading


class Cutter:
    """Use as a context manager. `cut("request")` or `cut("answer")` holds for the next connection that speaks."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._next = ""
        self.cuts: list[str] = []

    @property
    def host(self) -> str:
        return f"localhost:{self._listening.getsockname()[1]}"

    @property
    def address(self) -> str:
        return f"http://{self.host}"

    def cut(self, what: str) -> None:
        self._next = what

    def __enter__(self) -> Cutter:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with near, contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._to)) as far:
            threading.Thread(target=self._back, args=(far, near), daemon=True).start()
            while said := near.recv(65536):
                if self._take("request"):
                    return
                far.sendall(said)

    def _back(self, far: socket.socket, near: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while said := far.recv(65536):
                if self._take("answer"):
                    near.shutdown(socket.SHUT_RDWR)
                    return
                near.sendall(said)
            near.shutdown(socket.SHUT_RDWR)

    def _take(self, what: str) -> bool:
        if self._next != what:
            return False
        self._next = ""
        self.cuts.append(what)
        return True
