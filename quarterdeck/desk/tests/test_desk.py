"""The Desk of one member: what is on it, put off, done, handed over; and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from quarterdeck.core import clock, registries
from quarterdeck.core.models import Outage
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew.models import Member, Notification
from quarterdeck.desk import reads, settling, verbs
from quarterdeck.desk.later import later
from quarterdeck.desk.models import HandOver
from quarterdeck.ledger.models import Pending
from quarterdeck.publishing import verbs as posts
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.tests import world
from tests import make

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)


def fresh(member: Member) -> Member:
    return Member.objects.select_related("workspace", "user").get(pk=member.pk)


def shown(member: Member, at: datetime = NOON) -> list[str]:
    with clock.at(at):
        return [line.title for line in reads.desk(fresh(member), clock.now()).arrangement.shown]


def keys(member: Member) -> list[str]:
    with clock.at(NOON):
        return [k for line in reads.desk(fresh(member), NOON).arrangement.shown for k in line.keys]


def asked(w: world.World, text: str = "Nettle soup.") -> str:
    with clock.at(NOON - timedelta(hours=1)):
        post = w.draft(text)
        posts.ask_approval(post, by=w.author)
    return post


def test_an_approval_is_on_the_approvers_desk_only():
    w = world.two("UTC")
    asked(w)
    assert shown(w.approver) == ["“Nettle soup.” waits for approval"]
    assert shown(w.author) == []


def test_put_off_and_back_by_itself():
    w = world.two("UTC")
    asked(w)
    with clock.at(NOON):
        verbs.snooze(w.approver, keys(w.approver), until=NOON + timedelta(hours=3))
    assert shown(w.approver) == []
    assert shown(w.approver, NOON + timedelta(hours=3)) == ["“Nettle soup.” waits for approval"]


def test_done_and_undone():
    member = make.member()
    assert "Connect a channel" in shown(member)
    with clock.at(NOON):
        act = verbs.done(member, ["desk.step:channel"])
        assert "Connect a channel" not in shown(member)
        verbs.undo(member, act)
        with pytest.raises(Conflict):
            verbs.undo(member, act)
    assert "Connect a channel" in shown(member)


def test_steps_disappear_when_they_are_done():
    w = world.two("UTC")
    assert "Connect a channel" not in shown(w.approver)
    assert "Invite a second person" not in shown(w.approver)


def test_handed_over_shown_to_both_until_it_is_taken():
    w = world.two("UTC")
    other = make.member("lead", w.author.workspace, "Cay")
    post = asked(w)
    with clock.at(NOON):
        verbs.snooze(other, keys(other), until=NOON + timedelta(days=1))  # she had put it off herself
        verbs.hand_over(w.approver, keys(w.approver), to=other, note="You know the farm.")
    offer = HandOver.objects.get()
    assert Notification.objects.filter(member=other, subject__contains="handed over to you").exists()
    assert len(shown(w.approver)) == 1
    with clock.at(NOON):
        verbs.answer(offer, by=other, accept=True)
    assert shown(w.approver) == []
    posts.approve(post, by=other, text_hash=post.text_hash)
    assert shown(other) == []


def test_a_hand_over_reaches_somebody_who_would_not_have_seen_it():
    w = world.two("UTC")
    with clock.at(NOON - timedelta(hours=1)):
        post = asked(w)
        posts.return_(post, by=w.approver, reason="The price is missing.")
    with clock.at(NOON):
        verbs.hand_over(w.author, keys(w.author), to=w.approver, note="I am away.")
        lead = fresh(w.approver)
        line = reads.desk(lead, NOON).arrangement.shown[0]
    assert "Handed over by Ada: “I am away.”" in line.lead.why
    with clock.at(NOON):
        verbs.answer(HandOver.objects.get(), by=w.approver, accept=False)
    assert shown(w.approver) == []
    assert shown(w.author) == ["“Nettle soup.” came back"]


def handed(w: world.World, accepted: bool = True) -> tuple[HandOver, Member]:
    """An approval that the lead handed to another lead."""
    other = make.member("lead", w.author.workspace, "Cay")
    asked(w)
    with clock.at(NOON):
        verbs.hand_over(w.approver, keys(w.approver), to=other)
        offer = HandOver.objects.get()
        return (verbs.answer(offer, by=other, accept=True) if accepted else offer), other


@pytest.mark.parametrize("accepted", [True, False])
def test_what_somebody_had_who_left_can_be_handed_over_again(accepted):
    w = world.two("UTC")
    _, gone = handed(w, accepted)
    Member.objects.filter(pk=gone.pk).update(left_at=NOON)
    other = make.member("lead", w.author.workspace, "Dee")
    assert len(shown(w.approver)) == 1
    with clock.at(NOON):
        verbs.hand_over(w.approver, keys(w.approver), to=other)
    rows = HandOver.objects.order_by("offered_at", "pk").values_list("taker", "answer")
    assert list(rows) == [(gone.pk, "withdrawn"), (other.pk, "")]
    assert make.kinds_recorded(w.author.workspace)[-2:] == ["desk.item.withdrawn", "desk.item.offered"]
    with clock.at(NOON), pytest.raises(Conflict):
        verbs.hand_over(w.approver, keys(w.approver), to=w.author)


def test_what_a_colleague_took_stands_with_its_title_until_it_is_settled_and_is_ones_own_when_it_returns():
    w = world.two("UTC")
    offer, other = handed(w)
    home, client, post = f"/w/{w.approver.workspace.slug}/", browser(w.approver), Post.objects.get()
    with clock.at(NOON):
        words = client.get(home).content.decode()
        assert "“Nettle soup.” waits for approval" in words
        assert "Cay took it over" in words
        settling.settle_all()  # it still waits
        offer.refresh_from_db()
        assert offer.answer == "accepted"
        posts.return_(post, by=other, reason="The price is missing.")
        assert "took it over" not in client.get(home).content.decode()
        settling.settle_all()
        offer.refresh_from_db()
        assert offer.answer == "settled"
        event = Pending.objects.get(kind="desk.item.settled")
        assert b"publishing" not in bytes(event.leaf)
        with pytest.raises(Conflict, match="settled"):
            verbs.take_back(offer, by=w.approver)
        posts.edit(
            post, by=w.author, version=post.version, text="Nettle soup, 7 euros.", channels=[w.channel]
        )
        posts.ask_approval(Post.objects.get(), by=w.author)
    assert shown(w.approver) == ["“Nettle soup, 7 euros.” waits for approval"]


def test_nothing_counts_as_settled_while_a_room_cannot_be_asked(monkeypatch):
    w = world.two("UTC")
    offer, other = handed(w)
    post = Post.objects.get()

    def broken(who, now):
        raise RuntimeError

    with clock.at(NOON):
        posts.approve(post, by=other, text_hash=post.text_hash)
        monkeypatch.setitem(registries.agenda._entries, "broken_room", broken)
        settling.settle_all()
    offer.refresh_from_db()
    assert offer.answer == "accepted"


def test_not_handed_over_twice_nor_to_oneself_nor_outside():
    w, elsewhere = world.two("UTC"), world.two("UTC")
    asked(w)
    with clock.at(NOON):
        for wrong in (w.approver, elsewhere.author):
            with pytest.raises(Invalid):
                verbs.hand_over(w.approver, keys(w.approver), to=wrong)
        verbs.hand_over(w.approver, keys(w.approver), to=w.author)
        with pytest.raises(Conflict):
            verbs.hand_over(w.approver, keys(w.approver), to=w.author)


def test_what_somebody_handles_is_nobody_elses_to_see():
    w = world.two("UTC")
    other = make.member("lead", w.author.workspace, "Cay")
    asked(w)
    with clock.at(NOON):
        verbs.snooze(w.approver, keys(w.approver), until=NOON + timedelta(days=1))
    assert shown(other) == ["“Nettle soup.” waits for approval"]
    event = Pending.objects.filter(kind="desk.item.snoozed").get()
    assert b"publishing.approval" not in bytes(event.leaf)


def test_a_room_that_fails_is_named_and_the_rest_stands(monkeypatch):
    w = world.two("UTC")
    asked(w)

    def broken(who, now):
        raise RuntimeError

    monkeypatch.setitem(registries.agenda._entries, "broken_room", broken)
    assert "“Broken room” could not be asked" in shown(w.approver)
    assert "“Nettle soup.” waits for approval" in shown(w.approver)


def test_an_outage_says_what_was_due():
    w = world.two("UTC")
    Member.objects.update(joined_at=NOON - timedelta(days=9))
    w.author.workspace.__class__.objects.update(created_at=NOON - timedelta(days=9))
    Outage.objects.create(started_at=NOON.replace(hour=2), ended_at=NOON.replace(hour=6), kind="slept")
    with clock.at(NOON):
        line = reads.desk(fresh(w.author), NOON).arrangement.shown[0]
    assert line.title == "This machine was asleep from 02:00 to 06:00"
    assert line.lead.why == "Nothing was due then."
    with clock.at(NOON - timedelta(days=1)):
        post = w.approved()
        posts.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T04:00"))
    with clock.at(NOON):
        line = reads.desk(fresh(w.author), NOON).arrangement.shown[0]
    assert line.lead.why == "Due then: “Nettle soup from Tuesday.” on Harbour Kitchen: planned."


@pytest.mark.parametrize(
    ("choice", "now", "until"),
    [
        ("later", "2026-03-09T09:00", "2026-03-09T12:00"),
        ("later", "2026-03-09T16:00", "2026-03-09T18:00"),
        ("later", "2026-03-09T17:30", "2026-03-09T20:30"),
        ("tomorrow", "2026-03-09T23:30", "2026-03-10T09:00"),
        ("tomorrow", "2026-03-28T12:00", "2026-03-29T09:00"),
        ("working-day", "2026-03-13T12:00", "2026-03-16T09:00"),
    ],
)
def test_until_when_a_person_means(choice, now, until):
    berlin = ZoneInfo("Europe/Berlin")
    moment = datetime.fromisoformat(now).replace(tzinfo=berlin)
    assert later(choice, moment.astimezone(UTC), berlin) == datetime.fromisoformat(until).replace(
        tzinfo=berlin
    )


def browser(member: Member) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(member.user)
    return client


def test_the_page_and_its_acts():
    w = world.two("UTC")
    asked(w)
    home, client = f"/w/{w.approver.workspace.slug}/", browser(w.approver)
    with clock.at(NOON):
        words = client.get(home).content.decode()
        assert "Monday, 9 March" in words
        assert "One thing needs you." in words
        assert "That is all." in words
        (key,) = keys(w.approver)
        client.post(f"{home}desk/snooze/", {"keys": key, "until": "tomorrow"})
        words = client.get(home).content.decode()
        assert "Nothing needs you now." in words
        assert "And 1 that can wait until tomorrow." in words
        assert "Put off until tomorrow, 09:00." in words
    assert client.post(f"{home}desk/snooze/", {"keys": "", "until": "never"}).status_code == 422
    assert client.post(f"{home}desk/handover/", {"keys": "nothing", "to": w.author.pk}).status_code == 422


def test_a_hand_over_is_only_for_the_two_it_concerns():
    w = world.two("UTC")
    third = make.member("owner", w.author.workspace, "Cay")
    asked(w)
    with clock.at(NOON):
        verbs.hand_over(w.approver, keys(w.approver), to=w.author)
    url = f"/w/{w.author.workspace.slug}/desk/handover/{HandOver.objects.get().pk}/acceptance/"
    assert browser(third).post(url).status_code == 404
    assert browser(w.author).post(url).status_code == 302


def test_an_empty_desk_says_what_it_is_for():
    w = world.two("UTC")
    words = browser(w.author).get(f"/w/{w.author.workspace.slug}/").content.decode()
    assert "A quiet Desk" in words
    assert "Write a post" in words
