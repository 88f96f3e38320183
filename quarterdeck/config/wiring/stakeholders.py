"""What stakeholders offers the other rooms."""

from __future__ import annotations


def fill() -> None:
    pass
