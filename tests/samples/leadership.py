"""Samples of leadership."""

from __future__ import annotations

SAMPLES: dict = {}
