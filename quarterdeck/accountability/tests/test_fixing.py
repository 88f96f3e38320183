"""A typo fixed in one act: pointed out, taken on, corrected where the network allows it, else left with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.accountability import following, verbs, ways
from quarterdeck.accountability.models import Correction, How, Slip
from quarterdeck.accountability.rows import Said
from quarterdeck.accountability.tests import world
from quarterdeck.changes.models import Change
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew.models import Notification
from tests import make

pytestmark = pytest.mark.django_db
LATER = world.NOON + timedelta(hours=3)
TYPO = "Nettle soop from Tuesday."


@pytest.fixture
def w():
    return world.two()


def fix(w, post, text="Nettle soup from Tuesday.", **more) -> Slip:
    with clock.at(LATER):
        return verbs.fix(
            post, by=more.pop("by", w.author), texts={"": [text]}, reasons=more.pop("reasons", {}), **more
        )


def test_one_act_flags_takes_and_corrects_and_says_itself_what_was_wrong(w):
    post = world.out(w, TYPO)
    Notification.objects.all().delete()
    slip = fix(w, post)
    slip.refresh_from_db()
    assert (slip.level, slip.owner, slip.what) == (1, w.author, "“soop” should read “soup”.")
    (stands,) = ways.stands(slip)
    assert (stands.coverage.how, stands.coverage.channel) == (How.EDIT, w.channel)
    change = Change.objects.get(delivery__post=post)
    assert (change.how, change.text) == ("edit", "Nettle soup from Tuesday.")
    assert slip.corrected_at == LATER
    kinds = [k for k in make.kinds_recorded(w.author.workspace) if k.startswith("accountability")]
    assert kinds == [
        f"accountability.{k}" for k in ("slip.flagged", "slip.owned", "correction.made", "slip.corrected")
    ]
    assert not Notification.objects.filter(subject__startswith="Something may be wrong").exists()


def test_the_fix_of_a_channel_that_lets_nothing_be_edited_is_left_with_the_networks_reason(w, monkeypatch):
    post = world.out(w, TYPO)
    no = ways.Way(How.EDIT, False, "A post on Bluesky cannot be changed once it is out.")
    monkeypatch.setattr(ways, "offered", lambda row: [no, ways.Way(How.LEAVE, True)])
    slip = fix(w, post)
    slip.refresh_from_db()
    (stands,) = ways.stands(slip)
    assert stands.coverage.reason == f"{no.why} A typo is left as it is."
    assert not Change.objects.exists()


def test_nothing_changed_is_refused_and_leaves_nothing(w):
    post = world.out(w, TYPO)
    with pytest.raises(Invalid, match="Nothing was changed"):
        fix(w, post, TYPO)
    with pytest.raises(Invalid):
        fix(w, post, "x" * 30_000)
    assert not Slip.objects.exists()
    assert not Correction.objects.exists()


def test_what_is_worse_or_somebody_elses_is_not_fixed_by_the_way(w):
    post = world.out(w, TYPO)
    with clock.at(LATER):
        slip = verbs.flag(post, by=w.author, said=Said("The day is wrong.", 2))
    with pytest.raises(Conflict, match="worse than a typo"):
        fix(w, post)
    verbs.judge(slip, by=w.author, level=1)
    verbs.own(slip, by=w.approver)
    with pytest.raises(Conflict, match="Bea sees to it now"):
        fix(w, post)
    assert not Change.objects.exists()


def test_a_flagged_typo_is_fixed_and_ends_when_the_channel_has_the_new_text(w):
    post = world.out(w, TYPO)
    with clock.at(LATER):
        slip = verbs.flag(post, by=w.approver, said=Said("It says soop.", 1))
    fix(w, post)
    slip.refresh_from_db()
    assert slip.flags.count() == 1
    assert not following.news(slip)
    with pytest.raises(Conflict, match="Nothing more is done"):
        verbs.settle(slip)
    world.changed(post, LATER + timedelta(minutes=1))
    assert following.news(slip)
    verbs.settle(slip)
    slip.refresh_from_db()
    assert (slip.ended, slip.owner, slip.state) == ("corrected", None, "corrected")
    assert slip.correction.coverage.get().done_at is not None


def test_the_page_puts_the_cursor_in_the_text_and_keeps_it_when_it_is_refused(w):
    post = world.out(w, TYPO)
    client, url = (
        Client(),
        reverse("accountability-fix", kwargs={"workspace": w.author.workspace.slug, "pk": post.pk}),
    )
    client.force_login(w.author.user)
    assert "autofocus" in client.get(url).content.decode()
    refused = client.post(url, {"text-common-0": TYPO})
    assert refused.status_code == 422
    assert "Nothing was changed in the text." in refused.content.decode()
    answer = client.post(url, {"text-common-0": "Nettle soup from Tuesday."}, follow=True)
    assert "What was wrong" in answer.content.decode()
    assert Slip.objects.get().corrected_at is not None
