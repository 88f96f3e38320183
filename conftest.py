"""Fixtures for every room's tests. The ground itself (database, data directory) is laid by tests/house.py."""

from __future__ import annotations

import pytest

from tests import frames


@pytest.fixture(autouse=True, scope="session")
def _a_test_that_committed_is_cleared_away():
    """Tests that commit end by emptying the tables: only those in use, since emptying a hundred takes longer than most
    tests. The log's own guards would refuse, so the owner of the tables lowers them meanwhile."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    plain = DatabaseOperations.sql_flush

    def sql_flush(self, style, tables, *, reset_sequences=False, allow_cascade=False):
        # Django's keys are looked at when all is gone; those of other makers need the order that TRUNCATE finds.
        kept = {
            "django_content_type",
            "auth_permission",
        }  # which every flush would make again, always the same
        ours = sorted(t for t in tables if not t.startswith("procrastinate_") and t not in kept)
        asked = " UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT FROM \"{t}\")" for t in ours)  # noqa: S608
        with self.connection.cursor() as cursor:
            cursor.execute(asked)
            used = [row[0] for row in cursor.fetchall()]
            cursor.execute("SELECT EXISTS (SELECT FROM procrastinate_jobs)")
            jobs = ["TRUNCATE procrastinate_jobs CASCADE"] if cursor.fetchone()[0] else []
        return [
            *(f'ALTER TABLE "{table}" DISABLE TRIGGER USER' for table in used),
            *(f'DELETE FROM "{table}"' for table in used),  # noqa: S608
            *jobs,
            "SET CONSTRAINTS ALL IMMEDIATE",
            *(f'ALTER TABLE "{table}" ENABLE TRIGGER USER' for table in used),
        ]

    DatabaseOperations.sql_flush = sql_flush
    yield
    DatabaseOperations.sql_flush = plain


@pytest.fixture
def uncounted():
    with frames.uncounted():
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The machine's own Chromium, quiet and without a sandbox of its own (it runs as root in containers)."""
    from quarterdeck.shell.tests import browser

    chosen = browser.executable()
    own = {"executable_path": chosen} if chosen else {}
    return browser_type_launch_args | own | {"args": browser.ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"viewport": {"width": 1280, "height": 860}, "locale": "en-GB"}
