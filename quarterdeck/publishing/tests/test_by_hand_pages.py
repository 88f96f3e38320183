"""The pages of posting by hand: handed out, answered, corrected, recorded afterwards, handed over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.core import clock
from quarterdeck.publishing import verbs
from quarterdeck.publishing.models import Hold
from quarterdeck.publishing.tests.test_by_hand import DUE, LINK, by_hand_world, cycle, handed, planned
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.publishing.verbs import by_hand as hand
from quarterdeck.publishing.verbs import holds
from quarterdeck.studio import intake as studio
from quarterdeck.studio.tests import pictures
from tests import make

pytestmark = pytest.mark.django_db


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def page(row, more: str = "") -> str:
    return f"/w/{row.workspace.slug}/by-hand/{row.pk}/{more}"


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_page_has_the_text_a_way_there_and_both_answers():
    w, row = handed()
    with clock.at(DUE):
        shown = read(signed_in(w.author), page(row))
    assert 'id="part-1">Nettle soup from Tuesday.</p>' in shown
    assert 'data-copy="#part-1"' in shown
    assert 'href="https://www.instagram.com/"' in shown
    assert "It is out" in shown
    assert "It was not posted" in shown
    assert "accepted by the network" not in shown.lower()


def test_a_thread_with_an_image_has_a_button_for_each_thing_one_needs():
    w = by_hand_world()
    kept = studio.keep(w.author.workspace, pictures.png(), "soup.png")
    image = {"file": kept.pk.hex, "alt": "A bowl of soup."}
    parts = [{"text": "Two.", "images": []}]
    with clock.at(NOON):
        post = verbs.draft(
            w.author, brand=w.brand, text="One.", images=[image], following=parts, channels=[w.channel]
        )
        verbs.approve(post, by=w.approver, text_hash=post.text_hash)
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))
    cycle(DUE)
    row, client = post.deliveries.get(), signed_in(w.author)
    shown, file = read(client, page(row)), f"/w/{row.workspace.slug}/files/{kept.pk}/"
    assert "Part 2 of 2, as an answer to the one before" in shown
    assert 'data-copy="#part-1"' in shown
    assert 'data-copy="#part-2"' in shown
    assert f'href="{file}" download' in shown
    assert 'data-copy="#alt-1-1"' in shown
    assert client.get(file).status_code == 200


def test_out_with_its_link_from_the_page_to_every_list():
    w, row = handed()
    client = signed_in(w.author)
    answer = client.post(page(row, "out/"), {"url": LINK}, follow=True)
    assert answer.redirect_chain == [(page(row), 302)]
    assert "Out on harbour, said by you." in answer.content.decode()
    for address in (page(row), f"/w/{row.workspace.slug}/posts/", f"/w/{row.workspace.slug}/posts/out/"):
        assert "said by you" in read(client, address)
        assert LINK in read(client, address)
    post = read(client, f"/w/{row.workspace.slug}/posts/{row.post_id}/")
    assert "Out, said by you at" in post
    assert "Correct it" in post
    assert "accepted by the network" not in post.lower()


def test_without_a_link_it_is_asked_for_once_and_a_story_needs_none():
    w, row = handed()
    client = signed_in(w.author)
    asked = client.post(page(row, "out/"), {"url": ""})
    assert asked.status_code == 422
    assert "Please paste the link" in asked.content.decode()
    assert client.post(page(row, "out/"), {"url": "x", "without": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.url) == ("accepted", "")
    w = by_hand_world()
    w.channel = connect_by_hand(
        w.approver, brand=w.brand, network="instagram", name="harbour", kind="stories"
    )
    story = planned(w)
    cycle(DUE)
    assert signed_in(w.author).post(page(story, "out/"), {"url": ""}).status_code == 302


def test_a_wrong_link_stays_in_the_field_with_its_words():
    w, row = handed()
    answer = signed_in(w.author).post(page(row, "out/"), {"url": "javascript:alert(1)"})
    assert answer.status_code == 422
    assert 'value="javascript:alert(1)"' in answer.content.decode()
    assert "begins with https://" in answer.content.decode()
    assert 'href="javascript' not in answer.content.decode()


def test_not_posted_needs_a_reason_and_is_undone():
    w, row = handed()
    client = signed_in(w.author)
    assert client.post(page(row, "not-out/"), {"reason": ""}).status_code == 422
    client.post(page(row, "not-out/"), {"reason": "The app was down."})
    row.refresh_from_db()
    assert row.state == "missed"
    assert "Was it posted after all?" in read(client, page(row))
    client.post(page(row, f"undo/{row.ledger_event_id}/"))
    row.refresh_from_db()
    assert row.state == "handed"


def test_a_later_correction_from_the_page():
    w, row = handed()
    hand.say_out(row, by=w.author, url=LINK)
    client = signed_in(w.approver)
    assert "it was not posted after all" in read(client, page(row))
    client.post(page(row, "not-out/"), {"reason": "It is nowhere."})
    row.refresh_from_db()
    assert row.state == "missed"


def test_every_page_of_who_answers_leads_there_and_it_is_not_what_goes_out_next():
    w, row = handed()
    desk = read(signed_in(w.author), f"/w/{row.workspace.slug}/channels/")
    assert f'<a href="{page(row)}">Post by hand: <b>harbour</b></a>' in desk
    assert "Next out" not in desk
    assert page(row) not in read(signed_in(w.approver), f"/w/{row.workspace.slug}/channels/")
    hand.say_out(row, by=w.author)
    assert "Post by hand" not in read(signed_in(w.author), f"/w/{row.workspace.slug}/channels/")


def test_what_was_said_and_corrected_stands_in_the_history_of_the_post():
    w, row = handed()
    hand.say_out(row, by=w.author, url=LINK)
    hand.say_not_out(row, by=w.approver, reason="It is nowhere.")
    shown = read(signed_in(w.author), f"/w/{row.workspace.slug}/posts/{row.post_id}/")
    for words in ("Handed out, to be posted by hand", "a person said it is out", "a person said so"):
        assert words in shown


def test_a_hold_or_a_passed_time_is_said_before_anything_else():
    w, row = handed()
    client = signed_in(w.author)
    with clock.at(DUE + timedelta(minutes=20)):
        assert "Its latest time has passed." in read(client, page(row))
        holds.place(w.approver, scope=Hold.Scope.WORKSPACE, target=w.approver.workspace_id, reason="")
        assert "Please do not post it now." in read(client, page(row))


def test_an_observer_reads_and_does_not_answer():
    w, row = handed()
    observer = signed_in(make.member("observer", of=w.author.workspace))
    assert "Your role may only look" in read(observer, page(row))
    assert observer.post(page(row, "out/"), {"url": LINK}).status_code == 403


def test_before_its_time_and_for_what_is_sent_by_itself_there_is_nothing_to_hand_out():
    w = by_hand_world()
    row = planned(w)
    assert "Its time has not come" in read(signed_in(w.author), page(row))
    other = make.member()
    assert signed_in(other).get(page(row)).status_code == 404


def test_recorded_in_one_step_from_the_list_of_posts():
    w = by_hand_world()
    client = signed_in(w.author)
    address = f"/w/{w.author.workspace.slug}/posts/outside/"
    assert address in read(client, f"/w/{w.author.workspace.slug}/posts/")
    form = read(client, address)
    assert "nothing is sent" in form
    when = clock.now().astimezone(w.author.zone)
    given = {"channel": str(w.channel.pk), "url": LINK, "text": "", "when": f"{when:%Y-%m-%dT%H:%M}"}
    answer = client.post(address, given, follow=True)
    assert "Made outside at" in answer.content.decode()
    assert "recorded by you" in answer.content.decode()
    assert client.post(address, given).status_code == 409
    late = when + timedelta(hours=1)
    refused = client.post(address, given | {"url": LINK + "2", "when": f"{late:%Y-%m-%dT%H:%M}"})
    assert refused.status_code == 422
    assert "planned, not recorded" in refused.content.decode()
    bad = client.post(address, given | {"url": "nowhere"})
    assert bad.status_code == 422
    assert 'value="nowhere"' in bad.content.decode()


def test_without_a_channel_the_way_to_one_is_shown():
    by = make.member()
    shown = read(signed_in(by), f"/w/{by.workspace.slug}/posts/outside/")
    assert f"/w/{by.workspace.slug}/channels/by-hand/" in shown


def test_who_answers_for_it_stands_on_the_post_and_is_changed_there():
    w = by_hand_world()
    post = w.draft()
    client, address = signed_in(w.author), f"/w/{w.author.workspace.slug}/posts/{post.pk}/"
    assert "answers for it, and hears first" in read(client, address)
    client.post(f"{address}answerable/", {"to": str(w.approver.pk)})
    post.refresh_from_db()
    assert post.answerable == w.approver
    assert client.post(f"{address}answerable/", {"to": "nobody"}).status_code == 422
    assert "You answer for" in read(signed_in(w.approver), f"/w/{w.author.workspace.slug}/notifications/")


def test_a_stand_in_is_chosen_on_ones_own_page():
    w = by_hand_world()
    client, address = signed_in(w.author), f"/w/{w.author.workspace.slug}/settings/you/"
    assert "Who stands in for me" in read(client, address)
    client.post(f"{address}stand-in/", {"stand_in": str(w.approver.pk)})
    w.author.refresh_from_db()
    assert w.author.stand_in == w.approver
    assert client.post(f"{address}stand-in/", {"stand_in": str(w.author.pk)}).status_code == 422
    client.post(f"{address}stand-in/", {"stand_in": ""})
    w.author.refresh_from_db()
    assert w.author.stand_in is None


def test_the_post_page_says_handed_out_and_offers_no_other_way():
    w, row = handed()
    shown = read(signed_in(w.author), f"/w/{row.workspace.slug}/posts/{row.post_id}/")
    assert "It is handed out, to be posted by hand." in shown
    assert "Open what to post" in shown
    assert "Take it off the plan" not in shown
    assert "Publish now" not in shown
