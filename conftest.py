"""Fixtures for every room's tests. The ground itself (database, data directory) is laid by tests/house.py."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True, scope="session")
def _flush_may_empty_the_log():
    """Tests that commit end by emptying every table; the log's own guard would refuse, so its owner lowers it."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    plain = DatabaseOperations.execute_sql_flush

    def flush(self, sql_list):
        switch = "ALTER TABLE {} {} TRIGGER USER"
        guarded = ("ledger_entry", "ledger_checkpoint")
        return plain(
            self,
            [
                *(switch.format(table, "DISABLE") for table in guarded),
                *sql_list,
                *(switch.format(table, "ENABLE") for table in guarded),
            ],
        )

    DatabaseOperations.execute_sql_flush = flush
    yield
    DatabaseOperations.execute_sql_flush = plain


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
