"""Settings of the installation, the key they belong to, and the clock in SQL."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from quarterdeck.core import clock, secrets, store
from quarterdeck.core.models import Setting

pytestmark = pytest.mark.django_db


def test_values_are_kept_replaced_and_removed():
    assert store.get("a") is None
    assert store.get("a", 3) == 3
    store.put("a", {"n": [1, "ä", None]})
    assert store.get("a") == {"n": [1, "ä", None]}
    store.put("a", False)
    assert store.get("a", True) is False
    store.put("a", None)
    assert store.get("a", "gone") == "gone"


def test_a_secret_is_sealed_and_bound_to_its_key():
    store.put("mail", {"host": "example.org"})
    store.put_secret("mail", "hush-hush")
    row = Setting.objects.get(pk="mail")
    assert b"hush" not in bytes(row.sealed)
    assert row.value == {"host": "example.org"}
    assert store.get_secret("mail") == "hush-hush"
    Setting.objects.create(pk="other", sealed=row.sealed)
    with pytest.raises(secrets.KeyProblem):
        store.get_secret("other")
    store.put_secret("mail", "")
    assert store.get_secret("mail") is None


def test_another_key_file_is_refused(monkeypatch):
    store.hold_to_key()
    store.hold_to_key()
    monkeypatch.setattr(secrets, "installation_key", lambda: os.urandom(32))
    with pytest.raises(secrets.KeyProblem, match="does not belong to this data"):
        store.hold_to_key()


def sql_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT quarterdeck_now()")
        return cursor.fetchone()[0]


def test_the_database_has_the_moved_clock():
    then = datetime(2026, 3, 29, 1, 30, 15, 123456, tzinfo=UTC)
    with clock.at(then):
        assert sql_now() == then
        with clock.later(timedelta(hours=2)):
            assert sql_now() == then + timedelta(hours=2)
        assert sql_now() == then
    assert abs((sql_now() - datetime.now(UTC)).total_seconds()) < 60


def test_a_rollback_does_not_bring_an_old_instant_back():
    first, second = datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
    with clock.at(first):
        assert sql_now() == first

    def fail() -> None:
        with transaction.atomic(), clock.at(second):
            assert sql_now() == second
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert abs((sql_now() - datetime.now(UTC)).total_seconds()) < 60


def test_a_failed_statement_still_fails_with_its_own_error():
    from django.db.utils import DataError

    with clock.at(datetime(2020, 1, 1, tzinfo=UTC)):
        with (
            pytest.raises(DataError, match="division by zero"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1 / 0")
        assert sql_now().year == 2020


def test_a_process_for_people_never_writes_the_setting(monkeypatch):
    from quarterdeck.core import clock_sql

    monkeypatch.delenv("QUARTERDECK_CLOCK")
    connected = []
    monkeypatch.setattr(
        "django.db.backends.signals.connection_created.connect", lambda *a, **k: connected.append(a)
    )
    clock_sql.install()
    assert connected == []
