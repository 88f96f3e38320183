"""A video in a post: posted by hand, with everything to save on the page; refused in words where it cannot be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.channels.bluesky import record
from quarterdeck.channels.by_hand.adapter import adapter
from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.channels.contract import Account
from quarterdeck.channels.mastodon.limits import objections, of
from quarterdeck.core import clock
from quarterdeck.publishing import content, intake, sending, verbs
from quarterdeck.publishing.models import Kind
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.publishing.views.fitting import refused_by_networks
from quarterdeck.studio import intake as studio
from quarterdeck.studio.tests import pictures, videos

pytestmark = pytest.mark.django_db


@pytest.fixture
def w() -> world.World:
    """Ada, an author; Bea, a lead; an Instagram account that is posted to by hand."""
    made = world.two("UTC")
    made.channel = connect_by_hand(made.approver, brand=made.brand, network="instagram", name="harbour")
    return made


def drafted(w: world.World, kind: str = Kind.REEL, count: int = 1):
    files = [videos.brought(w.author, videos.mp4(seconds=4 + n)).pk.hex for n in range(count)]
    images = [{"file": file, "alt": "Soup is poured."} for file in files]
    return verbs.draft(w.author, brand=w.brand, text="Soup.", images=images, kind=kind, channels=[w.channel])


def page(member, name: str, pk) -> str:
    client = Client(headers={"host": "localhost"})
    client.force_login(member.user)
    return client.get(reverse(name, kwargs={"workspace": member.workspace.slug, "pk": pk})).content.decode()


def test_a_reel_by_hand_is_handed_out_with_its_video_to_save(w):
    with clock.at(NOON):
        post = drafted(w)
        assert post.images[0]["video"] is True
        assert refused_by_networks(post) == []
        verbs.ask_approval(post, by=w.author)
        verbs.approve(post, by=w.approver, text_hash=post.text_hash)
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))
    with clock.at(NOON + timedelta(minutes=30)):
        for batch in intake.claim(10, clock.now()):
            sending.work(batch)
    row = post.deliveries.get()
    handed = page(w.author, "publishing-by-hand", row.pk)
    address = reverse(
        "studio-video", kwargs={"workspace": w.author.workspace.slug, "pk": UUID(post.images[0]["file"])}
    )
    assert f'<video src="{address}"' in handed
    assert f'href="{address}" download>Save the video' in handed
    for name in ("publishing-post", "publishing-post-edit"):
        assert f'<video src="{address}"' in page(w.author, name, post.pk)


@pytest.mark.parametrize("kind", [Kind.POST, Kind.STORY, Kind.REEL])
def test_every_kind_that_a_person_posts_may_carry_one_video(w, kind):
    assert refused_by_networks(drafted(w, kind)) == []
    assert "carries one video" in refused_by_networks(drafted(w, kind, count=2))[0]


def test_a_thumbnail_beside_the_video_counts_as_an_image(w):
    [said] = content.contents(drafted(w), w.channel)
    [shown] = content.parts_of(w.author.workspace_id, [{"text": "", "images": [_picture(w)]}])[0].media
    youtube = adapter("youtube")(Account("harbour"))
    assert youtube.validate(replace(said, media=(*said.media, shown))) == []
    assert "takes 1 image" in youtube.validate(replace(said, media=(*said.media, shown, shown)))[0]


def _picture(w: world.World) -> dict:
    return {"file": studio.keep(w.author.workspace, pictures.png(), "soup.png").pk.hex, "alt": "Soup"}


def test_where_video_cannot_be_sent_it_is_said_and_nothing_is_left_out(w):
    [said] = content.contents(drafted(w), w.channel)
    assert [one.is_video for one in said.media] == [True]
    wanted = "Quarterdeck cannot send video to {} yet; choose to post this one by hand."
    assert record.faults(said, {}) == [wanted.format("Bluesky")]
    assert objections(said, of({}), "mastodon.example") == [wanted.format("mastodon.example")]


def test_the_sandbox_says_so_too_before_anything_is_planned():
    w = world.two("UTC")
    video = videos.brought(w.author, videos.mp4()).pk.hex
    post = verbs.draft(
        w.author,
        brand=w.brand,
        text="Soup.",
        images=[{"file": video, "alt": "Soup is poured."}],
        channels=[w.channel],
    )
    [words] = refused_by_networks(post)
    assert "cannot send video to the Sandbox yet" in words


def test_a_video_needs_its_description_like_a_picture(w):
    post = drafted(w)
    verbs.edit(
        post,
        by=w.author,
        version=post.version,
        text="Soup.",
        images=[{"file": post.images[0]["file"], "alt": ""}],
        kind=Kind.REEL,
        channels=[w.channel],
    )
    assert "No description yet" in page(w.author, "publishing-post", post.pk)


def test_a_picture_is_kept_as_before(w):
    """So that its hash, and with it every approval from before there were videos, stays what it was."""
    post = verbs.draft(w.author, brand=w.brand, text="Soup.", images=[_picture(w)])
    assert post.images[0].keys() == {"file", "sha256", "alt"}
