"""What a post is for: named before it went out or afterwards, read one line up from the post and down from the
objective, and counted without a word of blame.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quarterdeck.channels.models import RemotePost, Snapshot
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.publishing import intake, purposes, sending, verbs
from quarterdeck.publishing.models import Post, Purpose
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.strategy import verbs as strategy
from quarterdeck.strategy.models import Campaign, Objective, Pillar

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 9)


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


def aim(w: world.World, title: str = "A full terrace") -> Objective:
    return strategy.set_objective(
        w.approver, brand=w.brand, title=title, begins=DAY, ends=DAY + timedelta(days=90)
    )


def campaign(w: world.World, objective: Objective | None = None, name: str = "Launch week") -> Campaign:
    brief = strategy.Brief(name=name, begins=DAY, ends=DAY + timedelta(days=30), objective=objective)
    return strategy.begin_campaign(w.author, brand=w.brand, brief=brief)


def pillar(w: world.World, name: str = "The menu") -> Pillar:
    return strategy.make_pillar(w.approver, brand=w.brand, name=name)


def out(w: world.World, post: Post) -> None:
    verbs.publish_now(post, by=w.author)
    with clock.at(NOON + timedelta(seconds=11)):
        for batch in intake.claim(5, clock.now()):
            sending.work(batch)


def browser(member) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(member.user)
    return client


def page(member, name: str, **parts) -> str:
    address = reverse(name, kwargs={"workspace": member.workspace.slug, **parts})
    answer = browser(member).get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_campaign_brings_its_objective_and_one_line_up_says_so():
    w = world.two()
    objective = aim(w)
    launch, menu = campaign(w, objective), pillar(w)
    post = w.draft()
    assert "For: <a" not in page(w.author, "publishing-post", pk=post.pk)
    named = verbs.name_purpose(post, by=w.author, named=verbs.Named(launch, pillar=menu))
    assert (named.campaign, named.objective, named.pillar) == (launch, objective, menu)
    assert (named.campaign_after, named.objective_after, named.pillar_after) == (False, False, False)
    words = page(w.author, "publishing-post", pk=post.pk)
    assert "For: <a" in words
    assert ">Launch week</a> · Objective: <a" in words
    assert "Pillar: The menu" in words
    assert "named afterwards</span>" not in words
    with pytest.raises(Conflict, match="names that already"):
        verbs.name_purpose(post, by=w.author, named=verbs.Named(launch, pillar=menu))
    verbs.name_purpose(post, by=w.author, named=verbs.Named())
    assert purposes.of(post) is None


def test_what_is_named_when_it_is_out_says_afterwards_and_only_that():
    w = world.two()
    objective = aim(w)
    launch = campaign(w)  # without the objective
    post = w.approved()
    verbs.name_purpose(post, by=w.author, named=verbs.Named(launch))
    out(w, post)
    named = verbs.name_purpose(post, by=w.author, named=verbs.Named(launch, objective))
    assert (named.campaign_after, named.objective_after, named.pillar_after) == (False, True, False)
    words = page(w.author, "publishing-post", pk=post.pk)
    assert words.count("named afterwards</span>") == 1
    assert 'A full terrace</a> <span class="tag amber">named afterwards' in words
    assert "named afterwards" in page(w.author, "strategy-objective", pk=objective.pk)


def test_what_has_ended_or_is_elsewhere_is_not_begun_to_be_named():
    w, other = world.two(), world.two()
    post, launch, objective, menu = w.draft(), campaign(w), aim(w), pillar(w)
    kept = w.draft("Kept.")
    verbs.name_purpose(kept, by=w.author, named=verbs.Named(launch, objective, menu))
    strategy.end_campaign(launch, by=w.author, word="Done.")
    strategy.read_out(objective, by=w.approver, verdict="stop", because="Reached.")
    strategy.retire_pillar(menu, by=w.approver)
    fresh = (Campaign.objects.get(), Objective.objects.get(), Pillar.objects.get())
    for wish in (verbs.Named(fresh[0]), verbs.Named(None, fresh[1]), verbs.Named(None, None, fresh[2])):
        with pytest.raises(Invalid, match="ended|read out|not in use"):
            verbs.name_purpose(post, by=w.author, named=wish)
    with pytest.raises(Invalid, match="not in this workspace"):
        verbs.name_purpose(post, by=w.author, named=verbs.Named(campaign(other)))
    still = verbs.name_purpose(kept, by=w.author, named=verbs.Named(fresh[0], fresh[1]))
    assert (still.campaign, still.objective, still.pillar) == (*fresh[:2], None)
    verbs.discard(post, by=w.author)
    with pytest.raises(Conflict, match="discarded"):
        verbs.name_purpose(post, by=w.author, named=verbs.Named(objective=aim(w, "Another")))


def test_the_composer_and_the_page_of_a_post_name_it_in_one_go():
    w = world.two()
    assert "What it is for" not in page(w.author, "publishing-post-new")
    launch = campaign(w, aim(w))
    asked = browser(w.author).get(
        reverse("publishing-post-new", kwargs={"workspace": w.author.workspace.slug})
        + f"?campaign={launch.pk}"
    )
    assert f'<option value="{launch.pk}" selected>' in asked.content.decode()
    form = {"text": "Nettle soup.", "version": 1, "channels": [w.channel.pk], "purpose": "1"}
    there = reverse("publishing-post-new", kwargs={"workspace": w.author.workspace.slug})
    browser(w.author).post(there, form | {"for_campaign": launch.pk})
    post = Post.objects.get()
    assert Purpose.objects.get(post=post).objective == launch.objective
    edit = reverse("publishing-post-edit", kwargs={"workspace": w.author.workspace.slug, "pk": post.pk})
    known = {"text": "Soup.", "version": 1, "channels": [w.channel.pk]}
    browser(w.author).post(edit, known)  # a form that knows nothing of it
    assert purposes.of(post).campaign == launch
    gone = browser(w.author).post(edit, known | {"version": 2, "purpose": "1", "for_campaign": w.brand.pk})
    assert gone.status_code == 302
    assert purposes.of(post).campaign == launch
    act = reverse("publishing-post-purpose", kwargs={"workspace": w.author.workspace.slug, "pk": post.pk})
    browser(w.author).post(act, {})
    assert purposes.of(post) is None
    assert browser(w.author).get(act).status_code == 405


def test_the_tree_reads_from_the_objective_to_the_numbers():
    w = world.two()
    objective, empty = aim(w), aim(w, "Nobody knows yet")
    launch = campaign(w, objective)
    post = w.approved("Nettle soup from Tuesday.")
    verbs.name_purpose(post, by=w.author, named=verbs.Named(launch))
    direct = w.draft("Straight to the aim.")
    verbs.name_purpose(direct, by=w.author, named=verbs.Named(objective=objective))
    w.draft("For nothing yet.")
    out(w, post)
    sent = post.deliveries.get()
    remote = RemotePost.objects.create(
        channel=w.channel, remote_id=sent.remote_id, posted_at=sent.ended_at, ours=True
    )
    for hours, likes in ((1, 3), (3, 12)):
        at = sent.ended_at + timedelta(hours=hours)
        Snapshot.objects.create(
            post=remote,
            channel=w.channel,
            age_hours=hours,
            due_at=at,
            latest_at=at,
            taken_at=at,
            counts={"likes": likes, "link_clicks": 1204},
        )
    words = page(w.author, "strategy-index")
    order = ["A full terrace", "Launch week", "Nettle soup from Tuesday.", "12 likes, 1,204 link clicks"]
    places = [words.index(said) for said in order]
    assert places == sorted(places)
    assert "3 likes" not in words
    assert "at 3 h: 12 likes" in words
    assert "Straight to the aim." in words
    assert "For nothing yet." not in words
    assert "In the last 28 days 1 post went out; it names an objective." in words
    assert "2 posts are being made; 1 of them names no objective." in words
    assert "1 of 2 running objectives has no post yet." in words
    assert empty.title in words
    assert "12 likes" in page(w.author, "strategy-campaign", pk=launch.pk)


def test_posts_are_counted_by_pillar_of_a_campaign_and_of_a_span():
    w = world.two()
    launch, menu, cooks = campaign(w), pillar(w), pillar(w, "Behind the counter")
    posts = [w.approved(f"Number {number}.") for number in range(4)]
    for post, which in zip(posts, (menu, menu, cooks, None), strict=True):
        verbs.name_purpose(post, by=w.author, named=verbs.Named(launch, pillar=which))
    assert purposes.mix_of(launch.pk) == {menu.pk: 2, cooks.pk: 1, None: 1}
    assert purposes.mix(w.brand.pk, DAY, DAY) == {}
    out(w, posts[0])
    out(w, posts[2])
    assert purposes.mix(w.brand.pk, DAY, DAY) == {menu.pk: 1, cooks.pk: 1}
    assert purposes.mix(w.brand.pk, DAY - timedelta(days=9), DAY - timedelta(days=1)) == {}
    verbs.discard(posts[1], by=w.author)
    assert purposes.mix_of(launch.pk) == {menu.pk: 1, cooks.pk: 1, None: 1}
    went = [words for _, words, _ in purposes.went_out(launch.pk)]
    assert sorted(went) == [f"“Number {n}.” went out on {w.channel.name}" for n in (0, 2)]


@pytest.mark.usefixtures("uncounted")
def test_the_tree_of_many_is_asked_in_as_many_questions_as_of_one():
    w = world.two()

    def questions() -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            page(w.author, "strategy-index")
        # Signing in asks for a free session key, now and then twice.
        return [one["sql"][:300] for one in asked if "django_session" not in one["sql"]]

    def grow(number: int) -> None:
        launch = campaign(w, aim(w, f"Aim {number}"), f"Launch {number}")
        for part in range(3):
            post = w.draft(f"Post {number}.{part}")
            verbs.name_purpose(post, by=w.author, named=verbs.Named(launch))

    grow(0)
    page(w.author, "strategy-index")
    few = questions()
    for number in range(1, 6):
        grow(number)
    many = questions()
    assert len(many) <= len(few), Counter(many) - Counter(few)
