"""Credit: shown when it was confirmed, and a refusal tells nobody anything."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Forbidden, Invalid
from quarterdeck.crew.models import Notification
from quarterdeck.lessons import agenda, exports, offers, verbs
from quarterdeck.lessons.models import Credit
from quarterdeck.lessons.tests import world
from quarterdeck.lessons.tests.world import address, browser
from tests import make

pytestmark = pytest.mark.django_db

SHOWN = "who confirmed it"


def text(response) -> str:
    return response.content.decode()


def about(row) -> dict:
    return {"about": row.ledger_name, "about_id": row.pk}


def post_page(member, post) -> str:
    return text(browser(member).get(f"/w/{member.workspace.slug}/posts/{post.pk}/"))


def test_it_is_shown_once_they_confirm_it_and_they_can_take_it_off():
    w = world.four()
    post = w.post()
    there = browser(w.author)
    new = address(w.author, f"credit/new/?about=publishing.post&id={post.pk}")
    there.post(new, {"member": w.observer.pk, "helped_with": "The picture, at short notice"})
    credit = Credit.objects.get()
    assert Notification.objects.get(member=w.observer).subject == "Ada says that you helped"
    (item,) = agenda.agenda(w.observer, credit.given_at)
    assert item.title == "Ada says that you helped"
    assert "only you see this line" in post_page(w.author, post)
    for other in (w.lead, w.observer):
        assert "The picture, at short notice" not in post_page(other, post)
    for other in (w.author, w.lead):
        with pytest.raises(Forbidden):
            verbs.confirm(credit, by=other)
    browser(w.observer).post(item.actions[0].url)
    for member in (w.author, w.lead, w.observer):
        assert "With help from <b>Dee</b>, who confirmed it" in post_page(member, post)
    with pytest.raises(Conflict):
        verbs.withdraw(credit, by=w.author)
    browser(w.observer).post(address(w.observer, f"credit/{credit.pk}/no/"))
    assert SHOWN not in post_page(w.lead, post)


def test_a_refusal_looks_like_no_answer():
    w = world.four()
    post = w.post()
    credit = verbs.give(w.author, **about(post), member=w.lead, helped_with="The words").credit
    before = post_page(w.author, post).count("only you see this line")
    verbs.decline(credit, by=w.lead)
    assert post_page(w.author, post).count("only you see this line") == before == 1
    assert not Notification.objects.filter(member=w.author).exists()
    for again in (w.author, w.analyst):  # the same words, whatever they answered
        with pytest.raises(Conflict, match="named for this already"):
            verbs.give(again, **about(post), member=w.lead, helped_with="The words")
    assert not list(exports.credit(w.workspace))
    verbs.withdraw(credit, by=w.author)  # as one that waits
    assert verbs.give(w.author, **about(post), member=w.lead, helped_with="The words").credit.pk != credit.pk


def test_a_moment_of_a_timeline_a_review_and_a_commitment_can_be_thanked_for():
    with clock.at(world.NOON):
        w = world.four()
        review = w.closed()
    moment = review.timeline[0]["event"]
    page = address(w.lead, f"reviews/{review.pk}/")
    assert f"moment={moment}" in text(browser(w.lead).get(page))
    path = f"credit/new/?about=lessons.review&id={review.pk}&moment={moment}"
    browser(w.lead).post(address(w.lead, path), {"member": w.analyst.pk, "helped_with": "The numbers"})
    verbs.confirm(Credit.objects.get(), by=w.analyst)
    assert "With help from Cem (The numbers), who confirmed it." in text(browser(w.observer).get(page))
    kept = review.commitments.get()
    verbs.confirm(verbs.give(w.lead, **about(kept), member=w.analyst, helped_with="x").credit, by=w.analyst)
    assert SHOWN in text(browser(w.observer).get(address(w.observer, f"commitments/{kept.pk}/")))


def test_somebody_of_outside_answers_by_a_link():
    w = world.four()
    post = w.post()
    new = address(w.author, f"credit/new/?about=publishing.post&id={post.pk}")
    page = browser(w.author).post(new, {"name": "Eve of the harbour office", "helped_with": "The tide table"})
    assert "The link for Eve of the harbour office is ready" in text(page)
    path = urlsplit(page.context["made"].url).path
    outside = Client(headers={"host": "localhost"})
    for _ in range(3):
        assert "Did you help with" in text(outside.get(path))
    assert Credit.objects.get().answer == "waits"
    assert outside.post(path, {"do": "perhaps"}).status_code == 422
    assert "You confirmed it" in text(outside.post(path, {"do": "yes"}, follow=True))
    assert "With help from <b>Eve of the harbour office</b>" in post_page(w.observer, post)
    assert "You declined" in text(outside.post(path, {"do": "no"}, follow=True))
    assert SHOWN not in post_page(w.observer, post)
    assert "Eve" not in str(list(exports.credit(w.workspace)))


@pytest.mark.parametrize(
    "sent",
    [
        {"helped_with": "The words"},
        {"name": "Eve"},
        {"name": "Eve\u202e", "helped_with": "The words"},
        {"name": "x" * 121, "helped_with": "The words"},
        {"name": "Eve", "helped_with": "x" * 201},
        {"member": "me", "helped_with": "The words"},
        {"member": "00000000-0000-4000-8000-000000000000", "helped_with": "The words"},
    ],
)
def test_bad_input_names_nobody(sent):
    w = world.four()
    new = address(w.author, f"credit/new/?about=publishing.post&id={w.post().pk}")
    if sent.get("member") == "me":
        sent = sent | {"member": str(w.author.pk)}
    assert browser(w.author).post(new, sent).status_code == 422
    assert not Credit.objects.exists()


def test_nobody_thanks_themselves_or_somebody_elsewhere():
    w = world.four()
    post = w.post()
    for who in (w.author, make.member("lead")):
        with pytest.raises(Invalid):
            verbs.give(w.author, **about(post), member=who, helped_with="The words")


def test_what_waits_is_for_their_own_eyes():
    w = world.four()
    verbs.give(w.author, **about(w.post()), member=w.lead, helped_with="The words")
    assert "The words" in text(browser(w.lead).get(address(w.lead, "credit/")))
    assert "The words" not in text(browser(w.analyst).get(address(w.analyst, "credit/")))
    assert not list(offers.search(w.lead, "words", 5))
