"""Fixtures for every room's tests. The ground itself (database, data directory) is laid by tests/house.py."""

from __future__ import annotations
