"""How the product speaks to PostgreSQL, whichever it is."""

from __future__ import annotations

import pytest
from django.db import connection


@pytest.mark.django_db
def test_no_query_is_compiled():
    """Compiling one costs more than any of ours; without statistics, a list of three rows passes for a costly one."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
