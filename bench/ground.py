"""The ground a benchmark of the house stands on: a durable PostgreSQL of its own, migrated, and Django."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def house(*, clock: str = "demo") -> Iterator[Path]:
    """Within the block Django is set up on a migrated database with fsync on; yields the data directory."""
    data = Path(tempfile.mkdtemp(prefix="qd-bench-"))
    os.environ["QUARTERDECK_DATA"] = str(data)
    os.environ["QUARTERDECK_CLOCK"] = clock
    os.environ["DJANGO_SETTINGS_MODULE"] = "quarterdeck.config.settings"
    cluster = None
    if not os.environ.get("DATABASE_URL"):
        from quarterdeck.core import postgres

        cluster = postgres.Cluster(data / "postgres")
        cluster.start()
        os.environ["DATABASE_URL"] = cluster.url
    try:
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        yield data
        connections.close_all()
        if hasattr(connections["default"], "close_pool"):
            connections["default"].close_pool()
    finally:
        if cluster is not None:
            cluster.stop()
        shutil.rmtree(data, ignore_errors=True)
