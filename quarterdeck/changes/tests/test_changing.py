"""Other words for what is out, taking it down, answering it: through the fence, once, and with a trace."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quarterdeck.changes import reads, verbs
from quarterdeck.changes.models import Change
from quarterdeck.changes.tests.world import LATER, cycle, delivery, out, policy, send, there
from quarterdeck.channels import verbs as channels
from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.channels.sandbox.models import SandboxPost
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Forbidden, Invalid
from quarterdeck.crew.verbs.people import change_role
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Ask, DeliveryState
from quarterdeck.publishing.verbs import holds
from tests import make

pytestmark = pytest.mark.django_db

OLD, NEW = "Nettle soup, 5 euros.", "Nettle soup, 6 euros."


def edit(w, post, text=NEW, at=LATER, by=None, **given) -> list[Change]:
    with clock.at(at):
        given.setdefault("channels", [w.channel])
        return verbs.edit(post, by=by or w.approver, parts=[text], **given)


def test_other_words_stand_there_and_the_former_ones_stay_readable():
    w, post = out()
    (change,) = edit(w, post, note="Corrected: the price was wrong.")
    assert (change.state, change.how, change.word) == ("planned", "edit", "planned")
    assert cycle(LATER) == 1
    change.refresh_from_db()
    assert (change.state, change.word, change.done_at) == ("done", "edited", LATER)
    words = f"{NEW}\n\nCorrected: the price was wrong."
    assert there(w.channel) == [words]
    assert SandboxPost.objects.get().earlier[0]["text"] == OLD
    post.refresh_from_db()
    row = delivery(post)
    assert (post.text, post.version, row.text, row.edited_at) == (words, 2, OLD, LATER)
    assert [v.parts[0]["text"] for v in post.versions.order_by("number")] == [OLD, words]
    assert cycle(LATER + timedelta(hours=1)) == 0
    kinds = [k for k in make.kinds_recorded(w.author.workspace) if "edit." in k]
    assert kinds == ["changes.edit.asked", "changes.edit.began", "changes.edit.made"]


def test_taken_down_with_a_reason_and_nothing_disappears_here():
    w, post = out()
    with pytest.raises(Invalid, match="A reason is needed"):
        verbs.remove([delivery(post)], by=w.author, reason=" \n")
    with clock.at(LATER):
        (change,) = verbs.remove([delivery(post)], by=w.author, reason="The price is wrong.")
    assert cycle(LATER) == 0  # ten seconds to take it back
    assert cycle(LATER + timedelta(seconds=10)) == 1
    change.refresh_from_db()
    row = delivery(post)
    assert (change.word, change.before, change.version, change.role) == ("taken down", OLD, 1, "author")
    assert (row.removed_at, row.text, there(w.channel)) == (LATER + timedelta(seconds=10), OLD, [""])
    with pytest.raises(Conflict, match="not out any more"):
        verbs.remove([row], by=w.author, reason="Once more.")
    assert not reads.possible(row)["edit"]
    assert "taken down" in reads.possible(row)["reply"].why


def test_taking_down_can_be_taken_back_for_ten_seconds():
    w, post = out()
    with clock.at(LATER):
        (change,) = verbs.remove([delivery(post)], by=w.author, reason="The price is wrong.")
        verbs.withdraw(change, by=w.author)
    assert cycle(LATER + timedelta(minutes=1)) == 0
    assert there(w.channel) == [OLD]
    with pytest.raises(Conflict):
        verbs.withdraw(change, by=w.author)


def test_an_answer_is_a_post_like_any_other_and_stands_below_the_one_it_answers():
    w, post = out(following=[{"text": "And bread.", "images": []}])
    second = delivery(post, part=1)
    with clock.at(LATER):
        answer = verbs.answer([second], by=w.author, text="Correction: 6 euros.")
        assert (answer.answers, answer.answers_part, reads.answers(post)) == (post, 1, [answer])
        publishing.ask_approval(answer, by=w.author)
        publishing.approve(answer, by=w.approver, text_hash=answer.text_hash)
        publishing.publish_now(answer, by=w.author)
    send(LATER + timedelta(seconds=10))
    made = SandboxPost.objects.get(text="Correction: 6 euros.")
    assert str(made.answers_id) == second.remote_id
    assert delivery(answer).is_out


def test_what_was_taken_down_can_not_be_answered_any_more():
    w, post = out()
    with clock.at(LATER):
        answer = verbs.answer([delivery(post)], by=w.author, text="Correction: 6 euros.")
        publishing.ask_approval(answer, by=w.author)
        publishing.approve(answer, by=w.approver, text_hash=answer.text_hash)
        publishing.publish_now(answer, by=w.author)
        verbs.remove([delivery(post)], by=w.author, reason="Wrong.")
    cycle(LATER + timedelta(seconds=10))
    send(LATER + timedelta(seconds=10))
    row = delivery(answer)
    assert (row.state, row.failure) == (
        DeliveryState.REJECTED,
        f"The post it answers was taken down on {w.channel.name}. Nothing was sent.",
    )


# --- what clears the new words ------------------------------------------------------------------------


def test_new_words_wait_until_they_are_cleared_and_then_go_by_themselves():
    w, post = out()
    policy(w)
    (change,) = edit(w, post, by=w.author)
    assert reads.waiting([change]) == {change.pk}
    assert cycle(LATER) == 0
    assert Ask.objects.get(post=post, ended_at=None).asked_by == w.author
    with clock.at(LATER):
        post.refresh_from_db()
        publishing.approve(post, by=w.approver, text_hash=post.text_hash)
    assert reads.waiting([reads.change(w.author.workspace, change.pk)]) == set()
    cycle(LATER)
    assert there(w.channel) == [NEW]


def test_who_may_not_approve_any_more_does_not_clear_what_they_write():
    w, post = out()
    policy(w)  # names the approver
    change_role(w.approver, by=make.member("owner", w.author.workspace, "Cy"), role="author")
    w.approver.refresh_from_db()
    (change,) = edit(w, post)
    assert reads.waiting([change]) == {change.pk}
    assert cycle(LATER) == 0
    post.refresh_from_db()
    with pytest.raises(Forbidden):
        publishing.approve(post, by=w.approver, text_hash=post.text_hash)


def test_new_words_that_are_given_back_never_go_out():
    w, post = out()
    policy(w)
    (change,) = edit(w, post, by=w.author)
    with clock.at(LATER):
        publishing.return_(post, by=w.approver, reason="Seven euros, I think.")
    assert cycle(LATER) == 0
    (second,) = edit(w, post, "Nettle soup, 7 euros.", by=w.author)
    change.refresh_from_db()
    assert (change.state, second.before) == ("left", OLD)
    with clock.at(LATER):
        post.refresh_from_db()
        publishing.approve(post, by=w.approver, text_hash=post.text_hash)
    cycle(LATER)
    assert there(w.channel) == ["Nettle soup, 7 euros."]


def test_who_may_approve_clears_what_they_write():
    w, post = out()
    policy(w)
    edit(w, post, by=w.approver)
    assert cycle(LATER) == 1
    assert there(w.channel) == [NEW]


def test_a_small_edit_is_carried_over_where_the_policy_says_so():
    w, post = out(text="Nettle soup is out todday.")
    policy(w, small=True)
    edit(w, post, "Nettle soup is out today.")
    assert cycle(LATER) == 1


# --- where it cannot be done --------------------------------------------------------------------------


def test_a_hold_stops_other_words_and_not_taking_down():
    w, post = out()
    (change,) = edit(w, post)
    with clock.at(LATER):
        hold = holds.place(w.author, reason="A storm.")
    assert cycle(LATER) == 0
    assert reads.held([reads.change(w.author.workspace, change.pk)]) == {change.pk}
    with clock.at(LATER):
        (removal,) = verbs.remove([delivery(post)], by=w.author, reason="A storm.")
    cycle(LATER + timedelta(seconds=10))
    removal.refresh_from_db()
    change.refresh_from_db()
    assert (removal.word, change.state, there(w.channel)) == ("taken down", "left", [""])
    assert hold


def test_by_hand_it_is_handed_to_whoever_answers_and_they_say_what_became_of_it():
    from quarterdeck.publishing.tests import world
    from quarterdeck.publishing.verbs import outside

    w = world.two("UTC")
    pier = connect_by_hand(w.approver, brand=w.brand, network="linkedin", name="harbour")
    with clock.at(LATER):
        post = outside.record_outside(
            w.author, channel=pier, text=OLD, url="https://example.org/1", when=LATER
        )
    (change,) = edit(w, post, channels=[pier])
    assert reads.possible(delivery(post))["edit"].by_hand
    cycle(LATER)
    change.refresh_from_db()
    assert (change.state, change.handed_to, change.asks) == ("handed", w.author, True)
    with pytest.raises(Conflict, match="in somebody"):
        verbs.retry(change, by=w.author)
    with clock.at(LATER):
        verbs.say_made(change, by=w.author)
    change.refresh_from_db()
    assert (change.word, change.said, delivery(post).edited_at) == ("edited", True, LATER)
    (second,) = edit(w, post, "Nettle soup, 7 euros.", channels=[pier])
    assert second.before == NEW
    cycle(LATER)
    with pytest.raises(Invalid, match="A reason"):
        verbs.leave(second, by=w.author, reason="")
    verbs.leave(second, by=w.author, reason="LinkedIn does not let me.")
    second.refresh_from_db()
    assert (second.state, second.failure) == ("left", "LinkedIn does not let me.")


def test_what_a_network_would_refuse_is_refused_before_anything_is_changed():
    w, post = out()
    with pytest.raises(Invalid, match="over the 500"):
        edit(w, post, "a" * 501)
    with pytest.raises(Invalid, match="says this already"):
        edit(w, post, OLD)
    with pytest.raises(Invalid, match="has 1 part"), clock.at(LATER):
        verbs.edit(post, by=w.approver, parts=["One.", "Two."], channels=[w.channel])
    other = channels.connect_sandbox(w.approver, brand=w.brand, name="Second")
    with pytest.raises(Invalid, match="does not stand on every channel"):
        edit(w, post, channels=[w.channel, other])
    post.refresh_from_db()
    assert (post.version, post.text, Change.objects.count()) == (1, OLD, 0)


def test_on_some_channels_it_is_said_differently_from_then_on():
    w, _ = out()
    second = channels.connect_sandbox(w.approver, brand=w.brand, name="Second")
    w, post = out(w.channel, second, w=w, text="Leek soup.")
    edit(w, post, "Leek soup, today.", channels=[second])
    cycle(LATER)
    post.refresh_from_db()
    assert (post.text, there(w.channel)[-1], there(second)) == (
        "Leek soup.",
        "Leek soup.",
        ["Leek soup, today."],
    )
    edit(w, post, "Leek soup, at noon.", channels=[w.channel, second])
    assert cycle(LATER) == 2
    post.refresh_from_db()
    assert (post.text, post.overrides, there(second)) == ("Leek soup, at noon.", {}, ["Leek soup, at noon."])


def test_channels_changed_one_after_the_other_leave_no_wrong_common_words_behind():
    w, _ = out()
    second = channels.connect_sandbox(w.approver, brand=w.brand, name="Second")
    w, post = out(w.channel, second, w=w, text="Leek soup.")
    edit(w, post, "Leek soup, there.", channels=[second])
    edit(w, post, "Leek soup, here.", channels=[w.channel])
    post.refresh_from_db()
    assert (post.text, list(post.overrides)) == ("Leek soup, here.", [second.pk.hex])
    assert cycle(LATER) == 2
    assert (there(w.channel)[-1], there(second)) == ("Leek soup, here.", ["Leek soup, there."])


def test_of_a_thread_only_the_parts_that_differ_are_changed():
    w, post = out(following=[{"text": "And bread.", "images": []}])
    with clock.at(LATER):
        (change,) = verbs.edit(post, by=w.approver, parts=[OLD, "And butter."], channels=[w.channel])
    assert change.delivery.part == 1
    cycle(LATER)
    assert there(w.channel) == [OLD, "And butter."]


def test_taken_down_by_hand_nothing_else_is_asked_there_any_more():
    from quarterdeck.publishing.tests import world
    from quarterdeck.publishing.verbs import outside

    w = world.two("UTC")
    pier = connect_by_hand(w.approver, brand=w.brand, network="linkedin", name="harbour")
    with clock.at(LATER):
        post = outside.record_outside(
            w.author, channel=pier, text=OLD, url="https://example.org/1", when=LATER
        )
        (removal,) = verbs.remove([delivery(post)], by=w.author, reason="Wrong.")
    cycle(LATER + timedelta(seconds=10))
    with pytest.raises(Invalid, match="being taken down"):
        edit(w, post, channels=[pier])
    with clock.at(LATER + timedelta(minutes=1)):
        verbs.say_made(removal, by=w.author)
    row = delivery(post)
    assert row.removed_at == LATER + timedelta(minutes=1)
    assert [one.allowed for one in reads.possible(row).values()] == [False] * 3
    assert cycle(LATER + timedelta(hours=1)) == 0


def test_when_it_is_taken_down_what_was_refused_there_asks_nobody_any_more():
    w, post = out()
    (change,) = edit(w, post)
    SandboxPost.objects.update(taken_down_at=LATER)  # somebody took it down there, without us
    cycle(LATER)
    change.refresh_from_db()
    assert (change.state, change.failure) == (
        "refused",
        "The post is not on the Sandbox any more. Nothing was changed.",
    )
    with clock.at(LATER):
        verbs.remove([delivery(post)], by=w.author, reason="It is gone there already.")
    cycle(LATER + timedelta(seconds=10))
    change.refresh_from_db()
    assert (change.state, change.asks, delivery(post).removed_at is None) == ("left", False, False)
