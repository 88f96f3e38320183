"""How a connection stands: looked at hourly, renewed ahead of time, said in words, asked of the leads in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from quarterdeck.channels import agenda, health, reads
from quarterdeck.channels.contract import Refused
from quarterdeck.channels.intake import checkups, went_well, went_wrong
from quarterdeck.channels.models import Channel, Checkup, Credential
from quarterdeck.channels.standing import standing
from quarterdeck.channels.tests.world import connected
from quarterdeck.core import clock
from quarterdeck.crew.models import Notification
from tests import make

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def now_stands(channel: Channel):
    again = reads.channel(channel.workspace, channel.pk)
    return standing(again, channel.connected_by.zone)


def asked(channel: Channel, member=None) -> list[str]:
    return [item.title for item in agenda.agenda(member or channel.connected_by, clock.now())]


def look(channel: Channel) -> Checkup:
    return health.check(Channel.objects.get(pk=channel.pk))


def test_a_look_that_went_well(server):
    channel = connected()
    assert now_stands(channel).word == "not looked at yet"
    server.set(left=["299 calls are left."])
    kept = look(channel)
    assert (kept.failures, kept.left, kept.expires_at) == (0, ["299 calls are left."], None)
    assert now_stands(channel).word == "works"
    assert kept.next_at - clock.now() == pytest.approx(HOUR, abs=timedelta(seconds=10))
    assert asked(channel) == []


def test_a_network_that_does_not_answer_is_tried_again_with_pauses_and_nobody_is_asked(server):
    channel = connected()
    server.set(refuse=[["The fake network does not answer.", {"transient": True}]] * 3)
    pauses = [round((look(channel).next_at - clock.now()).total_seconds() / 60) for _ in range(3)]
    assert pauses == [5, 10, 20]
    assert now_stands(channel).word == "does not answer"
    assert "The fake network does not answer." in now_stands(channel).sentence
    assert asked(channel) == []
    assert look(channel).failures == 0
    assert (
        Checkup.objects.get().failure == "The fake network does not answer."
    )  # the last failure stays readable


def test_a_pause_the_network_asks_for_is_obeyed(server):
    channel = connected()
    server.set(refuse=[["Too many calls.", {"transient": True, "retry_after": 7200}]])
    assert look(channel).next_at - clock.now() == pytest.approx(2 * HOUR, abs=timedelta(seconds=10))


def test_a_sign_in_that_only_a_person_can_mend_is_asked_of_the_leads_who_are_told_once(server):
    channel = connected()
    lead = make.member("lead", channel.workspace, "Ben")
    author = make.member("author", channel.workspace, "Cleo")
    refused = ["The access was taken back at the fake network. Please connect it again.", {"reconnect": True}]
    server.set(refuse=[refused, refused])
    look(channel)
    look(channel)
    title = f"Reconnect {channel.name}: nothing can go out there until then"
    assert asked(channel) == asked(channel, lead) == [title]
    assert asked(channel, author) == []
    assert now_stands(channel).tone == "coral"
    told = Notification.objects.filter(subject=title)
    assert {n.member_id for n in told} == {channel.connected_by_id, lead.pk}
    assert told.count() == 2
    look(channel)
    assert asked(channel) == []


def test_an_expired_sign_in_is_renewed_within_the_look(server):
    channel = connected()
    server.set(only_newest=True, renewals=0)
    with server.state() as kept:  # the network counts on by itself: what we hold is not the newest
        kept["refuse"] = [["The sign-in has run out.", {"expired": True}]]
    assert look(channel).failures == 0
    assert server.get("renewals") == 1


def test_a_sign_in_near_its_end_is_renewed_a_week_ahead(server):
    channel = connected()
    first = clock.now() + 60 * DAY
    server.set(end=first.isoformat(), end_moves=True)
    assert look(channel).life == pytest.approx(60 * DAY, abs=timedelta(minutes=1))
    Credential.objects.update(expires_at=None)
    with clock.later(52 * DAY):
        assert look(channel).expires_at == first
        assert server.get("renewals") == 0
    with clock.later(53 * DAY + HOUR):
        kept = look(channel)
        assert server.get("renewals") == 1
        assert kept.expires_at > first
        assert not kept.ends_soon
        assert asked(channel) == []


def test_an_end_that_renewing_does_not_move_is_asked_of_a_person_ahead_of_time(server):
    channel = connected()
    end = clock.now() + 60 * DAY
    server.set(end=end.isoformat(), renewal_refused=True)
    look(channel)
    Credential.objects.update(expires_at=None)
    with clock.later(54 * DAY):
        kept = look(channel)
        assert kept.ends_soon
        local = end.astimezone(channel.connected_by.zone)
        (title,) = asked(channel)
        assert title == (
            f"Reconnect {channel.name}: nothing can go out there from {local:%a} {local.day} {local:%b, %H:%M}"
        )
        assert now_stands(channel).tone == "amber"
        assert Notification.objects.filter(subject=title).count() == 1
        look(channel)
        assert Notification.objects.filter(subject=title).count() == 1


@pytest.mark.parametrize(
    ("life", "before"),
    [
        (90 * DAY, timedelta(days=7)),
        (28 * DAY, timedelta(days=7)),
        (10 * DAY, DAY),
        (DAY, HOUR),
        (2 * HOUR, timedelta(minutes=5)),
    ],
)
def test_how_far_ahead_fits_how_long_it_lives(life, before):
    assert health.ahead(life) == before
    assert before < life / 2


def test_a_missing_permission_is_said_and_asked(server):
    channel = connected()
    server.set(missing=["It may not read notifications, so replies stay unseen."])
    look(channel)
    assert "replies stay unseen" in now_stands(channel).sentence
    assert asked(channel) == [
        f"Look at {channel.name}: It may not read notifications, so replies stay unseen."
    ]


def test_each_channel_is_looked_at_by_one_worker_when_its_turn_comes(server):
    channel = connected()
    now = clock.now()
    assert checkups.claim(5, now) == [channel.pk]
    assert checkups.claim(5, now) == []
    assert reads.next_checkup() == now + checkups.LEASE
    assert checkups.claim(5, now + checkups.LEASE) == [channel.pk]  # whoever had it died
    look(channel)
    assert reads.next_checkup() > clock.now() + timedelta(minutes=55)


def test_what_deliveries_meet_shows_on_the_connection(server):
    channel = connected()
    look(channel)
    went_wrong(channel, Refused("The account was suspended.", reconnect=True))
    assert now_stands(channel).word == "connect again"
    assert reads.next_checkup() <= clock.now()
    look(channel)
    with clock.later(HOUR):
        went_well(channel)
        assert Checkup.objects.get().well_at == pytest.approx(clock.now(), abs=timedelta(minutes=1))


def test_check_now(server):
    channel = connected()
    client = Client(headers={"host": "localhost"})
    client.force_login(channel.connected_by.user)
    here = f"/w/{channel.workspace.slug}/channels/{channel.pk}/"
    assert client.get(f"{here}check/").status_code == 405
    server.set(refuse=[["The account was deleted.", {"reconnect": True}]])
    assert client.post(f"{here}check/").url == here
    page = client.get(here).content.decode()
    assert "The account was deleted." in page
    assert "Connect again" in page
