"""Samples of leadership: no address of it names an object, so that none can name another person's."""

from __future__ import annotations

SAMPLES: dict = {}
