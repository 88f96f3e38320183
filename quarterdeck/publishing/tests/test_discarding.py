"""A post that never went out can be put aside and taken back as it was; one that is going or gone cannot."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict
from quarterdeck.publishing import agenda, intake, reads, status, verbs
from quarterdeck.publishing.models import Delivery
from quarterdeck.publishing.status import Status
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.verbs import sending
from quarterdeck.publishing.verbs.sending import Outcome

pytestmark = pytest.mark.django_db


def standing(post) -> Status:
    return status.of(reads.standing(reads.post(post.workspace, post.pk)))


def asked(member) -> list[str]:
    return [item.kind for item in agenda.agenda(member, clock.now())]


def test_a_discarded_post_asks_nobody_and_comes_back_with_its_question():
    w = world.two()
    post = w.draft()
    verbs.ask_approval(post, by=w.author)
    assert asked(w.approver) == ["approve"]
    verbs.discard(post, by=w.author)
    assert standing(post) == Status.DISCARDED
    assert asked(w.approver) == []
    board = reads.board(post.workspace)
    assert [line.post.pk for line in board.discarded] == [post.pk]
    assert (board.waiting, board.drafts) == ([], [])
    verbs.restore(post, by=w.author)
    assert standing(post) == Status.WAITING
    assert asked(w.approver) == ["approve"]


def test_an_approved_or_returned_one_leaves_the_desk_of_its_author():
    w = world.two()
    approved, returned = w.approved(), w.draft("Another soup.")
    verbs.ask_approval(returned, by=w.author)
    verbs.return_(returned, by=w.approver, reason="Too short.")
    assert sorted(asked(w.author)) == ["decide", "make"]
    for post in (approved, returned):
        verbs.discard(post, by=w.author)
    assert asked(w.author) == []


def test_nothing_happens_to_a_discarded_post():
    w = world.two()
    post = w.approved()
    verbs.discard(post, by=w.author)
    tomorrow = datetime.fromisoformat("2026-03-10T12:00")
    acts = [
        lambda: verbs.edit(post, by=w.author, version=post.version, text="Other.", channels=[w.channel]),
        lambda: verbs.ask_approval(post, by=w.author),
        lambda: verbs.return_(post, by=w.approver, reason="No."),
        lambda: verbs.publish_now(post, by=w.author),
        lambda: verbs.discard(post, by=w.author),
    ]
    with clock.at(world.NOON):
        acts.append(lambda: verbs.schedule(post, by=w.author, when=tomorrow))
        for act in acts:
            with pytest.raises(Conflict, match="was discarded"):
                act()


def test_what_is_planned_or_out_cannot_be_discarded():
    w = world.two()
    post = w.approved()
    act = verbs.publish_now(post, by=w.author)
    with pytest.raises(Conflict, match="planned"):
        verbs.discard(post, by=w.author)
    verbs.undo(post, by=w.author, act=act)
    verbs.discard(post, by=w.author)
    with pytest.raises(Conflict, match="not discarded"):
        verbs.restore(w.draft("Another."), by=w.author)


def missed(w) -> Delivery:
    verbs.publish_now(w.approved(), by=w.author)
    delivery = Delivery.objects.get()
    with clock.at(delivery.latest_at + timedelta(seconds=1)):
        ((claimed,),) = intake.claim(1, clock.now())
        (row,) = sending.finish([Outcome(claimed, "missed")])
    return row


def test_dropping_can_be_undone_for_ten_seconds_and_the_post_stays_in_the_list():
    w = world.two()
    delivery = missed(w)
    with pytest.raises(Conflict, match="missed"):
        verbs.discard(delivery.post, by=w.author)
    act = verbs.drop(delivery, by=w.author)
    assert [line.post.pk for line in reads.board(w.author.workspace).approved] == [delivery.post_id]
    verbs.undo(delivery.post, by=w.author, act=act)
    assert standing(delivery.post) == Status.TROUBLE
    act = verbs.drop(delivery, by=w.author)
    with clock.at(clock.now() + timedelta(seconds=11)), pytest.raises(Conflict, match="ten seconds"):
        verbs.undo(delivery.post, by=w.author, act=act)


def test_the_page_discards_with_an_undo_and_a_reloaded_refusal_leads_back():
    w = world.two()
    post, client = w.draft(), Client()
    client.force_login(w.author.user)
    where = {"workspace": post.workspace.slug, "pk": post.pk}
    answer = client.post(reverse("publishing-post-discard", kwargs=where), follow=True)
    assert reverse("publishing-post-restore", kwargs=where) in answer.text
    shown = client.get(reverse("publishing-post", kwargs=where)).text
    assert "Put it back" in shown
    assert reverse("publishing-post-edit", kwargs=where) not in shown
    assert reverse("publishing-post-plan", kwargs=where) not in shown
    answer = client.get(reverse("publishing-post-plan", kwargs=where))
    assert (answer.status_code, answer["Location"]) == (302, reverse("publishing-post", kwargs=where))
