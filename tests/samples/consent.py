"""Samples of consent."""

from __future__ import annotations

SAMPLES: dict = {}
