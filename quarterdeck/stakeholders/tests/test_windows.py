"""A department's calendar by link: its own posts and those that carry its interests, a title, a day, a channel; nothing
of others, and of drafts of others no word."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from quarterdeck.core import clock
from quarterdeck.crew import links
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Label
from quarterdeck.publishing.verbs import labels
from quarterdeck.stakeholders import verbs
from quarterdeck.stakeholders.models import Department
from quarterdeck.stakeholders.tests import consulting_world
from quarterdeck.stakeholders.tests.consulting_world import World
from quarterdeck.stakeholders.verbs import digests
from quarterdeck.stakeholders.wishes import Wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def w() -> World:
    return consulting_world.two()


def soon(days: int = 3) -> datetime:
    return (clock.now() + timedelta(days=days)).replace(tzinfo=None, second=0, microsecond=0)


def planned(w: World, text: str, approved: bool = True, days: int = 3):
    post = w.draft(text)
    publishing.schedule(post, by=w.author, when=soon(days))
    if approved:
        publishing.ask_approval(post, by=w.author)
        w.approve(post)
    return post


def requested(w: World, department: Department, text: str):
    """A post that a request of the department became, planned and not approved."""
    door = verbs.open_door(department, by=w.lead)
    wish = Wish(kind="launch", what=text, why="Because.", name="Dee")
    request = verbs.ask_by_link(department, door=door.link, wish=wish)
    verbs.accept(request, by=w.lead, reason="Gladly.", into="draft")
    post = request.posts.get().post
    publishing.edit(post, by=w.lead, version=post.version, text=text, channels=[w.channel])
    publishing.schedule(post, by=w.lead, when=soon())
    return post


def seen(department: Department, lead, days: int = 3) -> tuple[str, str]:
    """Its window as a page and as a calendar, each read whole."""
    window = digests.open_window(department, by=lead)
    client = Client(headers={"host": "localhost"})
    path = "/" + links.link_url(window.token).split("/", 3)[3]
    month = f"{clock.now() + timedelta(days=days):%Y-%m}"
    shown = client.get(path, {"month": month})
    feed = client.get(path, {"format": "ics"})
    assert shown.status_code == feed.status_code == 200
    assert feed["Content-Type"].startswith("text/calendar")
    return shown.content.decode(), feed.content.decode().replace("\r\n ", "")


def test_a_department_sees_its_own_and_nothing_of_others(w):
    requested(w, w.legal, "Terms are simpler now.")
    requested(w, w.sales, "Ten percent off.")
    planned(w, "Nothing of theirs.")
    for said in seen(w.legal, w.lead):
        assert "Terms are simpler now." in said
        assert w.channel.name in said
        assert "Ten percent" not in said
        assert "Nothing of theirs" not in said
    for said in seen(w.sales, w.lead):
        assert "Ten percent off." in said
        assert "Terms are simpler" not in said


def test_an_interest_shows_what_is_settled_and_of_a_draft_no_word(w):
    verbs.note_interest(w.legal, by=w.lead, about="topic", words="Product")
    label: Label = labels.make_label(w.lead, name="product")
    for text, approved in (("A settled launch.", True), ("Secret merger.", False)):
        labels.label_post(planned(w, text, approved), by=w.lead, labels=[label])
    for said in seen(w.legal, w.lead):
        assert "A settled launch." in said
        assert "merger" not in said
        assert f"A post of {w.brand}" in said
        assert "not settled yet" in said
    for said in seen(w.sales, w.lead):
        assert "launch" not in said


def test_what_was_taken_off_or_discarded_is_gone(w):
    verbs.note_interest(w.legal, by=w.lead, about="brand", brand=w.brand)
    post = planned(w, "Never mind.")
    publishing.cancel(post, by=w.author)
    for said in seen(w.legal, w.lead):
        assert "Never mind" not in said


def test_every_window_is_of_its_own_department(w):
    """Each link against each department: what only one of them may read, no other link shows."""
    departments = [w.legal, w.sales, verbs.add_department(w.lead, name="People")]
    secrets = {one.pk: f"Only for number {n}." for n, one in enumerate(departments)}
    for one in departments:
        requested(w, one, secrets[one.pk])
    for one in departments:
        for said in seen(one, w.lead):
            assert {pk for pk, words in secrets.items() if words in said} == {one.pk}


def test_a_department_that_ended_looks_at_nothing_until_it_takes_part_again(w):
    requested(w, w.legal, "Terms are simpler now.")
    window = digests.open_window(w.legal, by=w.lead)
    path = "/" + links.link_url(window.token).split("/", 3)[3]
    client = Client(headers={"host": "localhost"})
    verbs.end_department(w.legal, by=w.lead)
    for part in ({}, {"format": "ics"}, {"part": "questions"}):
        answer = client.get(path, part)
        assert answer.status_code == 404, part
        assert "Terms are simpler" not in answer.content.decode()
    assert client.post(path, {"words": "Are we on Threads?"}).status_code == 404
    assert "takes part no more" in client.get(path).content.decode()
    verbs.restore_department(w.legal, by=w.lead)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("month", ["", "2026-13", "0000-01", "9999-12", "<b>", "2026-03"])
def test_any_month_can_be_asked_for(w, month):
    window = digests.open_window(w.legal, by=w.lead)
    path = "/" + links.link_url(window.token).split("/", 3)[3]
    assert Client(headers={"host": "localhost"}).get(path, {"month": month}).status_code == 200
