"""What was approved before policies came is cleared, and its newest version is kept."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.publishing import reads
from quarterdeck.publishing.models import Approval, Clearance, Post, PostVersion, hash_content
from quarterdeck.publishing.tests import world

pytestmark = pytest.mark.django_db


def as_it_was(w: world.World, text: str, *, withdrawn: bool) -> Post:
    """A post with an approval, as the rows stood before there were clearances."""
    now, event = clock.now(), ids.new()
    people = {"author": w.author, "answerable": w.author, "changed_by": w.author}
    times = {"created_at": now, "changed_at": now}
    content = {"text": text, "following": [{"text": "More.", "images": []}], "version": 3}
    hashed = hash_content(text, [], content["following"])
    post = Post.objects.create(
        workspace=w.author.workspace,
        brand=w.brand,
        text_hash=hashed,
        ledger_event_id=event,
        **people,
        **times,
        **content,
    )
    Approval.objects.create(
        post=post,
        text_hash=hashed,
        approved_by=w.approver,
        approved_at=now,
        withdrawn_at=now if withdrawn else None,
        ledger_event_id=event,
    )
    fields = {"text": text, "channels": 0}
    ledger.record("publishing.post.drafted", actor=w.author, about=post, fields=fields, event_id=event)
    return post


def test_approvals_become_clearances_and_posts_keep_their_version():
    w = world.two()
    stands, withdrawn = as_it_was(w, "One", withdrawn=False), as_it_was(w, "Two", withdrawn=True)
    migration = import_module("quarterdeck.publishing.migrations.0004_clearing")
    with connection.cursor() as cursor:
        # What came later has no default in the database: here the rows are written after it came.
        cursor.execute("ALTER TABLE publishing_postversion ALTER besides SET DEFAULT '{}'")
        cursor.execute(migration.CLEARED)
        cursor.execute(migration.VERSIONS)
    assert reads.post(stands.workspace, stands.pk).is_approved
    assert not reads.post(withdrawn.workspace, withdrawn.pk).is_approved
    assert Clearance.objects.get(post=stands).given.approved_by == w.approver
    kept = PostVersion.objects.get(post=stands)
    assert (kept.number, kept.parts, kept.text_hash) == (3, stands.parts, stands.text_hash)
