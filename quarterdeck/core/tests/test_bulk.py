"""Rows written at once are the rows that were meant."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection

from quarterdeck.core import bulk, ids

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(transactional_db):
    """A table of things with each kind of column that a row may have."""
    from django.db import models
    from django.test.utils import isolate_apps

    with isolate_apps("quarterdeck.core"):

        class Thing(models.Model):
            id = models.UUIDField(primary_key=True, default=ids.new)
            words = models.TextField()
            count = models.IntegerField(null=True)
            right = models.BooleanField(default=False)
            when = models.DateTimeField()
            day = models.DateField(null=True)
            more = models.JSONField(default=dict)
            maybe = models.JSONField(null=True)

            class Meta:
                app_label = "core"

        class Numbered(models.Model):
            words = models.TextField()

            class Meta:
                app_label = "core"

        with connection.schema_editor() as editor:
            editor.create_model(Thing)
            editor.create_model(Numbered)
        yield Thing, Numbered
        with connection.schema_editor() as editor:
            editor.delete_model(Thing)
            editor.delete_model(Numbered)


WHEN = datetime(2026, 3, 29, 0, 59, 59, 123456, tzinfo=UTC)


def test_every_kind_of_value_comes_back_as_it_was(things):
    Thing, _ = things
    words = "“Soup” 🍲\t\\ 'x' \"y\"\n%s {} ; --"
    more = {"a": [1, 2.5, None, True, {"b": words}], "c": ""}
    given = Thing(words=words, count=-7, right=True, when=WHEN, day=WHEN.date(), more=more)
    plain = Thing(words="", when=WHEN)
    bulk.insert([given, plain])
    for one in (given, plain):
        kept = Thing.objects.get(pk=one.pk)
        assert {f.attname: getattr(kept, f.attname) for f in Thing._meta.fields} == {
            f.attname: getattr(one, f.attname) for f in Thing._meta.fields
        }
    assert Thing.objects.filter(maybe__isnull=True).count() == 2
    given.words = "Bread"
    given.save()
    assert Thing.objects.count() == 2


def test_a_key_that_the_database_gives_is_given(things):
    _, Numbered = things
    bulk.insert([Numbered(words=str(n)) for n in range(3)])
    bulk.insert_values(Numbered, [{"words": "3"}])
    kept = list(Numbered.objects.order_by("pk").values_list("pk", "words"))
    assert [words for _, words in kept] == ["0", "1", "2", "3"]
    assert len({pk for pk, _ in kept}) == 4


def test_what_a_table_forbids_is_refused_and_nothing_is_written(things):
    Thing, _ = things
    twice = Thing(words="", when=WHEN)
    with pytest.raises(IntegrityError):
        bulk.insert([twice, Thing(id=twice.pk, words="", when=WHEN)])
    with pytest.raises(TypeError, match="cannot hold b'x'"):
        bulk.insert([Thing(words=b"x", when=WHEN)])
    assert not Thing.objects.exists()


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        bulk.insert([])
