"""The pages: asking for a change, the page of one change with its answers, what a post's page and the Desk show."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.changes import agenda, verbs
from quarterdeck.changes.models import Change
from quarterdeck.changes.tests.world import LATER, cycle, delivery, out, policy, send, there
from quarterdeck.channels import verbs as channels
from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.core import clock
from quarterdeck.crew.permissions import Role
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.verbs import holds, outside
from tests import make

pytestmark = pytest.mark.django_db
OLD, NEW = "Nettle soup, 5 euros.", "Nettle soup, 6 euros."


def client(member) -> Client:
    made = Client(headers={"host": "localhost"})
    made.force_login(member.user)
    return made


def at(name: str, w, pk) -> str:
    return reverse(name, kwargs={"workspace": w.author.workspace.slug, "pk": pk})


def page(answer) -> str:
    return " ".join(answer.content.decode().split())


def sent(w, post, name: str, **given):
    with clock.at(LATER):
        return client(w.approver).post(at(name, w, post.pk), given)


def by_hand():
    """A post that is out on LinkedIn because a person said so, and a change to it, handed out."""
    w = world.two("UTC")
    pier = connect_by_hand(w.approver, brand=w.brand, network="linkedin", name="harbour")
    with clock.at(LATER):
        post = outside.record_outside(
            w.author, channel=pier, text=OLD, url="https://example.org/1", when=LATER
        )
        (change,) = verbs.edit(post, by=w.approver, parts=[NEW], channels=[pier])
    cycle(LATER)
    change.refresh_from_db()
    return w, post, change


def test_other_words_by_the_page_and_what_the_posts_page_says_then():
    w, post = out()
    with clock.at(LATER):
        shown = page(client(w.author).get(at("changes-post", w, post.pk)))
    assert "Other words" in shown
    assert OLD in shown
    answer = sent(w, post, "changes-edit", text_1=NEW, note="Corrected.", channels=[w.channel.pk])
    assert answer.url == at("publishing-post", w, post.pk)
    cycle(LATER)
    assert there(w.channel) == [f"{NEW}\n\nCorrected."]
    with clock.at(LATER):
        told = page(client(w.approver).get(answer.url))
    assert "Changed since it went out" in told
    assert "Edited at 12:10." in told
    assert "Other words, asked for by a lead. The network confirmed it." in told
    assert OLD in told
    assert "Edited where it is out" in told  # what happened, from the ledger


def test_a_form_that_is_refused_keeps_what_was_typed_and_changes_nothing():
    w, post = out()
    for given, words in [
        ({"text_1": "a" * 501, "channels": [w.channel.pk]}, "over the 500"),
        ({"text_1": NEW}, "Please choose at least one channel."),
        ({"text_1": OLD, "channels": [w.channel.pk]}, "Please change the words."),
    ]:
        answer = sent(w, post, "changes-edit", **given)
        assert answer.status_code == 422
        assert words in page(answer)
        assert given["text_1"] in page(answer)
    answer = sent(w, post, "changes-remove", channels=[w.channel.pk])
    assert "Please write one sentence on why it is taken down." in page(answer)
    assert Change.objects.count() == 0


def test_taken_down_by_the_page_with_ten_seconds_to_undo():
    w, post = out()
    for undone in (True, False):
        answer = sent(w, post, "changes-remove", reason="The price is wrong.", channels=[w.channel.pk])
        assert answer.status_code == 302
        if undone:
            sent(w, post, "changes-post-undo")
        cycle(LATER + timedelta(seconds=10))
        assert there(w.channel) == ([OLD] if undone else [""])
    with clock.at(LATER + timedelta(minutes=1)):
        told = page(client(w.approver).get(at("publishing-post", w, post.pk)))
        assert "It was out and was taken down. What it said stays on this page." in told
        assert "Taken down at 12:10." in told
        assert "asked for by a lead. “The price is wrong.”" in told
        assert OLD in told
        assert "Change, answer or take down…" not in told
        assert "taken down 12:10" in page(
            client(w.approver).get(reverse("publishing-post-out", args=[w.author.workspace.slug]))
        )
        late = client(w.author).post(at("changes-post-undo", w, post.pk), follow=True)
        assert "There is nothing left to undo" in page(late)


def test_an_answer_by_the_page_is_linked_both_ways():
    w, post = out()
    answer = sent(w, post, "changes-answer", text="Correction: 6 euros.", channels=[w.channel.pk])
    drafted = post.answered_by.get()
    assert answer.url == at("publishing-post", w, drafted.pk)
    assert f'This post answers “<a href="{at("publishing-post", w, post.pk)}"' in page(
        client(w.author).get(answer.url)
    )
    assert "A post that answers this one on" in page(client(w.author).get(at("publishing-post", w, post.pk)))


def test_by_hand_an_answer_says_which_post_it_answers():
    w, post, _ = by_hand()
    with clock.at(LATER):
        drafted = verbs.answer([delivery(post)], by=w.author, text="Correction.")
        publishing.ask_approval(drafted, by=w.author)
        publishing.approve(drafted, by=w.approver, text_hash=drafted.text_hash)
        publishing.publish_now(drafted, by=w.author)
    send(LATER + timedelta(seconds=10))
    shown = page(client(w.author).get(at("publishing-by-hand", w, delivery(drafted).pk)))
    assert 'Answer this post: <a href="https://example.org/1"' in shown
    told = w.author.notifications.filter(subject__startswith="Now by hand").get()
    assert "It answers this post: https://example.org/1" in told.text


def test_channels_that_say_it_differently_are_changed_apart():
    w, _ = out()
    second = channels.connect_sandbox(w.approver, brand=w.brand, name="Second")
    w, post = out(w.channel, second, w=w, text="Leek soup.")
    with clock.at(LATER):
        verbs.edit(post, by=w.author, parts=["Leek soup, here."], channels=[second])
    cycle(LATER)
    shown = page(client(w.author).get(at("changes-post", w, post.pk)))
    assert "says it differently" in shown
    there_then = page(client(w.author).get(at("changes-post", w, post.pk) + f"?as={second.pk.hex}"))
    assert "Leek soup, here.</textarea>" in there_then
    sent(w, post, "changes-edit", text_1="Leek soup, there.", channels=[second.pk], **{"as": second.pk.hex})
    cycle(LATER)
    assert there(second) == ["Leek soup, there."]
    assert there(w.channel)[-1] == "Leek soup."


def test_by_hand_the_page_gives_the_words_to_copy_and_takes_two_answers():
    w, post, change = by_hand()
    shown = page(client(w.author).get(at("changes-change", w, change.pk)))
    assert "Change this on harbour by hand" in shown
    assert f'id="words">{NEW}' in shown
    assert "https://example.org/1" in shown
    refused = client(w.author).post(at("changes-leave", w, change.pk), {"reason": ""})
    assert (refused.status_code, "Please write one sentence" in page(refused)) == (422, True)
    with clock.at(LATER):
        done = client(w.author).post(at("changes-made", w, change.pk), follow=True)
    assert "Noted: it is done." in page(done)
    assert "A person said so." in page(done)
    assert client(w.author).post(at("changes-made", w, change.pk)).status_code == 409


def test_whoever_may_only_look_is_shown_it_and_cannot_answer():
    w, _, change = by_hand()
    looks = make.member(Role.OBSERVER, of=w.author.workspace)
    shown = page(client(looks).get(at("changes-change", w, change.pk)))
    assert "Your role may only look" in shown
    for act in ("made", "leave", "retry", "withdraw"):
        assert client(looks).post(at(f"changes-{act}", w, change.pk), {"reason": "x"}).status_code == 403


# --- the Desk -----------------------------------------------------------------------------------------


def items(member, now=LATER) -> list[tuple[str, str]]:
    return [(item.kind, item.title) for item in agenda.agenda(member, now)]


def test_the_desk_of_whoever_answers_and_after_an_hour_of_who_stands_in():
    w, _, change = by_hand()
    w.author.stand_in = w.approver
    w.author.save()
    title = "Change this on harbour by hand: “Nettle soup, 6 euros.”"
    assert items(w.author) == [("correct", title)]
    assert items(w.approver) == []
    assert items(w.approver, LATER + timedelta(minutes=61)) == [("correct", title)]
    verbs.leave(change, by=w.author, reason="Not mine.")
    assert items(w.author) == []


def test_what_is_held_says_so_and_that_it_can_be_taken_back():
    w, post = out()
    with clock.at(LATER):
        (change,) = verbs.edit(post, by=w.author, parts=[NEW], channels=[w.channel])
        holds.place(w.author, reason="A storm.")
        assert items(w.author) == [("notice", "Other words for “Nettle soup, 6 euros.” are held")]
        shown = page(client(w.author).get(at("changes-change", w, change.pk)))
    assert "It is held: it is made when the hold is lifted." in shown
    with clock.at(LATER):
        client(w.author).post(at("changes-withdraw", w, change.pk))
        assert items(w.author) == []


def test_new_words_for_what_is_out_are_approved_or_given_back_on_the_posts_page():
    w, post = out()
    policy(w)
    with clock.at(LATER):
        (change,) = verbs.edit(post, by=w.author, parts=[NEW], channels=[w.channel])
        assert items(w.author) == [("notice", "Other words for “Nettle soup, 6 euros.” wait for approval")]
        shown = page(client(w.approver).get(at("publishing-post", w, post.pk)))
        assert "waits for approval" in shown
        assert "Give back…" in shown
        client(w.approver).post(at("publishing-post-return", w, post.pk), {"reason": "Is it 6?"})
        assert "Is it 6?" in page(client(w.author).get(at("publishing-post", w, post.pk)))
        publishing.ask_approval(post, by=w.author)
        post.refresh_from_db()
        client(w.approver).post(at("publishing-post-approve", w, post.pk), {"text_hash": post.text_hash})
    cycle(LATER)
    change.refresh_from_db()
    assert (change.word, there(w.channel)) == ("edited", [NEW])
