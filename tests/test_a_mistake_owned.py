"""One mistake through every room: pointed out, owned, corrected in the open, reviewed, a promise kept and verified by
another; the post's whole life tells of all of it by role, and each person's private week of their own part alone.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.accountability import concerned, verbs
from quarterdeck.accountability.models import How
from quarterdeck.accountability.noting import Parts
from quarterdeck.accountability.rows import Said
from quarterdeck.accountability.tests import world
from quarterdeck.core import clock
from quarterdeck.leadership import drafting
from quarterdeck.lessons import verbs as lessons
from quarterdeck.lessons.verbs.reviews import Written
from quarterdeck.publishing import life

pytestmark = pytest.mark.django_db
LATER = world.NOON + timedelta(hours=3)
PARTS = Parts(
    "The price was 21 euros.", "An old menu was copied.", "It is 24 euros.", "A second person reads it."
)


@pytest.fixture
def mended():
    """The world, its post and the review, after everything was done within one day."""
    w = world.two()
    post = world.out(w)
    with clock.at(LATER):
        slip = verbs.flag(post, by=w.approver, said=Said("The price is wrong.", level=2))
        verbs.own(slip, by=w.author)
        told = verbs.Told([one.key for one in concerned.people(post)], "Three lines.")
        left = {w.channel.pk: verbs.Cover(How.LEAVE, "It is sold out.")}
        verbs.correct(slip, by=w.author, given=verbs.Given(PARTS, left, tell=told))
        review = lessons.open_review(w.author, about=slip.ledger_name, about_id=slip.pk)
        today = clock.now().date()
        promise = lessons.commit(
            review, by=w.author, what="Prices come from the till.", due=today, owner=w.author
        )
        written = Written("The right price.", "An old one.", "Nobody read it twice.", "A second reader.")
        review = lessons.close(review, by=w.author, version=review.version, written=written)
        lessons.claim(promise, by=w.author, word="The till prints them.")
        lessons.verify(promise, by=w.approver)
    return w, post, slip, review


def test_the_posts_whole_life_tells_of_it_and_of_nobody_by_name(mended):
    w, post, _, _ = mended
    with clock.at(LATER + timedelta(minutes=1)):
        kinds = {step.item.kind for step in life.told(post, w.author)}
        assert {
            "publishing.delivery.accepted",
            "accountability.slip.flagged",
            "accountability.slip.owned",
            "accountability.correction.made",
            "accountability.slip.closed",
        } <= kinds
        observer = Client()
        observer.force_login(w.approver.user)
        page = observer.get(
            reverse("publishing-post-life", kwargs={"workspace": post.workspace.slug, "pk": post.pk})
        )
        assert "Something wrong was pointed out" in page.content.decode()


def test_the_slips_page_offers_a_review_and_shows_the_one_there_is(mended):
    w, post, slip, review = mended
    client = Client()
    client.force_login(w.author.user)
    page = client.get(
        reverse("accountability-slip", kwargs={"workspace": post.workspace.slug, "pk": slip.pk})
    )
    said = page.content.decode()
    assert "Review it…" in said
    assert reverse("lessons-review", kwargs={"workspace": post.workspace.slug, "pk": review.pk}) in said


def test_each_private_week_tells_ones_own_part(mended):
    w, *_ = mended
    monday = (LATER - timedelta(days=LATER.weekday())).date()
    with clock.at(LATER + timedelta(hours=1)):
        mine = [deed.said("I") for deed in drafting.drafted(w.author.user, monday).deeds]
        others = [deed.said("I") for deed in drafting.drafted(w.approver.user, monday).deeds]
    assert any(words.startswith("I saw to a mistake in") for words in mine)
    assert any(words.startswith("I led the review of") for words in mine)
    assert any("kept a commitment: Prices come from the till" in words for words in mine)
    assert any(words.startswith("I pointed out a mistake in") for words in others)
    assert any("verified it" in words for words in others)
    assert not any("saw to a mistake" in words or "led the review" in words for words in others)
