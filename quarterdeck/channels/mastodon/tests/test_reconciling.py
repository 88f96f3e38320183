"""After a lost answer: found only when exactly one post is it, absent only when that is proved, else unknown."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from quarterdeck.channels.contract import Refused, Thread, Unclear
from quarterdeck.channels.mastodon import looking
from quarterdeck.channels.mastodon.tests import world
from quarterdeck.channels.mastodon.tests.fake_mastodon import FakeMastodon
from quarterdeck.core import clock

TEXT = (
    "Soup of the day: leek & potato.\n\nMenu: https://www.example.com/menu/of/the/day?week=47&table=9 "
    "@bo@other.example #soup"
)
LONG_AGO = 200.0  # seconds; longer than a server can still be working


@pytest.fixture(params=["mastodon", "plain", "shortened"])
def any_server(request):
    software = "mastodon" if request.param == "mastodon" else "akkoma"
    with FakeMastodon(software=software, markup=request.param, honours_key=False) as server:
        yield server


def lost(fake, speaker, body, fault="drop_after"):
    """Publish with an answer that is lost; returns when that began."""
    fake.then(fault)
    began = world.ago(0)
    with pytest.raises(Unclear):
        speaker.publish(world.key(), body, gate=world.Gate())
    return began


def look(fake, speaker, body, began, later: float = 0.0):
    """Look, when it is `later` by both clocks."""
    fake.passed = later
    with clock.later(timedelta(seconds=later)):
        return speaker.reconcile("k", body, began_at=began)


def test_found_with_evidence_on_every_kind_of_server(any_server):
    speaker = world.adapter(any_server)
    body = world.body(speaker, TEXT, world.image())
    began = lost(any_server, speaker, body)
    finding = look(any_server, speaker, body, began)
    assert finding.what == "found"
    assert finding.published.remote_id == any_server.posts[0]["id"]
    assert finding.published.url in finding.evidence
    assert "shows 1 post of this account since" in finding.evidence
    assert "has the same text, its 1 image and the same visibility" in finding.evidence


def test_absent_when_read_to_before_the_call_and_the_call_is_long_over(any_server):
    speaker = world.adapter(any_server)
    any_server.post("109", {"status": "Something altogether different, months ago"})
    body = world.body(speaker, TEXT)
    began = lost(any_server, speaker, body, "drop_before")
    assert look(any_server, speaker, body, began).what == "unknown"
    early = look(any_server, speaker, body, began, later=59)
    assert early.what == "unknown"
    assert "may still be working" in early.evidence
    late = look(any_server, speaker, body, began, later=LONG_AGO)
    assert (late.what, late.near) == ("absent", ())
    assert "nor anything that resembles it" in late.evidence


def test_a_server_that_is_still_working_when_first_asked(fake):
    speaker = world.adapter(fake)
    body = world.body(speaker, TEXT)
    began = lost(fake, speaker, body, "late:0.2")
    assert look(fake, speaker, body, began).what in ("unknown", "found")
    while not fake.posts:
        time.sleep(0.01)
    assert look(fake, speaker, body, began).what == "found"


def test_two_that_are_the_same_are_for_a_person(any_server):
    speaker = world.adapter(any_server)
    body = world.body(speaker, TEXT)
    began = lost(any_server, speaker, body)
    speaker.publish(world.key(), body, gate=world.Gate())
    finding = look(any_server, speaker, body, began, later=LONG_AGO)
    assert finding.what == "unknown"
    assert len(finding.near) == 2
    assert "2 of them are exactly what was sent" in finding.evidence


@pytest.mark.parametrize(
    "change",
    [
        {"content": "<p>Soup of the day: leek and potato, sorry, no leek.</p>"},
        {"content": "<p>Closed</p>", "edited_at": "2026-11-23T10:00:00Z"},
        {"visibility": "unlisted"},
        {"media_attachments": [{"id": "1", "description": "x"}]},
        {"created_at": "soon"},
    ],
)
def test_one_that_may_be_it_is_never_taken_for_absent(fake, change):
    speaker = world.adapter(fake)
    body = world.body(speaker, "Soup of the day: leek and potato.")
    began = lost(fake, speaker, body)
    fake.posts[0] |= change
    finding = look(fake, speaker, body, began, later=LONG_AGO)
    if "created_at" in change:
        assert finding.what == "found"
        return
    assert finding.what == "unknown"
    assert [one.remote_id for one in finding.near] == [fake.posts[0]["id"]]


def test_another_answer_in_the_same_thread_is_another_post(fake):
    speaker = world.adapter(fake)
    root = speaker.publish(world.key(), world.body(speaker, "1/3"), gate=world.Gate())
    speaker.publish(world.key(), world.body(speaker, "Same", thread=Thread(root, root)), gate=world.Gate())
    part = fake.posts[1]["id"]
    parent = looking.published(fake.posts[1])
    body = world.body(speaker, "Same", thread=Thread(root, parent))
    began = lost(fake, speaker, body, "drop_before")
    assert part != root.remote_id
    assert look(fake, speaker, body, began, later=LONG_AGO).what == "absent"
    began = lost(fake, speaker, body)
    found = look(fake, speaker, body, began)
    assert (found.what, found.published.remote_id) == ("found", fake.posts[2]["id"])


def test_one_whose_answered_post_was_deleted_is_for_a_person(fake):
    """Servers then say that it answers nothing; so a post that answers nothing may be it, and may be another."""
    speaker = world.adapter(fake)
    root = speaker.publish(world.key(), world.body(speaker, "1/2"), gate=world.Gate())
    body = world.body(speaker, "And bread, while it lasts", thread=Thread(root, root))
    began = lost(fake, speaker, body)
    fake.posts[1]["in_reply_to_id"] = None
    finding = look(fake, speaker, body, began, later=LONG_AGO)
    assert (finding.what, len(finding.near)) == ("unknown", 1)


def test_the_same_text_some_hours_before_proves_nothing(fake):
    """Perhaps it is this post and our clock was two hours fast when it was sent; perhaps it is another."""
    speaker = world.adapter(fake)
    body = world.body(speaker, TEXT)
    speaker.publish(world.key(), body, gate=world.Gate())
    for hours, what in ((2, "unknown"), (11.9, "unknown"), (12.1, "absent")):
        began = world.ago(0) + timedelta(hours=hours)
        finding = look(fake, speaker, body, began, later=LONG_AGO + hours * 3600)
        assert (finding.what, len(finding.near)) == (what, int(what == "unknown"))


@pytest.mark.parametrize("skew", [7200.0, -7200.0, 42.0])
def test_a_clock_that_is_wrong_changes_nothing(fake, skew):
    fake.skew = skew
    speaker = world.adapter(fake)
    body = world.body(speaker, TEXT)
    began = lost(fake, speaker, body)
    finding = look(fake, speaker, body, began)
    assert finding.what == "found"
    assert ("ahead of" if skew > 0 else "behind") in finding.evidence
    fake.posts.clear()
    assert look(fake, speaker, body, world.ago(LONG_AGO)).what == "absent"


def test_a_server_without_a_clock_gets_a_wide_margin(fake):
    fake.date_header = False
    fake.skew = -240
    speaker = world.adapter(fake)
    body = world.body(speaker, TEXT)
    began = lost(fake, speaker, body)
    finding = look(fake, speaker, body, began)
    assert finding.what == "found"
    assert "did not tell its own time" in finding.evidence


@pytest.mark.parametrize("links", [True, False])
def test_read_back_over_pages_with_and_without_link_headers(fake, links):
    fake.page_links, fake.page = links, 3
    speaker = world.adapter(fake)
    for number in range(8):
        fake.post("109", {"status": f"{number} {'abcdefgh'[number] * 20}"})
    body = world.body(speaker, TEXT)
    began = world.ago(LONG_AGO)
    assert look(fake, speaker, body, began).what == "absent"
    lost(fake, speaker, body)
    for number in range(4):
        fake.post("109", {"status": "zyxw"[number] * 20})
    assert look(fake, speaker, body, began).what == "found"


def test_more_posts_than_are_read_is_unknown_and_pages_are_bounded(fake):
    fake.page = 1
    speaker = world.adapter(fake)
    for number in range(looking.PAGES + 2):
        fake.post("109", {"status": "abcdefghij"[number] * 20})
    asked = len(fake.requests)
    finding = look(fake, speaker, world.body(speaker, TEXT), world.ago(LONG_AGO))
    assert finding.what == "unknown"
    assert "not all could be read" in finding.evidence
    assert len(fake.requests) - asked == looking.PAGES


def test_paging_ends_where_the_posts_are_older_than_the_call(fake):
    fake.page = 2
    speaker = world.adapter(fake)
    for number in range(6):
        fake.post("109", {"status": "abcdef"[number] * 20})
        fake.posts[-1]["created_at"] = "2026-01-01T00:00:00Z"
    asked = len(fake.requests)
    assert look(fake, speaker, world.body(speaker, TEXT), world.ago(LONG_AGO)).what == "absent"
    assert len(fake.requests) - asked == 1


@pytest.mark.parametrize("fault", ["500_before", "drop_before", "429:9", "not_json"])
def test_posts_that_cannot_be_read_are_unknown(fake, fault):
    speaker = world.adapter(fake)
    fake.then({"fault": fault, "on": "GET /api/v1/accounts/109/statuses"})
    finding = look(fake, speaker, world.body(speaker, TEXT), world.ago(LONG_AGO))
    assert finding.what == "unknown"
    assert "could not be read" in finding.evidence


def test_a_lost_sign_in_is_raised(fake):
    speaker = world.adapter(fake)
    fake.then({"fault": "revoked", "on": "GET /api/v1/accounts/109/statuses"})
    with pytest.raises(Refused) as raised:
        look(fake, speaker, world.body(speaker, TEXT), world.ago(LONG_AGO))
    assert raised.value.reconnect
