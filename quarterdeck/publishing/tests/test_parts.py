"""Threads and images as the verbs keep them: approval covers all of it, and a person settles what cannot be known."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from quarterdeck.channels.contract import Finding, Unclear
from quarterdeck.channels.sandbox.adapter import SandboxAdapter
from quarterdeck.channels.sandbox.models import SandboxPost
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew.models import Notification
from quarterdeck.publishing import intake, offers, reads, sending, verbs
from quarterdeck.publishing.models import Delivery, Post
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.studio import intake as studio
from quarterdeck.studio.tests import pictures

pytestmark = pytest.mark.django_db(transaction=True)
DUE = NOON + timedelta(minutes=30)


def run(at: datetime, until: datetime) -> None:
    """Work whatever is due between the two instants, at its time."""
    while at <= until:
        with clock.at(at):
            for batch in intake.claim(6, clock.now()):
                sending.work(batch)
            due = reads.next_due()
        if due is None:
            return
        at = max(due, at + timedelta(milliseconds=1))


def thread(w: world.World, alt: str = "A bowl of soup.") -> Post:
    """Three parts, the second with a picture; asked for, approved, planned for half past twelve."""
    kept = studio.keep(w.author.workspace, pictures.png(), "soup.png")
    with clock.at(NOON):
        post = verbs.draft(
            w.author,
            brand=w.brand,
            text="One.",
            channels=[w.channel],
            following=[
                {"text": "Two.", "images": [{"file": kept.pk.hex, "alt": alt}]},
                {"text": "Three.", "images": []},
            ],
        )
        verbs.ask_approval(post, by=w.author)
        verbs.approve(post, by=w.approver, text_hash=post.text_hash)
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))
    return reads.post(w.author.workspace, post.pk)


def word(w: world.World, post: Post) -> str:
    return reads.line(reads.post(w.author.workspace, post.pk)).word


def again(post: Post, alt: str) -> list[dict]:
    image = post.following[0]["images"][0]
    return [{**post.following[0], "images": [{"file": image["file"], "alt": alt}]}, post.following[1]]


def test_changing_only_an_alternative_text_takes_the_approval_away():
    w = world.two("UTC")
    post = thread(w)
    assert post.is_approved
    same = {"by": w.author, "text": post.text, "channels": [w.channel]}
    post = verbs.edit(post, version=1, following=again(post, "A bowl of soup."), **same)
    assert reads.post(w.author.workspace, post.pk).is_approved
    post = verbs.edit(post, version=2, following=again(post, "A bowl of nettle soup."), **same)
    assert not reads.post(w.author.workspace, post.pk).is_approved
    run(DUE, DUE + timedelta(hours=1))
    assert not SandboxPost.objects.exists()
    assert word(w, post) == "missed"


def test_the_thread_goes_out_with_its_picture_and_description():
    w = world.two("UTC")
    thread(w)
    run(DUE, DUE + timedelta(minutes=1))
    sent = list(SandboxPost.objects.order_by("posted_at"))
    assert [post.text for post in sent] == ["One.", "Two.", "Three."]
    assert [post.answers_id for post in sent] == [None, sent[0].pk, sent[1].pk]
    assert [image["alt"] for image in sent[1].images] == ["A bowl of soup."]
    copy = sent[1].account.files.get()
    assert bytes(copy.data) == pictures.png()
    assert sent[1].images[0]["file"] == copy.pk.hex


def test_a_picture_of_another_workspace_is_refused():
    w, other = world.two("UTC"), world.two("UTC")
    theirs = studio.keep(other.author.workspace, pictures.png(), "soup.png")
    given = [{"file": theirs.pk.hex, "alt": ""}]
    with pytest.raises(Invalid, match="not in this workspace"):
        verbs.draft(w.author, brand=w.brand, text="One.", images=given)


def lose_the_second(monkeypatch, *, really_sent: bool) -> None:
    """The answer to the first call with part two is lost, and the network cannot be asked about it."""
    publish = SandboxAdapter.publish

    def unclear(self, key, body, *, gate):
        if body["text"] == "Two." and not lost:
            lost.append(key)
            if really_sent:
                publish(self, key, body, gate=gate)
            raise Unclear("The line went dead.")
        return publish(self, key, body, gate=gate)

    lost: list[str] = []
    forgetful = SandboxAdapter.CAPABILITIES.__class__(
        same_key_once=False, can_find=True, sureness="read back", threads=True, images=4
    )
    monkeypatch.setattr(SandboxAdapter, "CAPABILITIES", forgetful)
    monkeypatch.setattr(SandboxAdapter, "publish", unclear)
    monkeypatch.setattr(
        SandboxAdapter,
        "reconcile",
        lambda *a, **k: Finding("unknown", "Its last 40 posts hold nothing like it."),
    )


def asked(w: world.World, post: Post) -> Delivery:
    run(DUE, DUE + timedelta(minutes=40))
    second = post.deliveries.get(part=1)
    assert second.asked_at is not None
    assert post.deliveries.get(part=2).state == "missed"
    assert word(w, post) == "not known"
    return second


LATER = DUE + timedelta(hours=1)


def test_a_person_says_it_is_not_out_and_it_goes_again_with_the_rest(monkeypatch):
    w = world.two("UTC")
    post = thread(w)
    lose_the_second(monkeypatch, really_sent=False)
    second = asked(w, post)
    with clock.at(LATER):
        verbs.settle_as_absent(second, by=w.author)
        assert word(w, post) == "planned"
        with pytest.raises(Conflict):
            verbs.settle_as_absent(second, by=w.author)
    run(LATER, LATER + timedelta(minutes=1))
    assert [p.text for p in SandboxPost.objects.order_by("posted_at")] == ["One.", "Two.", "Three."]
    gone = Delivery.objects.get(pk=second.pk)
    assert (gone.state, gone.client_key) == ("accepted", second.client_key)
    assert word(w, post) == "out"


def test_a_person_who_was_mistaken_makes_no_second_post(monkeypatch):
    w = world.two("UTC")
    post = thread(w)
    lose_the_second(monkeypatch, really_sent=True)
    second = asked(w, post)
    with clock.at(LATER):
        verbs.settle_as_absent(second, by=w.author)
    run(LATER, LATER + timedelta(minutes=1))
    assert sorted(p.text for p in SandboxPost.objects.all()) == ["One.", "Three.", "Two."]


def test_saying_so_is_undone_within_ten_seconds(monkeypatch):
    w = world.two("UTC")
    post = thread(w)
    lose_the_second(monkeypatch, really_sent=False)
    second = asked(w, post)
    with clock.at(LATER):
        act = verbs.settle_as_absent(second, by=w.author)
    with clock.at(LATER + timedelta(seconds=9)):
        verbs.undo(post, by=w.author, act=act)
        assert word(w, post) == "not known"
    run(LATER, LATER + timedelta(hours=1))
    assert SandboxPost.objects.count() == 1
    with clock.at(LATER + timedelta(minutes=5)):
        act = verbs.settle_as_absent(second, by=w.author)
    with clock.at(LATER + timedelta(minutes=6)), pytest.raises(Conflict, match="ten seconds"):
        verbs.undo(post, by=w.author, act=act)


def test_what_becomes_unclear_a_second_time_is_asked_a_second_time(monkeypatch):
    w = world.two("UTC")
    post = thread(w)
    lose_the_second(monkeypatch, really_sent=False)
    second = asked(w, post)
    with clock.at(LATER):
        verbs.settle_as_absent(second, by=w.author)
    monkeypatch.setattr(SandboxAdapter, "publish", _dead)
    run(LATER, LATER + timedelta(minutes=40))
    assert word(w, post) == "not known"
    with clock.at(LATER + timedelta(hours=1)):
        verbs.settle_as_out(Delivery.objects.get(pk=second.pk), by=w.author)
        with pytest.raises(Conflict):
            verbs.settle_as_absent(Delivery.objects.get(pk=second.pk), by=w.author)


def _dead(*args, **kwargs):
    raise Unclear("The line went dead again.")


@pytest.mark.parametrize("state", ["missed", "looking"])
def test_only_what_is_asked_of_a_person_is_settled_so(monkeypatch, state):
    w = world.two("UTC")
    post = thread(w)
    lose_the_second(monkeypatch, really_sent=False)
    if state == "looking":
        run(DUE, DUE + timedelta(minutes=1))
        which = post.deliveries.get(part=1)
        assert which.looking
    else:
        asked(w, post)
        which = post.deliveries.get(part=2)
    with clock.at(LATER), pytest.raises(Conflict):
        verbs.settle_as_absent(which, by=w.author)


def test_a_thread_that_is_missed_is_told_once_and_dropped_whole():
    w = world.two("UTC")
    post = thread(w)
    with clock.at(NOON):
        verbs.return_(post, by=w.approver, reason="The price is missing.")
    run(DUE, DUE + timedelta(hours=1))
    assert [d.state for d in post.deliveries.order_by("part")] == ["missed"] * 3
    assert Notification.objects.filter(member=w.author, subject__contains="did not go out").count() == 1
    with clock.at(LATER):
        assert [d.part for d in reads.unsettled(w.author.workspace)] == [0]
        act = verbs.drop(post.deliveries.get(part=0), by=w.author)
        assert reads.unsettled(w.author.workspace) == []
        assert word(w, post) == "returned"
        verbs.undo(post, by=w.author, act=act)
        assert word(w, post) == "missed"


def test_a_thread_stands_once_in_the_lists():
    w = world.two("UTC")
    post = thread(w)
    with clock.at(NOON):
        assert [d.part for d in reads.next_out(w.author.workspace)] == [0]
    run(DUE, DUE + timedelta(minutes=1))
    assert [d.post_id for d in reads.out(w.author.workspace)] == [post.pk]


def test_what_is_looked_for_stands_among_what_is_planned(monkeypatch):
    w = world.two("UTC")
    post = thread(w)
    lose_the_second(monkeypatch, really_sent=False)
    run(DUE, DUE + timedelta(minutes=1))
    board = reads.board(w.author.workspace)
    assert [(line.post.pk, line.word) for line in board.planned] == [(post.pk, "not known yet")]


def test_the_page_of_posts_asks_little_of_the_database(django_assert_max_num_queries):
    w = world.two("UTC")
    for n in range(5):
        with clock.at(NOON + timedelta(seconds=n)):
            w.draft(f"Draft {n}.")
            verbs.ask_approval(w.draft(f"Asked {n}."), by=w.author)
            verbs.discard(w.draft(f"Discarded {n}."), by=w.author)
            planned = w.approved(f"Planned {n}.")
            late = w.draft(f"Missed {n}.")
            for post, hours in ((planned, 5 - n), (late, 1)):
                verbs.schedule(post, by=w.author, when=(NOON + timedelta(hours=hours)).replace(tzinfo=None))
    run(NOON + timedelta(minutes=61), NOON + timedelta(minutes=80))
    with clock.at(NOON + timedelta(minutes=80)), django_assert_max_num_queries(7):
        board = reads.board(w.author.workspace)
    assert [line.post.text for line in board.drafts] == [f"Draft {n}." for n in reversed(range(5))]
    assert [line.post.text for line in board.planned] == [f"Planned {n}." for n in reversed(range(4))]
    assert [d.post.text for d in reads.out(w.author.workspace)] == ["Planned 4."]
    assert {line.post.text for line in board.trouble} == {f"Missed {n}." for n in range(5)}
    assert len(board.waiting) == len(board.discarded) == 5


def test_the_strip_and_the_desk_ask_for_the_next_once(django_assert_num_queries):
    w = world.two("UTC")
    thread(w)
    with clock.at(NOON):
        facts = list(offers.strip(w.author))
        with django_assert_num_queries(0):
            block = offers.beside_the_desk(w.author)
    assert facts[0].value == "12:30 Harbour Kitchen"
    assert [line["delivery"].part for line in block["lines"]] == [0]


def test_words_are_found_in_every_part_and_description():
    w = world.two("UTC")
    post = thread(w, alt="A bowl of gröne soup.")
    for words in ("One", "three", "gröne soup", "two bowl"):
        assert [one.pk for one in reads.find(w.author.workspace, words, 5)] == [post.pk]
    assert reads.find(w.author.workspace, "four", 5) == []


def test_who_is_asked_to_approve_reads_all_of_it():
    w = world.two("UTC")
    thread(w)
    told = Notification.objects.filter(member=w.approver).earliest("pk")
    for words in ("One.", "Two.", "- A bowl of soup.", "Three."):
        assert words in told.text
