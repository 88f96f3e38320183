"""Every channel where a post is out is corrected, or left with a reason; those affected inside are told; it is over
when every channel is done.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from quarterdeck.accountability import agenda, following, intake, reads, verbs, ways
from quarterdeck.accountability.models import Correction, Draft, How, Slip
from quarterdeck.accountability.noting import Parts
from quarterdeck.accountability.rows import Said
from quarterdeck.accountability.tests import world
from quarterdeck.changes import verbs as changes
from quarterdeck.changes.models import Change
from quarterdeck.channels import verbs as channels
from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.core import clock, registries
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.registries import Concerned
from quarterdeck.crew.models import Notification
from quarterdeck.ledger.reactions import Reacted
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Post
from tests import make

pytestmark = pytest.mark.django_db
LATER = world.NOON + timedelta(hours=3)
PARTS = Parts(
    "We said the soup costs 21 euros.",
    "We copied last week’s list.",
    "It costs 12 euros.",
    "A second person now checks prices.",
)
RIGHT = "Nettle soup from Tuesday, 12 euros."
NOTE = "Correction: the soup costs 12 euros, not 21."


@pytest.fixture
def w():
    return world.two()


@pytest.fixture
def second(w):
    return channels.connect_sandbox(w.approver, brand=w.brand, name="Jobs")


def flagged(w, post: Post, level: int = 2) -> Slip:
    with clock.at(LATER):
        return verbs.flag(post, by=w.approver, said=Said("The price is 12, not 21.", level))


def given(covers: dict, **more) -> verbs.Given:
    found = {
        getattr(one, "pk", one): how if isinstance(how, verbs.Cover) else verbs.Cover(how)
        for one, how in covers.items()
    }
    words = {"texts": {"": [RIGHT]}, "note": NOTE, "line": "Corrected: it costs 12 euros."}
    words |= {"tell": verbs.Told([], "")} | more
    return verbs.Given(parts=words.pop("parts", PARTS), covers=found, **words)


def correct(w, slip: Slip, what: verbs.Given, at=LATER + timedelta(minutes=20)) -> Correction:
    with clock.at(at):
        return verbs.correct(slip, by=w.author, given=what)


def test_an_edit_on_one_channel_and_a_reply_on_the_other_then_it_is_over(w, second):
    post = world.out(w, channels=[w.channel, second])
    slip = flagged(w, post)
    correct(w, slip, given({w.channel: How.EDIT, second: How.REPLY}))
    slip.refresh_from_db()
    assert slip.owner == w.author  # whoever corrects it has taken it on
    change = Change.objects.get()
    assert change.delivery.channel == w.channel
    assert change.text == f"{RIGHT}\n\nCorrected: it costs 12 euros."
    reply = Post.objects.exclude(pk=post.pk).get()
    assert (reply.text, list(reply.channels.all())) == (NOTE, [second])
    assert {one.word for one in ways.stands(slip)} == {"waits for approval"}
    (item,) = agenda.agenda(w.author, LATER + timedelta(minutes=25))
    assert "is not done everywhere" in item.title
    assert "Jobs: waits for approval" in item.why
    # the second person approves the new words and the reply; the loops do the rest
    post.refresh_from_db()
    for words in (post, reply):
        publishing.approve(words, by=w.approver, text_hash=words.text_hash)
    world.changed(post, LATER + timedelta(minutes=30))
    assert following.news(slip)
    verbs.settle(slip)
    slip.refresh_from_db()
    assert slip.is_open
    assert sorted(one.done_at is not None for one in slip.correction.coverage.all()) == [False, True]
    world.send(reply, LATER + timedelta(minutes=40))
    elsewhere = world.out(w, "Another post.")
    for row in (
        elsewhere.deliveries.get(),
        reply.deliveries.get(),
        reply.deliveries.get(),
    ):  # the last one twice
        following.follow(
            Reacted(row.pk, "publishing.delivery.accepted", slip.workspace_id, row.ledger_name, row.pk)
        )
    slip.refresh_from_db()
    assert (slip.ended, slip.owner, slip.offered_to) == ("corrected", None, None)
    words = [mark.words for mark in reads.times(slip)]
    assert words.index("The first correction in public") < words.index("Over: corrected")
    kinds = make.kinds_recorded(w.author.workspace)
    assert kinds.count("accountability.correction.covered") == 2
    assert kinds[-1] == "accountability.slip.closed"


def test_no_channel_is_left_out_and_none_left_without_a_reason(w, second):
    post = world.out(w, channels=[w.channel, second])
    slip = flagged(w, post)
    for covers, field in [
        ({w.channel: How.EDIT}, f"how-{second.pk.hex}"),
        ({w.channel: How.EDIT, second: "shout"}, f"how-{second.pk.hex}"),
        ({w.channel: How.EDIT, second: How.LEAVE}, f"reason-{second.pk.hex}"),
        ({w.channel: How.EDIT, second: verbs.Cover(How.LEAVE, "  ")}, f"reason-{second.pk.hex}"),
    ]:
        with pytest.raises(Invalid) as refused:
            correct(w, slip, given(covers))
        assert list(refused.value.fields) == [field]
    with pytest.raises(Invalid) as refused:
        correct(w, slip, given({w.channel: How.REPLY, second: How.EDIT}, note=" "))
    assert "note" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        correct(w, slip, given({w.channel: How.EDIT, second: How.EDIT}, line=""))
    assert "line" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        correct(w, slip, given({w.channel: How.EDIT, second: How.EDIT}, parts=Parts()))
    assert "wrong" in refused.value.fields
    slip.refresh_from_db()
    assert (slip.corrected_at, slip.owner) == (None, None)
    assert not Change.objects.exists()
    assert not Correction.objects.exists()


def test_what_is_still_to_go_out_wrong_is_seen_to_first(w, second):
    post = world.out(w)
    slip = flagged(w, post)
    with clock.at(LATER):
        post.channels.add(second)
        publishing.schedule(post, by=w.author, when=(LATER + timedelta(days=1)).replace(tzinfo=None))
    with pytest.raises(Conflict, match="still to go out with these words on Jobs"):
        correct(w, slip, given({w.channel: How.EDIT}))
    with clock.at(LATER):
        publishing.cancel(post, by=w.author)
    correct(w, slip, given({w.channel: How.EDIT}))


def test_who_is_told_is_not_forgotten(w):
    slip = flagged(w, world.out(w))
    with pytest.raises(Invalid) as refused:
        correct(w, slip, given({w.channel: How.EDIT}, tell=None))
    assert list(refused.value.fields) == ["tell"]


def test_what_a_network_does_not_allow_is_refused_in_its_words(w, monkeypatch):
    slip = flagged(w, world.out(w))
    no = ways.Way(How.EDIT, False, "A post on Bluesky cannot be changed once it is out.")
    monkeypatch.setattr(
        ways, "offered", lambda row: [no, ways.Way(How.REPLY, True), ways.Way(How.LEAVE, True)]
    )
    with pytest.raises(Invalid) as refused:
        correct(w, slip, given({w.channel: How.EDIT}))
    assert refused.value.fields == {f"how-{w.channel.pk.hex}": no.why}


def test_words_that_a_network_would_refuse_stop_all_of_it(w, second):
    slip = flagged(w, world.out(w, channels=[w.channel, second]))
    for covers, more in [
        ({w.channel: How.EDIT, second: How.REPLY}, {"note": "x" * 600}),
        ({w.channel: How.EDIT, second: How.EDIT}, {"texts": {"": ["y" * 600]}}),
    ]:
        with pytest.raises(Invalid):
            correct(w, slip, given(covers, **more))
    slip.refresh_from_db()
    assert slip.corrected_at is None
    assert not Change.objects.exists()
    assert Post.objects.count() == 1


def test_left_everywhere_with_reasons_it_is_over_at_once(w):
    slip = flagged(w, world.out(w))
    correct(
        w, slip, given({w.channel: verbs.Cover(How.LEAVE, "It was read by nobody, and is gone tomorrow.")})
    )
    slip.refresh_from_db()
    assert slip.ended == "corrected"
    assert slip.correction.coverage.get().reason.startswith("It was read by nobody")


def test_taken_down_and_posted_again_keeps_both_and_links_them(w):
    post = world.out(w)
    slip = flagged(w, post, 3)
    correct(w, slip, given({w.channel: How.REPOST}))
    removal = Change.objects.get()
    assert (removal.how, "Posted again, corrected" in removal.reason) == ("remove", True)
    again = slip.correction.coverage.get().post
    assert again.text == f"{NOTE}\n\n{RIGHT}"
    assert [one.pk for one in reads.corrected_by(again)] == [slip.pk]
    assert [row.post for row in reads.posts_of(slip)] == [again]
    assert Post.objects.filter(pk=post.pk, discarded_at__isnull=True).exists()
    assert post.versions.filter(parts__0__text=world.TEXT).exists()


def test_by_hand_it_is_handed_to_a_person_and_done_when_they_say_so(w):
    hand = connect_by_hand(w.approver, brand=w.brand, network="instagram", name="Insta")
    from quarterdeck.publishing.verbs import outside

    with clock.at(world.NOON):
        post = outside.record_outside(w.author, channel=hand, text=world.TEXT, when=world.NOON)
    slip = flagged(w, post)
    correct(w, slip, given({hand: How.EDIT}))
    (stands,) = ways.stands(slip)
    assert (stands.done, stands.trouble) == (False, False)


def test_somebody_elses_and_what_is_corrected_already_are_refused(w):
    slip = flagged(w, world.out(w))
    verbs.own(slip, by=w.approver)
    with pytest.raises(Conflict, match="Bea sees to it now"):
        correct(w, slip, given({w.channel: How.EDIT}))
    with clock.at(LATER):
        verbs.correct(slip, by=w.approver, given=given({w.channel: How.EDIT}))
    with pytest.raises(Conflict, match="corrected already"), clock.at(LATER):
        verbs.correct(slip, by=w.approver, given=given({w.channel: How.EDIT}))
    with pytest.raises(Conflict, match="correction has begun"):
        verbs.withdraw(slip, by=w.approver, reason="It is right.")
    with pytest.raises(Conflict, match="correction has begun"):
        verbs.judge(slip, by=w.approver, level=1)


# --- telling inside -----------------------------------------------------------------------------------


def test_those_who_stood_behind_it_are_told_once_and_the_ledger_counts_them(w, monkeypatch):
    post = world.out(w)
    cem = make.member("analyst", w.author.workspace, "Cem")
    others = registries.Registry("concerned")
    others.register("elsewhere", lambda about: [Concerned("Cem", "asked for it", cem)])
    monkeypatch.setattr(registries, "concerned", others)
    slip = flagged(w, post)
    from quarterdeck.accountability import concerned

    people = concerned.people(post)
    assert [(one.name, one.why) for one in people] == [
        ("A lead", "approved it"),
        ("Ada", "answers for it"),
        ("Cem", "asked for it"),
    ]
    Notification.objects.all().delete()
    told = verbs.tell_inside(
        slip, by=w.author, told=verbs.Told([one.key for one in people], "Three\nshort\nlines")
    )
    assert (told.told, told.told_at is not None) == (2, True)  # whoever tells is not told
    assert {one.member.user.name for one in Notification.objects.all()} == {"Bea", "Cem"}
    with pytest.raises(Conflict, match="told already"):
        verbs.tell_inside(slip, by=w.author, told=verbs.Told([], ""))
    from quarterdeck.ledger import reads as ledger

    (event,) = [one for one in ledger.history(told) if one.kind == "accountability.slip.told"]
    assert event.fields["count"] == 2
    correct(w, slip, given({w.channel: How.EDIT}, tell=verbs.Told([], "again")))  # not told a second time
    slip.refresh_from_db()
    assert slip.told == 2


def test_a_stranger_or_no_words_are_refused(w):
    slip = flagged(w, world.out(w))
    for told, field in [
        (verbs.Told(["nobody@example.org"], "Words."), "tell"),
        (verbs.Told([w.approver.pk.hex], " "), "inside"),
        (verbs.Told([w.approver.pk.hex], "x" * 10_000), "inside"),
    ]:
        with pytest.raises(Invalid) as refused:
            verbs.tell_inside(slip, by=w.author, told=told)
        assert list(refused.value.fields) == [field]
    slip.refresh_from_db()
    assert slip.told_at is None


# --- another way, and the draft -----------------------------------------------------------------------


def test_where_the_first_way_failed_another_is_chosen(w):
    post = world.out(w)
    slip = flagged(w, post)
    correct(w, slip, given({w.channel: How.REPLY}))
    with pytest.raises(Conflict, match="Nothing is in its way"):
        verbs.reroute(slip, by=w.author, channel=w.channel.pk, cover=verbs.Cover(How.LEAVE, "It is old."))
    reply = slip.correction.coverage.get().post
    lost(w, reply)
    (stands,) = ways.stands(slip)
    assert stands.trouble
    (item,) = agenda.agenda(w.author, LATER + timedelta(minutes=25))
    assert "needs another way" in item.title
    with pytest.raises(Invalid):
        verbs.reroute(slip, by=w.author, channel=w.channel.pk, cover=verbs.Cover(How.LEAVE))
    verbs.reroute(slip, by=w.author, channel=w.channel.pk, cover=verbs.Cover(How.LEAVE, "It is old."))
    slip.refresh_from_db()
    assert slip.ended == "corrected"


def lost(w, post: Post) -> None:
    """A reply or another text that will never go out."""
    publishing.cancel(post, by=w.author)
    publishing.discard(post, by=w.author)


def test_what_still_says_the_wrong_words_is_not_posted_again(w):
    """The right words were typed for no edit, and stand nowhere: posted again it would say what was wrong."""
    post = world.out(w)
    slip = flagged(w, post)
    correct(w, slip, given({w.channel: How.REPLY}))
    lost(w, slip.correction.coverage.get().post)
    posts = Post.objects.count()
    with pytest.raises(Invalid, match="still says what was wrong") as refused:
        verbs.reroute(slip, by=w.author, channel=w.channel.pk, cover=verbs.Cover(How.REPOST))
    assert "right words" in refused.value.next_step
    assert (Post.objects.count(), Change.objects.count()) == (posts, 0)
    assert slip.correction.coverage.get().how == How.REPLY


def test_what_was_posted_again_is_not_posted_a_second_time_with_the_wrong_words(w):
    post = world.out(w)
    slip = flagged(w, post)
    correct(w, slip, given({w.channel: How.REPOST}))
    lost(w, slip.correction.coverage.get().post)
    with pytest.raises(Invalid, match="still says what was wrong"):
        verbs.reroute(slip, by=w.author, channel=w.channel.pk, cover=verbs.Cover(How.REPOST))


def test_an_edit_that_is_not_made_is_posted_again_with_the_right_words(w):
    post = world.out(w)
    slip = flagged(w, post)
    correct(w, slip, given({w.channel: How.EDIT}))
    changes.withdraw(Change.objects.get(), by=w.author, reason="The network shows no edits.")
    with clock.at(LATER + timedelta(minutes=30)):
        covered = verbs.reroute(slip, by=w.author, channel=w.channel.pk, cover=verbs.Cover(How.REPOST))
    assert covered.post.text.startswith(f"{NOTE}\n\n{RIGHT}")
    assert Change.objects.get(how="remove").delivery.post == post


def test_a_draft_is_kept_while_it_is_open_and_gone_afterwards(w):
    slip = flagged(w, world.out(w))
    for words in ("The", "The price"):
        intake.keep_draft(slip, {"wrong": words})
    assert Draft.objects.get().typed == {"wrong": "The price"}
    verbs.withdraw(slip, by=w.author, reason="It is right.")
    assert not Draft.objects.exists()
    intake.keep_draft(slip, {"wrong": "Late"})
    assert not Draft.objects.exists()
