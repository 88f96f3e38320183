"""Samples of accountability."""

from __future__ import annotations

SAMPLES: dict = {}
