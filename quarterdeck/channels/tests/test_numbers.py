"""Numbers from the first post on: at their age or not at all, raw, never twice, never made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.channels import numbers, reads, verbs
from quarterdeck.channels.ages import AGES, allowed_lateness
from quarterdeck.channels.contract import Counts, OwnPost, Published
from quarterdeck.channels.intake import follow
from quarterdeck.channels.intake import numbers as intake
from quarterdeck.channels.models import Channel, Credential, FirstLook, RemotePost, Snapshot
from quarterdeck.channels.tests.world import connected
from quarterdeck.core import clock
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def channel(server) -> Channel:
    return connected()


def follow_one(channel: Channel, remote_id: str = "p1", ago: timedelta = timedelta(0)) -> RemotePost:
    follow(channel, Published(remote_id, f"https://fake.example/{remote_id}"), "Soup.", clock.now() - ago)
    return RemotePost.objects.get(channel=channel, remote_id=remote_id)


def work() -> int:
    """One round of the loop; how many sets it took."""
    claimed = intake.claim(4, clock.now())
    for one in claimed:
        numbers.take(one)
    return len(claimed)


def taken(post: RemotePost) -> dict[int | None, dict]:
    return {s.age_hours: s.counts for s in post.snapshots.filter(taken_at__isnull=False)}


def test_eight_snapshots_are_planned_once(channel):
    post = follow_one(channel)
    follow(channel, post.published, "Soup.", post.posted_at)
    due = {s.age_hours: s.due_at - post.posted_at for s in post.snapshots.all()}
    assert due == {age: timedelta(hours=age) for age in (1, 3, 6, 12, 24, 48, 168, 672)}
    assert post.ours
    assert reads.next_snapshot() == post.posted_at + HOUR


def test_each_is_taken_at_its_age_under_the_networks_own_names(channel, server):
    post = follow_one(channel)
    assert work() == 0
    server.set(counts={"p1": {"likeCount": 3, "boosts": 1}})
    with clock.later(HOUR + timedelta(minutes=2)):
        assert work() == 1
        assert work() == 0
    assert taken(post) == {1: {"likeCount": 3, "boosts": 1}}
    server.set(counts={"p1": {"likeCount": 5, "boosts": 1}})
    with clock.later(3 * HOUR):
        work()
    assert taken(post)[3]["likeCount"] == 5
    assert post.snapshots.get(age_hours=1).age == "1 h"


def test_a_channels_due_ones_are_asked_for_together(channel, server):
    for number in range(7):
        follow_one(channel, f"p{number}")
    server.set(counts={f"p{n}": {"likes": n} for n in range(7)}, calls=0)
    with clock.later(HOUR):
        assert work() == 1
    assert server.get("calls") == 1
    assert sorted(s.counts["likes"] for s in Snapshot.objects.filter(age_hours=1)) == list(range(7))


def test_what_is_too_late_for_its_age_is_not_taken_and_says_why(channel, server):
    post = follow_one(channel)
    server.set(counts={"p1": {"likes": 9}})
    with clock.later(2 * HOUR + timedelta(seconds=1)):  # half way to three hours is past
        assert work() == 0
        late = post.snapshots.get(age_hours=1)
        assert (late.taken_at, late.try_at, late.counts) == (None, None, {})
        assert late.reason == intake.NOT_RUNNING
    with clock.later(30 * timedelta(days=1)):
        work()
    assert set(taken(post)) == {672}


@given(st.sampled_from(AGES), st.floats(0, 1))
def test_no_instant_belongs_to_two_ages(age, part):
    position = AGES.index(age)
    late = timedelta(hours=age) + allowed_lateness(age) * part
    if position + 1 < len(AGES):
        assert late < timedelta(hours=AGES[position + 1])


def test_a_refusal_is_tried_again_with_pauses_and_keeps_its_words(channel, server):
    post = follow_one(channel)
    server.set(
        counts={"p1": {"likes": 2}},
        refuse=[
            ["The fake network is down.", {"transient": True}],
            ["Too many.", {"transient": True, "retry_after": 900}],
        ],
    )
    with clock.later(HOUR):
        work()
        waiting = post.snapshots.get(age_hours=1)
        assert (waiting.try_at - clock.now()).total_seconds() == pytest.approx(120, abs=5)
        assert waiting.reason == "The fake network is down."
        assert work() == 0
    with clock.later(HOUR + timedelta(minutes=3)):
        work()
        waiting.refresh_from_db()
        assert (waiting.try_at - clock.now()).total_seconds() == pytest.approx(900, abs=5)
    with clock.later(HOUR + timedelta(minutes=20)):
        work()
    waiting.refresh_from_db()
    assert (waiting.counts, waiting.reason) == ({"likes": 2}, "")


def test_refused_until_it_was_too_late_the_last_words_stay(channel, server):
    post = follow_one(channel)
    server.set(refuse=[["The access was taken back.", {"reconnect": True}]])
    with clock.later(HOUR + timedelta(minutes=59)):
        work()
    ended = post.snapshots.get(age_hours=1)
    assert (ended.taken_at, ended.try_at, ended.reason) == (None, None, "The access was taken back.")


def test_an_expired_sign_in_is_renewed_and_the_numbers_are_taken(channel, server):
    post = follow_one(channel)
    Credential.objects.update(expires_at=None)
    server.set(counts={"p1": {"likes": 4}}, refuse=[["It has run out.", {"expired": True}]])
    with clock.later(HOUR):
        work()
    assert taken(post) == {1: {"likes": 4}}
    assert server.get("renewals") == 1


def test_a_post_that_is_gone_is_gone_not_zero(channel):
    post = follow_one(channel)
    with clock.later(HOUR):
        work()
    shot = post.snapshots.get(age_hours=1)
    assert shot.gone
    assert shot.counts == {}


def test_a_worker_that_died_is_followed_by_another_and_cannot_overwrite(channel, server):
    post = follow_one(channel)
    server.set(counts={"p1": {"likes": 1}})
    with clock.later(HOUR):
        (dead,) = intake.claim(4, clock.now())
        assert intake.claim(4, clock.now()) == []
    with clock.later(HOUR + intake.LEASE):
        (mine,) = intake.claim(4, clock.now())
        server.set(counts={"p1": {"likes": 99}})
        numbers.take(dead)
        intake.put_off(dead, "It never came back.", clock.now())
        assert taken(post) == {}
        server.set(counts={"p1": {"likes": 1}})
        numbers.take(mine)
        numbers.take(dead)
    assert taken(post) == {1: {"likes": 1}}


def test_without_a_connection_nothing_is_asked_and_the_gap_says_so(channel, server):
    post = follow_one(channel)
    verbs.disconnect(channel, by=channel.connected_by)
    with clock.later(HOUR):
        assert work() == 0
        assert reads.next_snapshot() > clock.now()  # and the loop does not turn in vain
        assert post.snapshots.get(age_hours=1).try_at
    with clock.later(3 * HOUR):
        work()
    assert post.snapshots.get(age_hours=1).reason == intake.NOT_CONNECTED


# --- the first look ---------------------------------------------------------------------------------


def older(server, count: int) -> None:
    """The account made so many posts before, one each ten hours, the newest ten hours ago; and one long ago."""
    posts = [
        [f"old{n}", (clock.now() - 10 * HOUR * (n + 1)).isoformat(), f"Old soup {n}", {"likes": n}]
        for n in range(count)
    ]
    long_ago = (clock.now() - timedelta(days=120)).isoformat()
    server.set(posts=[*posts, ["ancient", long_ago, "Before", {"likes": 1}]])


def test_the_last_ninety_days_with_their_counts_as_found(channel, server):
    older(server, 70)
    numbers.first_look(channel)
    assert RemotePost.objects.count() == 70
    look = FirstLook.objects.get()
    assert look.ended_at
    assert look.found == 70
    newest = RemotePost.objects.get(remote_id="old0")
    assert not newest.ours
    assert taken(newest) == {None: {"likes": 0}}
    ahead = {s.age_hours for s in newest.snapshots.filter(try_at__isnull=False)}
    assert ahead == {12, 24, 48, 168, 672}  # what it was at 1, 3 and 6 hours nobody asked, and nobody invents
    assert RemotePost.objects.get(remote_id="old69").snapshots.count() == 1


def test_broken_off_it_keeps_what_it_has_and_goes_on(channel, server):
    older(server, 70)
    server.set(break_after=60)
    with pytest.raises(numbers.NotYet):
        numbers.first_look(channel)
    assert RemotePost.objects.count() == 50
    look = FirstLook.objects.get()
    assert look.ended_at is None
    assert "stopped in the middle" in look.failure
    server.set(break_after=None)
    numbers.first_look(channel)
    numbers.first_look(channel)
    assert RemotePost.objects.count() == 70
    assert Snapshot.objects.filter(age_hours__isnull=True).count() == 70
    assert FirstLook.objects.get().failure == ""


def test_more_than_one_look_takes_is_said(channel, server, monkeypatch):
    monkeypatch.setattr(numbers, "MOST_IMPORTED", 3)
    older(server, 5)
    numbers.first_look(channel)
    assert FirstLook.objects.get().cut
    assert RemotePost.objects.count() == 3


def test_a_final_refusal_ends_it_in_words(channel, server):
    server.set(refuse=[["The account was deleted.", {"reconnect": True}]])
    numbers.first_look(channel)
    look = FirstLook.objects.get()
    assert look.ended_at
    assert look.failure == "The account was deleted."


def test_what_a_server_makes_up_breaks_nothing(channel, server):
    now = clock.now()
    url = "javascript:alert(1)"
    odd = [
        OwnPost(Published("a", url), datetime.max.replace(tzinfo=UTC), "Nul\0 in it", Counts({"likes": 1})),
        OwnPost(Published("b" * 500, ""), now - HOUR, "Too long an id", Counts({})),
        OwnPost(Published("c", "https://fake.example/" + "x" * 700), now - HOUR, "x" * 30_000, Counts({})),
        OwnPost(Published("c", ""), now - HOUR, "Twice", Counts({})),
    ]
    assert intake.keep_own(channel, odd, now) == 2
    first = RemotePost.objects.get(remote_id="a")
    assert (first.url, first.text, first.posted_at) == ("", "Nul in it", now)
    assert RemotePost.objects.get(remote_id="c").url == ""


def test_our_own_post_that_was_found_first_becomes_ours_and_gets_its_snapshots(channel, server):
    older(server, 1)
    numbers.first_look(channel)
    post = follow_one(channel, "old0", ago=10 * HOUR)
    assert post.ours
    assert post.text == "Old soup 0"
    assert post.snapshots.count() == 9


def test_the_page_shows_them_raw_with_their_time_and_age(channel, server):
    older(server, 3)
    numbers.first_look(channel)
    client = Client(headers={"host": "localhost"})
    client.force_login(channel.connected_by.user)
    page = " ".join(
        client.get(f"/w/{channel.workspace.slug}/channels/{channel.pk}/").content.decode().split()
    )
    assert "Old soup 2" in page
    assert 'likes <b class="num">2</b>' in page
    assert "at an age of 30 h" in page
    assert "Posts a week" in page


# --- beside a post ----------------------------------------------------------------------------------


def beside(channel: Channel, *remote_ids: str) -> str:
    """The panel on the page of a post whose deliveries have these ids there."""
    deliveries = [SimpleNamespace(channel_id=channel.pk, remote_id=name) for name in remote_ids]
    post = SimpleNamespace(deliveries=SimpleNamespace(all=lambda: deliveries))
    context = reads.numbers_so_far(post, channel.connected_by)
    return " ".join(render_to_string("channels/_numbers.html", {"panel": context}).split()) if context else ""


def test_each_snapshot_stands_beside_the_post_with_its_reason_when_there_is_none(channel, server):
    follow_one(channel, ago=4 * HOUR)
    server.set(counts={"p1": {"likeCount": 12}})
    work()
    shown = beside(channel, "p1", "")
    assert 'likeCount <b class="num">12</b>' in shown
    assert "at an age of 4 h" in shown
    assert f"<td>Not taken</td><td>{intake.NOT_RUNNING}</td>" in shown
    assert "Next at an age of 6 h" in shown


def test_nothing_stands_beside_a_post_that_is_not_out_nor_for_strangers(channel):
    follow_one(channel)
    assert beside(channel, "") == ""
    channel.connected_by = make.member()
    assert beside(channel, "p1") == ""
