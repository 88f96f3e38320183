"""What a process says: one line an event on standard error. Under `up` the supervisor adds time and name."""

from __future__ import annotations

import logging
import re

from quarterdeck.core import lifeline

# The last part of an address that opens a door: sign-in, invitation, signed link (43 characters), a new password.
_KEY = re.compile(r"(?<=/)[\w-]{40,}")


class WithoutKeys(logging.Filter):
    """Takes keys out of every line, whoever says it: Django alone names an address in half a dozen loggers."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            said = record.getMessage()
        except (TypeError, ValueError):
            return True  # the handler reports the mistake
        record.msg, record.args = _KEY.sub("…", said), None
        return True


def configure() -> None:
    """From info upwards, third parties from warnings upwards."""
    time = "" if lifeline.supervised() else "%(asctime)s "
    logging.basicConfig(level=logging.WARNING, format=time + "%(levelname)s %(name)s: %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(WithoutKeys())
    logging.getLogger("quarterdeck").setLevel(logging.INFO)
