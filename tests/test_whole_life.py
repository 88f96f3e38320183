"""One post's whole life: every room's events of it, by role, and the auditor's question answered from what is kept."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.core import clock
from quarterdeck.ideas import verbs as ideas
from quarterdeck.ideas.rows import Found
from quarterdeck.ledger import reads as ledger_reads
from quarterdeck.publishing import life, verbs
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.publishing.verbs import holds
from quarterdeck.review import verbs as review

pytestmark = pytest.mark.django_db
SOON = datetime(2026, 3, 10, 13, 0)  # noqa: DTZ001


def edit(w: world.World, post: Post, text: str) -> Post:
    now = Post.objects.get(pk=post.pk)
    return verbs.edit(now, by=w.author, version=now.version, text=text, channels=list(now.channels.all()))


def told(post: Post) -> str:
    return " ".join(
        life.answer(fresh := Post.objects.get(pk=post.pk), life.told(fresh, None), fresh.workspace.zone)
    )


def test_every_room_tells_what_belongs_to_the_post_and_nothing_of_another():
    w = world.two()
    with clock.at(NOON):
        idea = ideas.keep(w.author, Found(title="Nettle soup"))
        post = ideas.promote(idea, by=w.author)
        other = w.approved("Another one.")
        post = edit(w, post, "Nettle soup from Tuesday.")
        post = verbs.edit(post, by=w.author, version=post.version, text=post.text, channels=[w.channel])
        review.comment(post, by=w.approver, text="Good.")
        review.invite(post, by=w.author, name="Dee")
        verbs.ask_approval(post, by=w.author)
        verbs.approve(post, by=w.approver, text_hash=post.text_hash)
        verbs.schedule(post, by=w.author, when=SOON)
    with clock.at(NOON + timedelta(hours=1)):
        hold = holds.place(w.approver)
    with clock.at(NOON + timedelta(hours=2)):
        keep = {row.pk: "keep" for row in (*post.deliveries.all(), *other.deliveries.all())}
        holds.lift(hold, by=w.approver, decisions=keep)
        steps = life.told(post, w.author)
    kinds = [step.item.kind for step in steps]
    assert kinds[0] == "ideas.idea.kept"
    for wanted in (
        "ideas.idea.promoted",
        "review.comment.written",
        "review.guest.invited",
        "crew.link.issued",
        "publishing.post.approved",
        "publishing.post.scheduled",
        "publishing.hold.placed",
    ):
        assert wanted in kinds
    assert kinds[-1] == "publishing.hold.lifted"
    assert str(other.pk) not in {str(step.item.about_id) for step in steps}
    assert [step.item.when for step in steps] == sorted(step.item.when for step in steps)
    assert {step.item.by for step in steps} <= {"You", "A lead"}


def test_a_hold_that_ended_before_it_was_planned_is_not_part_of_its_life():
    w = world.two()
    with clock.at(NOON):
        holds.lift(holds.place(w.approver), by=w.approver, decisions={})
    with clock.at(NOON + timedelta(hours=1)):
        post = w.approved()
        verbs.schedule(post, by=w.author, when=SOON)
        assert not [step for step in life.told(post, None) if "hold" in step.item.kind]


def test_the_question_of_the_auditor():
    w = world.two()
    with clock.at(NOON):
        post = w.draft()
        assert told(post) == "Nobody has approved it."
        verbs.ask_approval(post, by=w.author)
        verbs.approve(post, by=w.approver, text_hash=post.text_hash)
    said = "A lead approved version 1 of it, on 9 March 2026 at 13:00 Europe/Berlin. "
    assert told(post) == said + "It was not changed afterwards: it says what was approved."
    with clock.at(NOON + timedelta(hours=1)):
        edit(w, post, "Bread from Wednesday.")
    assert told(post) == said + "It was changed afterwards (version 2), and what it says now is not approved."
    with clock.at(NOON + timedelta(hours=2)):
        edit(w, post, "Bread from Thursday.")
    assert "(versions 2 and 3)" in told(post)
    with clock.at(NOON + timedelta(hours=3)):
        edit(w, post, "Nettle soup from Tuesday.")
    assert "changed back: it says again what was approved" in told(post)


def test_the_role_is_the_one_the_approver_had_then():
    w = world.two()
    post = w.approved()
    type(w.approver).objects.filter(pk=w.approver.pk).update(role="observer")
    assert told(post).startswith("A lead approved")


def test_the_page_and_the_file_name_nobody():
    w = world.two()
    post = w.approved()
    client = Client(headers={"host": "localhost"})
    client.force_login(w.author.user)
    slug = {"workspace": w.brand.workspace.slug, "pk": post.pk}
    page = client.get(reverse("publishing-post-life", kwargs=slug)).text
    assert "A lead approved version 1 of it" in page
    assert "Bea" not in page
    file = client.get(reverse("publishing-post-life-file", kwargs=slug))
    assert file["Content-Disposition"].startswith("attachment")
    found = file.json()
    assert {event["by"] for event in found["events"]} == {"author", "lead"}
    assert all(set(event["fields"]) <= {"channels", "alone", "cleared"} for event in found["events"])
    assert not {"Ada", "Bea", "Nettle", str(w.author.pk)} & set(file.text.replace('"', " ").split())
    shown = client.get(reverse("publishing-post", kwargs=slug)).text
    assert reverse("publishing-post-life", kwargs=slug) in shown


def test_one_question_to_the_log_however_much_there_is(django_assert_max_num_queries):
    w = world.two()
    post = w.approved()
    for _ in range(5):
        review.comment(post, by=w.approver, text="Good.")
    with django_assert_max_num_queries(30):
        assert len(life.told(post, w.author)) > 7
    assert ledger_reads.histories([], workspace_id=post.workspace_id) == []
