"""Reading back: counts, replies, the account's own posts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quarterdeck.channels.bluesky import keys, numbers
from quarterdeck.channels.bluesky.tests import fake_bluesky, world
from quarterdeck.channels.contract import Counts, Published, Refused


def _posts(fake, count, since=world.DUE, **changed):
    """Records made an hour apart, newest last; their addresses."""
    made = []
    for n in range(count):
        at = since + timedelta(hours=n)
        value = {"$type": fake_bluesky.POST, "text": f"Post {n}", "createdAt": at.isoformat()} | changed
        made.append(fake.put(fake_bluesky.DID, f"{fake_bluesky.POST}/{keys.new(at, 0)}", value)["uri"])
    return made


def test_counts_come_in_the_order_asked_under_bluesky_s_names(fake):
    ada, uris = world.adapter(fake), _posts(fake, 60)
    fake.numbers[uris[7]] = {"likeCount": 7, "bookmarkCount": 1}
    found = ada.metrics([Published(uri, "") for uri in reversed(uris)])
    assert len(found) == 60
    assert found[-8].values == {
        "likeCount": 7,
        "repostCount": 0,
        "replyCount": 0,
        "quoteCount": 0,
        "bookmarkCount": 1,
    }
    assert sum("getPosts" in one for one in fake.requests) == 3


def test_a_post_taken_down_is_gone_and_one_not_indexed_yet_is_not(fake):
    ada = world.adapter(fake)
    gone, new = world.published(ada, "One"), world.published(ada, "Two")
    ada.delete(gone)
    fake.unindexed.add(new.remote_id)
    assert ada.metrics([gone, new]) == [Counts({}, gone=True), Counts({})]


def test_a_server_without_an_index_says_so(fake):
    ada, post = world.adapter(fake), None
    post = world.published(ada)
    fake.index = False
    for ask in (lambda: ada.metrics([post]), lambda: ada.replies(post)):
        with pytest.raises(Refused, match="index") as no:
            ask()
        assert no.value.transient


@pytest.mark.parametrize(("fault", "expired"), [("429:9", False), ("expired", True), ("500_before", False)])
def test_counts_that_could_not_be_had_are_not_made_up(fake, fault, expired):
    ada = world.adapter(fake)
    post = world.published(ada)
    fake.then({"fault": fault, "on": "app.bsky.feed.getPosts"})
    with pytest.raises(Refused) as no:
        ada.metrics([post])
    assert (no.value.transient, no.value.expired) == (True, expired)


def test_replies_are_the_direct_ones_oldest_first(fake):
    ada = world.adapter(fake)
    post = world.published(ada)
    for n in (2, 1):
        fake.answers.setdefault(post.remote_id, []).append(
            {
                "uri": f"at://did:plc:fakeann/app.bsky.feed.post/3abcdefghijk{n + 1}",
                "author": {"handle": "ann.fake.test"},
                "record": {"text": f"Answer {n}", "createdAt": f"2026-11-23T10:0{n}:00Z"},
            }
        )
    found = ada.replies(post)
    assert [(one.author, one.text) for one in found] == [
        ("@ann.fake.test", "Answer 1"),
        ("@ann.fake.test", "Answer 2"),
    ]
    assert found[0].url == "https://bsky.app/profile/did:plc:fakeann/post/3abcdefghijk2"
    ada.delete(post)
    assert ada.replies(post) == []


def test_own_posts_come_newest_first_back_to_the_day_asked(fake):
    ada, uris = world.adapter(fake), _posts(fake, 250)
    fake.numbers[uris[-1]] = {"likeCount": 3}
    found = list(ada.own_posts(world.DUE + timedelta(hours=100)))
    assert [one.published.remote_id for one in found] == uris[:99:-1]
    assert found[0].counts.values["likeCount"] == 3
    assert found[0].text == "Post 249"
    assert found[0].posted_at == world.DUE + timedelta(hours=249)
    assert sum("listRecords" in one for one in fake.requests) == 2


def test_own_posts_stop_asking_once_it_is_early_enough(fake):
    ada = world.adapter(fake)
    _posts(fake, 150, since=world.DUE - timedelta(days=300))
    _posts(fake, 2)
    fake.page = 10
    assert len(list(ada.own_posts(world.DUE))) == 2
    assert sum("listRecords" in one for one in fake.requests) == 1


def test_own_posts_without_an_index_have_no_counts_rather_than_made_up_ones(fake):
    ada = world.adapter(fake)
    _posts(fake, 3)
    fake.index = False
    assert [one.counts for one in ada.own_posts(world.DUE)] == [Counts({})] * 3


def test_own_posts_that_name_no_time_are_dated_by_their_key(fake):
    ada = world.adapter(fake)
    _posts(fake, 1, createdAt="yesterday")
    (found,) = ada.own_posts(world.DUE - timedelta(days=1))
    assert timedelta(0) <= found.posted_at - world.DUE < timedelta(seconds=1)


@pytest.mark.parametrize(
    "uri", ["", "https://bsky.app/x", "at://did:plc:a/app.bsky.feed.like/3abc", "at://did:plc:a"]
)
def test_what_is_no_post_s_address_is_refused_in_words(uri):
    with pytest.raises(Refused, match="not the address of a post"):
        numbers.parts(uri)
