"""Samples of strategy."""

from __future__ import annotations

SAMPLES: dict = {}
