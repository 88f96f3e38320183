"""A brand's public corrections: off until switched on, only what is chosen, no names, a feed and a file."""

from __future__ import annotations

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.accountability import verbs
from quarterdeck.accountability.models import How, Promise
from quarterdeck.accountability.noting import Parts
from quarterdeck.accountability.rows import Said
from quarterdeck.accountability.tests import world
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid

pytestmark = pytest.mark.django_db
LATER = world.NOON + timedelta(hours=3)


@pytest.fixture
def w():
    return world.two()


def corrected(w, listed: bool, wrong: str = "We said <b>21</b> euros."):
    with clock.at(LATER):
        post = world.out(w)
        slip = verbs.flag(post, by=w.author, said=Said("Ada typed the wrong price."))
        left = {w.channel.pk: verbs.Cover(How.LEAVE, "It is old.")}
        parts = Parts(wrong, "We copied an old list.", "It costs 12 euros.", "We check prices twice.")
        return verbs.correct(
            slip, by=w.author, given=verbs.Given(parts, left, listed=listed, tell=verbs.Told([], ""))
        )


def public(promise: Promise, name: str = "public") -> str:
    return reverse(f"accountability-{name}", kwargs={"address": promise.address})


def test_it_is_off_until_it_is_switched_on_and_again_afterwards(w):
    promise = verbs.change_promise(w.brand, by=w.approver)
    for name in ("public", "feed"):
        assert Client().get(public(promise, name)).status_code == 404
    on = verbs.change_promise(w.brand, by=w.approver, public=True)
    assert on.address == promise.address
    answer = Client().get(public(on))
    assert answer.status_code == 200
    assert answer["X-Robots-Tag"] == "noindex"
    assert "<script" not in answer.content.decode()
    assert not answer.cookies
    verbs.change_promise(w.brand, by=w.approver, public=True, findable=True)
    assert "X-Robots-Tag" not in Client().get(public(on))
    verbs.change_promise(w.brand, by=w.approver, public=False)
    assert Client().get(public(on)).status_code == 404


def test_it_shows_what_was_chosen_in_four_parts_and_nobodys_name(w):
    promise = verbs.change_promise(w.brand, by=w.approver, public=True, about="We say so.")
    corrected(w, True)
    corrected(w, False, "Not for everybody.")
    shown = Client().get(public(promise)).content.decode()
    for words in (
        "We say so.",
        "We said &lt;b&gt;21&lt;/b&gt; euros.",
        "We copied an old list.",
        "It costs 12 euros.",
    ):
        assert words in shown
    for words in ("Not for everybody.", "Ada", "Bea"):
        assert words not in shown
    feed = Client().get(public(promise, "feed"))
    root = ElementTree.fromstring(feed.content)
    names = [one.text for one in root.iter("{http://www.w3.org/2005/Atom}title")]
    assert names == [f"Corrections of {w.brand}", "We said <b>21</b> euros."]
    assert "Ada" not in feed.content.decode()


def test_a_correction_is_taken_off_and_put_on(w):
    promise = verbs.change_promise(w.brand, by=w.approver, public=True)
    correction = corrected(w, True)
    client = Client()
    client.force_login(w.author.user)
    url = reverse(
        "accountability-enlist", kwargs={"workspace": w.author.workspace.slug, "pk": correction.slip_id}
    )
    client.post(url, {"listed": "no"})
    assert "We said" not in Client().get(public(promise)).content.decode()
    with pytest.raises(Conflict):
        verbs.enlist(correction, by=w.author, listed=False)
    verbs.enlist(correction, by=w.author, listed=True)
    assert "We said" in Client().get(public(promise)).content.decode()


def test_the_file_needs_nothing_else(w):
    corrected(w, True)
    client = Client()
    client.force_login(w.approver.user)
    url = reverse("accountability-file", kwargs={"workspace": w.author.workspace.slug, "pk": w.brand.pk})
    answer = client.get(url)
    assert answer["Content-Disposition"] == 'attachment; filename="corrections.html"'
    assert not re.search(r"\b(src|href)=", answer.content.decode())
    assert "It costs 12 euros." in answer.content.decode()


def test_the_settings_are_saved_and_refused_beside_their_fields(w):
    client, key = Client(), w.brand.pk.hex
    client.force_login(w.approver.user)
    url = reverse("accountability-promise", kwargs={"workspace": w.author.workspace.slug, "pk": w.brand.pk})
    assert client.post(url, {f"{key}-hours": "0"}).status_code == 422
    assert not Promise.objects.exists()
    answer = client.post(url, {f"{key}-hours": "6", f"{key}-public": "on"}, follow=True)
    assert "Its public page" in answer.content.decode()
    assert Promise.objects.get().promise_hours == 6
    with pytest.raises(Invalid):
        verbs.change_promise(w.brand, by=w.approver, hours=10_000)
