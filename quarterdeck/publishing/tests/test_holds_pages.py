"""The red button's pages as a browser without scripts uses them, and what other pages say while a hold stands."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from quarterdeck.channels.sandbox.models import SandboxPost
from quarterdeck.core import clock
from quarterdeck.crew.models import Brand
from quarterdeck.publishing import agenda_holds, holds_reads, offers_holds, verbs
from quarterdeck.publishing.models import Delivery, Hold, Outside, Tick
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.test_holds import begin, channel_by_hand, cycle, plan, state
from quarterdeck.publishing.tests.test_pages import browser, page
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.publishing.verbs import holds
from quarterdeck.publishing.views import holds as views
from tests import make

pytestmark = pytest.mark.django_db
DUE = NOON + timedelta(minutes=30)
CHOSEN = re.compile(r'value="(?:keep|next|drop)" checked')


def address(w: world.World, rest: str) -> str:
    return f"/w/{w.author.workspace.slug}/{rest}"


def test_from_the_button_to_the_lifting():
    w = world.two("UTC")
    delivery, later = plan(w), plan(w, "Later.", "2026-03-10T09:00")
    begin(delivery)
    author, lead = browser(w.author), browser(w.approver)
    with clock.at(DUE + timedelta(seconds=7)):
        words = page(author, address(w, "hold/"))
        assert 'value="workspace" checked' in words
        assert "autofocus>HOLD NOW" in words
        answer = author.post(address(w, "hold/"), {"what": "workspace", "reason": "A fire."})
        hold = Hold.objects.get()
        assert answer["Location"] == address(w, f"holds/{hold.pk}/")
        words = page(author, answer["Location"])
        assert "Held since 12:30:07 by you." in words
        assert "No publish call starts now." in words
        assert "Nettle soup." in words
        assert "on its way" in words
        assert "Review and lift" not in words, "an author cannot lift it"
        assert f"/holds/{hold.pk}/undo/" in words
        assert author.get(address(w, f"holds/{hold.pk}/lift/")).status_code == 403
        words = page(lead, address(w, f"holds/{hold.pk}/lift/"))
        assert words.count('type="radio"') == 3
        assert not CHOSEN.search(words), "none is decided by default"
        refused = lead.post(address(w, f"holds/{hold.pk}/lift/"), {})
        assert refused.status_code == 409
        assert "Not decided yet: “Later.”" in refused.content.decode()
        lead.post(address(w, f"holds/{hold.pk}/lift/"), {f"d-{later.pk}": "keep"})
        assert "lifted it." in page(author, address(w, f"holds/{hold.pk}/"))
    assert holds_reads.standing(w.author.workspace) == []
    cycle(datetime.fromisoformat("2026-03-10T09:00+00:00"))
    assert state(later) == "accepted"


def test_the_second_press_leads_to_the_first_hold():
    w = world.two("UTC")
    with clock.at(NOON):
        hold = holds.place(w.approver)
        answer = browser(w.author).post(address(w, "hold/"), {"what": "workspace"}, follow=True)
    assert answer.redirect_chain[0][0] == address(w, f"holds/{hold.pk}/")
    assert "It was on hold already, since 12:00:00, placed by a lead." in answer.content.decode()


@pytest.mark.parametrize(
    "what", ["", "channel:nonsense", "moon:", "post:00000000-0000-4000-8000-000000000000"]
)
def test_what_cannot_be_read_holds_nothing_and_says_so(what):
    w = world.two("UTC")
    answer = browser(w.author).post(address(w, "hold/"), {"what": what})
    assert answer.status_code in {404, 422}
    assert Hold.objects.count() == 0


def test_one_post_is_held_from_its_own_page():
    w = world.two("UTC")
    delivery, other = plan(w), plan(w, "Another.")
    author = browser(w.author)
    with clock.at(NOON):
        words = page(author, address(w, f"posts/{delivery.post_id}/"))
        assert f"/hold/?post={delivery.post_id}" in words
        assert "Only the post “Nettle soup.”" in page(author, address(w, f"hold/?post={delivery.post_id}"))
        author.post(address(w, "hold/"), {"what": f"post:{delivery.post_id}"})
        words = page(author, address(w, f"posts/{delivery.post_id}/"))
        assert "This post is on hold" in words
        assert '<span class="tag coral">held</span>' in words
        assert "/hold/?post=" not in words
        assert "held" not in page(author, address(w, f"posts/{other.post_id}/"))
    cycle(DUE)
    assert [s.text for s in SandboxPost.objects.all()] == ["Another."]


def test_everybody_but_observers_may_press_and_only_leads_lift():
    w = world.two("UTC")
    workspace = w.author.workspace
    for role, status in [("observer", 403), ("analyst", 302), ("approver", 302)]:
        member = make.member(role, workspace, role)
        assert browser(member).post(address(w, "hold/"), {"what": "workspace"}).status_code == status
        hold = Hold.objects.filter(lifted_at=None).first()
        if hold:
            assert browser(member).get(address(w, f"holds/{hold.pk}/lift/")).status_code == 403
            assert (
                browser(make.member("observer", workspace)).get(address(w, f"holds/{hold.pk}/")).status_code
                == 200
            )


def test_undo_from_the_page():
    w = world.two("UTC")
    delivery, author = plan(w), browser(w.author)
    with clock.at(DUE - timedelta(seconds=2)):
        author.post(address(w, "hold/"), {"what": "workspace"})
        hold = Hold.objects.get()
        words = author.post(address(w, f"holds/{hold.pk}/undo/"), follow=True).content.decode()
        assert "Undone. Everything keeps its time." in words
    cycle(DUE)
    assert state(delivery) == "accepted"


def test_ticks_and_the_list_with_their_undo():
    w = world.two("UTC")
    author, lead = browser(w.author), browser(w.approver)
    assert author.post(address(w, "holds/outside/"), {"title": "Boost"}).status_code == 403
    assert lead.post(address(w, "holds/outside/"), {"title": ""}).status_code == 422
    lead.post(address(w, "holds/outside/"), {"title": "Boost", "how": "Ads manager"})
    boost = Outside.objects.get()
    channel_by_hand(w)
    delivery = plan(w)
    cycle(DUE)
    with clock.at(DUE):
        hold = holds.place(w.approver)
        here = address(w, f"holds/{hold.pk}/")
        words = page(author, here)
        assert "Boost" in words
        assert "In somebody’s hands" in words
        assert words.count("I saw to it") == 2
        author.post(f"{here}ticks/", {"delivery": delivery.pk})
        author.post(f"{here}ticks/", {"outside": boost.pk})
        words = page(lead, here)
        assert words.count("✓ An author saw to it, 12:30") == 2
        assert author.post(f"{here}ticks/", {"outside": "x"}).status_code == 422
        for tick in Tick.objects.all():
            author.post(f"{here}ticks/{tick.pk}/removal/")
        assert page(lead, here).count("I saw to it") == 2
    lead.post(address(w, f"holds/outside/{boost.pk}/removal/"))
    assert "Boost" not in page(lead, address(w, "holds/"))
    lead.post(address(w, f"holds/outside/{boost.pk}/return/"))
    assert "Boost" in page(lead, address(w, "holds/"))


def test_what_came_meanwhile_is_shown_and_what_was_chosen_stays():
    w = world.two("UTC")
    first, lead = plan(w), browser(w.approver)
    with clock.at(NOON):
        hold = holds.place(w.author)
    here = address(w, f"holds/{hold.pk}/lift/")
    with clock.at(NOON + timedelta(minutes=1)):
        shown = page(lead, here).split('name="shown" value="')[1].split('"')[0]
    with clock.at(NOON + timedelta(minutes=2)):
        post = w.approved("New.")
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:40"))
    with clock.at(NOON + timedelta(minutes=3)):
        answer = lead.post(here, {"shown": shown, f"d-{first.pk}": "drop"})
    words = answer.content.decode()
    assert answer.status_code == 409
    assert words.count("came meanwhile") == 1
    assert f'name="d-{first.pk}" value="drop" checked' in words
    assert len(CHOSEN.findall(words)) == 1


def test_beyond_what_is_listed_the_rest_is_decided_as_one_and_only_what_was_shown(monkeypatch):
    monkeypatch.setattr(views, "LISTED", 1)
    w = world.two("UTC")
    first, second, third = (plan(w, f"Post {n}.", f"2026-03-09T1{n}:30") for n in (2, 3, 4))
    lead = browser(w.approver)
    with clock.at(NOON):
        hold = holds.place(w.author)
        here = address(w, f"holds/{hold.pk}/lift/")
        words = page(lead, here)
        assert "And 2 later ones" in words
        seal = words.split('name="seal" value="')[1].split('"')[0]
    fourth = plan(w, "Post 5.", "2026-03-09T15:30")
    given = {f"d-{first.pk}": "keep", "rest": "drop"}
    with clock.at(NOON):
        assert lead.post(here, given | {"seal": seal}).status_code == 409, "the rest is not what was shown"
        assert {state(d) for d in (first, second, third, fourth)} == {"intent"}
        seal = page(lead, here).split('name="seal" value="')[1].split('"')[0]
        assert lead.post(here, given | {"seal": seal}).status_code == 302
    assert [state(d) for d in (first, second, third, fourth)] == ["intent", *["cancelled"] * 3]


def test_what_two_holds_cover_is_shown_as_staying():
    w = world.two("UTC")
    plan(w)
    with clock.at(NOON):
        everything = holds.place(w.author)
        holds.place(w.author, scope="channel", target=w.channel.pk)
        words = page(browser(w.approver), address(w, f"holds/{everything.pk}/lift/"))
    assert "1 stays held" in words
    assert f"the channel “{w.channel.name}”" in words
    assert 'type="radio"' not in words


def test_the_strip_and_the_desk_say_so_while_it_stands():
    w = world.two("UTC")
    delivery = plan(w)
    with clock.at(NOON):
        assert list(offers_holds.strip(w.author)) == []
        assert offers_holds.beside_the_desk(w.author) is None
        hold = holds.place(w.author, reason="A fire.")
        for member in (w.author, w.approver):
            words = page(browser(member), address(w, ""))
            assert "<b>everything since 12:00</b>" in words
            assert "1 waits" in words
            assert ("Review and lift…" in words) == (member == w.approver)
        [item] = agenda_holds.agenda(w.approver, clock.now())
        assert item.title == "Everything is on hold since 12:00"
        assert "“A fire.” 1 delivery waits" in item.why
        assert list(agenda_holds.agenda(w.author, clock.now())) == []
        holds.place(w.author, scope="post", target=delivery.post_id)
        [fact] = offers_holds.strip(w.author)
        assert fact.value == "everything since 12:00, and 1 more"
        assert "publishing-hold" not in fact.url
    with clock.at(NOON + timedelta(days=2)):
        [fact] = offers_holds.strip(w.author)
        assert fact.value.startswith("everything since Mon 9 Mar, 12:00")
    assert hold.lifted_at is None


def test_a_brand_is_a_choice_only_where_there_are_several():
    w = world.two("UTC")
    author = browser(w.author)
    assert "A brand" not in page(author, address(w, "hold/"))
    Brand.objects.create(workspace=w.author.workspace, name="Other", created_at=clock.now())
    words = page(author, address(w, "hold/"))
    assert "A brand" in words
    author.post(address(w, "hold/"), {"what": f"brand:{w.brand.pk.hex}"})
    assert Hold.objects.get().target == w.brand.pk
    assert Delivery.objects.count() == 0


def test_publishing_now_under_a_hold_does_not_promise_what_it_cannot():
    w = world.two("UTC")
    post, author = w.approved(), browser(w.author)
    here = address(w, f"posts/{post.pk}/plan/now/")
    with clock.at(NOON):
        holds.place(w.approver)
        words = author.post(here, follow=True).content.decode()
        assert "It is on hold and waits until the hold is lifted." in words
        assert "goes out in ten seconds" not in words
        assert '<span class="tag coral">held</span>' in page(author, address(w, "posts/"))
