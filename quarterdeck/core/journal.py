"""One readable log: every line of every process with its time and the process's name, in a file and on the terminal.

The file rotates by size. Neither a full disk nor a closed terminal stops anything: what cannot be written is
left out, and that is said once where it still can be.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from quarterdeck.core import clock

LARGEST = 5_000_000  # bytes
KEPT = 5


class Journal:
    """`write(who, line)` from one thread."""

    def __init__(self, path: Path, *, terminal: bool = True) -> None:
        self._path = path
        self._terminal = terminal
        self._broken = False
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._size = os.fstat(self._descriptor).st_size

    def write(self, who: str, line: str) -> None:
        stamp = clock.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")
        text = f"{stamp} {who:<10}| {line}\n"
        self._show(text)
        data = text.encode(errors="replace")
        try:
            if self._size + len(data) > LARGEST:
                self._rotate()
            self._size += os.write(self._descriptor, data)
            self._broken = False
        except OSError as error:
            if not self._broken:
                self._broken = True
                self._show(f"{stamp} {'up':<10}| The log {self._path} cannot be written: {error.strerror}.\n")

    def say(self, text: str = "") -> None:
        """Only on the terminal, without time and name: what is meant for the person in front of it."""
        self._show(text + "\n", always=True)

    def close(self) -> None:
        os.close(self._descriptor)

    def _show(self, text: str, always: bool = False) -> None:
        if not (self._terminal or always):
            return
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except (OSError, ValueError):
            self._terminal = False

    def _rotate(self) -> None:
        for number in range(KEPT - 1, 0, -1):
            older = self._path.with_suffix(f".log.{number}")
            if older.exists():
                os.replace(older, self._path.with_suffix(f".log.{number + 1}"))
        os.replace(self._path, self._path.with_suffix(".log.1"))
        os.close(self._descriptor)
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._size = 0
