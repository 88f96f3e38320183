"""The first steps: each is done when it is, for whom it is, and never in a demo."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from quarterdeck.channels import verbs as channels
from quarterdeck.channels import waits
from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.core import clock, reach
from quarterdeck.crew import mail
from quarterdeck.crew.models import Destination
from quarterdeck.desk import first_steps, verbs
from quarterdeck.publishing import verbs as posts
from quarterdeck.publishing.verbs import outside
from tests import make

pytestmark = pytest.mark.django_db


def done(who) -> set[str]:
    return {step.name for step in first_steps.way(who).steps if step.done}


@pytest.fixture
def owner():
    return make.member("owner")


def test_an_empty_workspace_has_a_name_and_nothing_else(owner):
    found = first_steps.way(owner)
    assert done(owner) == {"you"}
    assert not found.complete
    assert found.next.name == "heard", "the address is for who owns the installation"


def test_each_step_is_done_when_it_is(owner, monkeypatch):
    workspace, brand = owner.workspace, owner.workspace.brands.get()
    monkeypatch.setattr(reach, "status", lambda: reach.Status("https://qd.example", True, clock.now(), ""))
    assert "address" in done(owner)

    place = Destination.objects.create(
        user=owner.user, label="Phone", schema="ntfy", url_sealed=b"", created_at=clock.now()
    )
    assert "heard" not in done(owner), "a place nobody has heard from is no proof"
    place.last_ok_at = clock.now()
    place.save()
    assert "heard" in done(owner)

    channel = channels.connect_sandbox(owner, brand=brand)
    assert "channel" in done(owner)

    post = posts.draft(owner, brand=brand, text="Nettle soup.", channels=[channel])
    assert "post" in done(owner)
    assert "approval" not in done(owner)
    posts.approve(post, by=owner, text_hash=post.text_hash)
    assert "approval" in done(owner)

    make.member("lead", workspace, "Bea")
    assert "two" not in done(owner)
    make.member("author", workspace, "Cay")
    assert "two" in done(owner)

    assert "out" not in done(owner)
    by_hand = connect_by_hand(owner, brand=brand, network="instagram", name="Harbour")
    outside.record_outside(owner, channel=by_hand, text="Was posted.", when=clock.now() - timedelta(hours=1))
    assert "out" in done(owner)
    found = first_steps.way(owner)
    assert found.complete, "the spreadsheet is for who has one"
    assert found.next is None
    assert first_steps.beside_the_desk(owner) is None


def test_mail_is_heard_by_who_has_an_address(owner, monkeypatch):
    monkeypatch.setattr(mail, "server", lambda: object())
    assert "heard" in done(owner)
    owner.user.email = None
    step = next(step for step in first_steps.way(owner).steps if step.name == "heard")
    assert not step.done
    assert step.label == "Add your e-mail"


def test_put_away_by_one_is_put_away_for_one(owner):
    lead = make.member("lead", owner.workspace, "Bea")
    assert first_steps.beside_the_desk(owner) is not None
    act = verbs.done(owner, [first_steps.KEY])
    assert first_steps.beside_the_desk(owner) is None
    assert first_steps.beside_the_desk(lead) is not None
    verbs.undo(owner, act)
    assert first_steps.beside_the_desk(owner) is not None


def test_a_demo_has_none_and_says_so():
    member = make.member("owner", make.workspace(is_demo=True))
    assert first_steps.beside_the_desk(member) is None
    client = Client()
    client.force_login(member.user)
    answer = client.get(f"/w/{member.workspace.slug}/desk/first-steps/")
    assert answer.status_code == 404
    assert "A demo has no first steps" in answer.text


def test_the_page_leads_on_from_every_step_and_promises_no_more_than_roles_allow(owner):
    client = Client()
    client.force_login(owner.user)
    shown = client.get(f"/w/{owner.workspace.slug}/desk/first-steps/").text
    for step in first_steps.way(owner).steps:
        if step.url:
            assert client.get(step.url).status_code == 200, step.name
            assert step.url in shown
    author = make.member("author", owner.workspace, "Cay")
    steps = {step.name: step for step in first_steps.way(author).steps}
    assert not steps["channel"].url
    assert not steps["address"].url
    assert steps["post"].url


def test_how_long_each_approval_takes_is_said_with_its_source():
    said = {wait.network: wait for wait in waits.waits()}
    assert said["bluesky"].connects
    assert said["mastodon"].connects
    for name in ("instagram", "linkedin", "tiktok", "youtube"):
        assert said[name].source.startswith("https://")
        assert said[name].checked
