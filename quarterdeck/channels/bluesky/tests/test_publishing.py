"""Publishing: once, whatever breaks; and what is known afterwards."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from quarterdeck.channels import calls
from quarterdeck.channels.bluesky import record
from quarterdeck.channels.bluesky.adapter import BlueskyAdapter
from quarterdeck.channels.bluesky.tests import fake_bluesky, world
from quarterdeck.channels.contract import Card, Content, Refused, Stopped, Thread, Unclear
from quarterdeck.core import clock

UNCLEAR = ["drop_before", "drop_after", "500_before", "500_after", "half_answer", "not_json", "late:0.2"]


def test_a_post_goes_out_and_says_where_it_is(fake):
    ada = world.adapter(fake)
    made = world.body(ada)
    found = ada.publish(made["rkey"], made, gate=world.Gate())
    assert found.remote_id == f"at://{fake_bluesky.DID}/app.bsky.feed.post/{made['rkey']}"
    assert found.url == f"https://bsky.app/profile/{fake_bluesky.DID}/post/{made['rkey']}"
    assert found.details == {"cid": record.identifier(made["record"])}
    assert [one["text"] for one in fake.made] == ["Soup at noon."]


def test_nothing_leaves_when_the_gate_is_closed(fake):
    ada, gate = world.adapter(fake), world.Gate(closed=Stopped())
    made = world.body(ada)
    with pytest.raises(Stopped):
        ada.publish(made["rkey"], made, gate=gate)
    assert fake.requests == []
    assert ada.reconcile(made["rkey"], made, began_at=world.DUE).what == "absent"


def test_the_gate_is_passed_once_and_not_by_what_only_looks(fake):
    ada, gate = world.adapter(fake), world.Gate()
    made = world.body(ada)
    fake.put(fake_bluesky.DID, f"app.bsky.feed.post/{made['rkey']}", made["record"] | {"text": "Another"})
    with pytest.raises(Unclear):
        ada.publish(made["rkey"], made, gate=gate)
    assert gate.passed == 1
    assert len(fake.requests) == 2


def test_the_same_call_twice_is_one_post(fake):
    ada = world.adapter(fake)
    made = world.body(ada)
    first, second = (ada.publish(made["rkey"], made, gate=world.Gate()) for _ in range(2))
    assert first == second
    assert fake.commits == 1


def test_a_server_that_refuses_even_the_same_post_is_asked_what_stands_there(fake):
    """The reference server answers an identical put with success; the lexicon lets another one refuse it."""
    ada = world.adapter(fake)
    made = world.body(ada)
    fake.same_is_success = False
    first, second = (ada.publish(made["rkey"], made, gate=world.Gate()) for _ in range(2))
    assert first == second
    assert fake.commits == 1
    fake.then({"fault": "500_before", "on": "com.atproto.repo.getRecord"})
    with pytest.raises(Unclear, match="exists"):
        ada.publish(made["rkey"], made, gate=world.Gate())


def test_the_same_body_in_another_order_is_sent_byte_for_byte(fake):
    """What is kept as jsonb comes back with its keys in another order."""
    ada = world.adapter(fake)
    made = world.body(ada)
    other = dict(reversed(made.items())) | {"record": dict(reversed(made["record"].items()))}
    assert ada.publish(made["rkey"], made, gate=world.Gate()) == ada.publish(
        made["rkey"], other, gate=world.Gate()
    )
    assert len(set(fake.bodies)) == 1
    assert fake.commits == 1


def test_another_text_at_our_key_is_never_overwritten(fake):
    ada = world.adapter(fake)
    made = world.body(ada)
    there = fake.put(
        fake_bluesky.DID, f"app.bsky.feed.post/{made['rkey']}", made["record"] | {"text": "Mended"}
    )
    with pytest.raises(Unclear, match="Mended"):
        ada.publish(made["rkey"], made, gate=world.Gate())
    found = ada.reconcile(made["rkey"], made, began_at=world.DUE)
    assert (found.what, [one.details["cid"] for one in found.near]) == ("unknown", [there["cid"]])
    assert fake.commits == 1


@pytest.mark.parametrize("fault", UNCLEAR)
def test_a_lost_answer_is_unclear_until_it_is_looked_up(fake, fault):
    ada = world.adapter(fake)
    made = world.body(ada)
    fake.then(fault)
    with pytest.raises(Unclear) as lost:
        ada.publish(made["rkey"], made, gate=world.Gate())
    assert lost.value.words.endswith(".")
    out = fault in {"drop_after", "500_after", "half_answer", "not_json"}
    found = ada.reconcile(made["rkey"], made, began_at=world.DUE)
    assert found.what == ("found" if out else "absent")
    assert made["rkey"] in found.evidence
    again = ada.publish(made["rkey"], made, gate=world.Gate())
    assert len(fake.made) == 1
    assert found.published in (None, again)


def test_what_may_still_arrive_is_not_called_absent(fake):
    """A server goes on with a call after the line broke: the post stands there a moment after we have looked."""
    ada, began = world.adapter(fake), clock.now()
    made = world.body(ada)
    fake.then("late:0.3")
    with pytest.raises(Unclear):
        ada.publish(made["rkey"], made, gate=world.Gate())
    found = ada.reconcile(made["rkey"], made, began_at=began)
    assert (found.what, found.published) == ("unknown", None)
    assert "may still be working" in found.evidence
    _until(lambda: fake.made)
    assert ada.reconcile(made["rkey"], made, began_at=began).what == "found"


def test_absent_is_said_once_the_call_is_over_for_long_enough(fake):
    ada, began = world.adapter(fake), clock.now()
    made = world.body(ada)
    with clock.at(began + calls.SETTLED - timedelta(seconds=1)):
        assert ada.reconcile(made["rkey"], made, began_at=began).what == "unknown"
    with clock.at(began + calls.SETTLED):
        assert ada.reconcile(made["rkey"], made, began_at=began).what == "absent"


def _until(there):
    deadline = time.monotonic() + 10
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_call_that_arrives_after_it_was_given_up_makes_no_second_post(fake):
    ada = world.adapter(fake)
    made = world.body(ada)
    fake.then("duplicate")
    assert ada.publish(made["rkey"], made, gate=world.Gate()).details["cid"]
    assert fake.commits == 1


@pytest.mark.parametrize("fault", ["429:30", "429_date:30", "429_reset:30"])
@pytest.mark.parametrize("skew", [0, -7200, 7200])
def test_a_rate_limit_is_obeyed_by_the_servers_own_clock(fake, fault, skew):
    ada = world.adapter(fake)
    made = world.body(ada)
    fake.then(fault)
    fake.skew = skew if skew < 0 else 0  # a clock far ahead would end our sign-in too
    with pytest.raises(Refused) as wait:
        ada.publish(made["rkey"], made, gate=world.Gate())
    assert wait.value.transient
    assert 28 <= wait.value.retry_after <= 31
    assert fake.made == []


@pytest.mark.parametrize(
    ("fault", "expired", "reconnect", "says"),
    [
        ("expired", True, False, "renewed"),
        ("revoked", False, True, "connect the channel again"),
        ("suspended", False, True, "taken the account down"),
        ("deactivated", False, True, "deactivated"),
        ("gone", False, True, "does not exist any more"),
    ],
)
def test_a_sign_in_that_has_ended_says_what_to_do(fake, fault, expired, reconnect, says):
    ada = world.adapter(fake)
    made = world.body(ada)
    fake.then(fault)
    with pytest.raises(Refused, match=says) as no:
        ada.publish(made["rkey"], made, gate=world.Gate())
    assert (no.value.expired, no.value.reconnect, no.value.transient) == (expired, reconnect, expired)
    assert fake.made == []


def test_an_image_refused_at_the_last_moment_is_a_matter_for_a_person(fake):
    ada = world.adapter(fake)
    made = world.body(ada)
    fake.then("refused")
    with pytest.raises(Refused, match="The image is not wanted") as no:
        ada.publish(made["rkey"], made, gate=world.Gate())
    assert not no.value.transient
    assert not no.value.reconnect


def test_a_server_that_is_not_there_is_tried_again(fake):
    ada = BlueskyAdapter(replace(world.account(fake), server="http://127.0.0.1:1"))
    made = world.body(ada)
    with pytest.raises(Refused, match="cannot be reached") as no:
        ada.publish(made["rkey"], made, gate=world.Gate())
    assert no.value.transient
    assert ada.reconcile(made["rkey"], made, began_at=world.DUE).what == "unknown"


def test_without_a_sign_in_nothing_is_called(fake):
    ada = BlueskyAdapter(replace(world.account(fake), secrets={}))
    made = world.body(ada)
    with pytest.raises(Refused) as no:
        ada.publish(made["rkey"], made, gate=world.Gate())
    assert no.value.reconnect
    assert fake.requests == []


@pytest.mark.parametrize("state", ["suspended", "gone"])
def test_a_post_is_not_called_absent_where_the_account_is_not_kept(fake, state):
    ada = world.adapter(fake)
    made = world.body(ada)
    fake.accounts[fake_bluesky.DID].state = state
    assert ada.reconcile(made["rkey"], made, began_at=world.DUE).what == "unknown"


@pytest.mark.parametrize("fault", ["drop_after", "500_before", "not_json", "429:5", "half_answer"])
def test_looking_that_fails_says_nothing(fake, fault):
    ada = world.adapter(fake)
    made = world.body(ada)
    ada.publish(made["rkey"], made, gate=world.Gate())
    fake.then({"fault": fault, "on": "com.atproto.repo.getRecord"})
    found = ada.reconcile(made["rkey"], made, began_at=world.DUE)
    assert (found.what, found.published) == ("unknown", None)


def test_looking_needs_no_sign_in(fake):
    ada = world.adapter(fake)
    made = world.body(ada)
    ada.publish(made["rkey"], made, gate=world.Gate())
    fake.ended.add(ada.account.secrets["access"])
    assert ada.reconcile(made["rkey"], made, began_at=world.DUE).what == "found"


def test_a_thread_with_an_image(fake):
    ada = world.adapter(fake)
    picture = world.image()
    first = world.published(
        ada, content=Content("One", (picture,), "en"), uploads=[ada.upload(picture), ada.prepare(Content(""))]
    )
    second = world.published(ada, "Two", position=1, thread=Thread(first, first))
    world.published(ada, "Three", position=2, thread=Thread(first, second))
    assert [one["text"] for one in fake.made] == ["One", "Two", "Three"]
    assert sorted(one["key"] for one in fake.made) == [one["key"] for one in fake.made]


def test_an_image_may_be_brought_as_often_as_it_takes(fake):
    ada = world.adapter(fake)
    fake.then({"fault": "drop_after", "on": "com.atproto.repo.uploadBlob"})
    with pytest.raises(Refused) as no:
        ada.upload(world.image())
    assert no.value.transient
    assert ada.upload(world.image()) == ada.upload(world.image())


def test_an_image_the_server_finds_too_large_is_a_matter_for_a_person(fake):
    ada = world.adapter(fake)
    fake.blob_limit = 10
    with pytest.raises(Refused, match="larger than this Bluesky server takes") as no:
        ada.upload(world.image())
    assert not no.value.transient


def test_an_image_that_arrives_changed_is_not_used(fake):
    ada = world.adapter(fake)
    with pytest.raises(Refused, match="did not arrive whole"):
        ada.upload(world.image(sha256="00" * 32))


def test_people_mentioned_are_looked_up_and_unknown_ones_stay_text(fake):
    ada = world.adapter(fake)
    asked = ada.prepare(Content("Thanks @ann.fake.test and @nobody.fake.test, again @ann.fake.test"))
    assert asked == {"mentions": {"ann.fake.test": "did:plc:fakeann"}}
    assert len(fake.requests) == 2
    fake.then({"fault": "500_before", "on": "com.atproto.identity.resolveHandle"})
    with pytest.raises(Refused) as no:
        ada.prepare(Content("@ann.fake.test"))
    assert no.value.transient


def test_taking_down_twice_is_no_error(fake):
    ada = world.adapter(fake)
    post = world.published(ada)
    ada.delete(post)
    ada.delete(post)
    assert fake.commits == 2
    fake.then({"fault": "drop_after", "on": "com.atproto.repo.deleteRecord"})
    with pytest.raises(Unclear):
        ada.delete(post)


def test_words_hold_no_secret(fake):
    ada = world.adapter(fake, access="an-access-token")
    said = ada._server._quoted("The token an-access-token is not good.\n\x00")
    assert said == " and said: “The token … is not good”"
    assert ada._server._quoted("x" * 999).count("x") == 200


def test_the_card_of_a_link_goes_out_with_its_picture(fake):
    ada = world.adapter(fake)
    card = Card("https://example.com/menu", "The menu", "Nettle soup.", world.image())
    said = Content("Soup: https://example.com/menu", card=card)
    uploads = [ada.upload(one) for one in said.files]
    body = ada.render(said, key=ada.new_key(world.DUE, 0), due_at=world.DUE, uploads=uploads)
    found = ada.publish(body["rkey"], body, gate=world.Gate())
    assert found.details == {"cid": record.identifier(body["record"])}
    assert ada.capabilities.cards
