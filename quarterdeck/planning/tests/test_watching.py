"""Who reads the comments in the first hour."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, NotFound
from quarterdeck.planning import agenda
from quarterdeck.planning.verbs import watches as verbs
from quarterdeck.publishing import verbs as posts
from quarterdeck.publishing.tests import world
from tests import make

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 3, 10, 20, 0)  # noqa: DTZ001


@pytest.fixture(autouse=True)
def _at_noon():
    with clock.at(world.NOON):
        yield


def evening(w: world.World, when: datetime = EVENING):
    post = w.approved()
    posts.schedule(post, by=w.author, when=when)
    return post


def page(w: world.World, path: str) -> str:
    client = Client()
    client.force_login(w.author.user)
    return client.get(f"/w/{w.author.workspace.slug}/{path}").content.decode()


def unwatched(w: world.World, who=None) -> list:
    return [one for one in agenda.agenda(who or w.author, clock.now()) if "unwatched" in one.key]


def test_outside_the_working_hours_nobody_watches_until_somebody_is_named():
    w = world.two()
    post = evening(w)
    assert "nobody watching" in page(w, "calendar/?view=list")
    assert "nobody is watching" in page(w, f"posts/{post.pk}/")
    (item,) = unwatched(w)
    assert item.title == "Who reads the comments on “Nettle soup from Tuesday.”?"
    assert unwatched(w, w.approver) == []
    client = Client()
    client.force_login(w.author.user)
    client.post(
        f"/w/{w.author.workspace.slug}/calendar/posts/{post.pk}/watch/", {"member": str(w.approver.pk)}
    )
    assert "Bea reads the comments" in page(w, "calendar/?view=list")
    assert unwatched(w) == []


def test_within_the_working_hours_nothing_is_asked():
    w = world.two()
    evening(w, EVENING.replace(hour=11))
    assert "nobody watching" not in page(w, "calendar/?view=list")
    assert unwatched(w) == []


def test_a_post_that_is_moved_is_asked_about_anew():
    w = world.two()
    post = evening(w)
    verbs.name_watch(post, by=w.author, member=w.approver)
    posts.reschedule(post, by=w.author, when=EVENING + timedelta(hours=1))
    assert "nobody watching" in page(w, "calendar/?view=list")


def test_who_left_watches_no_more():
    w = world.two()
    post = evening(w)
    verbs.name_watch(post, by=w.author, member=w.approver)
    type(w.approver).objects.filter(pk=w.approver.pk).update(left_at=clock.now())
    assert len(unwatched(w)) == 1


def test_two_days_ahead_it_does_not_ask_yet():
    w = world.two()
    evening(w, EVENING + timedelta(days=2))
    assert unwatched(w) == []


def test_only_members_can_be_named_and_only_for_what_is_planned():
    w = world.two()
    post = evening(w)
    with pytest.raises(NotFound):
        verbs.name_watch(post, by=w.author, member=make.member())
    with pytest.raises(Conflict):
        verbs.name_watch(w.approved(), by=w.author, member=w.approver)
    with pytest.raises(Conflict, match="Nobody is named"):
        verbs.name_watch(post, by=w.author, member=None)
