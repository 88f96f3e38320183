"""How long the link of a department to a post opens it: until its time is over, or its holder or department is no more
what it was; then another takes its place, where the post waits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from quarterdeck.core import clock
from quarterdeck.crew import links
from quarterdeck.publishing import verbs as publishing
from quarterdeck.stakeholders import consulting, digesting, following_consults, verbs
from quarterdeck.stakeholders.models import Consult, ConsultAsk
from quarterdeck.stakeholders.tests import consulting_world
from quarterdeck.stakeholders.tests.consulting_world import CLAIM, World
from quarterdeck.stakeholders.verbs import consults
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def w() -> World:
    return consulting_world.two()


def test_a_link_that_ran_out_gives_way_to_another_and_what_was_said_by_it_still_counts(w):
    w.rule()
    post = w.asked()
    with clock.at(clock.now() + consults.DOOR_LASTS + timedelta(days=3)):
        assert [one.state for one in consulting.stands(w.now(post))] == ["to ask"], "nobody can answer"
        publishing.edit(w.now(post), by=w.author, version=1, text=f"{CLAIM} Again.", channels=[w.channel])
        publishing.ask_approval(w.now(post), by=w.author)
        w.follow(post)
        old, new = Consult.objects.order_by("made_at")
        assert (old.is_open, new.is_open, new.guest.name) == (False, True, "Legal")
        assert [one.state for one in consulting.stands(w.now(post))] == ["asked"]
        w.approve(post)
        assert not w.now(post).is_approved
        w.agree(post)
        assert w.now(post).is_approved
    with clock.at(new.guest.link.expires_at + timedelta(hours=1)):
        assert [one.state for one in consulting.stands(w.now(post))] == ["heard"]
        assert consulting.to_ask(w.now(post)) == []
        assert w.now(post).is_approved


def test_a_post_that_waits_is_not_left_with_a_link_that_ran_out(w):
    w.rule()
    post = w.asked()
    following_consults.renew()
    assert Consult.objects.count() == 1
    with clock.at(clock.now() + consults.DOOR_LASTS + timedelta(minutes=40)):
        for _ in range(2):
            following_consults.renew()
        assert Consult.objects.filter(ended_at__isnull=True).count() == 1
        assert ConsultAsk.objects.count() == 2
        w.agree(post)
        assert [one.state for one in consulting.stands(w.now(post))] == ["heard"]


def test_a_department_that_ended_opens_no_draft_any_more_and_is_asked_anew_once_it_takes_part(w):
    w.rule()
    post = w.asked()
    theirs = links.path(Consult.objects.get().token)
    assert CLAIM in Client(headers={"host": "localhost"}).get(theirs).content.decode()
    verbs.end_department(w.legal, by=w.lead)
    assert Client(headers={"host": "localhost"}).get(theirs).status_code == 404
    verbs.restore_department(w.legal, by=w.lead)
    w.follow(post, "stakeholders.department.restored")
    assert ConsultAsk.objects.count() == 2
    w.agree(post)
    assert [one.state for one in consulting.stands(w.now(post))] == ["heard"]


def moved(w: World, to) -> None:
    same = {"name": w.lena.name, "address": w.lena.email, "heard": "mail", "language": "en"}
    w.lena = verbs.change_stakeholder(w.lena, by=w.lead, department=to, **same)


def test_whoever_changed_department_speaks_for_the_one_before_no_more(w):
    w.rule()
    post = w.asked()
    theirs = links.path(Consult.objects.get().token)
    moved(w, w.legal)
    assert Consult.objects.get().is_open, "only her department closes it"
    moved(w, w.sales)
    text = f"{CLAIM} Again."
    publishing.edit(w.now(post), by=w.author, version=1, text=text, channels=[w.channel])
    publishing.ask_approval(w.now(post), by=w.author)
    w.follow(post)
    assert Client(headers={"host": "localhost"}).get(theirs).status_code == 404
    assert ConsultAsk.objects.count() == 1
    assert [one.state for one in consulting.stands(w.now(post))] == ["nobody"]
    moved(w, w.legal)
    w.follow(post, "stakeholders.stakeholder.changed")
    w.agree(post)
    assert [one.state for one in consulting.stands(w.now(post))] == ["heard"]


def test_whoever_changed_department_is_asked_for_the_new_one_about_the_same_text(w):
    w.rule()
    post = w.asked()
    w.agree(post)
    w.rule(department=w.sales, words=["nettle"])
    moved(w, w.sales)
    w.follow(post, "stakeholders.stakeholder.changed")
    assert ConsultAsk.objects.filter(consult__department=w.sales, text_hash=post.text_hash).count() == 1
    (line,) = [one for part in digesting.put_together(w.lena, soon()) for one in part.lines]
    assert "waits for the say of Sales: the text says “nettle”" in line.words
    w.agree(post)
    stands = {str(one.department): one.state for one in consulting.stands(w.now(post))}
    assert stands == {"Legal": "heard", "Sales": "heard"}, "what she said for Legal was said by Legal"


def soon():
    return clock.now() + timedelta(seconds=1)


def test_whoever_was_ended_by_mistake_is_asked_anew(w):
    w.rule()
    post = w.asked()
    lena = verbs.end_stakeholder(w.lena, by=w.lead)
    verbs.restore_stakeholder(lena, by=w.lead)
    w.follow(post, "stakeholders.stakeholder.restored")
    old, new = Consult.objects.order_by("made_at")
    assert (old.is_open, new.is_open) == (False, True)
    assert "stakeholders.consult.ended" in make.kinds_recorded(w.workspace)
    assert [one.name for one in consulting.concerned(post)] == ["Lena"], "once, whatever links she had"
    (stand,) = consulting.stands(post)
    assert (stand.state, len(stand.asks)) == ("asked", 1)
    w.agree(post)
    w.approve(post)
    assert w.now(post).is_approved
