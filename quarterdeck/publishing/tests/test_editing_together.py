"""Two people in one draft never overwrite each other."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from quarterdeck.publishing import verbs
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.verbs import StaleDraft


@pytest.mark.django_db
def test_the_second_to_save_sees_both_texts_and_loses_none():
    w = world.two()
    post = w.draft("Soup.")
    verbs.edit(post, by=w.approver, version=1, text="Soup and bread.", channels=[])
    with pytest.raises(StaleDraft) as stale:
        verbs.edit(post, by=w.author, version=1, text="Soup, hot.", channels=[])
    assert stale.value.theirs.text == "Soup and bread."
    assert stale.value.yours == "Soup, hot."
    assert stale.value.title.startswith("A lead changed")
    post.refresh_from_db()
    assert post.text == "Soup and bread."


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_save_at_once_exactly_one_wins():
    w = world.two()
    post = w.draft("Soup.")
    outcomes: list[str] = []
    start = threading.Barrier(8)

    def save(number: int) -> None:
        start.wait()
        try:
            verbs.edit(post, by=w.author, version=1, text=f"Text {number}.", channels=[])
            outcomes.append("saved")
        except StaleDraft as stale:
            outcomes.append("told" if stale.yours == f"Text {number}." else "told wrong")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["saved"] + ["told"] * 7
    assert Post.objects.get(pk=post.pk).version == 2
