"""By hand: handed out at the slot, told again, then the stand-in, then left; out only because somebody said so."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import Member, Notification
from quarterdeck.publishing import agenda_by_hand, intake, reads, sending, verbs
from quarterdeck.publishing.models import Delivery, DeliveryState
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.publishing.verbs import answerable
from quarterdeck.publishing.verbs import by_hand as hand
from tests import make

pytestmark = pytest.mark.django_db
DUE = NOON + timedelta(minutes=30)
LINK = "https://www.instagram.com/p/C1/"


def by_hand_world() -> world.World:
    """Ada, an author, answers for posts that go to Instagram by hand; Bea, a lead, approves."""
    w = world.two("UTC")
    w.channel = connect_by_hand(w.approver, brand=w.brand, network="instagram", name="harbour")
    return w


def planned(w: world.World, text: str = "Nettle soup from Tuesday.") -> Delivery:
    with clock.at(NOON):
        post = w.approved(text)
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))
    return post.deliveries.get()


def cycle(at: datetime) -> int:
    """What the loop does once. Returns how many were claimed."""
    with clock.at(at):
        batches = intake.claim(10, clock.now())
        for batch in batches:
            sending.work(batch)
    return sum(map(len, batches))


def handed() -> tuple[world.World, Delivery]:
    w = by_hand_world()
    row = planned(w)
    assert cycle(DUE) == 1
    row.refresh_from_db()
    return w, row


def kinds(row: Delivery) -> list[str]:
    from quarterdeck.ledger.models import Pending

    found = Pending.objects.filter(about_id=row.pk).order_by("pk").values_list("kind", flat=True)
    return [kind.rpartition(".")[2] for kind in found]


def told(member: Member) -> list[str]:
    return list(
        Notification.objects.filter(member=member).order_by("created_at").values_list("subject", flat=True)
    )


def on_desk(member: Member, at: datetime) -> list[str]:
    with clock.at(at):
        return [item.title for item in agenda_by_hand.agenda(member, at)]


# --- at the slot ------------------------------------------------------------------------------------


def test_at_the_slot_it_is_handed_out_with_the_text_ready_to_copy():
    w = by_hand_world()
    row = planned(w, "Nettle soup.\n\nFrom Tuesday.")
    assert cycle(DUE - timedelta(seconds=1)) == 0
    assert cycle(DUE) == 1
    row.refresh_from_db()
    assert (row.state, row.handed_to, row.handed_at) == ("handed", w.author, DUE)
    message = Notification.objects.get(member=w.author, urgent=True)
    assert message.text.startswith("Nettle soup.\n\nFrom Tuesday.\n")
    assert "To be posted on harbour (Instagram, by hand) by 12:45." in message.text
    assert message.url == f"/w/{w.author.workspace.slug}/by-hand/{row.pk}/"
    assert not Notification.objects.filter(member=w.approver, urgent=True).exists()
    assert kinds(row) == ["handed"]


def test_the_whole_thread_is_handed_out_as_one():
    w = by_hand_world()
    with clock.at(NOON):
        post = verbs.draft(
            w.author,
            brand=w.brand,
            text="One.",
            channels=[w.channel],
            following=[{"text": "Two.", "images": []}],
        )
        verbs.approve(post, by=w.approver, text_hash=post.text_hash)
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))
    assert cycle(DUE) == 1
    assert "One.\n\n---\n\nTwo." in Notification.objects.get(member=w.author, urgent=True).text


def test_too_late_it_is_missed_and_handed_to_nobody():
    w = by_hand_world()
    row = planned(w)
    cycle(DUE + timedelta(minutes=16))
    row.refresh_from_db()
    assert (row.state, row.handed_to) == ("missed", None)


def test_when_who_answers_has_left_the_stand_ins_are_handed_it():
    w = by_hand_world()
    row = planned(w)
    Member.objects.filter(pk=w.author.pk).update(left_at=NOON)
    cycle(DUE)
    assert [s for s in told(w.approver) if s.startswith("Now by hand")]
    assert on_desk(w.approver, DUE) == [f"Post “{row.post.short}” by hand on harbour"]


# --- what a person says -----------------------------------------------------------------------------


def test_out_because_a_person_said_so():
    w, row = handed()
    with clock.at(DUE + timedelta(minutes=4)):
        hand.say_out(row, by=w.author, url=f"  {LINK} ")
    row.refresh_from_db()
    assert (row.state, row.said_by, row.url, row.is_out) == ("accepted", w.author, LINK, True)
    assert row.ended_at == DUE + timedelta(minutes=4)
    assert kinds(row) == ["handed", "posted"]
    assert cycle(DUE + timedelta(hours=30)) == 0
    with pytest.raises(Conflict, match="Somebody has said already that it is out"):
        hand.say_out(row, by=w.approver)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "instagram.com/p/1", "https://x.example/" + "a" * 500]
)
def test_a_link_that_is_none_is_refused_and_nothing_changes(url):
    w, row = handed()
    with pytest.raises(Invalid) as refused:
        hand.say_out(row, by=w.author, url=url)
    assert "url" in refused.value.fields
    row.refresh_from_db()
    assert row.state == "handed"


def test_not_posted_is_missed_with_the_reason_and_can_be_planned_again():
    w, row = handed()
    with pytest.raises(Invalid):
        hand.say_not_out(row, by=w.author, reason=" ")
    with clock.at(DUE + timedelta(minutes=4)):
        hand.say_not_out(row, by=w.author, reason="The app was down.")
    row.refresh_from_db()
    assert (row.state, row.unsettled) == ("missed", True)
    assert row.failure == "It was not posted: The app was down."
    with clock.at(DUE + timedelta(minutes=5)):
        verbs.send_now(row, by=w.author)
    cycle(DUE + timedelta(minutes=6))
    assert row.post.deliveries.filter(state=DeliveryState.HANDED).count() == 1


def test_what_was_said_is_undone_within_ten_seconds():
    w, row = handed()
    said = DUE + timedelta(minutes=4)
    for say in (
        lambda: hand.say_out(row, by=w.author, url=LINK),
        lambda: hand.say_not_out(row, by=w.author, reason="No."),
    ):
        with clock.at(said):
            act = say()
        with clock.at(said + timedelta(seconds=10)):
            hand.unsay(row, by=w.author, act=act)
        row.refresh_from_db()
        assert (row.state, row.said_by, row.url, row.ended_at, row.failure) == ("handed", None, "", None, "")
    assert cycle(DUE + timedelta(minutes=30)) == 1  # and it is reminded of as if nothing had been said
    with clock.at(said):
        act = hand.say_out(row, by=w.author)
    with clock.at(said + timedelta(seconds=11)), pytest.raises(Conflict, match="ten seconds"):
        hand.unsay(row, by=w.author, act=act)
    with clock.at(said), pytest.raises(Conflict, match="nothing left"):
        hand.unsay(row, by=w.author, act=row.opened_by)


def test_a_later_correction_keeps_what_was_said_before():
    w, row = handed()
    with clock.at(DUE + timedelta(minutes=4)):
        hand.say_out(row, by=w.author, url=LINK)
    with clock.at(DUE + timedelta(hours=5)):
        act = hand.say_not_out(row, by=w.approver, reason="It is nowhere.")
    row.refresh_from_db()
    assert (row.state, row.url, row.said_by) == ("missed", "", None)
    assert "It was not posted, after all: It is nowhere." in row.failure
    assert row.evidence == f"Before, it was said to be out. {LINK}"
    assert [s for s in told(w.author) if "did not go out" in s]
    with clock.at(DUE + timedelta(hours=5)), pytest.raises(Conflict, match="nothing left"):
        hand.unsay(row, by=w.approver, act=act)
    with clock.at(DUE + timedelta(hours=6)):
        hand.say_out(row, by=w.author, url=LINK)
    row.refresh_from_db()
    assert (row.state, row.url) == ("accepted", LINK)
    assert kinds(row) == ["handed", "posted", "not_posted", "posted"]


def test_once_somebody_has_decided_about_it_nothing_more_is_said():
    w, row = handed()
    hand.say_not_out(row, by=w.author, reason="No.")
    verbs.drop(row, by=w.author)
    with pytest.raises(Conflict, match="missed already"):
        hand.say_out(row, by=w.author, url=LINK)


def test_what_is_handed_out_cannot_be_edited_or_moved_behind_ones_back():
    w, row = handed()
    post = row.post
    for act in (
        lambda: verbs.edit(post, by=w.author, version=post.version, text="Other.", channels=[w.channel]),
        lambda: verbs.cancel(post, by=w.author),
        lambda: verbs.publish_now(post, by=w.author),
    ):
        with pytest.raises(Conflict, match="handed out"):
            act()


# --- while nobody says anything ---------------------------------------------------------------------


def test_told_again_then_the_stand_in_then_left_and_no_busy_loop():
    w, row = handed()
    for at in (DUE + timedelta(minutes=29), DUE + timedelta(minutes=31)):
        cycle(at)
    assert cycle(DUE + timedelta(minutes=32)) == 0
    assert kinds(row) == ["handed", "reminded"]
    assert [s for s in told(w.author) if s.startswith("Is it out on harbour?")]
    assert not [s for s in told(w.approver) if "is it out" in s]
    assert cycle(DUE + timedelta(minutes=61)) == 1
    assert told(w.approver)[-1] == f"For Ada: is it out on harbour? “{row.post.short}”"
    assert cycle(DUE + timedelta(hours=20)) == 0
    assert cycle(DUE + timedelta(hours=26)) == 1
    assert cycle(DUE + timedelta(days=400)) == 0
    assert kinds(row) == ["handed", "reminded", "escalated", "unanswered"]
    row.refresh_from_db()
    assert row.state == "handed"
    with clock.at(DUE + timedelta(days=2)):
        assert reads.next_due() > DUE + timedelta(days=3000)
        hand.say_out(row, by=w.author, url=LINK)
    row.refresh_from_db()
    assert row.is_out


def test_the_stand_in_somebody_named_is_told_before_the_leads():
    w, row = handed()
    cleo = make.member("analyst", of=w.author.workspace, name="Cleo")
    crew.choose_stand_in(w.author, to=cleo)
    cycle(DUE + timedelta(minutes=31))
    cycle(DUE + timedelta(minutes=61))
    assert [s for s in told(cleo) if s.startswith("For Ada")]
    assert not [s for s in told(w.approver) if s.startswith("For Ada")]


def test_after_downtime_every_step_is_still_taken_once():
    w, row = handed()
    late = DUE + timedelta(days=3)
    assert [cycle(late) for _ in range(5)] == [1, 1, 1, 0, 0]
    assert kinds(row) == ["handed", "reminded", "escalated", "unanswered"]
    assert len([s for s in told(w.author) if s.startswith("Is it out")]) == 1


def test_who_answers_meanwhile_wins_over_the_reminder():
    w, row = handed()
    at = DUE + timedelta(minutes=30)
    with clock.at(at):
        (batch,) = intake.claim(10, clock.now())
        hand.say_out(row, by=w.author, url=LINK)
        sending.work(batch)
        with pytest.raises(hand.NotHanded):
            hand.remind(batch[0])
    assert kinds(row) == ["handed", "posted"]


def test_a_worker_whose_lease_was_taken_over_reminds_nobody():
    w, row = handed()
    with clock.at(DUE + timedelta(minutes=30)):
        (batch,) = intake.claim(10, clock.now())
    assert cycle(DUE + timedelta(minutes=33)) == 1
    with clock.at(DUE + timedelta(minutes=33)):
        sending.work(batch)
        with pytest.raises(hand.NotHanded):
            hand.remind(batch[0])
    assert kinds(row) == ["handed", "reminded"]


def test_alone_there_is_nobody_to_stand_in_and_it_still_goes_on():
    w, row = handed()
    Member.objects.filter(pk=w.approver.pk).update(left_at=NOON)
    assert [cycle(DUE + timedelta(hours=2)) for _ in range(3)] == [1, 1, 0]
    assert kinds(row) == ["handed", "reminded", "escalated"]


# --- on the Desk ------------------------------------------------------------------------------------


def test_the_desk_of_who_answers_and_later_of_the_stand_in():
    w, row = handed()
    short = row.post.short
    assert on_desk(w.author, DUE) == [f"Post “{short}” by hand on harbour"]
    assert on_desk(w.author, DUE + timedelta(minutes=30)) == [f"Is “{short}” out on harbour?"]
    assert on_desk(w.approver, DUE + timedelta(minutes=59)) == []
    assert on_desk(w.approver, DUE + timedelta(minutes=60)) == [f"Is “{short}” out on harbour?"]
    never = [f"“{short}” was handed out for harbour, and never answered"]
    assert on_desk(w.author, DUE + timedelta(days=2)) == never
    assert on_desk(w.approver, DUE + timedelta(days=2)) == never
    observer = make.member("observer", of=w.author.workspace)
    assert on_desk(observer, DUE + timedelta(days=2)) == []
    hand.say_out(row, by=w.author)
    assert on_desk(w.author, DUE + timedelta(days=2)) == []


def test_a_failure_unread_for_half_an_hour_is_on_the_desk_of_the_stand_in():
    w = world.two("UTC")
    with clock.at(NOON):
        post = w.approved()
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))
    failed = DUE + timedelta(minutes=20)
    cycle(failed)
    assert on_desk(w.approver, failed + timedelta(minutes=29)) == []
    (title,) = on_desk(w.approver, failed + timedelta(minutes=30))
    assert title == f"“{post.short}” on {w.channel.name}: missed, and Ada has not read of it"
    Notification.objects.filter(member=w.author).update(read_at=failed)
    assert on_desk(w.approver, failed + timedelta(minutes=30)) == []


# --- who answers for it -----------------------------------------------------------------------------


def test_handed_over_the_other_one_answers_and_what_is_handed_out_is_theirs():
    w, row = handed()
    at = DUE + timedelta(minutes=20)
    with clock.at(at):
        answerable.hand_over(row.post, by=w.author, to=w.approver)
    row.refresh_from_db()
    assert (row.post.answerable, row.handed_to, row.handed_at) == (w.approver, w.approver, at)
    assert [s for s in told(w.approver) if s.startswith("Now by hand")]
    assert [s for s in told(w.approver) if s.startswith("You answer for")]
    assert cycle(DUE + timedelta(minutes=31)) == 0  # their own half hour
    assert cycle(at + timedelta(minutes=30)) == 1
    assert "publishing.post.handed_over" in make.kinds_recorded(w.author.workspace)


def test_a_post_is_handed_over_only_to_somebody_who_is_here_and_may_act():
    w = by_hand_world()
    post = w.draft()
    with pytest.raises(Conflict, match="answers for it already"):
        answerable.hand_over(post, by=w.author, to=w.author)
    with pytest.raises(Invalid, match="may only look"):
        answerable.hand_over(post, by=w.author, to=make.member("observer", of=w.author.workspace))
    with pytest.raises(Invalid, match="not in this workspace"):
        answerable.hand_over(post, by=w.author, to=make.member())


def test_a_stand_in_is_chosen_and_left_to_the_leads_again():
    w = world.two()
    crew.choose_stand_in(w.author, to=w.approver)
    w.author.refresh_from_db()
    assert w.author.stand_in == w.approver
    with pytest.raises(Conflict):
        crew.choose_stand_in(w.author, to=w.approver)
    crew.choose_stand_in(w.author, to=None)
    for wrong in (w.author, make.member(), make.member("observer", of=w.author.workspace)):
        with pytest.raises(Invalid):
            crew.choose_stand_in(w.author, to=wrong)
    assert make.kinds_recorded(w.author.workspace).count("crew.member.stand_in_chosen") == 2
