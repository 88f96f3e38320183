"""A worker of its own for the race: runs the sending loop until its standard input ends, and writes each instant at
which a first byte left to the file it is given: a client key and nanoseconds a line.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import django


def main() -> None:
    django.setup()
    from quarterdeck.channels import adapters
    from quarterdeck.publishing import ahead, sending
    from quarterdeck.publishing.tests.fake_racing import FakeRacingAdapter

    adapters.NETWORKS["fake"] = FakeRacingAdapter
    stop, ahead.PAUSE = threading.Event(), 0.1
    loops = [threading.Thread(target=loop.run, args=[stop]) for loop in (sending.loop(), ahead.ready)]
    for loop in loops:
        loop.start()
    print("ready", flush=True)
    sys.stdin.read()
    stop.set()
    for loop in loops:
        loop.join()
    Path(sys.argv[1]).write_text("".join(f"{key} {at}\n" for key, at in FakeRacingAdapter.left))


if __name__ == "__main__":
    main()
