"""Samples of lessons."""

from __future__ import annotations

SAMPLES: dict = {}
