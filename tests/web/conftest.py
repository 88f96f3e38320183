"""One web process for each file of tests. What tests commit stays until the file's end: emptying every table
after each of them would take longer than the tests.
"""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

from tests.web.serving import serving


@pytest.fixture(scope="module")
def _emptied_once(django_db_setup, django_db_blocker):
    each_time = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda self: None
    yield
    TransactionTestCase._fixture_teardown = each_time
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, inhibit_post_migrate=False, verbosity=0)
        connection.close()


@pytest.fixture(scope="module")
def server(_emptied_once, tmp_path_factory, django_db_blocker):
    with django_db_blocker.unblock(), serving(tmp_path_factory.mktemp("web") / "log") as running:
        yield running
