"""Nothing outlives its parent. A child ends when the process that started it is gone, even by kill -9.

Our own children hold the reading end of a pipe whose writing end only the parent has: end-of-file means the
parent is no more. A program that is not ours (PostgreSQL) gets two guards: on Linux the kernel's
parent-death signal, and everywhere a small shell that reads such a pipe and then ends it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

VARIABLE = "QUARTERDECK_LIFELINE"  # the number of the descriptor, from a supervisor to its child
_PR_SET_PDEATHSIG = 1
_supervised = False


def supervised() -> bool:
    """Whether a supervisor started this process (and gives its lines a time and a name)."""
    return _supervised


def hold(grace: float = 8.0) -> None:
    """In a child of the supervisor: ask this process to stop when the pipe ends, insist after `grace` seconds."""
    number = os.environ.pop(VARIABLE, "")
    if not number.isdigit():
        return
    global _supervised
    _supervised = True
    descriptor = int(number)
    os.set_inheritable(descriptor, False)

    def watch() -> None:
        while True:
            try:
                if os.read(descriptor, 1) == b"":
                    break
            except OSError:
                break
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(grace)
        os._exit(1)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


def dies_with_parent(sign: signal.Signals) -> Callable[[], None] | None:
    """A `preexec_fn` by which the kernel sends `sign` to the child when we end; None where there is no such thing.

    The kernel watches the thread that forks, so this is only right from the main thread.
    """
    if not sys.platform.startswith("linux") or threading.current_thread() is not threading.main_thread():
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def prepare() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(sign), 0, 0, 0)

    return prepare


_GUARD = """
trap '' INT TERM HUP QUIT
read -r word
[ "$word" = done ] && exit 0
kill -INT "$1" 2>/dev/null
n=0
while kill -0 "$1" 2>/dev/null && [ $n -lt 20 ]; do sleep 0.5; n=$((n+1)); done
kill -QUIT "$1" 2>/dev/null
"""


class Guard:
    """A small shell that ends process `pid` (INT, after ten seconds QUIT) when this process is gone."""

    def __init__(self, pid: int, popen: dict[str, Any] | None = None) -> None:
        reading, writing = os.pipe()
        try:
            self._shell = subprocess.Popen(
                ["/bin/sh", "-c", _GUARD, "quarterdeck-guard", str(pid)],
                stdin=reading,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
                **(popen or {}),
            )
        finally:
            os.close(reading)
        self._writing = writing

    def release(self) -> None:
        """The process has ended by itself: the guard goes without touching anything."""
        with contextlib.suppress(OSError):
            os.write(self._writing, b"done\n")
        os.close(self._writing)
        try:
            self._shell.wait(5)
        except subprocess.TimeoutExpired:
            self._shell.kill()
            self._shell.wait()
