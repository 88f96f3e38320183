"""Samples of changes."""

from __future__ import annotations

SAMPLES: dict = {}
