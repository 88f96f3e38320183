"""Pages without what every room is asked for: for walks that open hundreds of them for something else."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest


@contextlib.contextmanager
def uncounted() -> Iterator[None]:
    """Without the numbers in the rail and the facts in the strip: for those, every room is asked what it has for the
    Desk and what goes out next, which is most of a page's price."""
    from quarterdeck.shell import frame

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frame, "_count", lambda entry, member: None)
        patch.setattr(frame.Frame, "strip", [])
        yield
