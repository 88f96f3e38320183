"""Samples of stakeholders."""

from __future__ import annotations

SAMPLES: dict = {}
