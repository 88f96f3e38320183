"""What a process says: one line an event on standard error. Under `up` the supervisor adds time and name."""

from __future__ import annotations

import logging

from quarterdeck.core import lifeline


def configure() -> None:
    """From info upwards, third parties from warnings upwards."""
    time = "" if lifeline.supervised() else "%(asctime)s "
    logging.basicConfig(level=logging.WARNING, format=time + "%(levelname)s %(name)s: %(message)s")
    logging.getLogger("quarterdeck").setLevel(logging.INFO)
