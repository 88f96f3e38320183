"""The library with the rooms above it: which posts use a file, what a channel shows, and the small picture's job."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quarterdeck.channels import adapters
from quarterdeck.channels.by_hand.networks import TITLES
from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict
from quarterdeck.publishing import offers_media
from quarterdeck.publishing import verbs as posts
from quarterdeck.studio import intake, jobs, library_reads, uses, verbs
from quarterdeck.studio.library_reads import Wish
from quarterdeck.studio.models import Small
from quarterdeck.studio.presets import NETWORKS
from quarterdeck.studio.tests import photos, pictures
from tests import make

pytestmark = pytest.mark.django_db


def test_a_file_knows_the_posts_that_carry_it_as_an_image_or_further_down_a_thread():
    mia = make.member()
    soup = intake.keep(mia.workspace, pictures.png(), "soup.png")
    cake = intake.keep(mia.workspace, pictures.png(colour=10), "cake.png")
    lone = intake.keep(mia.workspace, pictures.png(colour=20), "lone.png")
    brand = mia.workspace.brands.get()
    channel = connect_by_hand(mia, brand=brand, network="instagram", name="harbour")
    image = lambda file: {"file": file.pk.hex, "alt": "x"}  # noqa: E731
    post = posts.draft(
        mia,
        brand=brand,
        text="Nettle soup is back.",
        channels=[channel],
        images=[image(soup)],
        following=[{"text": "And cake.", "images": [image(cake), image(cake)]}],
    )
    [use] = uses.of_file(soup)
    assert (use.state, use.title, use.when) == ("draft", "Nettle soup is back.", None)
    assert [one.title for one in uses.of_file(cake)] == ["Nettle soup is back."]
    assert uses.of_file(lone) == []
    assert offers_media.used(mia.workspace_id) == {soup.pk.hex, cake.pk.hex}
    shelf = library_reads.shelf(mia.workspace, Wish(unused=True), clock.now().date())
    assert [one.name for one in shelf] == ["lone.png"]
    when = (clock.now() + timedelta(days=3)).replace(tzinfo=None, microsecond=0)
    posts.schedule(post, by=mia, when=when)
    [use] = uses.of_file(soup)
    assert (use.state, use.where) == ("planned", "harbour")
    with pytest.raises(Conflict, match="is planned and uses “cake.png”"):
        verbs.put_aside([cake], by=mia)
    [shown] = uses.pictures(mia.workspace_id)
    assert (shown.channel, shown.network, shown.file, shown.out) == (
        "harbour",
        "instagram",
        soup.pk.hex,
        False,
    )
    posts.cancel(post, by=mia)
    posts.discard(post, by=mia)
    assert uses.of_file(soup) == []
    assert list(offers_media.uses(make.workspace().pk, [soup.pk.hex])) == []


def test_a_file_that_only_one_channel_shows_or_a_card_carries_is_used_like_any_other():
    mia = make.member()
    own, drawn = (intake.keep(mia.workspace, pictures.png(colour=n), f"{n}.png") for n in (10, 20))
    brand, url = mia.workspace.brands.get(), "https://example.org/soup"
    channel = connect_by_hand(mia, brand=brand, network="instagram", name="harbour")
    card = {"page": "0", "url": url, "title": "Soup", "description": ""}
    post = posts.draft(
        mia,
        brand=brand,
        text=f"Nettle soup is back. {url}",
        channels=[channel],
        overrides={channel.pk.hex: [{"text": "Soup.", "images": [{"file": own.pk.hex, "alt": "x"}]}]},
        card=card | {"file": drawn.pk.hex, "sha256": drawn.sha256},
    )
    assert offers_media.used(mia.workspace_id) == post.files == {own.pk.hex, drawn.pk.hex}
    when = (clock.now() + timedelta(days=3)).replace(tzinfo=None, microsecond=0)
    posts.schedule(post, by=mia, when=when)
    for file in (own, drawn):
        with pytest.raises(Conflict, match="is planned and uses"):
            verbs.put_aside([file], by=mia)
    posts.cancel(post, by=mia)
    verbs.put_aside([own, drawn], by=mia)
    for file in (own, drawn):
        with pytest.raises(Conflict, match="a post, carries"):
            verbs.remove_for_good(file, by=mia)


def test_the_networks_a_file_may_be_kept_from_are_called_as_channels_call_them():
    assert set(NETWORKS) <= set(TITLES)
    assert set(adapters.NETWORKS) - {"sandbox"} <= set(NETWORKS)
    assert all(NETWORKS[one] == TITLES[one] for one in NETWORKS)


def test_the_worker_makes_a_small_picture_once_and_notes_why_not():
    workspace = make.workspace()
    file = intake.keep(workspace, photos.telling_gif(), "moving.gif")
    jobs.draw(file.pk)
    made = Small.objects.get(file=file)
    assert (made.mime, made.frames, made.trouble) == ("image/webp", 3, "")
    jobs.draw(file.pk)
    assert Small.objects.get(file=file).made_at == made.made_at
    broken = intake.keep(workspace, pictures.jpeg(), "broken.jpg")
    jobs.draw(broken.pk)
    assert "damaged" in Small.objects.get(file=broken).trouble
    jobs.draw(ids.new())
