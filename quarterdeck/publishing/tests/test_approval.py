"""Approval is of a text, by a second person."""

from __future__ import annotations

import pytest
from django.urls import reverse

from quarterdeck.core.problems import Conflict, Forbidden, Invalid
from quarterdeck.ledger.models import Pending
from quarterdeck.publishing import reads, status, verbs
from quarterdeck.publishing.models import Ask, Post
from quarterdeck.publishing.status import Status
from quarterdeck.publishing.tests import world
from tests import make

pytestmark = pytest.mark.django_db


def standing(post: Post) -> Status:
    return status.of(reads.standing(reads.post(post.workspace, post.pk)))


def test_a_post_walks_from_draft_to_approved():
    w = world.two()
    post = w.draft()
    assert standing(post) == Status.DRAFT
    verbs.ask_approval(post, by=w.author)
    assert standing(post) == Status.WAITING
    given = verbs.approve(post, by=w.approver, text_hash=post.text_hash, note="Good.")
    assert standing(post) == Status.APPROVED
    assert not given.alone
    kinds = Pending.objects.filter(about_id=post.pk).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["publishing.post.drafted", "publishing.post.asked", "publishing.post.approved"]


def test_no_text_stands_in_the_ledger_leaf():
    w = world.two()
    post = w.draft("Something only we should read")
    leaf = bytes(Pending.objects.get(about_id=post.pk).leaf)
    assert b"Something" not in leaf
    assert post.text_hash.encode() not in leaf


def test_the_author_cannot_approve():
    w = world.two()
    post = w.draft()
    verbs.ask_approval(post, by=w.author)
    with pytest.raises(Forbidden):
        verbs.approve(post, by=w.author, text_hash=post.text_hash)
    assert standing(post) == Status.WAITING


def test_a_team_of_one_approves_its_own_and_it_says_so():
    owner = make.member()
    post = verbs.draft(owner, brand=owner.workspace.brands.get(), text="Open on Monday.")
    assert verbs.approve(post, by=owner, text_hash=post.text_hash).alone


def test_a_former_member_does_not_count_as_a_second_person():
    owner = make.member()
    gone = make.member("lead", owner.workspace, "Cay")
    gone.left_at = gone.joined_at
    gone.save()
    post = verbs.draft(owner, brand=owner.workspace.brands.get(), text="Open on Monday.")
    assert verbs.approve(post, by=owner, text_hash=post.text_hash).alone


def test_an_edit_after_approval_makes_it_a_draft_again():
    w = world.two()
    post = w.approved()
    edited = verbs.edit(post, by=w.author, version=post.version, text="Other soup.", channels=[w.channel])
    assert standing(edited) == Status.DRAFT


def test_other_channels_leave_the_approval_standing():
    w = world.two()
    post = w.approved()
    edited = verbs.edit(post, by=w.author, version=post.version, text=post.text, channels=[])
    assert standing(edited) == Status.APPROVED


def test_an_edit_overtakes_the_question():
    w = world.two()
    post = w.draft()
    ask = verbs.ask_approval(post, by=w.author)
    verbs.edit(post, by=w.author, version=1, text="Other soup.", channels=[])
    ask.refresh_from_db()
    assert ask.ended_how == Ask.End.OVERTAKEN
    assert standing(post) == Status.DRAFT


def test_one_approves_what_one_was_shown():
    w = world.two()
    post = w.draft()
    shown = post.text_hash
    verbs.edit(post, by=w.author, version=1, text="Other soup.", channels=[])
    with pytest.raises(Conflict):
        verbs.approve(post, by=w.approver, text_hash=shown)


def test_returned_with_a_reason_and_asked_again():
    w = world.two()
    post = w.draft()
    verbs.ask_approval(post, by=w.author)
    with pytest.raises(Invalid):
        verbs.return_(post, by=w.approver, reason="  ")
    verbs.return_(post, by=w.approver, reason="The price is missing.")
    assert standing(post) == Status.RETURNED
    assert [r.reason for r in reads.returned_to(w.author)] == ["The price is missing."]
    verbs.ask_approval(post, by=w.author)
    assert standing(post) == Status.WAITING
    assert reads.returned_to(w.author) == []


def test_a_return_withdraws_an_approval():
    w = world.two()
    post = w.approved()
    verbs.return_(post, by=w.approver, reason="The price changed.")
    assert standing(post) == Status.RETURNED


def test_a_text_the_channel_would_refuse_is_not_asked_about():
    w = world.two()
    post = w.draft("a" * 501)
    with pytest.raises(Invalid, match="1 character over"):
        verbs.ask_approval(post, by=w.author)


@pytest.mark.parametrize("text", ["half \ud83d", "a" * 20_001])
def test_text_no_network_could_take_is_refused_with_words(text):
    w = world.two()
    with pytest.raises(Invalid):
        w.draft(text)
    assert not Post.objects.exists()


def test_line_ends_and_nul_are_cleaned():
    assert world.two().draft("one\r\ntwo\x00\rthree").text == "one\ntwo\nthree"


def test_a_channel_of_another_workspace_is_refused():
    w, other = world.two(), world.two()
    with pytest.raises(Invalid):
        verbs.draft(w.author, brand=w.brand, text="Hello", channels=[other.channel])


def test_a_post_that_nobody_here_may_approve_says_so_and_where_to_find_somebody(client):
    owner = make.member()
    make.member("author", owner.workspace, "Bea")
    post = verbs.draft(owner, brand=owner.workspace.brands.get(), text="Open on Monday.")
    client.force_login(owner.user)
    page = reverse("publishing-post", kwargs={"workspace": owner.workspace.slug, "pk": post.pk})
    shown = client.get(page).text
    assert "may approve it besides its author" in shown
    assert "Find an approver" in shown
    make.member("approver", owner.workspace, "Cay")
    assert "Find an approver" not in client.get(page).text
